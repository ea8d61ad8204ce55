"""Which (TR, code) pairs are to be registered for the codes that somebody watches.

Trades come first, in the order of the list, then expected executions while an auction is near.
"""

from collections.abc import Sequence

from msgspec import Struct

from app.feed.ledger import Key
from specs.catalog import Absent, Channel, Session, choose
from specs.codes import CodeError, parse


class Plan(Struct, frozen=True):
    """Registrations, most wanted first, and why a code has no trade TR in this session."""

    keys: tuple[Key, ...]
    asleep: dict[str, Absent]


def plan(
    codes: Sequence[str],
    session: Session,
    *,
    expected: bool,
    channels: frozenset[Channel] = frozenset(Channel),
) -> Plan:
    """The registrations for codes in a session; `expected` is true near an auction."""
    trades: dict[Key, None] = {}
    auctions: dict[Key, None] = {}
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
            trades[Key(trade.tr_id, code)] = None
        if expected and Channel.EXPECTED in channels:
            auction = choose(family, session, Channel.EXPECTED)
            if not isinstance(auction, Absent):
                auctions[Key(auction.tr_id, code)] = None
    return Plan((*trades, *auctions), asleep)
