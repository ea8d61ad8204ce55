"""Prices where floats lose digits: against eighty-digit arithmetic, and for any numbers."""

import random
from decimal import Decimal, localcontext
from math import exp, inf, isnan, log, nan, nextafter, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pricing.black76 import greeks, implied_volatility, price, why_none

DIGITS = 80
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")
MINUTE = 1 / (365 * 24 * 60)
ANY = st.floats()
CONTRACTS = 400


def normal(x: Decimal) -> Decimal:
    """The cumulative normal distribution by its series, to some forty digits within ±9."""
    term = total = x
    count = 0
    while abs(term) > Decimal(10) ** -DIGITS:
        count += 1
        term *= -x * x / (2 * count)
        total += term / (2 * count + 1)
    return Decimal("0.5") + total / (2 * PI).sqrt()


def exact_price(
    call: bool, forward: float, strike: float, years: float, volatility: float, rate: float
) -> Decimal:
    with localcontext() as context:
        context.prec = DIGITS
        level, target, time = Decimal(forward), Decimal(strike), Decimal(years)
        deviation = Decimal(volatility) * time.sqrt()
        d1 = (level / target).ln() / deviation + deviation / 2
        sign = 1 if call else -1
        worth = level * normal(sign * d1) - target * normal(sign * (d1 - deviation))
        return sign * worth * (-Decimal(rate) * time).exp()


def test_minutes_before_expiry_and_far_out_a_price_keeps_its_digits() -> None:
    draw = random.Random(20261121)
    for _ in range(CONTRACTS):
        years = exp(draw.uniform(log(MINUTE), log(1.0)))
        volatility = exp(draw.uniform(log(0.01), log(5.0)))
        forward = exp(draw.uniform(log(1.0), log(1e6)))
        strike = forward * exp(draw.uniform(-8, 8) * volatility * sqrt(years))
        about = (draw.random() < 0.5, forward, strike, years, volatility, 0.03)
        known = exact_price(*about)
        assert price(*about) == pytest.approx(float(known), rel=1e-6), about
        assert greeks(*about).price == pytest.approx(float(known), rel=1e-6), about


def test_minutes_before_expiry_and_far_out_a_price_gives_its_volatility_back() -> None:
    draw = random.Random(7)
    looked = 0
    for _ in range(CONTRACTS):
        years = exp(draw.uniform(log(MINUTE), log(1.0)))
        volatility = exp(draw.uniform(log(0.01), log(5.0)))
        forward = exp(draw.uniform(log(1.0), log(1e6)))
        away = draw.uniform(0, 8) * volatility * sqrt(years)
        call = draw.random() < 0.5
        strike = forward * exp(away if call else -away)
        about = (call, forward, strike, years)
        value = float(exact_price(*about, volatility, 0.03))
        if value < 1e-250:
            continue
        looked += 1
        assert implied_volatility(*about, value, 0.03) == pytest.approx(volatility, rel=1e-6)
    assert looked > 0.9 * CONTRACTS


@pytest.mark.parametrize("call", [True, False])
@pytest.mark.parametrize("strike", [1.0, 300.0, 1077.5, 1080.0, 1082.5, 4000.0, 1e6])
@pytest.mark.parametrize("years", [MINUTE, 1 / 365, 0.05, 3.0])
def test_one_tick_inside_the_bounds_there_is_a_volatility_and_outside_a_reason(
    call: bool, strike: float, years: float
) -> None:
    forward, rate, tick = 1080.0, 0.027, 0.01
    discount = exp(-rate * years)
    floor = discount * max(0.0, forward - strike if call else strike - forward)
    ceiling = discount * (forward if call else strike)
    about = (call, forward, strike, years)
    for value in (floor + tick, ceiling - tick):
        found = implied_volatility(*about, value, rate)
        assert found > 0
        assert price(*about, found, rate) == pytest.approx(value, abs=1e-9 * max(strike, forward))
    for value, why in ((floor - tick, "below_intrinsic"), (ceiling + tick, "above_bound")):
        assert isnan(implied_volatility(*about, value, rate))
        assert why_none(*about, value, rate) == why
    for value, why in ((floor, "below_intrinsic"), (nextafter(ceiling, inf), "above_bound")):
        found = implied_volatility(*about, value, rate)
        assert isnan(found) or price(*about, found, rate) == pytest.approx(value, rel=1e-12)
        if isnan(found) and floor > 0:
            assert why_none(*about, value, rate) == why


@settings(deadline=None, max_examples=500)
@given(st.booleans(), ANY, ANY, ANY, ANY, ANY)
def test_no_number_raises(
    call: bool, forward: float, strike: float, years: float, volatility: float, rate: float
) -> None:
    about = (call, forward, strike, years, volatility, rate)
    price(*about)
    greeks(*about)
    found = implied_volatility(*about)
    assert isnan(found) or found >= 0
    assert why_none(*about) in ("below_intrinsic", "above_bound")


@settings(deadline=None, max_examples=500)
@given(
    st.booleans(),
    st.floats(1e-3, 1e7),
    st.floats(1e-3, 1e7),
    st.floats(MINUTE / 60, 10),
    st.floats(1e-6, 1e7),
)
def test_a_volatility_that_is_found_makes_the_price(
    call: bool, forward: float, strike: float, years: float, value: float
) -> None:
    found = implied_volatility(call, forward, strike, years, value, 0.03)
    if isnan(found):
        discount = exp(-0.03 * years)
        spread = max(forward - strike if call else strike - forward, 0.0)
        ceiling = discount * (forward if call else strike)
        near = 1e-12 * max(forward, strike)
        assert value <= discount * spread + near or value >= ceiling - near
    else:
        made = price(call, forward, strike, years, found, 0.03)
        assert made == pytest.approx(value, rel=1e-9, abs=1e-11 * max(forward, strike))


@pytest.mark.parametrize("missing", range(1, 6))
def test_a_missing_number_makes_all_missing(missing: int) -> None:
    numbers = [1080.0, 1075.0, 0.05, 0.2, 0.03]
    numbers[missing - 1] = nan
    forward, strike, years, volatility, rate = numbers
    about = (True, forward, strike, years, volatility, rate)
    assert isnan(price(*about))
    assert isnan(greeks(*about).delta)
    assert isnan(implied_volatility(*about))
