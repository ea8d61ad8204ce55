"""The (TR, code) pairs to register for a watch request, by priority."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

from msgspec import Struct

from app.feed.registrations import RegistrationKey
from app.krx.calendar import KRX, Schedule
from specs.catalog import Absent, Channel, Session, choose_for
from specs.codes import CodeFacts, Family, read

Reader: TypeAlias = Callable[[str], CodeFacts | None]
"""Reads a code as the code master places it; None if it has no known shape."""

GRACE = timedelta(seconds=30)
"""Time for which registrations outlive their session: its last prints come late."""

_FOCUS, _VISIBLE, _HIDDEN, _OTHER = range(4)

_RANKS = (
    (_FOCUS, Channel.TRADE),
    (_FOCUS, Channel.BOOK),
    (_VISIBLE, Channel.TRADE),
    (_VISIBLE, Channel.BOOK),
    (_HIDDEN, Channel.TRADE),
    (_HIDDEN, Channel.BOOK),
    (_OTHER, Channel.TRADE),
    (_OTHER, Channel.BOOK),
)
_BOOK_RANKS = tuple(
    (where, channel)
    for where in (_FOCUS, _VISIBLE, _HIDDEN, _OTHER)
    for channel in (Channel.BOOK, Channel.TRADE)
)
"""The order where quotes matter more than trades."""

_AUCTION_RANKS = (
    (_FOCUS, Channel.TRADE),
    (_FOCUS, Channel.EXPECTED),
    (_FOCUS, Channel.BOOK),
    (_VISIBLE, Channel.TRADE),
    (_VISIBLE, Channel.EXPECTED),
    (_HIDDEN, Channel.TRADE),
    (_HIDDEN, Channel.EXPECTED),
    (_VISIBLE, Channel.BOOK),
    (_HIDDEN, Channel.BOOK),
    (_OTHER, Channel.TRADE),
    (_OTHER, Channel.EXPECTED),
    (_OTHER, Channel.BOOK),
)
"""In an auction expected executions take the slots of books."""


_EXPECTED_RANKS = (
    (_FOCUS, Channel.TRADE),
    (_FOCUS, Channel.BOOK),
    (_FOCUS, Channel.EXPECTED),
    (_HIDDEN, Channel.TRADE),
    (_HIDDEN, Channel.EXPECTED),
    (_VISIBLE, Channel.EXPECTED),
    (_VISIBLE, Channel.TRADE),
    (_VISIBLE, Channel.BOOK),
    (_HIDDEN, Channel.BOOK),
    (_OTHER, Channel.TRADE),
    (_OTHER, Channel.EXPECTED),
    (_OTHER, Channel.BOOK),
)
"""The order for a page of a chain in an auction."""

_FOCUS_RANKS = 2
"""The focused row has the first two ranks of each order."""

_STOCKS = frozenset((Family.STOCK_FUTURES, Family.STOCK_OPTION))


class WatchRequest(Struct, frozen=True):
    """The codes that the screen watches: in order, the focused one, and the visible ones."""

    codes: tuple[str, ...] = ()
    focus: str = ""
    visible: frozenset[str] | None = None
    """None where nothing is known of a screen: all are alike."""
    books_first: bool = False
    """Whether books are wanted more than trades, outside of auctions."""
    expected_first: bool = False
    """Whether expected executions of the visible codes are wanted more than their trades, in
    auctions; codes that are not visible keep theirs."""
    others: frozenset[str] = frozenset()
    """The codes of lists that are not shown: they get the slots that all others leave."""


class RankedRegistration(Struct, frozen=True, gc=False):
    """A registration and how much it is wanted: the lower the rank, the more."""

    key: RegistrationKey
    rank: int


class RegistrationDemand(Struct, frozen=True):
    """Everything that a wish asks for, most wanted first, and why a code has no trade TR."""

    registrations: tuple[RankedRegistration, ...]
    asleep: dict[str, Absent]
    spare: tuple[RankedRegistration, ...] = ()
    """What is registered only while slots are free: outside of auctions the expected executions of
    stock products, whose trading may re-open with an auction at any time."""

    def fitting(self, limit: int) -> tuple[RankedRegistration, ...]:
        """Return all registrations, and as many spare ones as the limit has room for."""
        return (*self.registrations, *self.spare[: max(0, limit - len(self.registrations))])


def count_reserved(request: WatchRequest, ranked: Sequence[RankedRegistration]) -> int:
    """Return how many of a request's registrations other programs must leave to it.

    That are the focused row's two most wanted, or all where no screen says which rows are seen.
    """
    if request.visible is None:
        return len(ranked)
    return sum(want.rank < _FOCUS_RANKS for want in ranked)


def turn_at(now: datetime, schedule: Schedule = KRX) -> tuple[Session, bool]:
    """The session whose TRs are registered at a moment, and whether expected executions are."""
    before = now - GRACE
    auction = schedule.expected_window(now) or schedule.expected_window(before)
    return schedule.session_to_register(before), auction


def trading_at(now: datetime, schedule: Schedule = KRX) -> tuple[date, Session]:
    """Trade date and session of the records that come at a moment."""
    market = schedule.state_at(now - GRACE)
    return market.trade_date, market.session or market.next_session


def rank_registrations(
    request: WatchRequest,
    session: Session,
    *,
    auction: bool,
    channels: frozenset[Channel] = frozenset(Channel),
    reader: Reader = read,
) -> RegistrationDemand:
    """Return the pairs of a request in a session; `auction` is true near an auction."""
    usual = _BOOK_RANKS if request.books_first else _RANKS
    in_auction = _EXPECTED_RANKS if request.expected_first else _AUCTION_RANKS
    ranks = {what: rank for rank, what in enumerate(in_auction if auction else usual)}
    for where in (_FOCUS, _VISIBLE, _HIDDEN, _OTHER):
        ranks.setdefault((where, Channel.EXPECTED), len(usual) + where)
    found: list[RankedRegistration] = []
    spare: list[RankedRegistration] = []
    asleep: dict[str, Absent] = {}
    for code in dict.fromkeys(request.codes):
        contract = reader(code)
        if contract is None:
            continue
        where = _VISIBLE if request.visible is None or code in request.visible else _HIDDEN
        if where == _HIDDEN and code in request.others:
            where = _OTHER
        where = _FOCUS if code == request.focus else where
        trade = choose_for(contract, session, Channel.TRADE)
        if isinstance(trade, Absent):
            asleep[code] = trade
        for channel in channels:
            entry = choose_for(contract, session, channel)
            if isinstance(entry, Absent):
                continue
            key = RegistrationKey(entry.tr_id, code)
            want = RankedRegistration(key, ranks[where, channel])
            if auction or channel is not Channel.EXPECTED:
                found.append(want)
            elif contract.family in _STOCKS:
                spare.append(want)
    for wants in (found, spare):
        wants.sort(key=lambda want: want.rank)
    return RegistrationDemand(tuple(found), asleep, tuple(spare))
