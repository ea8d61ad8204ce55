"""``kis-tui doctor``: one page on what a session would find, and on what the last one saw."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from app.cli.doctor_facts import DoctorFacts, KeyFacts, as_json, find_facts
from app.cli.invocation import Invocation
from app.instruments.master import Master
from app.krx.calendar import MarketState
from app.pricing.diagnostics_file import Diagnostics
from app.system.errors import KisTuiError
from widgets.message_text import message_text
from widgets.texts import speaking, t


@click.command()
@click.option("--json", "as_object", is_flag=True, help="The same as one JSON object, in English.")
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    metavar="FILE.zip",
    help="Write a file for a bug report: this, logs, settings, versions; keys masked.",
)
@click.option("--paper", is_flag=True, help="Look at the paper keys and KIS' mock servers.")
@click.option(
    "--profile",
    default="",
    envvar="KIS_TUI_PROFILE",
    metavar="NAME",
    help="Look at the app key of this profile alone; several with commas between.",
)
@click.pass_obj
def doctor(
    invocation: Invocation,
    /,
    as_object: bool,
    bundle: Path | None,
    *,
    paper: bool,
    profile: str,
) -> None:
    """Say whether a session could start, and what the last one saw; never a key."""
    profile = profile or invocation.profile
    facts = find_facts(invocation, paper=paper, profile=profile)
    if as_object or bundle is not None:
        with speaking("en"):
            found = as_json(find_facts(invocation, paper=paper, profile=profile))
    if bundle is not None:
        from app.cli.doctor_bundle import write_bundle

        result = write_bundle(bundle, invocation, found)
        click.echo(t("bundle.written", path=bundle, count=len(result)))
        for name in result:
            click.echo(f"  {name}")
        return
    if as_object:
        click.echo(msgspec.json.format(msgspec.json.encode(found)))
    else:
        for section, entries in page_of(facts).items():
            click.echo(t(f"doctor.{section}"))
            for line in _lines(entries):
                click.echo(f"  {line}")
    if facts.problems:
        raise facts.problems[0]


def page_of(facts: DoctorFacts) -> dict[str, dict[str, Any]]:
    """Return the page for people, section by section, in the language in use."""
    problems = facts.problems
    return {
        "versions": {**facts.versions, "loop": t(f"loop.{facts.versions['loop']}")},
        "settings": {"file": str(facts.config), **_settings(facts)},
        "keys": _keys(facts.keys) if len(facts.profiles) == 1 else _profiles(facts.profiles),
        "market": _market(facts.market, facts.master),
        "last_run": _last_run(facts.last_run),
        "verdict": {"": message_text(problems[0].message) if problems else t("doctor.ready")},
    }


def _settings(facts: DoctorFacts) -> dict[str, Any]:
    if isinstance(facts.settings, KisTuiError):
        return {"problem": message_text(facts.settings.message)}
    found: dict[str, Any] = msgspec.to_builtins(facts.settings, order="deterministic")
    return found


def _keys(keys: KeyFacts) -> dict[str, Any]:
    page: dict[str, Any] = {}
    if keys.endpoints is not None:
        page |= {"rest": keys.endpoints.rest, "ws": keys.endpoints.ws}
    if keys.source is None:
        return {**page, "problem": message_text(keys.problem.message) if keys.problem else ""}
    page["source"] = keys.source
    if keys.warnings:
        page["warnings"] = [message_text(warning) for warning in keys.warnings]
    page["lock"] = message_text(keys.problem.message) if keys.problem else t("doctor.free")
    page["dials"] = ", ".join(
        f"{window.spent}/{window.most} ({window.seconds / 3600:g} h)" for window in keys.dials
    )
    return page


def _profiles(profiles: Sequence[KeyFacts]) -> dict[str, Any]:
    """Return the keys of several profiles, each under its name."""
    first = _keys(profiles[0])
    page: dict[str, Any] = {name: first[name] for name in ("rest", "ws") if name in first}
    for one in profiles:
        page[one.profile] = {n: v for n, v in _keys(one).items() if n not in page}
    return page


def _market(state: MarketState, master: Master) -> dict[str, Any]:
    return {
        "phase": f"{state.session or ''} {state.phase}".strip(),
        "trade_date": str(state.trade_date),
        "next": f"{state.next_phase} {state.next_change:%m-%d %H:%M}",
        "master": f"{master.count} ({master.date})" if master.count else t("master.none"),
        "missing_masters": list(master.missing),
    }


def _last_run(found: Diagnostics | None) -> dict[str, Any]:
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
        "dropped": counters.dropped,
        "unreadable": {
            f"{tr_id} {element}": count
            for tr_id, fields in counters.unreadable.items()
            for element, count in fields.items()
        },
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
        "last_trading_days": {
            one.code: t("doctor.expiry", stated=one.stated, computed=one.computed or "—")
            for one in found.expiries
        },
    }


def _entry(value: Any) -> str:
    """Return one value of a table; the items of a list with commas between."""
    return (", ".join(map(str, value)) or "—") if isinstance(value, list) else str(value)


def _lines(entries: dict[str, Any]) -> list[str]:
    """Return names and values in two columns, lists and tables one value a line."""
    lines: list[str] = []
    for name, value in entries.items():
        values = value
        if isinstance(value, dict):
            values = [f"{key}: {_entry(entry)}" for key, entry in value.items()]
        elif not isinstance(value, list):
            values = ["—" if value is None else str(value)]
        for at, text in enumerate(values or ["—"]):
            lines.append(f"{'' if at else name:<19}{text}" if name else str(text))
    return lines
