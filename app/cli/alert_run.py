"""Alerts without a screen: of a live feed, a demo, a recording, or a tape, as lines of JSON."""

import json
import sys
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from datetime import timedelta
from typing import Any

import click

from app.alerts.alert import Alert, FiredAlert
from app.alerts.alert_file import AlertStore
from app.alerts.monitor import AlertMonitor
from app.cli.damage_text import passed_over
from app.cli.feed_run import FeedRun
from app.cli.invocation import Invocation
from app.cli.options import chosen_keys, demo_of
from app.cli.replay import contracts_of
from app.cli.run_setup import RunSetup, start
from app.feed.batch import Batch, Counters, LinkState, Received
from app.feed.phase import LinkPhase
from app.instruments.contracts import Contracts
from app.instruments.master import load_master
from app.krx.calendar import KRX, Schedule
from app.market.market import Market
from app.portfolio.position_alerts import position_value
from app.portfolio.positions import Position
from app.portfolio.store import PositionStore
from app.pricing.smile_file import SmileFile
from app.pricing.smile_tracker import SmileTracker
from app.system.clock import Clock, ManualClock, SystemClock
from app.system.errors import KisTuiError, UsageError
from app.tape.entry import EntryKind
from app.tape.json_entries import read_step
from app.tape.library import find
from app.tape.reader import Tape
from app.tape.tape_clock import moment
from app.tape.tape_index import TapeIndex
from specs.catalog import Channel, Session
from specs.frame import FrameError, decode
from specs.user_message import UserText
from widgets.message_text import message_text

TAPE_TICK = timedelta(seconds=1)
"""Time of a tape after which computed values are evaluated."""

_REFUSED = ("demo", "day", "start", "speed", "seed", "timeout", "paper", "profile")


def live(invocation: Invocation, alerts: tuple[Alert, ...], options: dict[str, Any]) -> None:
    """Evaluate alerts on a live feed or a demo until a signal arrives.

    Raises:
        KisTuiError: why it ended, where that is a failure.
    """
    session = None if options["session"] == "auto" else Session(options["session"])
    demo = demo_of(options)
    settings, keys = invocation.settings, chosen_keys(invocation, options)
    channels = frozenset(Channel)
    with start(settings, invocation.folders, demo, session, channels, **keys) as begun:
        monitor = live_monitor(invocation, begun, alerts, is_demo=demo is not None)
        run = FeedRun(
            begun, monitor.codes, take=monitor.apply, tap=monitor.accept, tick=monitor.tick
        )
        monitor.notify_codes = run.watch
        run.to_end(options["timeout"])


def live_monitor(
    invocation: Invocation, begun: RunSetup, alerts: Iterable[Alert], *, is_demo: bool
) -> AlertMonitor:
    """Return the monitor of a run, which prints what fires and keeps when; a demo keeps nothing."""
    keep = None if is_demo else AlertStore(invocation.folders, SystemClock())
    contracts, schedule = begun.contracts, begun.feed.schedule
    return _monitor(
        invocation, alerts, begun.clock, contracts, schedule, keep=keep, is_demo=is_demo
    )


def over_tape(invocation: Invocation, alerts: tuple[Alert, ...], options: dict[str, Any]) -> None:
    """Evaluate alerts on a tape, as fast as it can be read, with pauses on the tape's clock.

    Raises:
        UsageError: no such tape, or options that do not go together.
    """
    for name in _REFUSED:
        if options[name] not in (None, False, ""):
            option = "--date" if name == "day" else f"--{name}"
            raise UsageError("replay.excludes", option=option)
    with closing(Tape(find(options["replay"], invocation.folders))) as tape:
        index = TapeIndex(tape)
        contracts = contracts_of(index, load_master(invocation.folders))
        clock = ManualClock(moment(index.wall_at(0.0)))
        monitor = _monitor(invocation, alerts, clock, contracts, KRX, is_tape=True)
        try:
            _TapeRun(index, clock, monitor).to_end()
        finally:
            for line in passed_over(tape):
                click.echo(line, err=True)


