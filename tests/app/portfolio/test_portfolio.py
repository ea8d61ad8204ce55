"""Exposures in won, computed by hand: a straddle and a future, sums, and what is left out."""

from datetime import datetime, timedelta
from math import exp, isnan, nan
from typing import Any

import pytest
from harness.portfolio_rows import (
    EXPIRY,
    LATER,
    RATE,
    index_contract,
    option_row,
    row,
    stock_contract,
    value_positions,
)
from msgspec.structs import astuple

from app.portfolio.hedge import to_flat
from app.portfolio.positions import Position
from app.portfolio.valuation import nets, seconds_to_six
from app.system.clock import KST
from specs.market.holding import Exposure, Hedge, Subtotal
from specs.market.theoretical import TheoreticalValues

CALL, PUT, FUTURE, MINI = "B01612A33", "C01612A33", "A01612", "A05612"

CALL_OWN = TheoreticalValues(
    price=20.0, volatility=15.0, delta=0.52, gamma=0.0075, vega=1.0, theta=-0.48,
    forward=1081.0, years=0.05,
)  # fmt: skip
PUT_OWN = TheoreticalValues(
    price=19.0, volatility=16.0, delta=-0.47, gamma=0.0076, vega=1.1, theta=-0.5,
    forward=1081.0, years=0.05,
)  # fmt: skip
ROWS = (
    row(index_contract(CALL), 19.9, 20.1, 18.0, CALL_OWN),
    row(index_contract(PUT), 0.0, 19.5, 19.2, PUT_OWN),
    row(index_contract(FUTURE), 1080.9, 1081.1, 1080.0),
)
STRADDLE = (Position(CALL, -4, 21.5), Position(PUT, -4, 18.2), Position(FUTURE, 1, 1079.0))


def about(value: object) -> Any:
    return pytest.approx(value)


def figures(exposure: Exposure) -> tuple[float, ...]:
    """Delta, futures, gamma, theta, vega, profit."""
    return astuple(exposure)[:6]


def test_a_short_straddle_with_a_future_comes_to_what_a_pencil_says() -> None:
    call, put, future = value_positions(ROWS, *STRADDLE)
    # -4 × 250,000 = -1,000,000 won a point; three hours are an eighth of a day.
    assert figures(call.exposure) == about(
        (-520_000.0, -2.08, -7_500.0, 60_000.0, -1_000_000.0, 1_500_000.0)
    )
    assert (call.price, call.is_mid) == (about(20.0), True)
    assert figures(put.exposure) == about(
        (470_000.0, 1.88, -7_600.0, 62_500.0, -1_100_000.0, -1_000_000.0)
    )
    assert (put.price, put.is_mid) == (19.2, False)
    assert figures(future.exposure) == about((250_000.0, 1.0, 0.0, 0.0, 0.0, 500_000.0))
    (net,) = nets((call, put, future))
    assert figures(net.exposure) == about(
        (200_000.0, 0.8, -15_100.0, 122_500.0, -2_100_000.0, 1_000_000.0)
    )
    assert (net.underlying, net.expiry, net.count, net.missing) == ("KOSPI200", None, 3, ())


def test_minis_count_as_the_fifth_of_a_future() -> None:
    (mini,) = value_positions(
        [row(index_contract(MINI), 1081, 1081.1, 1081)], Position(MINI, -10, 1081.05)
    )
    assert figures(mini.exposure) == about((-500_000.0, -2.0, 0, 0, 0, 0.0))


def test_a_stock_is_apart_from_an_index_and_each_expiry_has_a_line() -> None:
    later = index_contract("A01701", expiry=LATER)
    samsung = stock_contract("A11612")
    found = nets(
        value_positions(
            (*ROWS, row(later, 1085, 1085.2, 1085), row(samsung, 145_000, 145_200, 145_000)),
            *STRADDLE,
            Position("A11612", 3, 145_100.0),
            Position("A01701", -1, 1085.1),
        )
    )
    assert [(net.underlying, net.expiry, net.count) for net in found] == [
        ("KOSPI200", None, 4),
        ("KOSPI200", EXPIRY, 3),
        ("KOSPI200", LATER, 1),
        ("삼성전자", None, 1),
        ("", None, 5),
    ]
    everything = found[4].exposure
    assert everything.profit == pytest.approx(found[0].exposure.profit + found[3].exposure.profit)
    assert everything.theta == found[0].exposure.theta
    assert everything.vega == found[0].exposure.vega
    assert isnan(everything.delta)
    assert isnan(everything.gamma)
    assert found[0].exposure.delta == pytest.approx(-50_000)
    assert found[0].exposure.delta == found[1].exposure.delta + found[2].exposure.delta
    assert (found[3].exposure.delta, found[3].exposure.futures) == (30.0, 3.0)


