"""What a row shows of its records: prices, times, directions."""

from math import isnan, nan

import pytest
from harness.sample_frames import frame, record

from specs.frame import decode
from specs.market.instrument import Instrument
from specs.market.ticker import (
    Ticker,
    direction,
    expected_price,
    price,
    signed,
    time_of,
    trades_at_night,
    updated_at,
)
from specs.record import BookRecord, ExpectedRecord, Record, TradeRecord


def decoded(tr_id: str, **changed: str) -> Record:
    return decode(frame(tr_id, record(tr_id, **changed))).records[0]


def trade(tr_id: str = "H0EUCNT0", **changed: str) -> TradeRecord:
    made = decoded(tr_id, **changed)
    assert isinstance(made, TradeRecord)
    return made


def test_a_row_was_updated_by_its_trade_or_by_quotes_without_one() -> None:
    book = decoded("H0EUASP0")
    assert isinstance(book, BookRecord)
    row = Ticker(Instrument("B01612A18"), trade_at=5.0, book_at=7.0)
    assert updated_at(row) == 5.0
    assert updated_at(Ticker(row.instrument, trade_at=5.0, book=book, book_at=7.0)) == 7.0
    assert updated_at(Ticker(row.instrument, trade(), 5.0, book=book, book_at=7.0)) == 5.0
    assert updated_at(Ticker(row.instrument, trade(), 5.0, book_at=7.0)) == 5.0


@pytest.mark.parametrize(
    ("sign", "change", "way"),
    [
        ("1", -1.0, 1), ("2", nan, 1), ("3", 5.0, 0), ("4", 1.0, -1), ("5", 1.0, -1),
        ("", 1.0, 1), ("", 0.0, 0), ("", -1.0, -1), ("", nan, 0), ("9", 2.0, 1),
    ],
)  # fmt: skip
def test_direction_is_that_of_the_sign_or_of_the_change(sign: str, change: float, way: int) -> None:
    assert direction(sign, change) == way


@pytest.mark.parametrize(
    ("sign", "value", "found"), [("5", 2.0, -2.0), ("4", -2.0, -2.0), ("2", 2.0, 2.0), ("", -2, -2)]
)
def test_signed_gives_a_bare_amount_the_sign_of_its_code(
    sign: str, value: float, found: float
) -> None:
    assert signed(value, sign) == found


@pytest.mark.parametrize(("code", "is_missing"), [("B01612A18", True), ("D0112V5S", False)])
def test_a_price_of_zero_is_missing_but_for_a_spread(code: str, is_missing: bool) -> None:
    expected = decoded("H0EUANC0", expected_price="0")
    assert isinstance(expected, ExpectedRecord)
    row = Ticker(Instrument(code), trade(price="0"), expected=expected)
    assert isnan(price(row)) is isnan(expected_price(row)) is is_missing
    assert isnan(price(Ticker(Instrument(code))))
    assert isnan(expected_price(Ticker(Instrument(code))))


@pytest.mark.parametrize(
    ("tr_id", "time", "shown"),
    [
        ("H0EUCNT0", "190612", "190612"), ("H0EUCNT0", "240000", "240000"),
        ("H0IOCNT0", "153000", "153000"), ("H0IOCNT0", "235959", "235959"),
        ("H0IOCNT0", "240000", ""),
    ],
)  # fmt: skip
def test_time_of_leaves_out_hours_from_24_on_by_day(tr_id: str, time: str, shown: str) -> None:
    assert time_of(trade(tr_id, time=time)) == shown
    assert time_of(None) == ""
    row = Ticker(Instrument("B01612A18"), trade(tr_id))
    assert trades_at_night(row) is (tr_id == "H0EUCNT0")
