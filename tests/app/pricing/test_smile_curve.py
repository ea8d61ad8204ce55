"""Smiles of known curves: what comes back, with gaps, crossed books and few points."""

from collections.abc import Callable
from math import inf, isnan, log, nan, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.pricing.black76 import price
from app.pricing.smile_curve import FEWEST, QuotedOption, call_delta, smile

FORWARD, YEARS, RATE = 1081.25, 20 / 365, 0.027
STRIKES = [float(strike) for strike in range(900, 1262, 5)]


def quadratic(strike: float) -> float:
    """A skewed smile, a fraction."""
    x = log(strike / FORWARD)
    return 0.21 - 0.55 * x + 4.0 * x * x


def sabr_like(strike: float) -> float:
    x = log(strike / FORWARD)
    return 0.18 * sqrt(1 + 12 * (x - 0.03) ** 2 / 0.01 * 0.2) - 0.3 * x


def quotes(
    curve: Callable[[float], float], strikes: list[float], spread: float = 0.02
) -> list[QuotedOption]:
    """Calls and puts, quoted evenly about the curve's price."""
    found = []
    for strike in strikes:
        for call in (True, False):
            worth = price(call, FORWARD, strike, YEARS, curve(strike), RATE)
            found.append(QuotedOption(strike, call, worth * (1 - spread), worth * (1 + spread)))
    return found


def at_delta(curve: Callable[[float], float], delta: float) -> float:
    """The curve's strike of a call delta, by bisection."""
    low, high = 800.0, 1400.0
    for _ in range(80):
        middle = (low + high) / 2
        if call_delta(FORWARD, middle, YEARS, curve(middle)) > delta:
            low = middle
        else:
            high = middle
    return low


@pytest.mark.parametrize("curve", [quadratic, sabr_like])
@pytest.mark.parametrize("step", [1, 2, 4])
def test_a_known_curve_gives_its_numbers_back(curve: Callable[[float], float], step: int) -> None:
    found = smile(quotes(curve, STRIKES[::step]), FORWARD, YEARS, RATE)
    call, put = at_delta(curve, 0.25), at_delta(curve, 0.75)
    tolerance = 0.03 * step**2
    assert found.why == ""
    assert found.money == pytest.approx(100 * curve(FORWARD), abs=tolerance)
    assert found.reversal == pytest.approx(100 * (curve(call) - curve(put)), abs=tolerance)
    mean = (curve(call) + curve(put)) / 2
    assert found.butterfly == pytest.approx(100 * (mean - curve(FORWARD)), abs=tolerance)
    assert found.put_strike == pytest.approx(put, abs=2.0 * step)
    assert found.call_strike == pytest.approx(call, abs=2.0 * step)


def test_a_point_is_of_the_option_out_of_the_money_and_of_both_next_to_the_forward() -> None:
    given = [
        QuotedOption(1000.0, True, 80.0, 90.0),
        QuotedOption(1000.0, False, 2.0, 2.2),
        QuotedOption(1080.0, True, 22.0, 22.4),
        QuotedOption(1080.0, False, 20.0, 20.4),
        QuotedOption(1150.0, True, 3.0, 3.2),
        QuotedOption(1150.0, False, 60.0, 80.0),
    ]
    alone = [given[1], given[2], given[3], given[4]]
    points = smile(given, FORWARD, YEARS, RATE).points
    assert points == smile(alone, FORWARD, YEARS, RATE).points
    call = smile([given[2]], FORWARD, YEARS, RATE).points[0]
    put = smile([given[3]], FORWARD, YEARS, RATE).points[0]
    assert points[1].middle == pytest.approx((call.middle + put.middle) / 2)


def test_bid_and_ask_embrace_the_middle() -> None:
    for point in smile(quotes(quadratic, STRIKES), FORWARD, YEARS, RATE).points:
        assert point.bid < point.middle < point.ask
        assert not point.old


def test_one_sided_and_crossed_books_give_what_they_have() -> None:
    chain = quotes(quadratic, [1040.0, 1060.0, 1080.0, 1100.0, 1120.0])
    changed = [
        QuotedOption(q.strike, q.call, nan, q.ask)
        if q.strike == 1040
        else QuotedOption(q.strike, q.call, q.ask, q.bid)
        if q.strike == 1120
        else q
        for q in chain
    ]
    found = smile(changed, FORWARD, YEARS, RATE)
    assert [point.strike for point in found.points] == [1040.0, 1060.0, 1080.0, 1100.0]
    assert isnan(found.points[0].bid)
    assert isnan(found.points[0].middle)
    assert found.points[0].ask > 0
    assert found.money == pytest.approx(100 * quadratic(FORWARD), abs=0.1)


def test_nothing_is_read_beyond_the_outermost_strike() -> None:
    found = smile(quotes(quadratic, [1070.0, 1075.0, 1080.0, 1085.0]), FORWARD, YEARS, RATE)
    assert found.money == pytest.approx(100 * quadratic(FORWARD), abs=0.1)
    assert isnan(found.reversal)
    assert isnan(found.butterfly)


def test_nothing_is_read_across_a_gap_that_is_too_wide() -> None:
    wide = [900.0, 920.0, 940.0, 1220.0, 1240.0, 1260.0]
    found = smile(quotes(quadratic, wide), FORWARD, YEARS, RATE)
    assert len(found.points) == 6
    assert isnan(found.money)
    assert isnan(found.reversal)


