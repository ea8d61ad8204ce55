"""Values of positions in scenarios, against Black-76 itself."""

from datetime import datetime
from math import exp, isnan, nan

import pytest
from harness.portfolio_rows import (
    LATER,
    RATE,
    index_contract,
    option_row,
    row,
    stock_contract,
    value_positions,
)
from hypothesis import given
from hypothesis import strategies as st

from app.portfolio.positions import Position
from app.portfolio.scenario import LEVELS, around, reference, scenario, step
from app.pricing import black76
from app.system.clock import KST
from specs.market.holding import Holding, ScenarioGrid
from specs.market.theoretical import TheoreticalValues

CALL, PUT, FUTURE = "B01612A33", "C01612A33", "A01612"
ROWS = (
    option_row(CALL, 1081.0, 15.0),
    option_row(PUT, 1081.0, 16.0),
    row(index_contract(FUTURE), 1080.95, 1081.05, 1081.0),
)
HOLDINGS = value_positions(
    ROWS, Position(CALL, -4, 20.0), Position(PUT, -3, 19.0), Position(FUTURE, 1, 1080)
)
POINTS = (-10.0, -5.0, 0.0, 5.0, 10.0)
VOLATILITIES = (-2.0, 0.0, 2.0)


def grid(holdings: tuple[Holding, ...] = HOLDINGS, hours: float = 0.0) -> ScenarioGrid:
    return scenario(holdings, points=POINTS, volatilities=VOLATILITIES, hours=hours, rate=RATE)


@pytest.mark.parametrize("hours", [0.0, 3.0, 24.0])
def test_every_cell_is_a_full_revaluation(hours: float) -> None:
    found = grid(hours=hours)
    own = ROWS[0].theoretical
    assert own is not None
    years = own.years
    for line, more in zip(found.cells, VOLATILITIES, strict=True):
        for cell, move in zip(line, POINTS, strict=True):
            expected = 250_000.0 * move
            for quantity, call, volatility in ((-4, True, 15.0), (-3, False, 16.0)):
                before = black76.price(call, 1081.0, 1080.0, years, volatility / 100, RATE)
                after = black76.price(
                    call,
                    1081.0 + move,
                    1080.0,
                    years - hours / 8760,
                    (volatility + more) / 100,
                    RATE,
                )
                expected += quantity * 250_000.0 * (after - before)
            assert cell == pytest.approx(expected, abs=1e-3)


def test_nothing_moved_is_nothing_gained_and_a_step_is_what_the_greeks_say() -> None:
    found = grid()
    assert found.cells[1][2] == 0.0
    (small,) = scenario(HOLDINGS, points=(0.01,), volatilities=(0.0,), hours=0.0, rate=RATE).cells
    delta = sum(holding.exposure.delta for holding in HOLDINGS)
    assert small[0] == pytest.approx(delta * 0.01, rel=1e-2)
    vega = sum(holding.exposure.vega for holding in HOLDINGS)
    ((more,),) = scenario(HOLDINGS, points=(0.0,), volatilities=(0.01,), hours=0.0, rate=RATE).cells
    assert more == pytest.approx(vega * 0.01, rel=1e-3)
    assert found.percents == tuple(pytest.approx(move / 1081.0 * 100) for move in POINTS)


def test_an_option_whose_life_ends_pays_what_it_is_in_the_money() -> None:
    (call,) = value_positions(ROWS, Position(CALL, 1, 20.0))
    found = grid((call,), hours=10_000.0)
    assert call.theoretical is not None
    for cell, move in zip(found.cells[0], POINTS, strict=True):
        pays = max(0.0, 1081.0 + move - 1080.0)
        assert cell == pytest.approx(250_000 * (pays - call.theoretical.price))


def test_volatility_does_not_fall_below_nought() -> None:
    (call,) = value_positions([option_row(CALL, 1081.0, 1.0)], Position(CALL, 1, 20.0))
    assert not isnan(grid((call,)).cells[0][2])


def test_what_has_no_values_is_left_out_and_counted() -> None:
    rows = (
        *ROWS[1:],
        row(index_contract(CALL), 19.9, 20.1, 20.0, TheoreticalValues(why="no_quote")),
    )
    found = grid(value_positions(rows, Position(CALL, -4, 20.0), Position(FUTURE, 1, 1080)))
    assert found.missing == 1
    assert found.cells[0] == tuple(250_000.0 * move for move in POINTS)
    nothing = grid(value_positions((), Position(CALL, 1, 20.0)))
    assert nothing.missing == 1
    assert all(isnan(cell) for line in nothing.cells for cell in line)
    assert grid(()).underlying == ""


