"""``kis-tui search``: contracts by what people call them."""

import json
from datetime import date
from typing import Any

import click

from app.cli.columns import table
from app.instruments.contracts import Contracts
from app.instruments.search import SearchHit
from app.krx.products import tick_steps
from app.system.clock import SystemClock
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from specs.user_message import UserMessage
from widgets.texts import t

_HEADING = ("code", "name", "expiry", "days", "sessions", "multiplier", "tick")
_MISSING = "—"


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print an array: code, name, family, right, strike, expiry, days, sessions, underlying, "
    "multiplier, ticks (pairs of a price and the tick from it on). What is not known is null.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="Print at most so many.",
)
@click.option("--demo", is_flag=True, help="Search the simulated contracts, on the demo's date.")
@click.pass_context
def search(
    ctx: click.Context, words: tuple[str, ...], as_json: bool, limit: int, demo: bool
) -> None:
    """Find contracts by code, name, right, strike, month or week, in Korean or English.

    All WORDS must match: kis-tui search 콜 1085 12월; kis-tui search put 1080 dec; kis-tui search
    달러; kis-tui search 005930 콜 16만. A stock's ticker, an ISIN and KRX' short names
    (WKM C 2612W1) are found too. Exit code 1 if nothing matches, 2 without a master.
    """
    from app.instruments.search import Search

    contracts, today = _listed(demo=demo)
    hits = Search(contracts).find(" ".join(words), today=today, limit=limit)
    if as_json:
        click.echo(json.dumps([_entry(hit) for hit in hits], ensure_ascii=False, indent=2))
    elif hits:
        rows = [tuple(t(f"search.{name}") for name in _HEADING), *map(_row, hits)]
        click.echo("\n".join(table(rows, right=(3, 5))))
    if not hits:
        click.echo(t("search.no_hits", words=" ".join(words)), err=True)
        if contracts.missing and not demo:
            click.echo(t("master.missing", names=", ".join(contracts.missing)), err=True)
        ctx.exit(1)


def _listed(*, demo: bool) -> tuple[Contracts, date]:
    """Return the index to search and the date of today."""
    from app.instruments.master import Master, load_master

    if demo:
        from app.cli.demo_options import DEMO_DAY
        from app.simulator.master_files import master_files

        return Contracts(Master.from_files(master_files(DEMO_DAY))), DEMO_DAY
    contracts = Contracts(load_master(ProgramFolders.find()))
    if not contracts.named:
        raise UsageError("search.no_master", hint=UserMessage("search.bring"))
    return contracts, SystemClock().now().date()


def _row(hit: SearchHit) -> tuple[str, ...]:
    found = hit.instrument
    ticks = "/".join(f"{tick:g}" for _, tick in tick_steps(found))
    return (
        found.code,
        found.name,
        str(found.expiry or _MISSING),
        _MISSING if hit.days is None else str(hit.days),
        t("search.day_and_night") if found.night else t("search.day"),
        _MISSING if found.multiplier != found.multiplier else f"{found.multiplier:,.10g}",
        ticks or _MISSING,
    )


def _entry(hit: SearchHit) -> dict[str, Any]:
    found = hit.instrument
    return {
        "code": found.code,
        "name": found.name,
        "family": found.family,
        "right": found.right,
        "strike": _figure(found.strike),
        "expiry": None if found.expiry is None else str(found.expiry),
        "days": hit.days,
        "sessions": ["day", "night"] if found.night else ["day"],
        "underlying": found.underlying,
        "multiplier": _figure(found.multiplier),
        "ticks": [list(step) for step in tick_steps(found)] or None,
    }


def _figure(value: float) -> float | None:
    return None if value != value else value
