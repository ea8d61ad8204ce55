"""Values of a row's quantities."""

from math import inf, isnan

import pytest
from harness.sample_frames import decode_one, frame, night_option, record

from app.alerts.alert_parser import parse_alert
from app.alerts.computed_values import row_value, value_age
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.record import BookRecord, ExpectedRecord

CODE = "B01612A34"
NOW = 1000.0


def row() -> Ticker:
    book = decode_one(frame("H0EUASP0", record("H0EUASP0", CODE, bid="4.9", bid_size="3")))
    expected = decode_one(frame("H0EUANC0", record("H0EUANC0", CODE, expected_price="5.3")))
    assert isinstance(book, BookRecord)
    assert isinstance(expected, ExpectedRecord)
    return Ticker(
        Instrument(CODE),
        trade=night_option(code=CODE, price="5.1", bid="4.8", bid_size="1"),
        trade_at=NOW - 10,
        book=book,
        book_at=NOW - 2,
        expected=expected,
        expected_at=NOW - 40,
        theoretical=TheoreticalValues(price=5.0, volatility=24.5, delta=0.4),
    )


@pytest.mark.parametrize(
    ("words", "value", "age"),
    [
        ("price > 1", 5.1, 10),
        ("bid > 1", 4.9, 2),
        ("expected > 1", 5.3, 40),
        ("iv > 1", 24.5, 10),
        ("delta > 0.1", 0.4, 10),
        ("theory > 1", 5.0, 10),
        ("edge > 1", 0.1, 10),
        ("expected-edge > 1", 0.3, 40),
        ("quiet 1s", 2, 10),
    ],
)
def test_row_value_is_the_newest_of_its_quantity(words: str, value: float, age: float) -> None:
    condition = parse_alert(f"{CODE} {words}").condition
    assert row_value(row(), condition, NOW, 0.0) == pytest.approx(value)
    assert value_age(row(), condition, NOW) == age


def test_silence_counts_from_the_start_of_trading_and_not_outside_of_it() -> None:
    condition = parse_alert(f"{CODE} quiet 1s").condition
    assert row_value(row(), condition, NOW, NOW - 1) == 1
    assert isnan(row_value(row(), condition, NOW, inf))


def test_a_row_without_records_has_no_values() -> None:
    empty = Ticker(Instrument(CODE))
    for words in ("price > 1", "iv > 1", "edge > 1", "expected > 1", "limit touched"):
        assert isnan(row_value(empty, parse_alert(f"{CODE} {words}").condition, NOW, 0.0))
