"""``kis-tui stream``: one JSON object per record on standard output, by the dashboard's feed."""

import asyncio
import signal
import sys
from collections.abc import Iterable
from math import inf
from typing import Any

import click
import msgspec

from app.cli.invocation import Invocation
from app.cli.options import demo_of, demo_options
from app.cli.start import Start, read_codes, start
from app.errors import ConnectionFailed, CredentialsError, KisTuiError, OccupiedError, UsageError
from app.feed.batch import Batch
from app.feed.connection import SETTLED, Phase
from app.feed.feed import Feed
from app.feed.loop import run as run_loop
from app.feed.plan import Wish
from app.narration import link_words
from app.session import session_for
from specs.catalog import Absent, Channel, Session, choose
from specs.codes import parse
from specs.record import Record, elements
from widgets.texts import t


@click.command()
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@click.option(
    "--session",
    type=click.Choice(["auto", *(s.value for s in Session)]),
    default="auto",
    show_default=True,
    help="Day or night TRs, whatever the clock says; of a demo, where it begins.",
)
@click.option(
    "--channel",
    default="trade",
    show_default=True,
    metavar="NAMES",
    help="trade, book, expected, or several with commas between.",
)
@click.option("--count", type=click.IntRange(1), help="Leave after so many records.")
@click.option("--timeout", type=click.FloatRange(min=0.1), help="Leave after so many seconds.")
@click.option(
    "--names",
    type=click.Choice(["english", "kis"]),
    default="english",
    show_default=True,
    help="Field names: the program's, or KIS' own elements.",
)
@demo_options
@click.pass_obj
def stream(invocation: Invocation, /, codes: tuple[str, ...], **options: Any) -> None:
    """Print every record of CODE... as JSON, one per line."""
    wanted = read_codes(codes)
    session = None if options["session"] == "auto" else Session(options["session"])
    channels = _channels(options["channel"])
    with start(
        invocation.settings, invocation.places, demo_of(options), session, channels
    ) as begun:
        _refuse_sleepers(wanted, session or session_for(begun.clock.now()), channels)
        run = Run(begun, wanted, options["names"], options["count"], options["timeout"])
        run_loop(run.to_end())


def _channels(text: str) -> frozenset[Channel]:
    try:
        return frozenset(Channel(name.strip()) for name in text.split(","))
    except ValueError as error:
        raise UsageError(t("cli.no_channel", name=text), "--channel trade,book,expected") from error


def _refuse_sleepers(codes: Iterable[str], session: Session, channels: frozenset[Channel]) -> None:
    """Say which codes no TR carries, and refuse a run that none would."""
    awake = 0
    for code in codes:
        for channel in sorted(channels):
            entry = choose(parse(code).family, session, channel)
            if isinstance(entry, Absent):
                click.echo(f"{code}: {t(f'absent.{entry}')}", err=True)
            else:
                awake += 1
    if not awake:
        raise UsageError(t("cli.nothing_to_stream"), "--session day|night")


class Run:
    """One run of the stream."""

    def __init__(
        self,
        begun: Start,
        codes: tuple[str, ...],
        names: str,
        count: int | None,
        timeout: float | None,
    ) -> None:
        self._clock = begun.clock
        self._kis = names == "kis"
        self._left = count or inf
        self._timeout = timeout
        self._feed = Feed(begun.feed, begun.clock, self._narrate, self._print)
        self._feed.watch(Wish(codes))
        self._phase: Phase | None = None
        self._was_live = False
        self._failure: KisTuiError | None = None
        self._signal = 0
        self._encode = msgspec.json.Encoder().encode

    async def to_end(self) -> None:
        """Run until the count is reached, the time is over, a signal came or all hope is gone.

        Raises:
            KisTuiError: why it ended, where that is a failure.
            BrokenPipeError: whoever read the output has left.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal, number)
        timer = loop.call_later(self._timeout, self._on_timeout) if self._timeout else None
        try:
            await self._feed.run()
        except* BrokenPipeError:
            raise BrokenPipeError from None
        finally:
            if timer is not None:
                timer.cancel()
        if self._failure is not None:
            raise self._failure
        if self._signal:
            raise click.exceptions.Exit(128 + self._signal)

    def _on_signal(self, number: int) -> None:
        self._signal = number
        self._feed.stop()

    def _on_timeout(self) -> None:
        if not self._was_live:
            self._failure = ConnectionFailed(t("cli.never_live"))
        elif self._left != inf:
            self._failure = KisTuiError(t("cli.too_few", left=int(self._left)))
        self._feed.stop()

    def _narrate(self, batch: Batch) -> None:
        link = batch.link
        if link.phase is not self._phase:
            self._phase = link.phase
            click.echo(link_words(link, self._clock.monotonic()), err=True)
        self._was_live = self._was_live or link.phase in SETTLED
        if link.phase is Phase.FATAL:
            self._failure = CredentialsError(link_words(link, self._clock.monotonic()))
            self._feed.stop()
        elif link.phase is Phase.OCCUPIED and link.next_at == inf:
            self._failure = OccupiedError(link_words(link, self._clock.monotonic()))
            self._feed.stop()
        self._feed.taken()

    def _print(self, tr_id: str, records: list[Record], at: float) -> None:
        received = self._clock.now().isoformat(timespec="milliseconds")
        for record in records:
            if self._left <= 0:
                break
            self._left -= 1
            fields = (
                dict(zip(elements(type(record)), msgspec.structs.astuple(record), strict=True))
                if self._kis
                else msgspec.structs.asdict(record)
            )
            line = self._encode({"tr_id": tr_id, "received": received, **fields})
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
        if self._left <= 0:
            self._feed.stop()
