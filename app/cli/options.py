"""Options that several commands share: a run's session, a demo's everything."""

from collections.abc import Callable
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING, Any, TypedDict

import click

from app.cli.demo_options import DEMO_DAY, Demo
from app.system.errors import UsageError
from specs.catalog import Session
from specs.user_message import UserMessage

if TYPE_CHECKING:
    from app.cli.invocation import Invocation


def _read_speed(context: click.Context, option: click.Parameter, value: str | None) -> float | None:
    """A number of seconds in a real one; ``max`` is infinite."""
    if value is None or value == "max":
        return None if value is None else inf
    return float(click.FloatRange(0.1, 1000)(value, option, context))


_OPTIONS = (
    click.option(
        "--paper",
        is_flag=True,
        help="Try KIS' mock servers with paper keys, which KIS documents no derivatives for.",
    ),
    click.option(
        "--profile",
        default="",
        envvar="KIS_TUI_PROFILE",
        metavar="NAME",
        help="Use the app key of this profile alone; several with commas between.",
    ),
    click.option("--demo", is_flag=True, help="Run on the built-in simulator; no keys needed."),
    click.option(
        "--date",
        "day",
        type=click.DateTime(["%Y-%m-%d"]),
        help=f"The demo's date.  [default: {DEMO_DAY}]",
    ),
    click.option(
        "--start",
        type=click.DateTime(["%H:%M"]),
        help="The demo's first moment, HH:MM; from 08:00 to 17:30 by day, else at night.",
    ),
    click.option(
        "--speed",
        metavar="NUMBER",
        callback=_read_speed,
        help="How fast its clock runs; max is for a replay.",
    ),
    click.option("--seed", type=int, help="Another number, another market."),
)


_READ: dict[str, Callable[[Any], Any]] = {
    "day": datetime.date,
    "start": datetime.time,
    "speed": float,
    "seed": int,
}


session_option = click.option(
    "--session",
    type=click.Choice(["auto", *(s.value for s in Session)]),
    default="auto",
    show_default=True,
    help="Day or night TRs, whatever the clock says; of a demo, where it begins.",
)


def demo_options(command: Any) -> Any:
    """Give a command the options of a demo."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def demo_of(options: dict[str, Any], lead: float | None = None) -> Demo | None:
    """The demo that the options ask for, if any.

    Without a start it begins `lead` seconds before the open.

    Raises:
        UsageError: options of a demo without one.
    """
    given = {
        name: read(options[name]) for name, read in _READ.items() if options.get(name) is not None
    }
    if not options["demo"]:
        if given:
            names = ", ".join("--date" if n == "day" else f"--{n}" for n in given)
            raise click.UsageError(f"{names}: only with --demo")
        return None
    if options.get("paper"):
        raise click.UsageError("--paper: not with --demo")
    if given.get("speed") == inf:
        raise click.UsageError("--speed max: only with --replay")
    from app.simulator.hours import session_of

    asked = options.get("session") or "auto"
    session = session_of(given.get("start")) if asked == "auto" else Session(asked)
    if lead is not None:
        given["lead"] = lead
    return Demo(session=session, **given)


class KeyChoice(TypedDict):
    """Which app keys a run uses: paper keys or real ones, and of which profiles."""

    paper: bool
    profile: str


def chosen_keys(invocation: "Invocation", options: dict[str, Any]) -> KeyChoice:
    """Return which app keys the options ask for; ``--profile`` may stand before a subcommand."""
    return {"paper": options["paper"], "profile": options["profile"] or invocation.profile}


def refused_secrets(command: Any) -> Any:
    """Have a command refuse keys on its command line, which every user of the machine can read."""

    def refuse(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
        if value is not None:
            raise UsageError(
                "cli.secret_in_argv", option=parameter.opts[0], hint=UserMessage("cli.set_keys")
            )

    for name in ("--appkey", "--app-key", "--appsecret", "--app-secret", "--secretkey"):
        option = click.option(name, hidden=True, expose_value=False, callback=refuse, is_eager=True)
        command = option(command)
    return command
