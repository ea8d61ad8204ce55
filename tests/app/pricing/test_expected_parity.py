"""Put-call parity and smile of expected prices, against Black-76 prices of a known market."""

from datetime import date
from math import exp, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pricing.black76 import price
from app.pricing.expected_parity import PAIRS, ExpectedParity, expected_parity
from app.pricing.expected_smile import expected_smile
from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.trs.night_option_expected import NightOptionExpected

YEARS, RATE = 20 / 365, 0.0325


def option(strike: float, right: Right, expected: float, at: float = 100.0) -> Ticker:
    code = f"{'B' if right is Right.CALL else 'C'}{strike:.1f}"
    known = Instrument(code, code, Family.INDEX_OPTION, right, strike, date(2026, 12, 10))
    record = NightOptionExpected(code, "175930", expected_price=expected)
    return Ticker(known, expected=record, expected_at=at)


def chain(forward: float, strikes: list[float], volatility: float = 0.2) -> list[Ticker]:
    return [
        option(strike, right, price(right is Right.CALL, forward, strike, YEARS, volatility, RATE))
        for strike in strikes
        for right in (Right.CALL, Right.PUT)
    ]


@given(st.floats(900, 1300), st.integers(1, 30))
def test_parity_is_the_forward_that_the_prices_were_made_with(forward: float, count: int) -> None:
    first = round(forward / 2.5) * 2.5 - 2.5 * (count // 2)
    found = expected_parity(chain(forward, [first + 2.5 * n for n in range(count)]), YEARS, RATE)
    assert found.forward == pytest.approx(forward, abs=1e-6)
    assert found.dispersion == pytest.approx(0, abs=1e-6)
    assert len(found.strikes) == min(count, PAIRS)
    assert list(found.strikes) == sorted(found.strikes)


def test_parity_uses_the_pairs_next_to_the_money_and_says_how_far_they_differ() -> None:
    rows = chain(1080.0, [1000.0 + 2.5 * n for n in range(60)])
    found = expected_parity(rows, YEARS, RATE)
    assert found.strikes[0] == 1070.0
    assert found.strikes[-1] == 1090.0
    [call] = [row for row in rows if row.code == "B1090.0"]
    moved = option(1090.0, Right.CALL, call.expected.expected_price + 0.5)  # type: ignore[union-attr]
    again = expected_parity([row for row in rows if row is not call] + [moved], YEARS, RATE)
    assert again.forward == pytest.approx(1080.0, abs=1e-6)
    assert again.dispersion == pytest.approx(0.5 * exp(RATE * YEARS), abs=1e-6)


@pytest.mark.parametrize("missing", [0.0, nan])
def test_strike_without_one_of_its_prices_is_no_pair(missing: float) -> None:
    rows = [option(1080.0, Right.CALL, 20.0), option(1080.0, Right.PUT, missing)]
    found = expected_parity(rows, YEARS, RATE)
    assert isnan(found.forward)
    assert found.strikes == ExpectedParity().strikes == ()


def test_parity_is_as_old_as_the_oldest_of_its_prices() -> None:
    rows = [option(1080.0, Right.CALL, 20.0, 90.0), option(1080.0, Right.PUT, 20.0, 100.0)]
    assert expected_parity(rows, YEARS, RATE).at == 90.0


def test_smile_of_expected_prices_is_the_volatility_they_were_made_with() -> None:
    rows = chain(1080.0, [1040.0 + 2.5 * n for n in range(33)], 0.27)
    curve = expected_smile(rows, 1080.0, YEARS, RATE)
    assert curve.money == pytest.approx(27.0, abs=1e-6)
    assert [point.middle for point in curve.points] == pytest.approx([27.0] * 33, abs=1e-6)
    assert curve.money_at == 100.0
    assert expected_smile([], 1080.0, YEARS, RATE).points == ()
