"""Whether KIS' greeks of an option can be believed.

KIS' own example of H0ZOCNT0 gives an out-of-the-money call of a stock delta 1.00, gamma and vega 0,
and a theoretical price of 35,464 beside a last price of 1,060.  So a set of greeks is used only if
it agrees with itself and with the price.
"""

from math import isfinite, nan

from msgspec.structs import replace

from specs.codes import Right
from specs.market.greek_units import THETA_DAYS
from specs.market.ticker import Ticker, underlying, volatility
from specs.record import OptionTradeRecord

GREEKS = ("delta", "gamma", "vega", "theta", "rho")

DECIMALS = 2
"""Decimals of KIS' greeks on the websocket."""

THEORY_SHARE = 0.5
"""Distance of KIS' theoretical price from the last one that is allowed, as a share of the last."""

THEORY_POINTS, THEORY_WON = 0.1, 100.0
"""The distance that is always allowed: ten of the smallest ticks of an index or stock option."""

DELTA_DISTANCE = 0.05
"""Distance of KIS' delta from ours that is allowed."""

TRADES = 3
"""Trades in a row that must contradict a verdict before it changes."""

_ROUNDED: float = 10**-DECIMALS
"""A gamma below this, by KIS' theta, may arrive as 0.00."""


def judge(row: Ticker, *, first: bool) -> Ticker:
    """Return a row whose option has traded with the verdict on KIS' greeks.

    The first trade of an option decides at once, a later one only as the third of `TRADES` in a
    row, so that a cell does not change its source with every trade.
    """
    fault = kis_fault(row)
    contrary = 0 if first or bool(fault) == bool(row.kis_fault) else row.kis_contrary + 1
    if 0 < contrary < TRADES:
        fault = row.kis_fault
    else:
        contrary = 0
    if (fault, contrary) == (row.kis_fault, row.kis_contrary):
        return row
    return replace(row, kis_fault=fault, kis_contrary=contrary)


def kis_fault(row: Ticker) -> str:
    """Return why the greeks of KIS' last trade cannot be believed, empty if they can.

    The reason is a text key after ``kis_fault.``.  Without any greek there is nothing to believe,
    and no fault.
    """
    trade = row.option
    if trade is None or not any(_is_sent(trade, which) for which in GREEKS):
        return ""
    if not has_plausible_signs(row):
        return "signs"
    price, theory = trade.price, trade.theoretical_price
    floor = THEORY_POINTS if row.instrument.decimals else THEORY_WON
    if not abs(theory - price) <= max(THEORY_SHARE * abs(price), floor):
        return "theory"
    if _time_value(row, trade) > 0 and not (trade.vega > 0 and _has_gamma(row, trade)):
        return "gamma_vega"
    own = row.theoretical
    if own is not None and round(abs(trade.delta - own.delta), 9) > DELTA_DISTANCE:
        return "delta"
    return ""


def has_plausible_signs(row: Ticker) -> bool:
    """Return whether KIS' greeks are complete and have the signs of a call or put."""
    trade = row.option
    if trade is None or all(getattr(trade, which) == 0 for which in GREEKS):
        return False
    if not all(isfinite(getattr(trade, which)) for which in GREEKS):
        return False
    if trade.gamma < 0 or trade.vega < 0:
        return False
    lowest, highest = (0, 1) if row.instrument.right is Right.CALL else (-1, 0)
    return bool(lowest <= trade.delta <= highest)


def _is_sent(trade: OptionTradeRecord, which: str) -> bool:
    value: float = getattr(trade, which)
    return value == value and value != 0


def _time_value(row: Ticker, trade: OptionTradeRecord) -> float:
    """Return the last price beyond the intrinsic value, by KIS' underlying if it is known."""
    spot, strike = underlying(trade), row.instrument.strike
    inside = spot - strike if row.instrument.right is Right.CALL else strike - spot
    return trade.price - max(0.0, inside) if isfinite(inside) else trade.time_value


def _has_gamma(row: Ticker, trade: OptionTradeRecord) -> bool:
    """Return whether gamma is above 0, or arrives as 0.00 because two decimals cannot show it.

    Theta bounds it: of an option that decays by θ a day, it is about 2·365·|θ| / (S·σ)².
    """
    if trade.gamma > 0:
        return True
    spot, strike = underlying(trade), row.instrument.strike
    move = (spot if isfinite(spot) else strike) * volatility(trade, row.scale) / 100
    expected = 2 * THETA_DAYS * abs(trade.theta) / (move * move) if move > 0 else nan
    return expected < _ROUNDED