@pytest.mark.parametrize(("bid", "ask"), [(0.17, 0.0), (0.0, 0.02)])
def test_one_sided_quote_without_a_trade_gives_no_price_and_says_so(bid: float, ask: float) -> None:
    [found] = value_positions(
        (row(index_contract(PUT), bid, ask, nan, PUT_OWN),), Position(PUT, 2, 0.3)
    )
    assert (found.why, isnan(found.price)) == ("positions.one_sided", True)


def test_what_lacks_a_value_is_left_out_and_named_and_never_counted_as_nought() -> None:
    rows = (
        row(index_contract(CALL), 19.9, 20.1, 18.0, CALL_OWN),
        row(index_contract(PUT), 18.9, 19.1, 19.2, TheoreticalValues(why="no_quote")),
        row(index_contract("A05612"), 0, 0, nan),
    )
    holdings = value_positions(rows, *STRADDLE, Position("A05612", 2, 1080.0))
    assert [holding.why for holding in holdings] == [
        "", "theory.no_quote", "positions.no_price", "positions.no_price",
    ]  # fmt: skip
    (net,) = nets(holdings)
    assert net.missing == (f"<{PUT}>", f"<{FUTURE}>", "<A05612>")
    # Futures have a delta without a price, and the put a profit without greeks.
    assert net.exposure.delta == pytest.approx(-520_000 + 250_000 + 100_000)
    assert net.exposure.vega == pytest.approx(-1_000_000)
    assert net.exposure.profit == pytest.approx(1_500_000 - 800_000)
    (nothing,) = nets(value_positions((), Position(CALL, 1, 20.0)))
    assert all(isnan(getattr(nothing.exposure, f)) for f in Exposure.__struct_fields__[:6])


def test_what_does_not_trade_at_night_lacks_its_values_for_that() -> None:
    call, future = stock_contract("B11612037", strike=145_000.0), stock_contract("A11612")
    rows = [
        row(call, 0, 0, nan, TheoreticalValues(why="no_future")),
        row(future, 145_000, 145_200, 145_100),
    ]
    positions = Position(call.code, 2, 3_000.0), Position(future.code, 1, 145_000.0)
    holdings = value_positions(rows, *positions, asleep=(call.code, future.code))
    assert [holding.why for holding in holdings] == ["positions.asleep", ""]
    (net,) = nets(holdings)
    assert (net.unknown, net.missing) == (1, (call.name,))
    assert value_positions(rows, *positions)[0].why == "theory.no_future"


def test_a_contract_of_unknown_size_has_no_won() -> None:
    unknown = stock_contract("A11612", multiplier=nan)
    (held_,) = value_positions(
        [row(unknown, 145_000, 145_200, 145_000)], Position("A11612", 3, 145_100.0)
    )
    assert isnan(held_.exposure.delta)
    assert isnan(held_.exposure.profit)
    assert held_.why == "positions.no_multiplier"
    (net,) = nets([held_])
    assert to_flat(net) == ()


def test_what_has_expired_keeps_its_worth_and_moves_no_more() -> None:
    after = datetime(2026, 12, 10, 15, 20, tzinfo=KST)
    holdings = value_positions(ROWS, *STRADDLE, now=after)
    assert {(one.why, one.is_over) for one in holdings} == {("positions.unsettled", True)}
    assert figures(holdings[0].exposure) == about((0, 0, 0, 0, 0, 1_500_000.0))
    assert holdings[0].price == about(20.0)
    (net,) = nets(holdings)
    assert figures(net.exposure) == about((0, 0, 0, 0, 0, 1_000_000.0))
    assert (net.missing, net.unknown) == ((), 0)
    before = value_positions(ROWS, *STRADDLE, now=after - timedelta(seconds=1))
    assert nets(before)[0].exposure.delta == about(200_000.0)
    (gone,) = value_positions((), STRADDLE[0], now=after)
    assert (gone.is_whole, gone.exposure.delta) == (False, 0.0)


@pytest.mark.parametrize(("code", "strike", "sign"), [(CALL, 1080.0, 1), (PUT, 1082.0, -1)])
def test_what_is_priced_below_intrinsic_moves_as_that_does(
    code: str, strike: float, sign: int
) -> None:
    own = TheoreticalValues(forward=1081.0, years=0.5, why="below_intrinsic")
    option = index_contract(code, strike=strike)
    (found,) = value_positions([row(option, 0.85, 0.95, 0.8, own)], Position(code, -2, 1.5))
    delta = -2 * 250_000 * sign * exp(-RATE * 0.5)
    assert figures(found.exposure) == about((delta, delta / 250_000, 0, 0, 0, 300_000.0))
    assert (found.price, found.why, found.is_bound) == (about(0.9), "theory.below_intrinsic", True)
    assert found.is_whole
    (net,) = nets([found])
    assert (net.missing, net.unknown, net.exposure.delta) == ((), 0, about(delta))


