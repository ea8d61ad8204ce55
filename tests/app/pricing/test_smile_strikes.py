"""Options that a smile registers: out of the money, wide enough, and stable."""

from math import inf, nan

import pytest

from app.pricing.smile_curve import call_delta
from app.pricing.smile_strikes import planned, strike_reach
from specs.market.instrument import Strike

FORWARD, YEARS, VOLATILITY = 1081.25, 20 / 365, 0.2
STRIKES = [Strike(k / 10, f"C{k}", f"P{k}") for k in range(12500, 8999, -25)]
WITHIN = strike_reach(FORWARD, YEARS, VOLATILITY)


def place(forward: float) -> int:
    return min(range(len(STRIKES)), key=lambda at: abs(STRIKES[at].price - forward))


def strike(code: str) -> float:
    return int(code[1:]) / 10


def test_calls_stand_above_the_money_and_puts_below_and_both_at_it() -> None:
    codes = planned(STRIKES, place(FORWARD), WITHIN, 19)
    money = STRIKES[place(FORWARD)]
    assert len(codes) == 19
    assert set(money.codes) == set(codes[:2])
    assert all(code[0] == ("C" if strike(code) > money.price else "P") for code in codes[2:])


@pytest.mark.parametrize("days", [0.5, 3, 20, 90, 365])
def test_however_far_the_expiry_is_the_25_delta_strikes_are_embraced(days: float) -> None:
    within = strike_reach(FORWARD, days / 365, VOLATILITY)
    codes = planned(STRIKES, place(FORWARD), within, 19)
    deltas = [call_delta(FORWARD, strike(code), days / 365, VOLATILITY) for code in codes]
    listed = [call_delta(FORWARD, s.price, days / 365, VOLATILITY) for s in STRIKES]
    assert min(deltas) < 0.25 or min(listed) > 0.25
    assert max(deltas) > 0.75 or max(listed) < 0.75


def test_a_forward_that_moves_a_strike_changes_few_of_them() -> None:
    before = set(planned(STRIKES, place(FORWARD), WITHIN, 19))
    after = set(planned(STRIKES, place(FORWARD + 2.5), WITHIN, 19))
    assert len(before - after) <= 3


@pytest.mark.parametrize("forward", [1078.6, 1080.5, 1081.25, 1083.0, 1086.2])
def test_where_strikes_grow_sparse_the_25_delta_strikes_are_embraced(forward: float) -> None:
    listed = [1332.5, 1282.5, 1232.5, 1182.5, 1157.5, 1132.5]
    listed += [1120.0 - 2.5 * n for n in range(31)]
    listed += [1032.5, 1007.5, 982.5, 932.5, 882.5, 832.5]
    strikes = [Strike(k, f"C{k * 10:.0f}", f"P{k * 10:.0f}") for k in listed]
    at = min(range(len(strikes)), key=lambda at: abs(strikes[at].price - forward))
    codes = planned(strikes, at, strike_reach(forward, YEARS, 0.21), 19)
    deltas = [call_delta(forward, strike(code), YEARS, 0.21) for code in codes]
    assert min(deltas) < 0.25
    assert max(deltas) > 0.75


def test_the_money_comes_first_then_what_the_risk_reversal_is_read_from() -> None:
    codes = planned(STRIKES, place(FORWARD), WITHIN, 19)
    assert set(codes[:2]) == set(STRIKES[place(FORWARD)].codes)
    wings = [call_delta(FORWARD, strike(code), YEARS, VOLATILITY) for code in codes[2:8]]
    calls = [delta for delta in wings if delta < 0.5]
    puts = [delta for delta in wings if delta > 0.5]
    assert min(calls) < 0.25 < max(calls)
    assert min(puts) < 0.75 < max(puts)


def test_few_strikes_are_all_there_and_more_follow_beyond_the_reach() -> None:
    few = STRIKES[60:66]
    assert len(planned(few, 2, 1.0, 19)) == 7
    assert planned(few, 2, 1.0, 2) == few[2].codes
    assert planned(few, 2, inf, 0) == ()


def test_a_right_that_is_not_listed_is_left_out() -> None:
    assert planned([Strike(110.0), Strike(100.0, "C", ""), Strike(90.0, "", "P")], 1, inf, 9) == (
        "C",
        "P",
    )


def test_nothing_known_reaches_everywhere() -> None:
    assert strike_reach(nan, YEARS, VOLATILITY) == inf
    assert strike_reach(FORWARD, 0.0, VOLATILITY) == inf
    assert strike_reach(FORWARD, YEARS, nan) == strike_reach(FORWARD, YEARS, 0.2)
