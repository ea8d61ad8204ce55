"""KIS' conventions against QuantLib, and against figures computed by hand."""

from datetime import date, timedelta
from math import isnan, log

import pytest
from harness.quantlib_options import spot_option

from app.simulator.kis_pricing import CD91, KisOption, future_price, years

EXPIRY = date(2026, 12, 10)
CASES = [
    (spot, strike, days, volatility, call)
    for spot, strike in ((1081.21, 1080.0), (1081.21, 1000.0), (950.0, 1100.0), (162_300, 160_000))
    for days in (0, 1, 6, 20, 90)
    for volatility in (0.12, 0.3, 0.8)
    for call in (True, False)
]


@pytest.mark.parametrize(("spot", "strike", "days", "volatility", "call"), CASES)
def test_price_and_greeks_are_those_of_quantlib(
    spot: float, strike: float, days: int, volatility: float, call: bool
) -> None:
    known = spot_option(spot, strike, days + 1, volatility, call)
    option = KisOption.on(EXPIRY - timedelta(days=days), call, strike, EXPIRY)
    found = option.greeks(spot, volatility)
    assert option.price(spot, volatility) == pytest.approx(known.NPV(), rel=1e-9, abs=1e-9)
    assert found.delta == pytest.approx(known.delta(), rel=1e-9, abs=1e-12)
    assert found.gamma == pytest.approx(known.gamma(), rel=1e-9, abs=1e-12)
    assert found.vega == pytest.approx(known.vega() / 100, rel=1e-9, abs=1e-12)
    assert found.theta == pytest.approx(known.theta() / 365, rel=1e-9, abs=1e-9)
    assert found.rho == pytest.approx(known.rho() / 100, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("spot", "strike", "days", "volatility", "call"),
    # Elsewhere the price of a double does not determine its volatility.
    [case for case in CASES if abs(log(case[0] / case[1])) < 5 * case[3] * (case[2] / 365) ** 0.5],
)
def test_implied_volatility_finds_the_volatility_of_a_price(
    spot: float, strike: float, days: int, volatility: float, call: bool
) -> None:
    option = KisOption.on(EXPIRY - timedelta(days=days), call, strike, EXPIRY)
    found = option.implied_volatility(spot, option.price(spot, volatility))
    assert found == pytest.approx(volatility, rel=1e-6)


@pytest.mark.parametrize(
    ("exact_days", "day", "kis"),
    [
        # Source: kis-protocol, section 5.  18:30 on the evening 20 days before: 19 d 20 h 50 min
        # are left and KIS counts 21 days; 21.0 x sqrt(19.868 / 21) = 20.4.
        (19 + 20.8333 / 24, EXPIRY - timedelta(days=20), 20.4),
        # 09:30 on the expiry day: 5 h 50 min are left, KIS counts one day; 21.0 x sqrt(0.243).
        (5.8333 / 24, EXPIRY, 10.4),
        # 09:30 two days before: 2 d 5 h 50 min against 3 days.
        (2 + 5.8333 / 24, EXPIRY - timedelta(days=2), 18.2),
    ],
)
def test_whole_days_make_a_lower_volatility_of_the_same_price(
    exact_days: float, day: date, kis: float
) -> None:
    strike = spot = 1081.21
    call, put = (KisOption(call, strike, exact_days / 365) for call in (True, False))
    traded = [option.price(spot, 0.21) for option in (call, put)]
    found = [
        KisOption.on(day, call, strike, EXPIRY).implied_volatility(spot, value)
        for call, value in zip((True, False), traded, strict=True)
    ]
    assert 100 * sum(found) / 2 == pytest.approx(kis, abs=0.05)


def test_time_counts_the_expiry_day_whole() -> None:
    assert years(EXPIRY, EXPIRY) * 365 == 1
    assert years(EXPIRY - timedelta(days=20), EXPIRY) * 365 == 21
    assert years(date(2026, 11, 30), date(2027, 3, 11)) * 365 == 102


def test_rho_is_that_of_the_spot_and_positive_for_calls() -> None:
    # By hand: d2 = 0 where ln(S / K) = (s^2 / 2 - r) T, so rho = K T exp(-r T) / 2 / 100.
    option = KisOption.on(EXPIRY - timedelta(days=20), True, 1080.0, EXPIRY)
    spot = 1080.0 * 2.718281828459045 ** ((0.3**2 / 2 - CD91) * 21 / 365)
    assert option.greeks(spot, 0.3).rho == pytest.approx(0.31005, abs=1e-5)
    assert option._replace(call=False).greeks(spot, 0.3).rho == pytest.approx(-0.31005, abs=1e-5)


def test_implied_volatility_is_nan_outside_of_the_bounds() -> None:
    call = KisOption.on(EXPIRY - timedelta(days=20), True, 1000.0, EXPIRY)
    assert isnan(call.implied_volatility(1081.21, 81.0))
    assert isnan(call.implied_volatility(1081.21, 1081.5))
    assert isnan(call.implied_volatility(1081.21, 0.0))


def test_the_theory_of_a_future_carries_the_spot_over_whole_days() -> None:
    # 1081.21 x exp((0.0355 - 0.0235) x 21 / 365), by hand.
    assert future_price(1081.21, EXPIRY - timedelta(days=20), EXPIRY) == pytest.approx(
        1081.957, abs=1e-3
    )
