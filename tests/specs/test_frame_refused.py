"""The data-frame rows of the bad-input matrix: numbers, texts, and why a frame is refused."""

import math

import pytest
from harness.sample_frames import (
    decode_one,
    frame,
    night_option,
    record,
    refusal_reason,
    values_of,
)

from specs.catalog import CATALOG
from specs.frame import Frame, decode
from specs.frame_fast_path import columns_of
from specs.trs.index_futures_trade import IndexFuturesTrade
from specs.trs.night_option_expected import NightOptionExpected
from specs.trs.stock_option_expected import StockOptionExpected

GOOD_NUMBERS = {
    "2.98": 2.98,
    "-0.54": -0.54,
    "0": 0.0,
    "0.00": 0.0,
    "-0": 0.0,
    "007": 7.0,
    "1080.30": 1080.3,
    ".5": 0.5,
    "-.5": -0.5,
    "5.": 5.0,
    "999999999999999": 999999999999999.0,
    "00.10": 0.1,
    " 2.98 ": 2.98,
    "123456.12345678": 123456.12345678,
}
BAD_NUMBERS = [
    "-", ".", "+5", "1_000", "１２３", "1,000", "0x10", "1e400", "1e5", "1E5", "inf", "-inf", "INF",
    "Infinity", "--5", "-.", "1.2.3", "5-", "1" * 16, "9" * 400, "1" * 5000, "0" * 40, "²", "٣",
    "1d5", "null", "true", "None", "na", "nann", "- 5", "5 5", "0b1", "1.5%", "3.5\u2009",
]  # fmt: skip


@pytest.mark.parametrize(("written", "value"), GOOD_NUMBERS.items())
@pytest.mark.parametrize("name", ["price", "accumulated_volume"])
def test_a_number_is_read_as_it_is_written(written: str, value: float, name: str) -> None:
    if value < 0 and name == "accumulated_volume":
        return
    assert getattr(night_option(**{name: written}), name) == value
    mixed = night_option(**{name: written, "delta": "-nan", "gamma": "", "bid_size": ""})
    assert getattr(mixed, name) == value


@pytest.mark.parametrize("written", BAD_NUMBERS)
@pytest.mark.parametrize("name", ["price", "last_volume", "accumulated_volume"])
def test_a_required_field_that_is_no_number_costs_its_record_alone(written: str, name: str) -> None:
    wanted = "number" if written.isprintable() else "unprintable"
    good, bad = record("H0EUCNT0"), record("H0EUCNT0", **{name: written})
    for appended in ([], ["1.5"]):
        assert refusal_reason(frame("H0EUCNT0", [*bad, *appended])) == wanted
        together = frame("H0EUCNT0", *([*one, *appended] for one in (good, bad, good)))
        decoded = decode(together)
        assert decoded.records == decode(frame("H0EUCNT0", good, good)).records
        assert (decoded.dropped, decoded.unreadable) == ((wanted,), ())


@pytest.mark.parametrize("written", BAD_NUMBERS)
def test_a_greek_that_is_no_number_is_missing_and_named(written: str) -> None:
    decoded = decode(frame("H0EUCNT0", record("H0EUCNT0", delta=written)))
    assert decoded.unreadable == ("DELTA",)
    assert math.isnan(getattr(decoded.records[0], "delta"))  # noqa: B009


@pytest.mark.parametrize("written", ["inf", "1.#INF", "-1.#IND", "1" * 22, "*", "N/A", "+5"])
@pytest.mark.parametrize("tr_id", sorted(CATALOG))
def test_any_other_field_that_is_no_number_is_missing_and_named(written: str, tr_id: str) -> None:
    columns, good = columns_of(CATALOG[tr_id].spec), record(tr_id)
    whole = values_of(decode_one(frame(tr_id, good)))
    for at, column in enumerate(columns):
        if column.required or not column.fill:
            continue
        bad = [*good[:at], written, *good[at + 1 :]]
        decoded = decode(frame(tr_id, good, bad, good))
        assert (decoded.dropped, decoded.unreadable) == ((), (column.element,))
        got = values_of(decoded.records[1])
        assert math.isnan(float(got.pop(at)))
        assert got == [*whole[:at], *whole[at + 1 :]]
        assert [values_of(decoded.records[place]) for place in (0, 2)] == [whole, whole]


@pytest.mark.parametrize("tr_id", sorted(CATALOG))
@pytest.mark.parametrize("written", ["1.#INF00", "1" * 16, "-1.#IND", "N/A N/A", "INFINITY"])
def test_any_other_text_that_cannot_be_read_is_missing_and_named(written: str, tr_id: str) -> None:
    for column in columns_of(CATALOG[tr_id].spec):
        if column.required or column.fill or len(written) <= column.longest:
            continue
        decoded = decode(frame(tr_id, record(tr_id, **{column.name: written})))
        assert decoded.unreadable == (column.element,)
        assert getattr(decoded.records[0], column.name) == ""
        assert getattr(decoded.records[0], "code") == "B01612A18"  # noqa: B009


