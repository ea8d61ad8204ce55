"""``kis-tui simulate``: the simulator for any client of KIS, until it is interrupted."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from app.cli.demo_options import DEMO_DAY
from app.system.platform_process import ENDING, on_signal
from specs.catalog import Session
from widgets.message_text import message_text
from widgets.texts import t

if TYPE_CHECKING:
    from app.simulator.simulator import Simulator

_LOOK_EVERY = 0.2


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=21000,
    show_default=True,
    help="The websocket's port; 0 is any free one.",
)
@click.option(
    "--rest-port",
    type=click.IntRange(0, 65535),
    default=21001,
    show_default=True,
    help="The port of REST.",
)
@click.option(
    "--session",
    type=click.Choice([session.value for session in Session]),
    help="Which session it begins with.  [default: the day from 08:00 to 17:30, else the night]",
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help=f"The day on which it begins.  [default: {DEMO_DAY}]",
)
@click.option(
    "--start",
    type=click.DateTime(["%H:%M"]),
    help="Its first moment.  [default: a minute before trading]",
)
@click.option(
    "--halt",
    type=click.DateTime(["%H:%M"]),
    help="A circuit breaker then: twenty minutes without trades, and an auction of ten.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 1000),
    default=1.0,
    show_default=True,
    help="How fast its clock runs.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Another number, another market."
)
@click.option("--app-key", metavar="KEY", help="Accept no other app key.")
@click.option(
    "--appended-fields",
    type=click.IntRange(0, 32),
    default=0,
    show_default=True,
    help="Undocumented fields at the end of every record.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME[=VALUE]",
    help="Misbehave; may be given several times.  'list' names the ways.",
)
@click.option("--list-codes", is_flag=True, help="Print codes and names, and leave.")
def simulate(
    list_codes: bool, day: datetime | None, faults: tuple[str, ...], **options: Any
) -> None:
    """Serve simulated sessions that speak KIS' REST and websocket, on loopback."""
    from app.simulator.faults import Faults, switches
    from app.simulator.instruments import universe

    if "list" in faults:
        for name, meaning in switches().items():
            click.echo(f"{name:<20}{message_text(meaning)}")
        return
    switched = Faults()
    for words in faults:
        switched.turn_on(words)

    date = day.date() if day else DEMO_DAY
    if list_codes:
        for instrument in universe(date):
            click.echo(f"{instrument.code}\t{instrument.name}")
        return
    number = asyncio.run(_serve({**options, "day": date, "faults": switched}))
    raise click.exceptions.Exit(128 + number)


async def _serve(options: dict[str, Any]) -> int:
    """Serve until a signal comes; gives its number."""
    from app.simulator.hours import session_of
    from app.simulator.simulator import Simulator, demo_start
    from app.system.clock import ScaledClock

    start = options["start"].time() if options["start"] else None
    session = Session(options["session"]) if options["session"] else session_of(start)
    moment, halt = demo_start(session, options["day"], start), options["halt"]
    simulator = Simulator(
        session=session,
        start=moment,
        seed=options["seed"],
        app_key=options["app_key"],
        clock=ScaledClock(moment, options["speed"]),
        appended_fields=options["appended_fields"],
        faults=options["faults"],
        halt=demo_start(session, options["day"], halt.time()) if halt else None,
    )
    caught: asyncio.Queue[int] = asyncio.Queue()
    for number in ENDING:
        on_signal(number, caught.put_nowait)
    await simulator.start(options["port"], options["rest_port"])
    try:
        _say(simulator.ws_url, simulator.rest_url, session, moment, options)
        return await _until_signal(caught, simulator)
    finally:
        await simulator.stop()


def _say(ws: str, rest: str, session: Session, moment: datetime, options: dict[str, Any]) -> None:
    words = t(
        "simulator.serving",
        session=t(f"simulator.{session}"),
        start=f"{moment:%Y-%m-%d %H:%M}",
        speed=f"{options['speed']:g}",
        seed=options["seed"],
    )
    key = options["app_key"] or "simulator"
    for line in (
        words,
        t("simulator.addresses", ws=ws, rest=rest),
        f"  export KIS_URL_WS={ws} KIS_URL_REST={rest} KIS_APP_KEY={key} KIS_APP_SECRET=simulator",
        t("simulator.leave"),
    ):
        click.echo(line, err=True)


async def _until_signal(caught: "asyncio.Queue[int]", simulator: "Simulator") -> int:
    said = False
    while True:
        over = simulator.has_ended
        if over and not said:
            following = simulator.following
            begins = f"{following.begin:%Y-%m-%d %H:%M}"
            session = t(f"simulator.{following.session}")
            click.echo(t("simulator.over", session=session, start=begins), err=True)
        said = over
        try:
            return await asyncio.wait_for(caught.get(), _LOOK_EVERY)
        except TimeoutError:
            continue
