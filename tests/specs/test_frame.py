"""Data frames: what they decode to, and that a wrong price never comes out of a damaged one."""

import csv
import math
from pathlib import Path

import pytest
from harness.sample_frames import decode_one, frame, record, values_of

from specs.catalog import CATALOG
from specs.frame import decode
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.night_option_trade import NightOptionTrade

FRAMES = Path(__file__).parents[1] / "data" / "frames.tsv"
ALL = sorted(CATALOG)


def recorded(name: str) -> str:
    """A frame of tests/data/frames.tsv."""
    with FRAMES.open(encoding="utf-8") as file:
        rows = {row["name"]: row["frame"] for row in csv.DictReader(file, delimiter="\t")}
    return rows[name]


def test_a_night_future_after_midnight_keeps_its_wall_clock() -> None:
    decoded = decode_one(recorded("night-future-after-midnight"))
    assert isinstance(decoded, NightFuturesTrade)
    assert (decoded.code, decoded.time, decoded.change_sign) == ("A01609", "011442", "2")
    assert (decoded.change, decoded.change_percent, decoded.price) == (48.5, 4.39, 1153.5)
    assert (decoded.open, decoded.high, decoded.low) == (1110.0, 1157.2, 1103.25)
    assert math.isnan(decoded.accumulated_volume)
    assert decoded.open_time == ""


def test_a_night_future_cut_after_its_turnover_has_nan_behind_it() -> None:
    decoded = decode_one(recorded("night-future-before-midnight"))
    assert isinstance(decoded, NightFuturesTrade)
    assert (decoded.last_volume, decoded.accumulated_volume) == (1.0, 1288.0)
    assert decoded.accumulated_turnover == 190102062.0
    assert math.isnan(decoded.theoretical_price)
    assert math.isnan(decoded.bid)


def test_a_record_of_the_shorter_layout_of_2024_keeps_its_columns() -> None:
    decoded = decode_one(recorded("night-future-2024"))
    assert isinstance(decoded, NightFuturesTrade)
    assert (decoded.code, decoded.price, decoded.change) == ("101V06", 367.3, 0.75)
    assert (decoded.open_interest, decoded.trade_strength) == (268223.0, 96.31)
    assert (decoded.ask, decoded.bid) == (367.35, 367.3)
    assert (decoded.net_buy_trade_count, decoded.sell_volume) == (13.0, 813.0)
    assert decoded.volume_change_percent == 0.0
    assert math.isnan(decoded.dynamic_upper_limit)
    assert decoded.dynamic_limit_flag == ""


def test_the_night_option_of_the_portal_has_nan_where_it_was_never_priced() -> None:
    decoded = decode_one(recorded("night-option-2024"))
    assert isinstance(decoded, NightOptionTrade)
    assert (decoded.code, decoded.price, decoded.change_sign) == ("301V06362", 2.98, "5")
    assert (decoded.change, decoded.change_percent) == (-0.35, -10.51)
    assert (decoded.implied_volatility, decoded.market_basis) == (84.55, -363.1)
    assert (decoded.ask, decoded.bid, decoded.ask_size, decoded.bid_size) == (3.0, 2.98, 15.0, 1.0)
    for greek in (decoded.delta, decoded.gamma, decoded.vega, decoded.theta, decoded.rho):
        assert math.isnan(greek)
    assert math.isnan(decoded.theoretical_price)
    assert decoded.accumulated_turnover == 0.0


@pytest.mark.parametrize("tr_id", ALL)
def test_every_column_of_every_tr_comes_out_in_its_place(tr_id: str) -> None:
    values = record(tr_id)
    decoded = decode(frame(tr_id, values))
    assert decoded.tr_id == tr_id
    assert decoded.surplus == 0
    expected = [
        value if isinstance(got, str) else float(value)
        for value, got in zip(values, values_of(decoded.records[0]), strict=True)
    ]
    assert values_of(decoded.records[0]) == expected


@pytest.mark.parametrize("tr_id", ALL)
@pytest.mark.parametrize("count", [2, 3, 19])
def test_all_records_of_a_frame_come_out_in_order(tr_id: str, count: int) -> None:
    codes = [f"A{n:05}" for n in range(count)]
    decoded = decode(frame(tr_id, *(record(tr_id, code) for code in codes)))
    assert [got.code for got in decoded.records] == codes
    for code, got in zip(codes, decoded.records, strict=True):
        assert got == decode_one(frame(tr_id, record(tr_id, code)))


@pytest.mark.parametrize("tr_id", ALL)
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("appended", [["9.9"], ["", ""], ["x", "12.5", "[red]"], ["1"] * 8])
def test_appended_fields_are_counted_and_shift_nothing(
    tr_id: str, count: int, appended: list[str]
) -> None:
    records = [record(tr_id, f"A{n:05}") for n in range(count)]
    decoded = decode(frame(tr_id, *([*values, *appended] for values in records)))
    assert decoded.surplus == len(appended)
    assert decoded.records == decode(frame(tr_id, *records)).records


@pytest.mark.parametrize("tr_id", ALL)
@pytest.mark.parametrize("count", [1, 2])
def test_missing_trailing_fields_take_their_default(tr_id: str, count: int) -> None:
    width = CATALOG[tr_id].width
    for kept in range(7, width):
        values = record(tr_id)[:kept]
        for got in decode(frame(tr_id, *[values] * count)).records:
            for text, value in zip([*values, *[""] * (width - kept)], values_of(got), strict=True):
                if isinstance(value, str):
                    assert value == text
                else:
                    assert (value == float(text)) if text else math.isnan(value)


@pytest.mark.parametrize("tr_id", ALL)
@pytest.mark.parametrize("missing", ["", "nan", "-nan"])
@pytest.mark.parametrize("count", [1, 2])
def test_any_blank_field_is_missing_not_zero(tr_id: str, missing: str, count: int) -> None:
    whole = values_of(decode_one(frame(tr_id, record(tr_id))))
    for blank in range(2, CATALOG[tr_id].width):
        values = record(tr_id)
        values[blank] = missing
        for decoded in decode(frame(tr_id, *[values] * count)).records:
            got = values_of(decoded)
            left, right = got.pop(blank), whole[blank]
            if isinstance(right, str):
                assert left in ("", missing)
            else:
                assert isinstance(left, float)
                assert math.isnan(left)
            assert got == [*whole[:blank], *whole[blank + 1 :]]


def test_a_record_of_nothing_but_code_and_time_is_all_missing() -> None:
    values = ["B01612A18", "190612", *[""] * 54]
    decoded = decode_one(frame("H0EUCNT0", values))
    for value in values_of(decoded)[2:]:
        assert value == "" or (isinstance(value, float) and math.isnan(value))


def test_a_trailing_separator_changes_nothing() -> None:
    for count in (1, 2):
        raw = frame("H0EUCNT0", *[record("H0EUCNT0")] * count)
        assert decode(raw + "^").records == decode(raw).records


@pytest.mark.parametrize(
    "code", ["A01612", "B01612A18", "B09FEWA49", "BAFBIWA41", "101W09", "301V06362", "D1160701"]
)
def test_every_shape_of_code_begins_a_record(code: str) -> None:
    for count in (1, 2):
        for got in decode(frame("H0EUCNT0", *[record("H0EUCNT0", code)] * count)).records:
            assert isinstance(got, NightOptionTrade)
            assert (got.code, got.price) == (code, 3.5)
