"""Random markets: pricing never raises, and a value is complete or has a reason."""

from datetime import datetime
from math import inf, isfinite, nan

from harness.pricing_rows import CONTRACTS, NIGHT, PricingRows
from hypothesis import given, settings
from hypothesis import strategies as st

from app.system.clock import KST
from specs.codes import Right
from widgets import greeks_detail

FUTURES = ("A01612", "A05612", "A01703", "A06612", "A11612")
OPTIONS = (
    "B01612A20", "C01612A20", "B01612950", "C01612955", "B05612960", "B01703950", "B09FMWA20",
    "B09ZZW950", "B06612123", "B11612A01",
)  # fmt: skip
STARTS = (
    NIGHT,
    datetime(2026, 11, 20, 11, 0, tzinfo=KST),
    datetime(2026, 11, 26, 15, 19, 30, tzinfo=KST),
    datetime(2026, 12, 10, 15, 19, 30, tzinfo=KST),
    datetime(2026, 12, 30, 9, 0, tzinfo=KST),
)
ODD = (nan, 0.0, -1.0, 0.001, 0.01, 9999.99, 1e8)
NUMBERS = st.one_of(st.sampled_from(ODD), st.floats(0.01, 200.0), st.floats(900, 1200))
TRADED = st.tuples(st.just("trade"), st.sampled_from(FUTURES + OPTIONS), NUMBERS, NUMBERS, NUMBERS)
ASKED = st.tuples(st.just("asked"), st.sampled_from(OPTIONS), NUMBERS, NUMBERS, NUMBERS)
QUOTED = st.tuples(st.just("quote"), st.sampled_from(OPTIONS[:8]), NUMBERS, NUMBERS, NUMBERS)
WAITED = st.tuples(
    st.just("wait"), st.just(""), st.sampled_from((0.0, 0.1, 1.0, 60.0, 1e5)), NUMBERS, NUMBERS
)
STEPS = st.lists(st.one_of(TRADED, ASKED, QUOTED, WAITED), max_size=25)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(STARTS), st.floats(-0.01, 0.2), STEPS)
def test_a_value_is_whole_or_has_a_reason(
    start: datetime, rate: float, steps: list[tuple[str, str, float, float, float]]
) -> None:
    market = PricingRows(moment=start)
    market.engine.rate = rate
    market.trade(FUTURES[0], 1080.0, 1079.95, 1080.05)
    for kind, code, first, second, third in steps:
        if kind == "trade":
            market.trade(code, first, second, third, market_basis=third)
        elif kind == "asked":
            market.rest_price(code, first)
        elif kind == "quote":
            market.quote(code, first, second)
        else:
            market.pass_time(first)
        market.poll(*OPTIONS)
        assert market.poll(*OPTIONS) == {}
        for option in OPTIONS:
            is_whole_or_has_a_reason(market, option)


def is_whole_or_has_a_reason(market: PricingRows, code: str) -> None:
    own = market.theoretical_values(code)
    values = (own.price, own.volatility, own.delta, own.gamma, own.vega, own.theta, own.rho)
    if own.why:
        assert greeks_detail.short_reason(own)
        assert greeks_detail.full_reason(own)
        assert not any(isfinite(value) for value in values)
        return
    assert all(isfinite(value) for value in values), own
    assert 0 < own.volatility < inf
    assert own.price > -1e-9 * own.forward
    assert own.years > 0
    assert own.gamma >= 0
    assert own.vega >= 0
    call = CONTRACTS.instrument(code).right is Right.CALL
    assert own.delta >= 0 if call else own.delta <= 0
