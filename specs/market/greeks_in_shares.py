"""Greeks of stock options in shares and won; those of an index stay per point (`greek_units`).

Per won of a stock delta says nothing about a contract, and gamma is next to nothing.  So a stock
option's delta is in shares and its gamma in shares per 1 % of the stock's price.  Theta, vega and
rho are in won of a contract.
"""

from math import isfinite, nan

from specs.codes import Family
from specs.market.displayed_greeks import displayed_greek
from specs.market.ticker import Ticker, price, trades_at_night, underlying

PERCENT = 0.01


def is_in_shares(row: Ticker, which: str) -> bool:
    """Return whether a greek is shown in shares: delta and gamma of a stock option."""
    return (
        which in ("delta", "gamma")
        and row.instrument.family is Family.STOCK_OPTION
        and isfinite(row.instrument.multiplier)
    )


def is_in_won(row: Ticker, which: str) -> bool:
    """Return whether a greek is shown in won: theta, vega and rho of a stock option."""
    return which in ("theta", "vega", "rho") and row.instrument.family is Family.STOCK_OPTION


def in_shown_unit(row: Ticker, which: str, value: float) -> float:
    """Return a greek in the unit that is shown; a gamma is nan without the price of its stock.

    Won are those of a share if the size of the contract is not known.
    """
    if is_in_won(row, which):
        size = row.instrument.multiplier
        return value * size if isfinite(size) else value
    if not is_in_shares(row, which):
        return value
    shares = value * row.instrument.multiplier
    return shares if which == "delta" else shares * PERCENT * spot(row)


def spot(row: Ticker) -> float:
    """Return the price of an option's underlying, of an index the forward; nan if unknown."""
    own = row.theoretical
    level = own.spot if own is not None else nan
    if not isfinite(level) and own is not None and row.instrument.family is not Family.STOCK_OPTION:
        level = own.forward
    if isfinite(level) or row.option is None or trades_at_night(row):
        return level
    return underlying(row.option)


def delta_won(row: Ticker) -> float:
    """Return the won of the underlying that one contract moves like, negative for a short one."""
    contract = row.instrument
    if contract.right is None:
        return price(row) * contract.multiplier
    return displayed_greek(row, "delta").value * contract.multiplier * spot(row)
