"""The dashboard over a tape from the command line: it dials nowhere, locks and keeps nothing."""

import gc
from contextlib import closing
from datetime import datetime, timedelta
from math import inf
from typing import Any

from msgspec.structs import replace

from app.alerts.alert_file import AlertStore
from app.cli.invocation import Invocation
from app.cli.requested_rows import read_rows
from app.cli.terminal import check_terminal, with_appearance
from app.feed.feed_settings import FeedSettings
from app.instruments.contracts import Contracts
from app.instruments.master import Master, load_master
from app.krx.calendar import format_clock
from app.portfolio.store import PositionStore
from app.screens.services import Services
from app.storage.credentials import Credentials, Endpoints
from app.storage.layout_store import LayoutStore
from app.storage.layouts import MOST_CODES, Layout, with_rows
from app.storage.settings import Settings
from app.system.clock import SystemClock
from app.system.crash import CrashReports, no_core_dumps
from app.system.errors import UsageError
from app.system.event_log import log_event
from app.system.files import ProgramFolders
from app.system.secret import Secret
from app.tape.library import find
from app.tape.player import Player
from app.tape.reader import Tape
from app.tape.tape_clock import SPEEDS, TapeClock, moment
from app.tape.tape_index import TapeIndex
from app.tape.times import nanoseconds, time_of_day
from specs.user_message import UserMessage
from widgets.texts import t

_REFUSED = ("demo", "day", "start", "seed", "session", "record")
"""Options that mean nothing to a tape, or the opposite of one."""


def replay(invocation: Invocation, options: dict[str, Any]) -> int:
    """Play a tape until the dashboard is left; return its exit code.

    Raises:
        UsageError: no such tape, or options that do not go together.
    """
    no_core_dumps()
    for name in _REFUSED:
        if options[name] not in (None, False):
            option = "--date" if name == "day" else f"--{name}"
            raise UsageError("replay.excludes", option=option)
    speed = _speed(options["speed"])
    places, settings = invocation.folders, invocation.settings
    with closing(Tape(find(options["replay"], places))) as tape:
        tape_index, clock = TapeIndex(tape), TapeClock()
        # The log keeps the machine's time: a tape's goes back and forth.
        log_event("program", "run", "replay", tape=tape.path.name)
        start = _start(tape_index, options["at"])
        check_terminal()
        contracts = contracts_of(tape_index, load_master(places))
        store = LayoutStore(places, SystemClock())
        program = program_of(
            tape_index,
            clock,
            contracts,
            store,
            _layout(store, tape_index, contracts, options, settings),
            start,
            speed,
        )
        program.settings = settings
        program.log = invocation.log
        program.reports = CrashReports(places.state / "crashes", SystemClock(), invocation.log)
        program.notices = notices_of(tape, contracts, SystemClock().now())
        from app.screens.replay_app import ReplayApp

        gc.freeze()
        gc.enable()
        return ReplayApp(with_appearance(program, invocation, options), clock).run() or 0


def notices_of(tape: Tape, contracts: Contracts, now: datetime) -> tuple[str, ...]:
    """Return the notices for a tape that is opened at `now` of the system's clock."""
    found = {
        "cli.no_master": not contracts.named,
        "replay.growing": tape.is_growing(now),
        "replay.no_header": not tape.has_header,
    }
    return tuple(t(key) for key, holds in found.items() if holds)


def contracts_of(tape_index: TapeIndex, master: Master) -> Contracts:
    """The contracts of a tape: by the simulator's master where it was recorded from a demo."""
    if tape_index.header.demo:
        from app.simulator.master_files import master_files

        begin = moment(tape_index.wall_at(0.0))
        # After midnight it is the night of the day before.
        master = Master.from_files(master_files((begin - timedelta(hours=7)).date()))
    contracts = Contracts(master)
    contracts.remember(tape_index.names)
    return contracts


def program_of(
    tape_index: TapeIndex,
    clock: TapeClock,
    contracts: Contracts,
    store: LayoutStore,
    layout: Layout,
    start: float = 0.0,
    speed: float = 1.0,
) -> Services:
    """Return the services of a dashboard that plays a tape: without keys, addresses and files."""
    nobody = Credentials(Secret(""), Secret(""), "")
    return Services(
        clock=clock,
        feed=FeedSettings(
            Endpoints(rest="", ws=""), nobody, limit=MOST_CODES, reader=contracts.code
        ),
        contracts=contracts,
        store=store,
        layout=layout,
        auctions=None,
        positions=PositionStore(ProgramFolders.find(), SystemClock(), demo=True),
        alerts=AlertStore(ProgramFolders.find(), SystemClock()),
        badge="REPLAY",
        source=lambda deliver: Player(
            tape_index, clock, deliver, start=start, speed=speed, reader=contracts.code
        ),
    )


def _speed(asked: float | None) -> float:
    if asked is None:
        return 1.0
    if not SPEEDS[0] <= asked <= SPEEDS[-2] and asked != inf:
        raise UsageError("replay.no_speed", text=f"{asked:g}", hint=UserMessage("replay.speeds"))
    return asked


def _start(tape_index: TapeIndex, asked: str | None) -> float:
    if asked is None:
        return 0.0
    hours = time_of_day(asked)
    if hours is None:
        raise UsageError("replay.no_time", text=asked, hint=UserMessage("replay.time_hint"))
    when = tape_index.moment_of(hours)
    if not tape_index.holds(when):
        begin, end = (format_clock(moment) for moment in tape_index.ends)
        hint = UserMessage("replay.beyond_hint", begin=begin, end=end)
        raise UsageError("replay.beyond", text=asked, hint=hint)
    return tape_index.position_at(nanoseconds(when))


def _layout(
    store: LayoutStore,
    tape_index: TapeIndex,
    contracts: Contracts,
    options: dict[str, Any],
    settings: Settings,
) -> Layout:
    if options["layout"]:
        layout = store.load(options["layout"])
    else:
        layout = Layout(codes=tape_index.codes[:MOST_CODES], updown=settings.updown)
    if options["watch"]:
        today = moment(tape_index.wall_at(0.0)).date()
        layout = with_rows(layout, read_rows((options["watch"],), contracts, today))
    return replace(layout, updown=options["updown"] or layout.updown)
