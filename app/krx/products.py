"""Facts of a product that no feed sends: won per point, tick sizes, whether it trades at night.

Products are the second and third character of a short code.  A stock's multiplier is part of its
master name, ``(  10)``, and differs after a corporate action, so it is never assumed.
Sources: KRX product pages; stock futures have the tick sizes of stocks since 2023-01-25.  No
source was found for the ticks of stock options.  [?] KRX300 has its terms of the listing.

Commodity futures are distinguished by KIS' code of their underlying in the master: no source names
the products of gold and lean hogs.  A point of a bond future is a point of its price, a point of a
currency future is one won per unit (100 yen, otherwise 1).
"""

import re
from math import isfinite, nan

from specs.codes import NIGHT_PRODUCTS, CodeFacts, Family, is_spread
from specs.market.instrument import Instrument, TickSteps, tick_at

KOSPI200 = ("01", "05", "09", "AF")
KOSDAQ150 = ("06", "AJ", "AK")
MINI = ("05",)
WEEKLY_THURSDAY = ("09", "AJ")
WEEKLY_MONDAY = ("AF", "AK")
VOLATILITY, KRX300 = ("04",), ("08",)
NIGHT = NIGHT_PRODUCTS

COMMODITIES = {
    "65": "B03", "66": "B05", "67": "B10", "75": "USD", "76": "JPY", "77": "EUR", "78": "CMU",
}  # fmt: skip
"""Products by KIS' code of what they are written on: bonds of 3, 5 and 10 years, currencies."""

COMMODITY_NAMES = {
    "B03": "3년국채", "B05": "5년국채", "B10": "10년국채", "USD": "미국달러", "JPY": "일본엔",
    "EUR": "유로", "CMU": "중국위안", "GLD": "금", "LHG": "돈육", "RFR": "무위험지표금리",
}  # fmt: skip
"""KIS' underlying code by product, for contracts that the code master does not list."""

_MULTIPLIERS = {
    **dict.fromkeys(KOSPI200, 250_000.0),
    **dict.fromkeys(MINI, 50_000.0),
    **dict.fromkeys(KOSDAQ150, 10_000.0),
    **dict.fromkeys(VOLATILITY, 250_000.0),
    **dict.fromkeys(KRX300, 50_000.0),
}
_COMMODITY_TERMS = {
    **dict.fromkeys(("B03", "B05", "B10"), (1_000_000.0, 0.01)),
    **dict.fromkeys(("USD", "JPY", "EUR"), (10_000.0, 0.1)),
    "CMU": (100_000.0, 0.01),
    "GLD": (100.0, 10.0),
    "LHG": (1_000.0, 5.0),
}
"""Multiplier and tick.  Sources: KRX product pages."""

# Indices whose products no source names: by a part of what the master calls them.
_NAMED_TERMS = (("밸류업", 10_000.0, 0.2), ("글로벌", 10_000.0, 0.1))
_FUTURES_OF = {
    "KOSPI200": (("mini", _MULTIPLIERS["05"]), ("future", _MULTIPLIERS["01"])),
    "KOSDAQ150": (("future", _MULTIPLIERS["06"]),),
}
_IN_NAME = re.compile(r"\(\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\)$")

_FUTURES: dict[str, TickSteps] = {
    "01": ((0, 0.05),),
    "05": ((0, 0.02),),
    "06": ((0, 0.1),),
    "04": ((0, 0.05),),
    "08": ((0, 0.2),),
}
_OPTIONS: dict[str, TickSteps] = {
    **dict.fromkeys(("01", "09", "AF"), ((0, 0.01), (10, 0.05))),
    "05": ((0, 0.01), (3, 0.02), (10, 0.05)),
    **dict.fromkeys(KOSDAQ150, ((0, 0.1), (50, 0.5))),
}
_STOCK_FUTURES: TickSteps = (
    (0, 1), (2_000, 5), (5_000, 10), (20_000, 50), (50_000, 100), (200_000, 500), (500_000, 1_000),
)  # fmt: skip


def multiplier(
    code: CodeFacts, name: str, underlying_code: str = "", underlying: str = ""
) -> float:
    """Return won per point of an index, or shares of a stock; nan where it is unknown.

    `name`, `underlying_code` and `underlying` are the master's.
    """
    if code.family is Family.COMMODITY_FUTURES:
        wanted = underlying_code or COMMODITIES.get(code.product, "")
        return _COMMODITY_TERMS.get(wanted, (nan, nan))[0]
    if code.family in (Family.INDEX_FUTURES, Family.INDEX_OPTION):
        known = _MULTIPLIERS.get(code.product)
        return known if known is not None else _named_terms(underlying or name)[0]
    found = _IN_NAME.search(name)
    return float(found[1]) if found else nan


def _named_terms(name: str) -> tuple[float, float]:
    """Multiplier and tick of an index by its name."""
    found = ((won, tick) for part, won, tick in _NAMED_TERMS if part in name)
    return next(found, (nan, nan))


def underlying_of(instrument: Instrument) -> str:
    """Return the underlying's name, the same for all contracts on an index or on a stock."""
    if instrument.product in KOSPI200:
        return "KOSPI200"
    if instrument.product in KOSDAQ150:
        return "KOSDAQ150"
    if instrument.family is Family.COMMODITY_FUTURES and not instrument.underlying:
        return COMMODITY_NAMES.get(_commodity(instrument), instrument.product)
    return instrument.underlying or instrument.product


def _commodity(instrument: Instrument) -> str:
    return instrument.underlying_code or COMMODITIES.get(instrument.product, "")


def unit_multiplier(instrument: Instrument) -> float:
    """Return the multiplier of the future that delta is counted in: the big one of an index.

    A stock's future is assumed to be as large as the contract itself.
    """
    futures = futures_of(underlying_of(instrument))
    return futures[-1][1] if futures else instrument.multiplier


def futures_of(underlying: str) -> tuple[tuple[str, float], ...]:
    """Return the kinds of future on an index with multipliers, smallest first; empty for stocks."""
    return _FUTURES_OF.get(underlying, ())


def tick_steps(instrument: Instrument) -> TickSteps:
    """Return the tick sizes of a contract from each price on; empty where they are unknown."""
    if instrument.family is Family.COMMODITY_FUTURES:
        return _fixed(_COMMODITY_TERMS.get(_commodity(instrument), (nan, nan))[1])
    if instrument.family is Family.INDEX_FUTURES:
        named = _named_terms(instrument.underlying or instrument.name)[1]
        return _FUTURES.get(instrument.product, _fixed(named))
    if is_spread(instrument.code):
        # A stock's tick depends on the price of the stock, and a spread has only a difference.
        return ()
    if instrument.family is Family.STOCK_FUTURES:
        return _STOCK_FUTURES
    return _OPTIONS.get(instrument.product, ()) if instrument.family is Family.INDEX_OPTION else ()


def _fixed(tick: float) -> TickSteps:
    return ((0, tick),) if isfinite(tick) else ()


def tick_size(instrument: Instrument, price: float) -> float:
    """Return the step to the next higher price, in points or won; nan where it is unknown."""
    return tick_at(tick_steps(instrument), price)
