"""Black-76: identities, order, finite differences, and back from the price to the volatility."""

from math import exp, isnan, nan

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.pricing.black76 import greeks, implied_volatility, price

FORWARDS = st.floats(500, 1500)
STRIKES = st.floats(500, 1500)
VOLATILITIES = st.floats(0.03, 2.0)
YEARS = st.floats(1 / 365, 2.0)
RATES = st.floats(-0.02, 0.1)


@settings(deadline=None)
@given(FORWARDS, STRIKES, YEARS, VOLATILITIES, RATES)
def test_a_call_less_a_put_is_the_discounted_forward_less_the_strike(
    forward: float, strike: float, years: float, volatility: float, rate: float
) -> None:
    call = price(True, forward, strike, years, volatility, rate)
    put = price(False, forward, strike, years, volatility, rate)
    assert call - put == pytest.approx(exp(-rate * years) * (forward - strike), abs=1e-8)


@settings(deadline=None)
@given(FORWARDS, STRIKES, YEARS, VOLATILITIES, RATES)
def test_the_greeks_of_a_call_and_a_put_differ_as_parity_says(
    forward: float, strike: float, years: float, volatility: float, rate: float
) -> None:
    call = greeks(True, forward, strike, years, volatility, rate)
    put = greeks(False, forward, strike, years, volatility, rate)
    discount = exp(-rate * years)
    worth = discount * (forward - strike)
    assert call.delta - put.delta == pytest.approx(discount)
    assert call.gamma == put.gamma
    assert call.vega == put.vega
    assert call.theta - put.theta == pytest.approx(rate * worth / 365, abs=1e-9)
    assert call.rho - put.rho == pytest.approx(-years * worth / 100, abs=1e-9)


@settings(deadline=None)
@given(FORWARDS, STRIKES, YEARS, VOLATILITIES, st.floats(1e-4, 2.0), RATES, st.booleans())
def test_a_price_rises_with_volatility(
    forward: float,
    strike: float,
    years: float,
    volatility: float,
    more: float,
    rate: float,
    call: bool,
) -> None:
    lower = price(call, forward, strike, years, volatility, rate)
    higher = price(call, forward, strike, years, volatility + more, rate)
    assert higher >= lower - 1e-10
    if greeks(call, forward, strike, years, volatility, rate).vega > 1e-6:
        assert higher > lower


@settings(deadline=None)
@given(FORWARDS, STRIKES, YEARS, VOLATILITIES, RATES, st.floats(0.01, 100))
def test_a_price_is_monotone_and_convex_in_the_strike(
    forward: float, strike: float, years: float, volatility: float, rate: float, step: float
) -> None:
    discount = exp(-rate * years)
    for call, way in ((True, -1), (False, 1)):
        low, mid, high = (
            price(call, forward, strike + move, years, volatility, rate)
            for move in (-step, 0.0, step)
        )
        for first, second in ((low, mid), (mid, high)):
            assert -1e-9 <= way * (second - first) <= discount * step + 1e-9
        assert low - 2 * mid + high >= -1e-9


@settings(deadline=None)
@given(FORWARDS, STRIKES, YEARS, VOLATILITIES, RATES, st.booleans())
def test_a_price_lies_between_its_intrinsic_value_and_the_bound(
    forward: float, strike: float, years: float, volatility: float, rate: float, call: bool
) -> None:
    value = price(call, forward, strike, years, volatility, rate)
    discount = exp(-rate * years)
    gain = forward - strike if call else strike - forward
    assert value >= discount * max(0.0, gain) - 1e-9
    assert value <= discount * (forward if call else strike) + 1e-9


@settings(deadline=None)
@given(st.floats(900, 1200), st.floats(900, 1200), st.floats(0.02, 1), st.floats(0.1, 0.8))
def test_the_greeks_are_the_slopes_of_the_price(
    forward: float, strike: float, years: float, volatility: float
) -> None:
    rate = 0.027
    for call in (True, False):
        found = greeks(call, forward, strike, years, volatility, rate)

        def at(
            call: bool = call,
            forward: float = forward,
            years: float = years,
            volatility: float = volatility,
            rate: float = rate,
        ) -> float:
            return price(call, forward, strike, years, volatility, rate)

        step = 0.05
        up, mid, down = at(forward=forward + step), at(), at(forward=forward - step)
        assert found.price == pytest.approx(mid)
        assert found.delta == pytest.approx((up - down) / (2 * step), abs=1e-5)
        assert found.gamma == pytest.approx((up - 2 * mid + down) / step**2, abs=1e-5)
        vega = (at(volatility=volatility + 1e-4) - at(volatility=volatility - 1e-4)) / 2e-4
        assert found.vega == pytest.approx(vega / 100, rel=1e-4, abs=1e-6)
        theta = (at(years=years - 1e-5) - at(years=years + 1e-5)) / 2e-5
        assert found.theta == pytest.approx(theta / 365, rel=1e-3, abs=1e-6)
        rho = (at(rate=rate + 1e-5) - at(rate=rate - 1e-5)) / 2e-5
        assert found.rho == pytest.approx(rho / 100, rel=1e-4, abs=1e-7)


@settings(deadline=None)
@given(FORWARDS, STRIKES, YEARS, VOLATILITIES, RATES, st.booleans())
def test_a_price_gives_its_volatility_back(
    forward: float, strike: float, years: float, volatility: float, rate: float, call: bool
) -> None:
    # Without vega a price does not determine the volatility.
    assume(greeks(call, forward, strike, years, volatility, rate).vega > 1e-4)
    value = price(call, forward, strike, years, volatility, rate)
    found = implied_volatility(call, forward, strike, years, value, rate)
    assert found == pytest.approx(volatility, rel=1e-5)


@pytest.mark.parametrize("value", [0.0, -1.0, 70.0, 1100.0, nan])
def test_a_price_that_no_volatility_gives_has_none(value: float) -> None:
    assert isnan(implied_volatility(True, 1080.0, 1000.0, 0.1, value, 0.0))


def test_an_option_at_its_expiry_is_worth_what_it_pays() -> None:
    assert price(True, 1080.0, 1075.0, 0.0, 0.2, 0.03) == 5.0
    assert price(False, 1080.0, 1075.0, 0.0, 0.2, 0.03) == 0.0
    assert isnan(greeks(True, 1080.0, 1075.0, 0.0, 0.2, 0.03).delta)
