"""Payoff curves, against break-evens by hand and the closed formula of Black (1976)."""

from datetime import date, datetime
from math import exp, inf, isnan, log, nan, sqrt
from statistics import NormalDist

import pytest
from harness.portfolio_rows import (
    EXPIRY,
    LATER,
    NOW,
    RATE,
    index_contract,
    option_row,
    row,
    stock_contract,
    value_positions,
)
from msgspec.structs import replace

from app.portfolio.payoff import payoff_curve
from app.portfolio.positions import Position
from app.portfolio.valuation import value
from app.system.clock import KST
from specs.market.holding import Holding
from specs.market.payoff import PayoffCurve
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker

CALL, PUT, HIGH_CALL = "B01612A33", "C01612A33", "B01612A37"
NEXT_CALL, FUTURE, MINI = "B01701A33", "A01612", "A05701"
FORWARD = 1081.0
YEARS = (datetime(2026, 12, 10, 15, 20, tzinfo=KST) - NOW).total_seconds() / (365 * 86_400)
ROWS = (
    option_row(CALL, FORWARD, 15.0),
    option_row(PUT, FORWARD, 16.0),
    option_row(HIGH_CALL, FORWARD, 14.0, strike=1090.0),
    option_row(NEXT_CALL, FORWARD + 2, 17.0, expiry=LATER),
    row(index_contract(FUTURE), 1080.95, 1081.05, 1081.0),
    row(index_contract(MINI, expiry=LATER), 1082.95, 1083.05, 1083.0),
)


def curve(*positions: Position, days: int = 0, expiry: date | None = None) -> PayoffCurve:
    return of(value_positions(ROWS, *positions), days=days, expiry=expiry)


def of(
    holdings: tuple[Holding, ...],
    *,
    days: int = 0,
    expiry: date | None = None,
    money: float = 15.5,
) -> PayoffCurve:
    return payoff_curve(
        holdings, now=NOW, rate=RATE, days=days, expiry=expiry, money_volatility=lambda _: money
    )


def black(forward: float, strike: float, years: float, volatility: float, *, call: bool) -> float:
    """Return Black's price: e^(−rT)·(F·N(d1) − K·N(d2)), of a put by parity."""
    deviation = volatility * sqrt(years)
    d1 = log(forward / strike) / deviation + deviation / 2
    normal = NormalDist().cdf
    price = exp(-RATE * years) * (forward * normal(d1) - strike * normal(d1 - deviation))
    return price if call else price - exp(-RATE * years) * (forward - strike)


def test_payoff_of_a_straddle_breaks_even_at_its_strike_and_premium() -> None:
    found = curve(Position(CALL, 1, 20.0), Position(PUT, 1, 19.0))
    assert found.break_evens == pytest.approx((1080 - 39, 1080 + 39), abs=1e-9)
    assert (found.least, found.most) == (-39 * 250_000, inf)
    at_strike = dict(zip(found.levels, found.at_expiry.values, strict=True))[1080.0]
    assert at_strike == -39 * 250_000
    assert found.at_expiry.here == pytest.approx((1.0 - 39) * 250_000)
    sold = curve(Position(CALL, -2, 20.0), Position(PUT, -2, 19.0))
    assert sold.break_evens == found.break_evens
    assert (sold.least, sold.most) == (-inf, 2 * 39 * 250_000)


def test_payoff_of_a_spread_is_bound_on_both_sides() -> None:
    found = curve(Position(CALL, 3, 20.0), Position(HIGH_CALL, -3, 15.0))
    assert found.break_evens == pytest.approx((1085.0,), abs=1e-9)
    assert (found.least, found.most) == (-3 * 5 * 250_000, 3 * 5 * 250_000)


def test_payoff_of_a_covered_call_counts_the_future() -> None:
    found = curve(Position(FUTURE, 1, 1079.5), Position(CALL, -1, 20.0))
    assert found.break_evens == pytest.approx((1079.5 - 20.0,), abs=1e-9)
    assert found.most == (1080.0 + 20.0 - 1079.5) * 250_000
    assert found.least == (0 + 20.0 - 1079.5) * 250_000, "a future falls to 0 at worst"


@pytest.mark.parametrize("days", [0, 1, 5])
def test_payoff_before_the_expiry_is_blacks(days: int) -> None:
    found = curve(Position(CALL, 2, 20.0), Position(PUT, -1, 19.0), days=days)
    line = found.later if days else found.now
    years = YEARS - days / 365
    for level, profit in zip(found.levels, line.values, strict=True):
        call = black(level, 1080, years, 0.15, call=True)
        put = black(level, 1080, years, 0.16, call=False)
        expected = 250_000 * (2 * (call - 20) - (put - 19))
        assert profit == pytest.approx(expected, abs=0.01)


def test_payoff_now_is_what_the_table_says_even_where_the_model_says_otherwise() -> None:
    off = row(ROWS[0].instrument, 22.0, 22.2, 22.1, ROWS[0].theoretical)
    holdings = value_positions((off,), Position(CALL, 1, 20.0))
    found = of(holdings)
    assert found.now.here == pytest.approx(holdings[0].exposure.profit)
    assert found.now.here == pytest.approx(2.1 * 250_000)