class _TapeRun:
    """Feeds a tape to a monitor, on a clock that goes with it."""

    def __init__(self, index: TapeIndex, clock: ManualClock, monitor: AlertMonitor) -> None:
        self._index = index
        self._clock = clock
        self._monitor = monitor
        # A tape without such entries was recorded, so the link was up.
        self._phase = LinkPhase.LIVE
        self._newest: dict[tuple[str, str], Received] = {}
        self._message_at = clock.monotonic()
        self._due = clock.now() + TAPE_TICK

    def to_end(self) -> None:
        monitor, clock = self._monitor, self._clock
        for at in range(len(self._index.segments)):
            for passage in self._index.passages(at, only=True):
                entry = passage.entry
                now = moment(entry.wall)
                while monitor.is_computing and self._due <= now:
                    clock.move_to(self._due)
                    self._tick()
                clock.move_to(now)
                if entry.kind in (EntryKind.FRAME, EntryKind.BINARY):
                    self._message_at = clock.monotonic()
                    self._accept(entry.payload)
                elif entry.kind == EntryKind.LINK:
                    step = read_step(entry.payload)
                    self._phase = step.phase if step is not None else self._phase
        if monitor.is_computing:
            self._tick()

    def _accept(self, payload: bytes) -> None:
        # What was refused live, and what is no data, is passed over.
        with suppress(FrameError, UnicodeDecodeError):
            frame = decode(payload.decode())
            now = self._clock.monotonic()
            self._monitor.accept(frame.tr_id, frame.records, now)
            if self._monitor.is_computing:
                for one in frame.records:
                    self._newest[frame.tr_id, one.code] = Received(frame.tr_id, one, now)

    def _tick(self) -> None:
        self._due += TAPE_TICK
        newest, self._newest = tuple(self._newest.values()), {}
        link = LinkState(self._phase, last_message=self._message_at)
        self._monitor.apply(Batch(newest, link, Counters(), {}, (), {}))
        self._monitor.tick()


def _monitor(
    invocation: Invocation,
    alerts: Iterable[Alert],
    clock: Clock,
    contracts: Contracts,
    schedule: Schedule,
    *,
    keep: AlertStore | None = None,
    is_demo: bool = False,
    is_tape: bool = False,
) -> AlertMonitor:
    settings = invocation.settings
    held = _positions(invocation)
    smiles = SmileFile(invocation.folders.state / f"smiles{'-demo' * is_demo}.json")

    def warn(text: UserText) -> None:
        click.echo(message_text(text), err=True)

    def value(condition: Any, market: Market) -> float:
        rate, seconds = settings.rate / 100, clock.monotonic()
        return position_value(condition, market, held, clock.now, rate, seconds)

    return AlertMonitor(
        alerts,
        clock,
        contracts,
        _printer(keep),
        settings=settings,
        schedule=schedule,
        positions=value,
        position_codes=[one.code for one in held],
        smiles=SmileTracker(smiles, warn, schedule),
        is_tape=is_tape,
    )


def _positions(invocation: Invocation) -> tuple[Position, ...]:
    """Return the positions; without any that can be read none, with a warning."""
    try:
        return PositionStore(invocation.folders, SystemClock(), demo=False).load()
    except KisTuiError as error:
        click.echo(message_text(error.message), err=True)
        return ()


def _printer(keep: AlertStore | None) -> Callable[[FiredAlert], None]:
    """Return the function that prints a fired alert, and keeps when it fired."""

    def write(fired: FiredAlert) -> None:
        line = {
            "at": fired.at.isoformat(timespec="milliseconds"),
            "id": fired.alert.id,
            "alert": fired.alert.text,
            "code": fired.alert.condition.code or None,
            "value": round(fired.value, 6),
            "text": message_text(fired.message),
        }
        sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        sys.stdout.buffer.flush()
        if keep is not None:
            try:
                keep.update(lambda kept: kept.mark_fired(fired))
            except KisTuiError as error:
                click.echo(message_text(error.message), err=True)

    return write
