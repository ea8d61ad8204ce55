"""Facts of a product that no feed tells: won a point, price steps, whether it trades at night.

Products are the second and third character of a short code.  A stock's multiplier stands in its
master name, ``(  10)``, and differs after a corporate action, so it is never assumed.
Sources: KRX product pages; the steps of stock futures are those of stocks since 2023-01-25.  No
source was found for those of stock options.
"""

import re
from math import nan

from specs.codes import Code, Family
from widgets.row import Instrument

KOSPI200 = ("01", "05", "09", "AF")
KOSDAQ150 = ("06", "AJ", "AK")
MINI = ("05",)
WEEKLY_THURSDAY = ("09", "AJ")
WEEKLY_MONDAY = ("AF", "AK")
NIGHT = frozenset((*KOSPI200, *KOSDAQ150))
"""Products of the night session; none of a stock."""

_MULTIPLIERS = {
    **dict.fromkeys(KOSPI200, 250_000.0),
    **dict.fromkeys(MINI, 50_000.0),
    **dict.fromkeys(KOSDAQ150, 10_000.0),
}
_FUTURES_OF = {
    "KOSPI200": (("mini", _MULTIPLIERS["05"]), ("future", _MULTIPLIERS["01"])),
    "KOSDAQ150": (("future", _MULTIPLIERS["06"]),),
}
_IN_NAME = re.compile(r"\(\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\)$")

Steps = tuple[tuple[float, float], ...]
"""Pairs of a price and the tick from it on, ascending."""

_FUTURES: dict[str, Steps] = {"01": ((0, 0.05),), "05": ((0, 0.02),), "06": ((0, 0.1),)}
_OPTIONS: dict[str, Steps] = {
    **dict.fromkeys(("01", "09", "AF"), ((0, 0.01), (10, 0.05))),
    "05": ((0, 0.01), (3, 0.02), (10, 0.05)),
    **dict.fromkeys(KOSDAQ150, ((0, 0.1), (50, 0.5))),
}
_STOCK_FUTURES: Steps = (
    (0, 1), (2_000, 5), (5_000, 10), (20_000, 50), (50_000, 100), (200_000, 500), (500_000, 1_000),
)  # fmt: skip


def is_spread(code: str) -> bool:
    """Whether a code is that of a calendar spread."""
    return code[:1] in ("D", "4")


def multiplier(code: Code, name: str) -> float:
    """Won for one point of an index, or shares of a stock; nan where it is not known."""
    if code.family in (Family.INDEX_FUTURES, Family.INDEX_OPTION):
        return _MULTIPLIERS.get(code.product, nan)
    found = _IN_NAME.search(name)
    return float(found[1]) if found else nan


def underlying_of(instrument: Instrument) -> str:
    """What a contract moves with: one name for all that is written on an index, or on a stock."""
    if instrument.product in KOSPI200:
        return "KOSPI200"
    if instrument.product in KOSDAQ150:
        return "KOSDAQ150"
    return instrument.underlying or instrument.product


def unit_multiplier(instrument: Instrument) -> float:
    """The multiplier of the future that a contract's delta is counted in: an index' big one.

    A stock's future is taken to be as large as the contract itself.
    """
    futures = futures_of(underlying_of(instrument))
    return futures[-1][1] if futures else instrument.multiplier


def futures_of(underlying: str) -> tuple[tuple[str, float], ...]:
    """The kinds of future on an index with their multipliers, smallest first; none of a stock."""
    return _FUTURES_OF.get(underlying, ())


def tick_steps(instrument: Instrument) -> Steps:
    """The ticks of a contract by price; none where they are not known."""
    if is_spread(instrument.code):
        return ()
    if instrument.family is Family.STOCK_FUTURES:
        return _STOCK_FUTURES
    if instrument.family is Family.INDEX_FUTURES:
        return _FUTURES.get(instrument.product, ())
    return _OPTIONS.get(instrument.product, ()) if instrument.family is Family.INDEX_OPTION else ()


def tick_size(instrument: Instrument, price: float) -> float:
    """The step to the next higher price, in points or won; nan where it is not known."""
    found = nan
    for start, tick in tick_steps(instrument):
        if price < start:
            break
        found = tick
    return found if price == price or len(tick_steps(instrument)) == 1 else nan
