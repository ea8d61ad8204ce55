"""Data frames as nobody would send them: only `FrameError` leaves `decode`."""

import math
import re
from functools import cache

import msgspec
from harness.sample_frames import frame, record, values_of
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields

from specs.catalog import CATALOG
from specs.frame import REASONS, Frame, FrameError, decode

ALL = sorted(CATALOG)
NUMBER = re.compile(r"-?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})", re.ASCII)
WIRE = "0123456789.^|-naABCDEFHIKWZeifty+_ \x1b１½"

tr_ids = st.sampled_from(ALL)
figures = st.one_of(
    st.sampled_from(["", "nan", "-nan", "0", "-0.54", "1080.30", "000000", "inf", "1e5", "9" * 20]),
    st.text(alphabet="0123456789.-", max_size=18),
    st.text(alphabet=WIRE, max_size=8),
    st.text(max_size=12),
)


@cache
def texts(tr_id: str) -> list[bool]:
    spec = CATALOG[tr_id].spec
    return [isinstance(value, str) for value in msgspec.structs.astuple(spec())]


def attempt(raw: str) -> Frame | None:
    refusal = None
    try:
        decoded = decode(raw)
    except FrameError as error:
        refusal = error.reason
    if refusal is not None:
        assert refusal in REASONS
        return None
    check(decoded)
    return decoded


def check(decoded: Frame) -> None:
    """Check what holds for every decoded record."""
    assert decoded.records
    for got in decoded.records:
        assert type(got) is CATALOG[decoded.tr_id].spec
        code, time = values_of(got)[:2]
        assert isinstance(code, str)
        assert isinstance(time, str)
        assert re.fullmatch("[0-9A-Z]{6,9}", code)
        assert re.fullmatch("[0-9]{6}", time)
        for field, value in zip(fields(type(got)), values_of(got), strict=True):
            if isinstance(value, str):
                assert value.isprintable()
                assert len(value) <= 9
            else:
                assert math.isnan(value) or abs(value) < 1e15, field.name


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_frame_or_a_refusal(raw: str) -> None:
    attempt(raw)


@settings(deadline=None)
@given(st.text(alphabet=WIRE), tr_ids, st.sampled_from(["001", "002", "000", "9999", "x"]))
def test_any_body_is_a_frame_or_a_refusal(body: str, tr_id: str, count: str) -> None:
    attempt(f"0|{tr_id}|{count}|B01612A18^190612^{body}")
    attempt(f"0|{tr_id}|{count}|{body}")


@settings(deadline=None)
@given(tr_ids, st.integers(1, 5), st.data())
def test_a_mutated_frame_is_a_frame_or_a_refusal(
    tr_id: str, count: int, data: st.DataObject
) -> None:
    raw = list(frame(tr_id, *[record(tr_id)] * count))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        action = data.draw(st.sampled_from(["set", "cut", "insert", "double"]))
        if action == "set":
            raw[at] = data.draw(st.sampled_from(WIRE))
        elif action == "cut":
            del raw[at : at + data.draw(st.integers(1, 12))]
        elif action == "insert":
            raw.insert(at, data.draw(st.sampled_from(WIRE)))
        else:
            raw[at:at] = raw[at : at + 20]
        if not raw:
            break
    attempt("".join(raw))


@settings(deadline=None)
@given(tr_ids, st.integers(1, 4), st.integers(0, 6), st.data())
def test_a_frame_of_any_field_count_never_shows_a_wrong_price(
    tr_id: str, actual: int, claimed: int, data: st.DataObject
) -> None:
    """Complete records from the left or none, for any count."""
    length = data.draw(st.integers(1, CATALOG[tr_id].width + 10))
    values = [*record(tr_id), *["1.5"] * 10][:length]
    decoded = attempt(frame(tr_id, *[values] * actual, count=format(claimed, "03")))
    if decoded is not None:
        assert claimed == actual
        single = decode(frame(tr_id, values))
        assert [repr(values_of(got)) for got in decoded.records] == [
            repr(values_of(single.records[0]))
        ] * actual


@settings(deadline=None)
@given(tr_ids, st.lists(figures, min_size=1, max_size=4), st.integers(1, 3), st.data())
def test_every_number_that_gets_out_is_the_one_that_was_sent(
    tr_id: str, sent: list[str], count: int, data: st.DataObject
) -> None:
    """Fast and slow ways of decoding agree with a reading of the field by its pattern."""
    values = record(tr_id)
    for figure in sent:
        values[data.draw(st.integers(2, len(values) - 1))] = figure.replace("^", "").replace(
            "|", ""
        )
    others = [record(tr_id)] * (count - 1)
    decoded = attempt(frame(tr_id, *others, values))
    if decoded is None:
        return
    if decoded.dropped:
        assert len(decoded.records) == count - 1
        return
    hidden, unreadable = values_of(decoded.records[-1]), decoded.unreadable
    for is_text, written, got, field in zip(
        texts(tr_id), values, hidden, fields(CATALOG[tr_id].spec), strict=True
    ):
        if field.name.startswith("dynamic_"):
            continue
        figure = written.strip()
        is_missing = figure.lower() in ("", "nan", "-nan") or field.encode_name in unreadable
        if is_text:
            assert got in (figure, written) or (is_missing and got in ("", figure))
            continue
        assert isinstance(got, float)
        if is_missing:
            assert math.isnan(got)
        else:
            assert NUMBER.fullmatch(figure)
            assert got == float(figure)


@settings(deadline=None)
@given(tr_ids, st.integers(0, 2), figures, st.integers(2, 60))
def test_a_bad_record_is_dropped_alone(tr_id: str, position: int, figure: str, at: int) -> None:
    bad = record(tr_id)
    bad[min(at, len(bad) - 1)] = figure.replace("^", "").replace("|", "")
    records = [record(tr_id), record(tr_id), record(tr_id)]
    alone = attempt(frame(tr_id, bad))
    records[position] = bad
    together = attempt(frame(tr_id, *records))
    assert together is not None
    assert len(together.records) == (2 if alone is None else 3)
    assert len(together.dropped) == (alone is None)
    if alone is not None:
        assert repr(together.records[position]) == repr(alone.records[0])
        assert together.unreadable == alone.unreadable
