"""``kis-tui doctor``: one page on what a session would find, and on what the last one saw."""

import platform
from importlib.metadata import version
from typing import Any

import click
import msgspec

from app.clock import SystemClock
from app.credentials import find_credentials, find_endpoints
from app.diagnostics import DiagnosticsFile
from app.errors import KisTuiError, OccupiedError
from app.feed import loop
from app.feed.budget import WINDOWS
from app.feed.dials import DialFile
from app.files import Places
from app.krx import corrections
from app.lock import holder, is_held, lock_path
from app.master import load_master
from app.session import at
from app.settings import Settings
from widgets.texts import t

PACKAGES = ("kis-tui", "textual", "aiohttp", "msgspec", "click")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
@click.pass_obj
def doctor(invocation: Any, /, as_json: bool) -> None:
    """Say whether a session could start, and what the last one saw; never a key."""
    page, problem = examine(invocation)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(page)))
    else:
        for section, entries in page.items():
            click.echo(t(f"doctor.{section}"))
            for name, value in _lines(entries):
                click.echo(f"  {name:<19}{value}" if name else f"  {value}")
    if problem is not None:
        raise problem


def examine(invocation: Any) -> tuple[dict[str, Any], KisTuiError | None]:
    """The page, section by section, and the first thing that stands in a session's way."""
    places = invocation.places
    problems: list[KisTuiError] = []
    page: dict[str, Any] = {
        "versions": {
            **{name: version(name) for name in PACKAGES},
            "python": platform.python_version(),
            "system": platform.platform(terse=True),
            "loop": t(f"loop.{loop.name()}"),
        },
        "settings": _settings(invocation, problems),
        "keys": _keys(places, problems),
        "market": _market(places),
        "last_run": _last_run(places),
    }
    page["verdict"] = {"": t("doctor.ready") if not problems else problems[0].message}
    return page, problems[0] if problems else None


def _settings(invocation: Any, problems: list[KisTuiError]) -> dict[str, Any]:
    found: dict[str, Any] = {"file": str(invocation.config_path)}
    try:
        settings: Settings = invocation.settings
    except KisTuiError as error:
        problems.append(error)
        return {**found, "problem": error.message}
    corrections.use(settings.calendar)
    return {**found, **msgspec.to_builtins(settings, order="deterministic")}


def _keys(places: Places, problems: list[KisTuiError]) -> dict[str, Any]:
    page: dict[str, Any] = {}
    try:
        endpoints = find_endpoints()
        page |= {"rest": endpoints.rest, "ws": endpoints.ws}
        found = find_credentials()
    except KisTuiError as error:
        problems.append(error)
        return {**page, "problem": error.message}
    clock, app_key = SystemClock(), found.credentials.app_key
    page["source"] = found.credentials.source
    if found.warnings:
        page["warnings"] = list(found.warnings)
    path = lock_path(places, app_key)
    if is_held(path):
        problems.append(OccupiedError(t("lock.held", pid=holder(path) or "?")))
        page["lock"] = problems[-1].message
    else:
        page["lock"] = t("doctor.free")
    now, budget = clock.monotonic(), DialFile(places.state, app_key, clock).load()
    page["dials"] = ", ".join(
        f"{sum(moment > now - seconds for moment in budget.spent)}/{most} ({seconds / 3600:g} h)"
        for seconds, most in WINDOWS
    )
    return page


def _market(places: Places) -> dict[str, Any]:
    state, master = at(SystemClock().now()), load_master(places)
    return {
        "phase": f"{state.session or ''} {state.phase}".strip(),
        "trade_date": str(state.trade_date),
        "next": f"{state.next_phase} {state.next_change:%m-%d %H:%M}",
        "master": f"{master.count} ({master.date})" if master.count else t("master.none"),
        "missing_masters": list(master.missing),
    }


def _last_run(places: Places) -> dict[str, Any]:
    found = DiagnosticsFile(places.state / "diagnostics.json").load()
    if found is None:
        return {"": t("doctor.no_run")}
    counters = found.counters
    return {
        "written": found.written,
        "frames": counters.frames,
        "records": counters.records,
        "unasked": counters.unasked,
        "backwards": counters.backwards,
        "refused": counters.refused,
        "samples": {reason: list(samples) for reason, samples in counters.samples.items()},
        "appended": counters.appended,
        "clock_skew": None if counters.skew != counters.skew else round(counters.skew, 1),
        "transitions": [
            " ".join(filter(None, (step.at, step.phase, step.reason, step.detail)))
            for step in found.transitions
        ],
        "volatility_scales": {
            tr_id: t("chosen.scale", scale=f"{scale.scale:g}", votes=f"{scale.votes:,}")
            for tr_id, scale in found.scales.items()
        }
        or t("chosen.no_scale"),
    }


def _entry(value: Any) -> str:
    """One value of a table; those of a list with commas between."""
    return (", ".join(map(str, value)) or "—") if isinstance(value, list) else str(value)


def _lines(entries: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and value of each entry, lists and tables one value a line."""
    lines: list[tuple[str, str]] = []
    for name, value in entries.items():
        values = value
        if isinstance(value, dict):
            values = [f"{key}: {_entry(entry)}" for key, entry in value.items()]
        if isinstance(values, list):
            lines += [(name if not at else "", str(v)) for at, v in enumerate(values or ["—"])]
        else:
            lines.append((name, "—" if value is None else str(value)))
    return lines
