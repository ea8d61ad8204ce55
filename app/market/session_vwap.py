"""The volume-weighted average price of a session, bar by bar."""

from bisect import bisect_left
from collections.abc import Sequence
from math import nan

from specs.market.bars import Bar

MINUTE = 60


def session_vwap(
    bars: Sequence[Bar], seconds: int, minutes: Sequence[Bar], begins: Sequence[int]
) -> tuple[float, ...]:
    """Return the average price of a session up to the end of each bar; nan before any volume.

    Bars of so many `seconds` may begin late: what was traded before is in the `minutes`, the
    minute bars of the contract.  `begins` are the moments at which sessions begin, in seconds
    since 1970, the earliest first.
    """
    if not bars:
        return ()
    session = bisect_left(begins, bars[0].start + seconds)
    volume, worth = 0.0, 0.0
    if seconds < MINUTE:
        volume, worth = _traded_before(bars, minutes, begins[session - 1] if session else 0)
    found: list[float] = []
    for bar in bars:
        its = bisect_left(begins, bar.start + seconds)
        if its != session:
            session, volume, worth = its, 0.0, 0.0
        volume, worth = volume + bar.volume, worth + bar.volume * bar.vwap
        found.append(worth / volume if volume > 0 else nan)
    return tuple(found)


def _traded_before(bars: Sequence[Bar], minutes: Sequence[Bar], since: int) -> tuple[float, float]:
    """Return volume and worth of the trades of a session before the first bar."""
    until = bars[0].start - bars[0].start % MINUTE + MINUTE
    earlier = [bar for bar in minutes if since - since % MINUTE <= bar.start < until]
    counted = [bar for bar in bars if bar.start < until]
    volume, worth = (
        sum(one.volume * (one.vwap if priced else 1.0) for one in earlier)
        - sum(one.volume * (one.vwap if priced else 1.0) for one in counted)
        for priced in (False, True)
    )
    return (volume, worth) if volume > 0.5 else (0.0, 0.0)
