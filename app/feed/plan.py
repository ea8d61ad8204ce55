"""Which (TR, code) pairs are to be registered for the codes that somebody watches.

A code's expected execution comes right after its trade, so that in an auction the top of a list
that is too long for the limit has both.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app.feed.ledger import Key
from app.session import expected_window, session_for
from specs.catalog import Absent, Channel, Session, choose
from specs.codes import CodeError, parse

GRACE = timedelta(seconds=30)
"""How long a session's registrations outlive it: its last prints come late."""


class Plan(Struct, frozen=True):
    """Registrations, most wanted first, and why a code has no trade TR in this session."""

    keys: tuple[Key, ...]
    asleep: dict[str, Absent]


def turn_at(now: datetime) -> tuple[Session, bool]:
    """The session whose TRs are registered at a moment, and whether expected executions are."""
    before = now - GRACE
    return session_for(before), expected_window(now) or expected_window(before)


def plan(
    codes: Sequence[str],
    session: Session,
    *,
    expected: bool,
    channels: frozenset[Channel] = frozenset(Channel),
) -> Plan:
    """The registrations for codes in a session; `expected` is true near an auction."""
    keys: dict[Key, None] = {}
    asleep: dict[str, Absent] = {}
    for code in codes:
        try:
            family = parse(code).family
        except CodeError:
            continue
        trade = choose(family, session, Channel.TRADE)
        if isinstance(trade, Absent):
            asleep[code] = trade
        elif Channel.TRADE in channels:
            keys[Key(trade.tr_id, code)] = None
        if expected and Channel.EXPECTED in channels:
            auction = choose(family, session, Channel.EXPECTED)
            if not isinstance(auction, Absent):
                keys[Key(auction.tr_id, code)] = None
    return Plan(tuple(keys), asleep)
