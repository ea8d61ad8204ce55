"""The dynamic price limits of a trade, and which prices are near them."""

from typing import Any

import pytest
from msgspec.structs import replace

from specs.market.dynamic_limits import DynamicLimits, dynamic_limits, near_limit
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.record import TradeRecord
from specs.trs.index_futures_trade import IndexFuturesTrade
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_option_trade import StockOptionTrade

BAND: dict[str, Any] = {
    "dynamic_upper_limit": 1091.1, "dynamic_lower_limit": 1069.5, "dynamic_limit_flag": "2"
}  # fmt: skip
"""Source: a frame of A05608 at 1,080.30."""


@pytest.mark.parametrize("spec", [IndexFuturesTrade, NightOptionTrade])
def test_limits_of_a_trade_are_both_prices_and_the_raw_flag(spec: Any) -> None:
    assert dynamic_limits(spec(**BAND)) == DynamicLimits(1069.5, 1091.1, "2")


@pytest.mark.parametrize(
    "changed",
    [
        {"dynamic_upper_limit": 0.0, "dynamic_lower_limit": 0.0, "dynamic_limit_flag": "0"},
        {"dynamic_lower_limit": 0.0},
        {"dynamic_upper_limit": 1000.0},
        {"dynamic_limit_flag": "1069.50", "dynamic_lower_limit": 2.0},
        {"dynamic_limit_flag": ""},
    ],
)
def test_limits_that_are_zero_crossed_or_shifted_are_none(changed: dict[str, Any]) -> None:
    assert dynamic_limits(replace(IndexFuturesTrade(**BAND), **changed)) is None


@pytest.mark.parametrize("trade", [None, StockOptionTrade(), IndexFuturesTrade()])
def test_a_trade_without_the_fields_has_no_limits(trade: TradeRecord | None) -> None:
    assert dynamic_limits(trade) is None


@pytest.mark.parametrize(
    ("price", "side"),
    [
        (1092.0, "upper"), (1091.1, "upper"), (1089.0, "upper"), (1088.9, ""), (1080.3, ""),
        (1071.7, ""), (1071.6, "lower"), (1069.5, "lower"), (1060.0, "lower"),
    ],
)  # fmt: skip
def test_a_price_in_the_outer_tenth_of_the_range_is_near_a_limit(price: float, side: str) -> None:
    row = Ticker(Instrument("A01612"), IndexFuturesTrade(price=price, **BAND))
    assert near_limit(row) == side


def test_a_row_without_a_price_is_near_no_limit() -> None:
    assert near_limit(Ticker(Instrument("A01612"), IndexFuturesTrade(price=0.0, **BAND))) == ""
    assert near_limit(Ticker(Instrument("A01612"))) == ""
