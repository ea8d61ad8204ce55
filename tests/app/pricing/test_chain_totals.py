"""Totals of a chain: ratios over strikes with both sides, the largest open interest, straddles."""

from math import isnan, nan

import pytest
from msgspec.structs import replace

from app.pricing.chain_totals import chain_totals, expected_move, straddle
from specs.codes import Family, Right
from specs.market.instrument import Instrument, Strike
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.trs.night_option_trade import NightOptionTrade

STRIKES = (Strike(1085.0, "B3", "C3"), Strike(1080.0, "B2", "C2"), Strike(1075.0, "B1", "C1"))


def option(code: str, price: float, volume: float, interest: float) -> Ticker:
    right = Right.CALL if code[0] == "B" else Right.PUT
    trade = NightOptionTrade(
        code, "190000", price=price, accumulated_volume=volume, open_interest=interest,
        bid=price - 0.05, ask=price + 0.05,
    )  # fmt: skip
    return Ticker(Instrument(code, family=Family.INDEX_OPTION, right=right), trade, 99.0)


ROWS = {
    row.code: row
    for row in (
        option("B3", 10.0, 400, 900),
        option("C3", 15.0, 100, 300),
        option("B2", 12.0, 600, 500),
        option("C2", 12.5, 300, 400),
        # The call of this strike was not received: its put counts for the largest only.
        option("C1", 9.0, 5000, 8000),
    )
}


def test_ratios_count_strikes_with_a_trade_of_both_sides() -> None:
    totals = chain_totals(STRIKES, ROWS.get)
    assert totals.strikes == 2
    assert totals.volume_ratio == pytest.approx(400 / 1000)
    assert totals.interest_ratio == pytest.approx(700 / 1400)


def test_largest_open_interest_is_found_on_each_side() -> None:
    totals = chain_totals(STRIKES, ROWS.get)
    assert (totals.most_calls, totals.most_puts) == (1085.0, 1075.0)


def test_totals_are_missing_without_trades() -> None:
    totals = chain_totals(STRIKES, lambda code: None)
    assert totals.strikes == 0
    assert isnan(totals.volume_ratio)
    assert isnan(totals.interest_ratio)
    assert isnan(totals.most_calls)


def test_straddle_is_the_marks_of_call_and_put_or_their_theory() -> None:
    both = straddle(STRIKES[1], ROWS.get)
    assert both.price == pytest.approx(24.5)
    assert not both.theoretical
    put = ROWS["C2"]
    quiet = {
        "B2": ROWS["B2"],
        "C2": replace(put, trade=None, theoretical=TheoreticalValues(price=12.8)),
    }
    both = straddle(STRIKES[1], quiet.get)
    assert both.price == pytest.approx(24.8)
    assert both.theoretical
    assert isnan(straddle(STRIKES[2], ROWS.get).price)


def test_expected_move_is_one_standard_deviation_until_expiry() -> None:
    # 1000 points at 20 % over a quarter of a year: 1000 * 0.2 * 0.5.
    assert expected_move(1000.0, 20.0, 0.25) == pytest.approx(100.0)
    assert isnan(expected_move(1000.0, 20.0, 0.0))
    assert isnan(expected_move(1000.0, nan, 0.25))
