"""Events of a tape by time: phases of the market, auctions, gaps, the biggest moves."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from app.feed.link_step import LinkStep
from app.krx.calendar import MarketPhase
from app.krx.calendar import at as market_at
from app.tape.check import Finding
from app.tape.gap import Gap
from app.tape.tape_clock import moment
from app.tape.tape_index import TapeIndex
from specs.catalog import Session
from specs.clean import clean
from specs.user_message import UserMessage

MOST_STRETCHES = 100
"""Maximum number of phases; a tape of a week has half as many."""

AUCTIONS = (MarketPhase.OPENING_AUCTION, MarketPhase.CLOSING_AUCTION)


class EventKind(StrEnum):
    """Kind of an event."""

    AUCTION = "auction"
    GAP = "gap"
    """Nothing was received, or not recorded."""
    DAMAGE = "damage"
    """Recorded entries cannot be read."""
    MOVE = "move"


LACKING = (EventKind.GAP, EventKind.DAMAGE)
"""Kinds of events without data."""


class PriceMove(Struct, frozen=True):
    """A move of a contract's price; `decimals` is their number in its prices."""

    name: str
    before: float
    after: float
    decimals: int


Cause = MarketPhase | Gap | LinkStep | Finding | PriceMove
"""What happened: an auction's phase, what the recorder or the connection lost (its first step
down), what is damaged, or how a price moved."""


class TimelineEvent(Struct, frozen=True):
    """Something that happened, from a place on; both in seconds of the tape."""

    position: float
    what: EventKind
    cause: Cause
    end: float = 0.0
    """Its end; at most its position if it takes no time."""
    size: float = 0.0
    """Of a move: percent, up or down."""


class PhaseSpan(Struct, frozen=True):
    """A phase of the market, as far as it is on the tape."""

    begin: float
    end: float
    session: Session | None
    phase: MarketPhase


class Timeline(Struct, frozen=True):
    """All that is known of a tape's course; events in the order of their places."""

    length: float
    stretches: tuple[PhaseSpan, ...]
    events: tuple[TimelineEvent, ...] = ()
    complete: bool = False
    """Whether the whole tape was looked at."""

    @classmethod
    def from_calendar(cls, tape_index: TapeIndex) -> "Timeline":
        """Return the timeline that the calendar alone gives."""
        stretches = tuple(_stretches(tape_index))
        return cls(tape_index.length, stretches, tuple(_auctions(stretches)))

    def having(self, events: Iterable[TimelineEvent], *, complete: bool = False) -> "Timeline":
        """The same with other gaps and moves."""
        kept = [event for event in self.events if event.what is EventKind.AUCTION]
        ordered = sorted([*kept, *events], key=lambda event: event.position)
        return Timeline(self.length, self.stretches, tuple(ordered), complete)

    def after(self, place: float, *kinds: EventKind) -> TimelineEvent | None:
        """The next event (of some kinds)."""
        return next((e for e in self.of_kind(*kinds) if e.position > place + _NEAR), None)

    def before(self, place: float, *kinds: EventKind) -> TimelineEvent | None:
        """The event before (of some kinds)."""
        found = reversed(self.of_kind(*kinds))
        return next((e for e in found if e.position < place - _NEAR), None)

    @property
    def biggest(self) -> TimelineEvent | None:
        """The biggest move."""
        return max(self.of_kind(EventKind.MOVE), key=lambda event: abs(event.size), default=None)

    def gap_at(self, place: float) -> TimelineEvent | None:
        """The gap that a place lies in, damage too."""
        found = self.of_kind(*LACKING)
        return next((e for e in found if e.position <= place < e.end), None)

    def of_kind(self, *kinds: EventKind) -> list[TimelineEvent]:
        """The events of some kinds, or all."""
        return [event for event in self.events if not kinds or event.what in kinds]


_NEAR = 0.001


def _stretches(tape_index: TapeIndex) -> list[PhaseSpan]:
    found: list[PhaseSpan] = []
    market = since = None
    for at, segment in enumerate(tape_index.segments):
        place, now = tape_index.begins[at], moment(segment.wall)
        end = tape_index.begins[at + 1] if at + 1 < len(tape_index.begins) else tape_index.length
        while place < end:
            if market is None or since is None or not since <= now < market.next_change:
                market, since = market_at(now), now
            left = (market.next_change - now).total_seconds()
            until = end if len(found) >= MOST_STRETCHES else min(end, place + left)
            same = found and (found[-1].session, found[-1].phase) == (market.session, market.phase)
            if same or len(found) >= MOST_STRETCHES:
                found[-1] = replace(found[-1], end=until)
            else:
                found.append(PhaseSpan(place, until, market.session, market.phase))
            place, now = until, market.next_change
    return found


def _auctions(stretches: Iterable[PhaseSpan]) -> Iterable[TimelineEvent]:
    for one in stretches:
        if one.phase in AUCTIONS:
            yield TimelineEvent(one.begin, EventKind.AUCTION, one.phase, one.end)


def gap_message(gap: Gap) -> UserMessage:
    """Return what a recording lost."""
    why = UserMessage(gap.why, clean(gap.why, 60))
    if gap.missed:
        return UserMessage("replay.gap_missed", why=why, count=f"{gap.missed:,}")
    return UserMessage("replay.gap", why=why)