@pytest.mark.parametrize("name", ["last_volume", "accumulated_volume"])
@pytest.mark.parametrize("others", [{}, {"delta": ""}, {"market_basis": ".5"}])
def test_a_negative_volume_costs_its_record(name: str, others: dict[str, str]) -> None:
    bad = record("H0EUCNT0", **{name: "-15"} | others)
    assert refusal_reason(frame("H0EUCNT0", bad)) == "number"
    assert decode(frame("H0EUCNT0", record("H0EUCNT0"), bad)).dropped == ("number",)


@pytest.mark.parametrize("name", ["open_interest", "bid_size", "buy_volume"])
@pytest.mark.parametrize("others", [{}, {"delta": ""}, {"market_basis": ".5"}])
def test_another_negative_quantity_is_missing(name: str, others: dict[str, str]) -> None:
    bad = record("H0EUCNT0", **{name: "-15"} | others)
    decoded = decode(frame("H0EUCNT0", record("H0EUCNT0"), bad))
    assert len(decoded.records) == 2
    assert len(decoded.unreadable) == 1
    assert math.isnan(getattr(decoded.records[1], name))


def test_negative_differences_and_spread_prices_are_read() -> None:
    assert night_option(open_interest_change="-15").open_interest_change == -15.0
    assert night_option(net_buy_trade_count="-15").net_buy_trade_count == -15.0
    assert night_option(price="-0.05").price == -0.05


@pytest.mark.parametrize("time", ["256199", "310000", "000000", "245959", "999999"])
def test_an_impossible_time_is_kept_as_text(time: str) -> None:
    assert night_option(time=time).time == time


@pytest.mark.parametrize("name", ["open_time", "high_time", "low_time"])
@pytest.mark.parametrize("time", ["", "0900", "-1", "0", "256199"])
def test_a_time_inside_a_record_may_be_anything_of_six_characters(name: str, time: str) -> None:
    assert getattr(night_option(**{name: time}), name) == time


@pytest.mark.parametrize("markup", ["[/]", "[b", "[red]", "[red]x[/red]", "[@click=x]"])
def test_markup_is_kept_literally_where_a_label_has_room_and_missing_elsewhere(markup: str) -> None:
    raw = frame("H0EUANC0", record("H0EUANC0", market_operation_code=markup))
    decoded = decode_one(raw)
    assert isinstance(decoded, NightOptionExpected)
    assert decoded.market_operation_code == (markup if len(markup) <= 5 else "")
    assert (
        refusal_reason(frame("H0EUCNT0", record("H0EUCNT0", change_sign=markup)))
        == "layout_mismatch"
    )


def test_a_separator_inside_a_field_shifts_nothing() -> None:
    raw = frame("H0ZOANC0", record("H0ZOANC0", market_operation_code="1|2"))
    decoded = decode_one(raw)
    assert isinstance(decoded, StockOptionExpected)
    assert decoded.market_operation_code == "1|2"
    assert refusal_reason(frame("H0EUCNT0", record("H0EUCNT0", price="2|5"))) == "number"
    assert refusal_reason(frame("H0EUCNT0", record("H0EUCNT0", price="2^5"))) == "layout_mismatch"


HOSTILE = ["\x1b]0;x\x07", "\x1b]52;c;eA==\x07", "\x1b[2J", "\x9b31m", "\x00", "\x7f", "\x08",
           "\r\n", "\t", "\u202e", "\u200f", "\ufeff", "\u200b", "\u2028", "\U000e0041",
           "\ud800"]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", ["code", "time", "price", "change_sign"])
def test_an_unprintable_required_field_costs_its_record(hostile: str, name: str) -> None:
    good, bad = record("H0EUCNT0"), record("H0EUCNT0", **{name: hostile})
    assert refusal_reason(frame("H0EUCNT0", bad)) == "unprintable"
    if name in ("code", "time"):
        assert refusal_reason(frame("H0EUCNT0", good, bad)) == "layout_mismatch"
    else:
        assert decode(frame("H0EUCNT0", good, bad)).dropped == ("unprintable",)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", ["open_time", "delta", "bid_size"])
def test_any_other_unprintable_field_is_missing(hostile: str, name: str) -> None:
    decoded = decode(frame("H0EUCNT0", record("H0EUCNT0", **{name: hostile})))
    assert len(decoded.unreadable) == 1
    assert getattr(decoded.records[0], name) != hostile
    for value in values_of(decoded.records[0]):
        assert not isinstance(value, str) or value.isprintable()
    appended = decode(frame("H0EUCNT0", [*record("H0EUCNT0"), hostile]))
    assert (appended.surplus, appended.unreadable) == (1, ())


GOOD = frame("H0IFCNT0", record("H0IFCNT0", "A05608"))
BODY = GOOD.split("|", 3)[3]