def test_a_gap_in_the_wing_leaves_the_rest() -> None:
    holed = [strike for strike in STRIKES if not 1000 < strike < 1030]
    found = smile(quotes(quadratic, holed), FORWARD, YEARS, RATE)
    whole = smile(quotes(quadratic, STRIKES), FORWARD, YEARS, RATE)
    assert found.money == whole.money
    assert found.reversal == pytest.approx(whole.reversal, abs=0.3)


def test_too_few_points_are_told_in_words() -> None:
    for count in range(FEWEST):
        found = smile(quotes(quadratic, STRIKES[30 : 30 + count]), FORWARD, YEARS, RATE)
        assert (len(found.points), found.why) == (count, "smile.few")
        assert isnan(found.money)


def test_no_forward_and_no_time_are_told_in_words() -> None:
    chain = quotes(quadratic, STRIKES)
    assert smile(chain, nan, YEARS, RATE).why == "theory.no_future"
    assert smile(chain, FORWARD, 0.0, RATE).why == "theory.expired"


def test_last_trades_stand_in_only_while_quotes_are_too_few() -> None:
    old = [
        QuotedOption(strike, strike > FORWARD, volatility=33.0)
        for strike in (1000.0, 1050.0, 1100.0)
    ]
    alone = smile(old, FORWARD, YEARS, RATE)
    assert all(point.old for point in alone.points)
    assert alone.money == pytest.approx(33.0)
    firm = quotes(quadratic, [1040.0, 1060.0, 1080.0, 1120.0])
    both = smile([*old, *firm], FORWARD, YEARS, RATE)
    assert len(both.points) == 7
    assert both.money == smile(firm, FORWARD, YEARS, RATE).money


anything = st.floats() | st.sampled_from([0.0, -1.0, 1e-300, 1e300, nan, 1080.0])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.floats(1e-3, 1e6), st.booleans(), anything, anything), max_size=12),
    anything,
    anything,
)
def test_whatever_the_quotes_are_there_is_a_smile(
    given: list[tuple[float, bool, float, float]], forward: float, years: float
) -> None:
    found = smile([QuotedOption(*one) for one in given], forward, years, RATE)
    assert len(found.points) <= len(given)
    assert [p.strike for p in found.points] == sorted({p.strike for p in found.points})


def test_numbers_weigh_points_by_the_width_of_their_quotes() -> None:
    """A strike quoted two volatility points wrong, but ten times as wide, hardly moves the ATM."""
    chain = quotes(quadratic, STRIKES[::2], spread=0.005)
    exact = smile(chain, FORWARD, YEARS, RATE).money

    def moved(width: float) -> float:
        found = []
        for one in chain:
            if one.strike != 1080.0:
                found.append(one)
                continue
            off = price(one.call, FORWARD, 1080.0, YEARS, quadratic(1080.0) + 0.02, RATE)
            found.append(QuotedOption(one.strike, one.call, off - width / 2, off + width / 2))
        return smile(found, FORWARD, YEARS, RATE).money - exact

    narrow, wide = moved(0.2), moved(3.0)
    assert narrow > 1.0
    assert abs(wide) < 0.2


def test_call_and_put_at_the_money_weigh_by_their_widths() -> None:
    call = price(True, FORWARD, 1080.0, YEARS, 0.20, RATE)
    put = price(False, FORWARD, 1080.0, YEARS, 0.24, RATE)
    both = [
        QuotedOption(1080.0, True, call - 0.05, call + 0.05),
        QuotedOption(1080.0, False, put - 1, put + 1),
    ]
    point = smile(both, FORWARD, YEARS, RATE).points[0]
    assert point.middle == pytest.approx(20.0, abs=0.1)


def test_wide_quotes_are_no_points_and_the_curve_says_why() -> None:
    chain = quotes(quadratic, STRIKES[::4], spread=0.01)
    wide = [QuotedOption(one.strike, one.call, 0.05, 30.0) for one in chain]
    found = smile(wide, FORWARD, YEARS, RATE)
    assert (found.points, found.why) == ((), "smile.wide")
    assert found.wide == len(STRIKES[::4])
    put_wings = [w if w.strike < 1060 else one for one, w in zip(chain, wide, strict=True)]
    found = smile(put_wings, FORWARD, YEARS, RATE)
    assert found.money == pytest.approx(100 * quadratic(FORWARD), abs=0.1)
    assert isnan(found.reversal)
    assert min(point.strike for point in found.points) >= 1060


def test_numbers_are_as_old_as_the_oldest_quote_about_their_strikes() -> None:
    found = smile(quotes(quadratic, STRIKES), FORWARD, YEARS, RATE)
    assert (found.money_at, found.wings_at) == (inf, inf)
    aged = [
        replace(one, at=900.0 if one.strike == 1080.0 else 950.0 if one.strike < 1080.0 else 990.0)
        for one in quotes(quadratic, STRIKES)
    ]
    found = smile(aged, FORWARD, YEARS, RATE)
    assert (found.money_at, found.wings_at) == (900.0, 900.0)
    assert {point.at for point in found.points} == {900.0, 950.0, 990.0}
    call = [replace(one, at=990.0 if one.strike < FORWARD else 400.0) for one in aged]
    wings = [replace(one, at=400.0 if one.strike < 1045.0 else 990.0) for one in call]
    found = smile(wings, FORWARD, YEARS, RATE)
    assert (found.money_at, found.wings_at) == (990.0, 400.0)
