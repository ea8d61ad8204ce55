"""Plain frames take the fast path, which reads nothing but what the full one reads."""

import math

import pytest
from harness.sample_frames import decode_one, frame, record, refusal_reason, values_of

from specs.catalog import CATALOG
from specs.frame import decode
from specs.frame_fast_path import LAYOUTS, read

ALL = sorted(CATALOG)
WEEKLY = "BAFEIWA41"


def shortly(raw: str) -> list[list[str | float]]:
    """The records of a frame by the short way; none where it leaves the frame to the long one."""
    _, tr_id, count, body = raw.split("|", 3)
    return [values_of(got) for got in read(body, count, LAYOUTS[tr_id])]


@pytest.mark.parametrize("tr_id", ALL)
@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("code", ["B01612A18", "A01612", WEEKLY])
def test_a_plain_frame_takes_the_short_way(tr_id: str, count: int, code: str) -> None:
    raw = frame(tr_id, *[record(tr_id, code)] * count)
    assert shortly(raw) == [values_of(got) for got in decode(raw).records]
    assert len(shortly(raw)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_blanks_take_the_short_way_too(count: int) -> None:
    values = record("H0EUCNT0", price="", bid_size="", open_time="", delta="-nan")
    [*_, got] = decode(frame("H0EUCNT0", *[values] * count)).records
    assert len(shortly(frame("H0EUCNT0", *[values] * count))) == count
    shown = dict(zip(got.__struct_fields__, values_of(got), strict=True))
    for name in ("price", "bid_size", "delta"):
        assert math.isnan(float(shown[name])), name
    assert shown["open_time"] == ""
    assert shown["open"] == decode_one(frame("H0EUCNT0", record("H0EUCNT0"))).open  # type: ignore[attr-defined]


def test_records_of_several_codes_take_the_long_way() -> None:
    raw = frame("H0EUCNT0", record("H0EUCNT0", "A01612"), record("H0EUCNT0", "A01703"))
    assert shortly(raw) == []
    assert [got.code for got in decode(raw).records] == ["A01612", "A01703"]


@pytest.mark.parametrize("exponent", ["1E5", "E", "I", "1e5", "Infinity"])
def test_an_exponent_is_told_from_the_letters_of_a_code(exponent: str) -> None:
    for count in (1, 2):
        whole = [record("H0EUCNT0", WEEKLY)] * (count - 1)
        raw = frame("H0EUCNT0", *whole, record("H0EUCNT0", WEEKLY, price=exponent))
        assert shortly(raw) == []
        if whole:
            assert decode(raw).dropped == ("number",)
        else:
            assert refusal_reason(raw) == "number"


@pytest.mark.parametrize("blank", [2, 8, 57])
def test_records_with_blanks_that_are_longer_than_announced_are_refused(blank: int) -> None:
    longer = [*record("H0EUCNT0"), *["1.5"] * 57]
    longer[blank] = ""
    assert shortly(frame("H0EUCNT0", longer, longer)) == []
    assert refusal_reason(frame("H0EUCNT0", longer, longer)) == "layout_mismatch"


def test_records_of_unequal_length_leave_the_short_way() -> None:
    whole = record("H0EUCNT0")
    assert shortly(frame("H0EUCNT0", whole[:55], [*whole, "1"])) == []
    assert shortly(frame("H0EUCNT0", whole[:54], whole)) == []


@pytest.mark.parametrize("tr_id", ALL)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_records_of_seven_fields_up_to_the_width_take_the_short_way(tr_id: str, count: int) -> None:
    width = CATALOG[tr_id].width
    for fields in (7, width):
        assert len(shortly(frame(tr_id, *[record(tr_id)[:fields]] * count))) == count
    for values in (record(tr_id)[:6], [*record(tr_id), "1.5"]):
        assert shortly(frame(tr_id, *[values] * count)) == []


def test_read_leaves_a_count_of_four_digits_to_the_long_way() -> None:
    values = record("H0EUANC0")
    assert len(shortly(frame("H0EUANC0", *[values] * 999))) == 999
    assert shortly(frame("H0EUANC0", *[values] * 1000)) == []
    assert len(decode(frame("H0EUANC0", *[values] * 1000)).records) == 1000
