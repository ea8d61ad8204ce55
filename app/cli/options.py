"""Options that several commands share: those of a demo."""

from datetime import date, datetime
from typing import Any

import click

from app.cli.start import DEMO_DAY, Demo
from specs.catalog import Session


class Day(click.ParamType):
    """A date as 2026-11-20."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no date such as 2026-11-20", param, ctx)


class TimeOfDay(click.ParamType):
    """A time as 17:59."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        try:
            datetime.strptime(value, "%H:%M")  # noqa: DTZ007
        except ValueError:
            self.fail(f"{value} is no time such as 17:59", param, ctx)
        return str(value)


_OPTIONS = (
    click.option("--demo", is_flag=True, help="Run on the built-in simulator; no keys needed."),
    click.option("--date", "day", type=Day(), help=f"The demo's date.  [default: {DEMO_DAY}]"),
    click.option("--start", type=TimeOfDay(), help="The demo's first moment, HH:MM."),
    click.option("--speed", type=click.FloatRange(0.1, 1000), help="How fast its clock runs."),
    click.option("--seed", type=int, help="Another number, another market."),
)


def demo_options(command: Any) -> Any:
    """Give a command the options of a demo."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def demo_of(options: dict[str, Any]) -> Demo | None:
    """The demo that the options ask for, if any.

    Raises:
        UsageError: options of a demo without one.
    """
    given = {
        name: options[name]
        for name in ("day", "start", "speed", "seed")
        if options.get(name) is not None
    }
    if not options["demo"]:
        if given:
            names = ", ".join("--date" if n == "day" else f"--{n}" for n in given)
            raise click.UsageError(f"{names}: only with --demo")
        return None
    session = options.get("session") or Session.NIGHT
    return Demo(session=Session.NIGHT if session == "auto" else Session(session), **given)
