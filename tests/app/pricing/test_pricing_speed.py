"""A volatility costs a few prices: ten times off fails, on any machine.

``tests/benchmarks/theory.py`` measures what it costs; this only notices a catastrophe.
"""

from collections.abc import Callable
from statistics import median
from time import process_time

from harness.pricing_rows import PricingRows

from app.pricing.black76 import greeks, implied_volatility, price

ROUNDS, REPEATS = 9, 300
PRICES = 100
"""Prices that an implied volatility may cost; it costs about ten."""

VALUES = 300
"""Prices that a look at an option may cost, its quote moved; about thirty, laid on rows."""

FORWARD, YEARS, RATE = 960.0, 0.05, 0.03


def _seconds(way: Callable[[], object], repeats: int = REPEATS) -> float:
    started = process_time()
    for _ in range(repeats):
        way()
    return (process_time() - started) / repeats


def _price() -> object:
    return price(True, FORWARD, 975.0, YEARS, 0.2, RATE)


def test_an_implied_volatility_and_greeks_cost_a_few_prices() -> None:
    for strike in (700.0, 959.0, 975.0, 1200.0):
        value = price(True, FORWARD, strike, YEARS, 0.35, RATE)

        def whole(strike: float = strike, value: float = value) -> object:
            found = implied_volatility(True, FORWARD, strike, YEARS, value, RATE)
            return greeks(True, FORWARD, strike, YEARS, found, RATE)

        ratios = [_seconds(whole) / _seconds(_price) for _ in range(ROUNDS)]
        assert median(ratios) < PRICES, strike


def test_a_look_costs_a_few_prices_an_option() -> None:
    market = PricingRows()
    codes = [f"{right}01612{strike}" for right in "BC" for strike in range(900, 999, 5)]
    market.trade("A01612", FORWARD)
    ratios = []
    for count in range(ROUNDS):
        market.pass_time(1)
        for code in codes:
            market.trade(code, 80.0 + count)
        look = _seconds(lambda: market.poll(*codes), 1) / len(codes)
        ratios.append(look / _seconds(_price))
    assert median(ratios) < VALUES
