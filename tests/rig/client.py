"""The client in the world: does what the pilot answers, just as the feed does over a real socket.

What `app.feed.feed` does with tasks and timers is done here with the world's heap; pilot, intake,
plan and calendar are the program's own.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from rig.kis import Kis, Request
from rig.unseen import Unseen
from rig.watched import WatchedPilot
from rig.wire import Wire
from rig.world import Machine, World

from app.feed.connection import LinkPhase
from app.feed.demand import RankedRegistration, WatchRequest, rank_registrations
from app.feed.dial_budget import LONGEST, DialBudget
from app.feed.events import (
    Abort,
    CloseSocket,
    DialSocket,
    Effect,
    IssueKey,
    KeyIssued,
    KeyRefused,
    LinkEvent,
    MachineSuspended,
    PingPongReceived,
    Refusal,
    RetryRequested,
    SendControl,
    SocketClosed,
    SocketOpened,
    StopRequested,
    TimePassed,
)
from app.feed.receiver import Receiver
from app.feed.registrations import LIMIT, RegistrationKey
from app.feed.slots import SlotPlanner
from app.krx.calendar import MarketPhase, expected_window, session_for
from app.krx.calendar import at as market_at
from specs.catalog import Channel, Session

NAP, LONG_NAP = 1.0, 20.0
SLEPT = 5.0
CHANNELS = frozenset((Channel.TRADE, Channel.EXPECTED))
REFUSALS = {"dns": Refusal.LOCAL, "certificate": Refusal.CERTIFICATE}
FINAL = frozenset(("EGW00102", "EGW00103", "EGW00104", "EGW00105"))


@lru_cache(maxsize=4096)
def _market(minute: str) -> tuple[Session, bool, bool]:
    """Session, expected window and whether trade is continuous by day: they turn on a minute."""
    now = datetime.fromisoformat(minute)
    state = market_at(now)
    trading = state.session is Session.DAY and state.phase is MarketPhase.CONTINUOUS
    return session_for(now), expected_window(now), trading


@lru_cache(maxsize=256)
def _ranked(
    codes: tuple[str, ...], session: Session, expected: bool
) -> tuple[RankedRegistration, ...]:
    """Cache a pure function that the client calls every second with the same arguments."""
    request = WatchRequest(codes)
    return rank_registrations(request, session, auction=expected, channels=CHANNELS).registrations


class Client:
    """One run of the program's feed."""

    def __init__(
        self,
        world: World,
        kis: Kis,
        codes: Sequence[str] = (),
        *,
        machine: Machine | None = None,
        limit: int = LIMIT,
        kept: Sequence[float] = (),
        session: Session | None = None,
    ) -> None:
        self.world, self.kis = world, kis
        self.machine = machine or Machine(world)
        self.kept = list(kept)
        """The dials on disk: wall times, as `app.feed.dial_file` keeps them."""
        self.pilot = WatchedPilot(world.random.random, limit, self._load())
        self.receiver = Receiver(self.pilot, Unseen(), None, self.machine)
        self.wire: Wire | None = None
        self.dialling = 0
        self.polls = 0
        self.unplanned: tuple[RegistrationKey, ...] | None = None
        """Keys to want instead of the plan's."""
        self.on_phase: Callable[[LinkPhase], None] = lambda phase: None
        self._session = session
        self._codes = tuple(codes)
        self._wanted: tuple[RegistrationKey, ...] | None = None
        self._turn: object = None
        self._plan_due = 0.0
        self._planner = SlotPlanner()
        self._key = 0
        self._budget = self.pilot.connection.budget
        self._asleep_for = self.machine.suspended()
        self._seen: tuple[object, ...] = ()
        self._turn_of_poll = 0
        self._stopped = False
        self.wake()

    # --- the user's hands

    def watch(self, codes: Sequence[str]) -> None:
        """Watch these codes."""
        self._codes = tuple(codes)
        self._plan_due = 0.0
        self.wake()

    def retry(self) -> None:
        """Connect at once, dropping an open connection."""
        self.event(RetryRequested())

    def stop(self) -> None:
        """The program ends."""
        self.event(StopRequested())

    def crash(self) -> None:
        """The program dies: its socket is reset, nothing of it runs on."""
        self._stopped = True
        if self.wire is not None:
            self.wire.client_open = False
            self.kis.drop(self.wire, "1006")

    # --- what the feed does

    @property
    def now(self) -> float:
        return self.machine.monotonic()

    @property
    def phase(self) -> LinkPhase:
        return self.pilot.connection.phase

    @property
    def is_settled(self) -> bool:
        """Live or degraded, with nothing under way."""
        settled = self.phase in (LinkPhase.LIVE, LinkPhase.DEGRADED)
        return settled and self.pilot.registrations.is_settled(self.now)

    @property
    def has_plan_due(self) -> bool:
        """Whether what is wanted may have changed since it was last looked at."""
        return self.now >= self._plan_due

    def event(self, event: LinkEvent) -> None:
        """Something happened."""
        if not self._stopped:
            self.perform(self.pilot.event(event, self.now))

    def wake(self) -> None:
        """Poll now."""
        self._poll_at(self.world.time)

    def _poll_at(self, when: float) -> None:
        self._turn_of_poll += 1
        turn = self._turn_of_poll
        self.world.at(
            when,
            self.machine.when_awake(lambda: self._poll() if turn == self._turn_of_poll else None),
        )

    def _poll(self) -> None:
        if self._stopped:
            return
        self.polls += 1
        asleep = self.machine.suspended()
        if asleep - self._asleep_for > SLEPT:
            self.event(MachineSuspended())
        self._asleep_for = asleep
        self._replan()
        *_, trading = _market(f"{self.machine.now():%Y-%m-%dT%H:%M}+09:00")
        tick = TimePassed(self.receiver.last_message, self.receiver.last_data, trading)
        turn = self._turn_of_poll
        self.perform(self.pilot.poll(tick, self.now))
        if self.phase is not LinkPhase.STOPPED and turn == self._turn_of_poll:
            # Nothing but a turn of the minute can happen sooner while no socket is open.
            most = NAP if self.wire is not None else LONG_NAP
            nap = min(most, self.pilot.next_at(self.now) - self.now)
            # A poll costs time in the real world too.
            self._poll_at(self.world.time + max(1e-4, nap))

    def _replan(self) -> None:
        if self.now < self._plan_due:
            return
        self._plan_due = self.now + NAP
        session, expected, _ = _market(f"{self.machine.now():%Y-%m-%dT%H:%M}+09:00")
        session = self._session or session
        turn = (session, expected)
        wanted = self.unplanned
        if wanted is None:
            found = _ranked(self._codes, session, expected)
            held = self.pilot.registrations
            wanted = self._planner.plan(
                found, held.limit, self.now, refused=held.refused, at_once=turn != self._turn
            )
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self.receiver.reset()
        self.perform(self.pilot.request(wanted, self.now, brisk=turn != self._turn))
        self._turn = turn

    def perform(self, effects: Iterable[Effect]) -> None:
        """Do what the pilot asks for."""
        for effect in effects:
            match effect:
                case SendControl(key, register):
                    if self.wire is not None and self.wire.client_open:
                        self.wire.ask(Request(str(self._key), key, register))
                case IssueKey():
                    self.kis.approve(
                        lambda error, key: self.machine.when_awake(
                            lambda: self._keyed(error, key)
                        )()
                    )
                case DialSocket(epoch):
                    assert self.wire is None, "a dial beside a socket"
                    assert not self.dialling, "two dials at once"
                    self.dialling = epoch
                    self._dial(epoch)
                case Abort():
                    self._abort()
                case CloseSocket() if self.wire is not None:
                    self.wire.close()
        state = self.pilot.connection
        if state.budget != self._budget:
            self._budget = state.budget
            self._save(state.budget)
        seen = (state.phase, state.reason, state.next_at, self.pilot.registrations.used)
        if seen != self._seen:
            self._seen = seen
            self.on_phase(state.phase)
            self.wake()

    def _dial(self, epoch: int) -> None:
        dialled = lambda why, wire: self.machine.when_awake(  # noqa: E731
            lambda: self._dialled(epoch, why, wire)
        )()
        self.kis.dial(epoch, dialled)

    def _abort(self) -> None:
        """Drop the socket, and the answer to a dial that still runs."""
        self.dialling = 0
        wire, self.wire = self.wire, None
        if wire is not None and wire.client_open:
            wire.client_open = False
            self.kis.drop(wire, "1006")

    # --- what comes back

    def _keyed(self, error: str, key: int) -> None:
        if error:
            final = Refusal.CREDENTIALS if error in FINAL else Refusal.PASSING
            self.event(KeyRefused(error, REFUSALS.get(error, final)))
        else:
            self._key = key
            self.event(KeyIssued())

    def _dialled(self, epoch: int, failure: str, wire: Wire | None) -> None:
        late = self.dialling != epoch
        if self._stopped or late:
            if wire is not None:
                wire.client_open = False
                self.kis.drop(wire, "1006")
            return
        self.dialling = 0
        if wire is None:
            self.event(SocketClosed(failure or "error", failure == "dns"))
            return
        self.wire = wire
        wire.on_message = self._in_time(lambda raw: self._heard(wire, raw))
        wire.on_closed = self._in_time(lambda reason: self._ended(wire, reason))
        self.receiver.reset()
        self.event(SocketOpened())
        if self.pilot.connection.epoch != epoch or not self.pilot.connection.is_open:
            wire.close()
        wire.hand_on()

    def _in_time(self, act: Callable[[str], None]) -> Callable[[str], None]:
        """The act on a text, put off while the machine sleeps."""
        return lambda text: self.machine.when_awake(lambda: act(text))()

    def _heard(self, wire: Wire, raw: str) -> None:
        if self._stopped or self.wire is not wire:
            return
        now = self.now
        said = self.receiver.accept(raw, now)
        if isinstance(said, str):
            wire.echo(said)
            self.event(PingPongReceived())
        elif said is not None:
            self.perform(self.pilot.answer(said, now))
            self.receiver.reset()
            self.wake()

    def _ended(self, wire: Wire, reason: str) -> None:
        if self.wire is wire:
            self.wire = None
            self.event(SocketClosed(reason))

    # --- the dial budget on disk

    def _load(self) -> DialBudget:
        now, wall = self.now, self.machine.now().timestamp()
        ages = sorted((max(0.0, wall - moment) for moment in self.kept), reverse=True)
        return DialBudget(tuple(now - age for age in ages if age < LONGEST))

    def _save(self, budget: DialBudget) -> None:
        now, wall = self.now, self.machine.now().timestamp()
        self.kept = [round(wall - (now - moment), 3) for moment in budget.spent]