def test_a_bound_is_that_of_the_stock_or_of_nothing_out_of_the_money() -> None:
    own = TheoreticalValues(forward=145_000.0, years=0.5, why="below_intrinsic")
    for strike, delta in ((140_000.0, 10.0), (150_000.0, 0.0)):
        option = stock_contract("B11612037", strike=strike)
        (found,) = value_positions(
            [row(option, 4_000, 4_100, 4_000, own)], Position(option.code, 1, 4_000.0)
        )
        assert found.exposure.delta == delta
    above = TheoreticalValues(forward=145_000.0, years=0.5, why="above_bound")
    (found,) = value_positions(
        [row(option, 4_000, 4_100, 4_000, above)], Position(option.code, 1, 4_000.0)
    )
    assert isnan(found.exposure.delta)
    assert (found.why, found.is_bound) == ("theory.above_bound", False)


def test_a_calendar_spread_has_a_worth_but_no_delta_and_may_lie_below_nought() -> None:
    spread = index_contract("D0160603")
    (held_,) = value_positions([row(spread, -2.40, -2.30, -2.2)], Position("D0160603", 2, -2.55))
    assert (held_.price, held_.is_mid) == (about(-2.35), True)
    assert figures(held_.exposure) == about((0.0, 0.0, 0.0, 0.0, 0.0, 100_000.0))


@pytest.mark.parametrize(
    ("hour", "minute", "hours"), [(3, 0, 3), (5, 59, 1 / 60), (6, 0, 24), (18, 0, 12), (0, 0, 6)]
)
def test_theta_runs_until_it_is_next_six(hour: int, minute: int, hours: float) -> None:
    moment = datetime(2026, 11, 21, hour, minute, tzinfo=KST)
    assert seconds_to_six(moment) == pytest.approx(hours * 3600)


def test_theta_ends_with_the_option() -> None:
    dying = TheoreticalValues(19.0, 16.0, 0.5, 0.01, 0.1, -8.0, 0.0, 1081.0, 1 / 365 / 24)
    (held_,) = value_positions(
        [row(index_contract(CALL), 19.9, 20.1, 18.0, dying)], Position(CALL, 1, 20.0)
    )
    assert held_.exposure.theta == pytest.approx(-8.0 * 250_000 / 24)


def net(delta: float, underlying: str = "KOSPI200", futures: float = nan) -> Subtotal:
    return Subtotal(underlying, None, 1, Exposure(delta, futures))


def test_a_long_delta_is_brought_to_nought_by_short_futures() -> None:
    mini, big = to_flat(net(370_000.0))
    assert mini == Hedge("mini", about(-7.4), -7, about(20_000.0))
    assert big == Hedge("future", about(-1.48), -1, about(120_000.0))
    mini, big = to_flat(net(-380_000.0))
    assert (mini.whole, big.whole) == (8, 2)
    assert (mini.left, big.left) == (about(20_000.0), about(120_000.0))


def test_each_underlying_has_its_own_futures() -> None:
    (kosdaq,) = to_flat(net(25_000.0, "KOSDAQ150"))
    assert (kosdaq.future, kosdaq.exact) == ("future", about(-2.5))
    (samsung,) = to_flat(net(-30.0, "삼성전자", -3.0))
    assert samsung == Hedge("future", 3.0, 3, 0.0)
    assert to_flat(net(nan)) == ()
    assert to_flat(net(0.0, "삼성전자", 0.0)) == ()
    assert to_flat(net(0.0))[0] == Hedge("mini", 0.0, 0, 0.0)


def test_a_quoted_option_by_theory_is_worth_its_theory() -> None:
    code = option_row(CALL, 1081.0, 15.0)
    (held_,) = value_positions([code], Position(CALL, 1, 0.0))
    assert held_.theoretical is not None
    assert held_.exposure.profit == pytest.approx(held_.theoretical.price * 250_000)


def test_stock_gamma_is_per_percent_of_its_price_and_delta_also_in_won() -> None:
    call, future = stock_contract("B11612037", strike=145_000.0), stock_contract("A11612")
    own = TheoreticalValues(
        delta=0.6, gamma=0.00002, vega=90.0, theta=-70.0, forward=150_500.0, years=0.1,
        spot=150_000.0,
    )  # fmt: skip
    rows = (row(call, 7990.0, 8010.0, 8000.0, own), row(future, 150_400.0, 150_600.0, 150_500.0))
    held, short = value_positions(
        rows, Position(call.code, 20, 7000.0), Position(future.code, -5, 150_000.0)
    )
    assert held.exposure.delta == about(120.0)
    assert held.exposure.gamma == about(20 * 10 * 0.00002 * 1500.0)
    assert held.exposure.delta_won == about(120.0 * 150_000.0)
    assert short.exposure.delta_won == about(-50.0 * 150_500.0)
    assert nets((held, short))[0].exposure.delta_won == about(120 * 150_000.0 - 50 * 150_500.0)
