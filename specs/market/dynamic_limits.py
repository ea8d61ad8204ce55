"""The dynamic price limits (실시간 상·하한가) of a contract's last trade.

Source: DYNM_MXPR, DYNM_LLAM and DYNM_PRC_LIMT_YN of the trade TRs.  KIS documents no values of the
flag, and lists the three in another order in H0EUCNT0 than in the other TRs, so a flag that is not
one character means that the fields may be shifted.
"""

from typing import Literal

from msgspec import Struct

from specs.market.ticker import Ticker, price
from specs.record import Record, TradeRecord

LIMIT_FIELDS = ("dynamic_upper_limit", "dynamic_lower_limit", "dynamic_limit_flag")

NEAR = 0.1
"""Part of the range between the limits within which a price is near one of them. [?]"""


class DynamicLimits(Struct, frozen=True, gc=False):
    """The lowest and the highest price at which the contract can trade now."""

    lower: float
    upper: float
    flag: str
    """KIS' code for the state of the limits, shown unchanged."""

    def side_of(self, price: float) -> Literal["", "lower", "upper"]:
        """Return the limit that a price is near to or beyond; empty for none."""
        margin = NEAR * (self.upper - self.lower)
        if price >= self.upper - margin:
            return "upper"
        return "lower" if price <= self.lower + margin else ""


def has_shifted_limits(record: Record) -> bool:
    """Return whether the limits of a record may be in each other's fields: the flag is a price."""
    return len(getattr(record, "dynamic_limit_flag", "")) > 1


def dynamic_limits(trade: TradeRecord | None) -> DynamicLimits | None:
    """Return the dynamic limits of a trade, or None if it has none that can be trusted."""
    upper: float = getattr(trade, "dynamic_upper_limit", 0.0)
    lower: float = getattr(trade, "dynamic_lower_limit", 0.0)
    flag: str = getattr(trade, "dynamic_limit_flag", "")
    # KIS sends 0 for limits that do not apply.
    if not 0 < lower < upper or len(flag) != 1:
        return None
    return DynamicLimits(lower, upper, flag)


def near_limit(row: Ticker) -> Literal["", "lower", "upper"]:
    """Return the dynamic limit that the last price is near to; empty for none."""
    limits = dynamic_limits(row.trade)
    return limits.side_of(price(row)) if limits is not None else ""