MATRIX = [
    ("B01", "", "empty"),
    ("B04", "0", "short"),
    ("B04", "0|", "short"),
    ("B04", "0|H0IFCNT0", "short"),
    ("B04", "0|H0IFCNT0|001", "short"),
    ("B05", "0|H0IFCNT0|001|", "empty_body"),
    ("B06", f"2|H0IFCNT0|001|{BODY}", "flag"),
    ("B06", f"00|H0IFCNT0|001|{BODY}", "flag"),
    ("B06", f"x|H0IFCNT0|001|{BODY}", "flag"),
    ("B06", f"|H0IFCNT0|001|{BODY}", "flag"),
    ("B07", "1|H0IFCNT0|001|c2VjcmV0IHNlY3JldA==", "encrypted"),
    ("B07", f"1|H0IFCNT0|001|{BODY}", "encrypted"),
    ("B08", f"0|H0XXCNT0|001|{BODY}", "tr"),
    ("B08", f"0|h0ifcnt0|001|{BODY}", "tr"),
    ("B08", f"0|H0IFCNI0|001|{BODY}", "tr"),
    ("B08", f"0||001|{BODY}", "tr"),
    ("B08", f"0|{'H' * 10_000}|001|{BODY}", "tr"),
    *(("B10", f"0|H0IFCNT0|{count}|{BODY}", "count")
      for count in ("abc", "-1", "0", "00", "000", "1e3", "１", "999999999", "", " 1", "1.0", "²")),
    ("B10", f"0|H0IFCNT0|9999|{BODY}", "layout_mismatch"),
    ("B11", frame("H0IFCNT0", *[record("H0IFCNT0")] * 2, count="003"), "layout_mismatch"),
    ("B11", frame("H0IFCNT0", *[record("H0IFCNT0")] * 3, count="002"), "layout_mismatch"),
    ("B11", frame("H0IFCNT0", *[record("H0IFCNT0")] * 2, count="001"), "layout_mismatch"),
    ("B11", frame("H0IFCNT0", record("H0IFCNT0"), count="002"), "layout_mismatch"),
    ("B11", frame("H0IFCNT0", record("H0IFCNT0")[:6]), "layout_mismatch"),
    ("B14", f"0|H0IFCNT0|001|0|{BODY}", "layout_mismatch"),
    ("B17", frame("H0IFCNT0", record("H0IFCNT0", time="090000.5")), "layout_mismatch"),
    ("B17", frame("H0IFCNT0", record("H0IFCNT0", open_time="090000.5")), "layout_mismatch"),
    ("B22", frame("H0IFCNT0", record("H0IFCNT0", change_sign="가" * 5000)), "layout_mismatch"),
    ("B22", frame("H0IFCNT0", record("H0IFCNT0", code="A" * 10_000)), "layout_mismatch"),
    ("B23", frame("H0IFCNT0", record("H0IFCNT0", change_sign="a" + "\u0301" * 500)),
     "layout_mismatch"),
    ("B24", f"0|H0IFCNT0|001|{BODY}{'^1' * 260_000}", "layout_mismatch"),
    ("B24", f"0|H0IFCNT0|9999|{'^'.join([BODY] * 2000)}", "layout_mismatch"),
    ("B27", "<html><body>502 Bad Gateway</body></html>", "html"),
    ("B27", "\n <!DOCTYPE html><p>a|b|c|d</p>", "html"),
    ("B28", "null", "short"),
    ("B28", "true", "short"),
    ("B28", "[]", "short"),
    ("B28", '"str"', "short"),
    ("B28", "123", "short"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "expected"),
    [pytest.param(raw, expected, id=f"{row}-{n}") for n, (row, raw, expected) in enumerate(MATRIX)],
)
def test_bad_input_is_refused_for_the_reason_in_the_matrix(raw: str, expected: str) -> None:
    assert refusal_reason(raw) == expected


def test_the_longest_frame_is_decoded_whole() -> None:
    """B24: the most that fits into the message limit of 512 KiB."""
    records = [record("H0IFCNT0", "A05608")] * 1500
    raw = frame("H0IFCNT0", *records, count="1500")
    decoded = decode(raw)
    assert isinstance(decoded, Frame)
    assert len(decoded.records) == 1500
    assert decoded.records[-1] == decoded.records[0]
    assert isinstance(decoded.records[0], IndexFuturesTrade)


@pytest.mark.parametrize("others", [{}, {"delta": ""}, {"price": " 2.98 "}])
def test_a_quantity_of_zero_is_read_on_every_way(others: dict[str, str]) -> None:
    """Padding takes a record to the way that reads field by field."""
    for written in ("0", "0.0", "-0"):
        assert night_option(accumulated_volume=written, **others).accumulated_volume == 0


@pytest.mark.parametrize(
    ("tr_id", "name", "longest"),
    [
        ("H0EUCNT0", "change_sign", 1), ("H0EUCNT0", "open_time", 6), ("H0EUCNT0", "code", 9),
        ("H0EUANC0", "market_operation_code", 5), ("H0EUANC0", "expected_change_sign", 1),
    ],
)  # fmt: skip
def test_a_text_that_is_longer_than_its_field_is_a_shifted_column(
    tr_id: str, name: str, longest: int
) -> None:
    assert decode(frame(tr_id, record(tr_id, **{name: "A23456789"[:longest]}))).records
    bad = frame(tr_id, record(tr_id, **{name: "1234567890"[: longest + 1]}))
    assert refusal_reason(bad) == "layout_mismatch"
