"""Data frames whose count or columns are wrong: a shifted column is never shown."""

import math

import pytest
from harness.sample_frames import frame, record, refusal_reason

from specs.catalog import CATALOG
from specs.frame import decode
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_option_expected import StockOptionExpected

ALL = sorted(CATALOG)


@pytest.mark.parametrize("tr_id", ALL)
@pytest.mark.parametrize("actual", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("extra", [-1, 0, 1, 3])
def test_a_wrong_count_never_yields_a_record(tr_id: str, actual: int, extra: int) -> None:
    values = [*record(tr_id), *["1.5"] * max(extra, 0)]
    values = values[: len(values) + min(extra, 0)]
    for claimed in range(1, 20):
        raw = frame(tr_id, *[values] * actual, count=format(claimed, "03"))
        if claimed == actual:
            assert len(decode(raw).records) == actual
        else:
            assert refusal_reason(raw) in ("layout_mismatch", "number"), claimed


def test_two_short_auction_records_under_a_count_of_one_are_refused() -> None:
    short = record("H0EUANC0")[:7]
    assert refusal_reason(frame("H0EUANC0", short, short, count="001")) in (
        "layout_mismatch",
        "number",
    )


def test_a_record_without_its_last_documented_field_is_read() -> None:
    """The shortest layout of the portal is H0ZOANC0 with seven fields."""
    for tr_id in ALL:
        for count in (1, 2, 3):
            short = record(tr_id)[:-1]
            assert len(decode(frame(tr_id, *[short] * count)).records) == count
    six = record("H0ZOANC0")[:6]
    [got] = decode(frame("H0ZOANC0", six)).records
    assert isinstance(got, StockOptionExpected)
    assert (got.expected_price, got.market_operation_code) == (3.5, "")
    assert refusal_reason(frame("H0ZOANC0", six[:5])) == "layout_mismatch"
    assert refusal_reason(frame("H0ZOANC0", six, six, count="001")) == "layout_mismatch"


def test_two_longer_auction_records_under_a_count_of_one_are_refused() -> None:
    longer = [*record("H0ZOANC0"), "30"]
    assert refusal_reason(frame("H0ZOANC0", longer, longer, count="001")) == "layout_mismatch"


def test_two_large_quantities_do_not_pass_for_a_code_and_a_time() -> None:
    values = record("H0IFCNT0", "A05608")
    values[25], values[26] = "134935", "190612"
    values[24:26] = ["1.0", "134935"]
    assert refusal_reason(frame("H0IFCNT0", values, count="002")) == "layout_mismatch"


def test_records_of_unequal_length_are_refused() -> None:
    short, whole = record("H0EUCNT0")[:53], record("H0EUCNT0")
    assert refusal_reason(frame("H0EUCNT0", short, whole)) == "layout_mismatch"
    longer = [*whole, "1.5"]
    assert refusal_reason(frame("H0EUCNT0", longer, whole)) == "layout_mismatch"
    assert len(decode(frame("H0EUCNT0", whole, longer)).records) == 2


@pytest.mark.parametrize("tr_id", [tr_id for tr_id in ALL if CATALOG[tr_id].channel == "trade"])
@pytest.mark.parametrize("inserted", ["12.50", "190612"])
def test_a_field_inserted_before_the_prices_end_is_refused(tr_id: str, inserted: str) -> None:
    for at in range(2, 23):
        values = record(tr_id)
        values.insert(at, inserted)
        assert refusal_reason(frame(tr_id, values)) == "layout_mismatch", at
        assert refusal_reason(frame(tr_id, values[: CATALOG[tr_id].width])) == "layout_mismatch", at


@pytest.mark.parametrize("tr_id", [tr_id for tr_id in ALL if CATALOG[tr_id].channel == "trade"])
def test_a_field_lost_before_the_prices_end_is_refused(tr_id: str) -> None:
    for at in range(2, 22):
        values = record(tr_id)
        del values[at]
        assert refusal_reason(frame(tr_id, values)) == "layout_mismatch", at


@pytest.mark.parametrize("tr_id", [tr_id for tr_id in ALL if CATALOG[tr_id].channel == "expected"])
def test_a_field_lost_or_inserted_in_an_auction_price_is_refused(tr_id: str) -> None:
    for at in (2, 3):
        values = record(tr_id)
        assert (
            refusal_reason(frame(tr_id, [*values[:at], "12.50", *values[at:]])) == "layout_mismatch"
        )
    lost = [*record(tr_id), "30"]
    del lost[2]
    assert refusal_reason(frame(tr_id, lost)) in ("layout_mismatch", "number")


@pytest.mark.parametrize("position", [1, 2, 3])
@pytest.mark.parametrize(
    ("code", "time"),
    [
        ("B01612A1^", "190612"),
        ("b01612A18", "190612"),
        ("A0161", "190612"),
        ("A016120001", "190612"),
        ("123456", "190612"),
        ("B01612A18", "19061"),
        ("B01612A18", "1906120"),
        ("B01612A18", ""),
        ("B01612A18", "１９０６１２"),
        ("", "190612"),
        ("B01612A18 ", "190612"),
        ("[b]612", "190612"),
    ],
)
def test_the_start_of_every_record_is_checked(position: int, code: str, time: str) -> None:
    for appended in ([], ["1.5"]):
        records = [[*record("H0EUCNT0"), *appended] for _ in range(3)]
        records[position - 1][:2] = [code, time]
        assert refusal_reason(frame("H0EUCNT0", *records)) == "layout_mismatch"


def test_a_price_where_the_limit_flag_stands_hides_all_three() -> None:
    """KIS documents H0EUCNT0 with the flag between its limits, its siblings at the end."""
    for count in (1, 2):
        values = record("H0EUCNT0")
        values[-3:] = ["12.00", "1.00", "2"]
        for got in decode(frame("H0EUCNT0", *[values] * count)).records:
            assert isinstance(got, NightOptionTrade)
            assert got.dynamic_limit_flag == ""
            assert math.isnan(got.dynamic_upper_limit)
            assert math.isnan(got.dynamic_lower_limit)
            assert (got.price, got.volume_change_percent) == (3.5, 53.5)


@pytest.mark.parametrize(
    ("count", "surplus", "is_read"),
    [(1, 32, True), (1, 33, False), (2, 64, True), (2, 66, False), (2, 31, True), (2, 33, False),
     (3, 32, True), (3, 34, False)],
)  # fmt: skip
def test_decode_reads_up_to_32_appended_fields(count: int, surplus: int, is_read: bool) -> None:
    """Appended fields are each record's where the count divides them, else the last one's."""
    each = surplus // count if surplus % count == 0 else 0
    values = [*record("H0EUCNT0"), *["1.5"] * each]
    raw = frame("H0EUCNT0", *[values] * count) + "^1.5" * (surplus - each * count)
    if is_read:
        decoded = decode(raw)
        assert (len(decoded.records), decoded.surplus) == (count, each)
    else:
        assert refusal_reason(raw) == "layout_mismatch"


@pytest.mark.parametrize(
    ("count", "is_read"), [("1", True), ("01", True), ("0001", True), ("00001", False)]
)
def test_decode_reads_a_count_of_one_to_four_digits(count: str, is_read: bool) -> None:
    raw = frame("H0EUCNT0", record("H0EUCNT0"), count=count)
    if is_read:
        assert len(decode(raw).records) == 1
    else:
        assert refusal_reason(raw) == "count"


@pytest.mark.parametrize("blank", [{}, {"price": " 2.98 "}, {"delta": ""}])
def test_surplus_is_zero_in_a_record_without_its_last_fields(
    blank: dict[str, str],
) -> None:
    values = record("H0EUCNT0", **blank)[:40]
    for count in ("001", "1"):
        assert decode(frame("H0EUCNT0", values, count=count)).surplus == 0


@pytest.mark.parametrize("changed", [{"delta": ""}, {"price": " 2.98 "}])
def test_decode_repairs_a_record_with_appended_fields(changed: dict[str, str]) -> None:
    values = record("H0EUCNT0", **changed)
    repaired = decode(frame("H0EUCNT0", values))
    appended = decode(frame("H0EUCNT0", [*values, "1.5", ""]))
    assert list(map(repr, appended.records)) == list(map(repr, repaired.records))
    assert appended.surplus == 2