@pytest.mark.parametrize("hours", [0.0, 24.0])
def test_what_is_below_intrinsic_is_in_the_grid_at_that(hours: float) -> None:
    own = TheoreticalValues(forward=1083.0, years=0.01, why="below_intrinsic")
    found = grid(
        value_positions([row(index_contract(CALL), 2.8, 2.9, 2.85, own)], Position(CALL, -4, 20.0)),
        hours,
    )
    assert found.missing == 0
    assert found.cells[0] == found.cells[1] == found.cells[2]
    now, then = (exp(-RATE * max(0.0, 0.01 - gone / 8760)) for gone in (0.0, hours))
    for cell, move in zip(found.cells[0], POINTS, strict=True):
        assert cell == pytest.approx(-1e6 * (then * max(0.0, 3.0 + move) - now * 3.0), abs=1e-3)


def test_what_has_expired_is_neither_in_the_grid_nor_missing_from_it() -> None:
    later = row(index_contract("A01701", expiry=LATER), 1085, 1085.2, 1085)
    after = datetime(2026, 12, 10, 15, 20, tzinfo=KST)
    positions = Position("A01701", 1, 1.0), *(Position(r.code, 9, 1.0) for r in ROWS)
    found = grid(value_positions((*ROWS, later), *positions, now=after))
    assert found.missing == 0
    assert found.cells[0] == tuple(250_000.0 * move for move in POINTS)
    assert found.percents == tuple(pytest.approx(move / 1085.1 * 100) for move in POINTS)


def test_a_spread_and_a_stock_are_priced_as_what_they_are() -> None:
    (spread,) = value_positions(
        [row(index_contract("D0160603"), 2.3, 2.4, 2.3)], Position("D0160603", 2, 2.0)
    )
    assert set(grid((spread,)).cells[0]) == {0.0}
    (samsung,) = value_positions(
        [row(stock_contract("A11612"), 145_000, 145_200, 145_000)], Position("A11612", 3, 1.0)
    )
    assert grid((samsung,)).cells[0][-1] == 300.0


def test_the_reference_is_the_nearest_future_else_the_nearest_option() -> None:
    later = row(index_contract("A01701", expiry=LATER), 1085, 1085.2, 1085)
    both = value_positions(
        (*ROWS, later), Position("A01701", 1, 1.0), *(Position(r.code, 1, 1.0) for r in ROWS)
    )
    assert reference(both) == pytest.approx(1081.0)
    assert reference(value_positions((later,), Position("A01701", 1, 1.0))) == pytest.approx(1085.1)
    assert reference(value_positions(ROWS, Position(PUT, 1, 1.0))) == 1081.0
    assert isnan(reference(value_positions((), Position(FUTURE, 1, 1.0))))
    assert isnan(reference(()))


@pytest.mark.parametrize(
    ("level", "share", "points"),
    [(1081.35, 0.005, 5.0), (1081.35, 0.0025, 2.5), (1081.35, 0.01, 10.0), (1081.35, 0.02, 20.0),
     (145_000, 0.005, 500), (1_700.0, 0.005, 10.0), (0.5, 0.01, 0.005)],
)  # fmt: skip
def test_steps_are_round(level: float, share: float, points: float) -> None:
    assert step(level, share) == pytest.approx(points)


def test_steps_stand_around_the_market_and_without_a_price_there_are_none() -> None:
    found = around(HOLDINGS, share=0.005, side=3, hours=2, rate=RATE)
    assert found.points == (-15.0, -10.0, -5.0, 0.0, 5.0, 10.0, 15.0)
    assert (found.volatilities, found.hours) == (LEVELS, 2)
    same = {"points": found.points, "volatilities": LEVELS}
    assert found == scenario(HOLDINGS, **same, hours=2, rate=RATE)
    nowhere = value_positions((), Position(FUTURE, 1, 1.0))
    assert around(nowhere, share=0.005, side=3, hours=0, rate=RATE).points == ()


def test_there_is_no_step_of_nothing() -> None:
    assert isnan(step(nan, 0.01))
    assert isnan(step(0.0, 0.01))
    assert isnan(step(-1.0, 0.01))


@given(st.floats(0.01, 1e7), st.sampled_from([0.0025, 0.005, 0.01, 0.02]))
def test_a_step_is_near_its_share(level: float, share: float) -> None:
    assert 0.6 < step(level, share) / (level * share) < 1.5
