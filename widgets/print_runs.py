"""Runs: trades of one aggressor in a row, as time & sales marks them at its left edge."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from specs.market.trade_print import Side, TradePrint

SHORTEST_RUN = 3
"""Trades from which on a row of one side is marked."""


class PrintRun(Struct, frozen=True):
    """Trades of one side, between which nothing else was traded."""

    side: Side
    count: int
    volume: float
    """Contracts."""


def continues(later: TradePrint, earlier: TradePrint) -> bool:
    """Return whether a trade and the one before it are of one run; an auction is of none."""
    is_one_side = later.side == earlier.side != 0
    is_auction = later.is_auction or earlier.is_auction
    return is_one_side and not is_auction and not later.missed


def run_beyond(edge: TradePrint, others: Iterable[TradePrint]) -> list[TradePrint]:
    """Return the first of some trades, in order away from `edge`, that are of its run."""
    found = []
    last = edge
    for one in others:
        later, earlier = (one, last) if one.number > last.number else (last, one)
        if not continues(later, earlier):
            break
        found.append(one)
        last = one
    return found


def runs_of(prints: Sequence[TradePrint]) -> dict[int, PrintRun]:
    """Return the run of each trade that is in one, by its number; newest first."""
    found: dict[int, PrintRun] = {}
    for group in _groups(prints):
        if len(group) >= SHORTEST_RUN:
            run = PrintRun(group[0].side, len(group), sum(one.size for one in group))
            found |= dict.fromkeys((one.number for one in group), run)
    return found


def _groups(prints: Sequence[TradePrint]) -> Iterator[list[TradePrint]]:
    group: list[TradePrint] = []
    for one in prints:
        if group and not continues(group[-1], one):
            yield group
            group = []
        group.append(one)
    yield group