def test_payoff_marks_one_deviation_of_the_money_volatility() -> None:
    found = curve(Position(CALL, 1, 20.0))
    share = 0.155 * sqrt(YEARS)
    assert found.volatility == 15.5
    assert found.deviations == pytest.approx((FORWARD * exp(-share), FORWARD * exp(share)))
    assert found.levels[0] < found.deviations[0] < found.deviations[1] < found.levels[-1]
    blind = of(value_positions(ROWS, Position(CALL, 1, 20.0)), money=nan)
    assert all(map(isnan, blind.deviations))
    assert blind.at_expiry.values, "the chart stands without it"


def test_payoff_at_an_expiry_keeps_the_later_option_alive() -> None:
    found = curve(Position(CALL, -1, 20.0), Position(NEXT_CALL, 1, 30.0))
    assert (found.expiry, found.expiries) == (EXPIRY, (EXPIRY, LATER))
    later = ROWS[3].theoretical
    assert later is not None
    for level, profit in zip(found.levels, found.at_expiry.values, strict=True):
        # The forward of January stays 2 points above that of December.
        alive = black(level + 2, 1080, later.years - YEARS, 0.17, call=True)
        expected = 250_000 * (alive - 30 - (max(0.0, level - 1080) - 20))
        assert profit == pytest.approx(expected, abs=0.01)
    assert isnan(found.least)
    assert isnan(found.most)
    second = curve(Position(CALL, -1, 20.0), Position(NEXT_CALL, 1, 30.0), expiry=LATER)
    assert (second.expiry, second.level) == (LATER, FORWARD + 2)
    # At 0 both options are lost, 20 - 30; from 1082 on they gain alike, 20 - 30 + 2.
    assert (second.least, second.most) == (-10 * 250_000, -8 * 250_000)


def test_payoff_of_futures_alone_is_a_line() -> None:
    found = curve(Position(MINI, -2, 1080.0))
    assert (found.level, found.expiry) == (1083.0, LATER)
    assert found.break_evens == pytest.approx((1080.0,))
    assert found.now.here == found.at_expiry.here == -3.0 * 2 * 50_000
    low, high = found.levels[0], found.levels[-1]
    assert found.now.values[0] == pytest.approx((1080 - low) * 100_000)
    assert found.at_expiry.values[-1] == pytest.approx((1080 - high) * 100_000)


def test_payoff_names_the_option_without_a_volatility_and_draws_what_is_sure() -> None:
    blind = replace(ROWS[1], theoretical=TheoreticalValues(why="no_quote"))
    rows = (ROWS[0], blind)
    found = of(value_positions(rows, Position(CALL, 1, 20.0), Position(PUT, 1, 19.0)), days=5)
    for line in (found.now, found.later):
        assert (line.values, [gap.instrument.code for gap in line.gaps]) == ((), [PUT])
        assert line.gaps[0].why == "theory.no_quote"
        assert isnan(line.here)
    assert not found.at_expiry.gaps
    assert found.break_evens == pytest.approx((1041.0, 1119.0))


def test_payoff_is_empty_without_a_price_of_the_underlying() -> None:
    found = of(value_positions((), Position(CALL, 1, 20.0)))
    assert (found.levels, found.now.values) == ((), ())
    assert of(()).levels == ()


def test_payoff_keeps_the_profit_of_an_expired_option() -> None:
    over = option_row("B01611A33", FORWARD, 15.0, expiry=date(2026, 11, 12))
    over = row(over.instrument, 5.0, 5.0, 5.0)
    holdings = value_positions((*ROWS, over), Position("B01611A33", 1, 3.0), Position(CALL, 1, 20))
    found = of(holdings)
    assert found.expiries == (EXPIRY,)
    assert found.least == (2.0 - 20.0) * 250_000
    assert found.break_evens == pytest.approx((1098.0,))


def test_payoff_of_stock_options_is_by_the_stock_price() -> None:
    option = stock_contract("B11612001", strike=70_000.0)
    own = TheoreticalValues(2_000.0, 30.0, 0.5, 0.0, 0.0, 0.0, 0.0, 70_140.0, YEARS, spot=70_000.0)
    known: dict[str, Ticker] = {option.code: row(option, 1_990.0, 2_010.0, 2_000.0, own)}
    held = value([Position(option.code, 5, 1_500.0)], known.get, lambda code: option, NOW, RATE)
    found = of(held)
    assert found.level == 70_000.0
    assert found.break_evens == pytest.approx((71_500.0,))
    growth = 70_140.0 / 70_000.0
    level, profit = found.levels[-1], found.now.values[-1]
    change = black(level * growth, 70_000, YEARS, 0.3, call=True) - black(
        70_140.0, 70_000, YEARS, 0.3, call=True
    )
    assert profit == pytest.approx(5 * 10 * (500 + change))
