"""Minute bars over REST: the call's parameters, hours beyond 24, and what is left out."""

import json
from datetime import date, datetime, timedelta, timezone

import pytest

from specs.market.bars import Bar
from specs.minute_bars import query, read
from specs.quotation import QuotationError

KST = timezone(timedelta(hours=9))
EVENING = date(2026, 11, 20)
BEGIN = datetime(2026, 11, 20, 17, 50, tzinfo=KST)
END = BEGIN + timedelta(hours=12, minutes=10)


def answer(*bars: dict[str, str], **more: object) -> bytes:
    return json.dumps({"rt_cd": "0", "output1": {}, "output2": list(bars)} | more).encode()


def bar(time: str, day: str = "20261120", **more: str) -> dict[str, str]:
    prices = {
        "futs_oprc": "1080.00",
        "futs_hgpr": "1081.50",
        "futs_lwpr": " 1079.00",
        "futs_prpr": "1081.00",
    }
    return {"stck_bsop_date": day, "stck_cntg_hour": time, **prices, "cntg_vol": "12"} | more


def read_bars(body: bytes) -> list[Bar]:
    return read(body, BEGIN.timestamp(), END.timestamp())


def starts(*bars: dict[str, str]) -> list[str]:
    return [
        f"{datetime.fromtimestamp(one.start, KST):%d %H:%M}" for one in read_bars(answer(*bars))
    ]


def test_query_counts_the_hours_of_a_night_from_its_evening() -> None:
    """Source: the portal; a public client measured 253000 as 01:30."""
    at = datetime(2026, 11, 21, 1, 30, 42, tzinfo=KST)
    asked = query(EVENING, at)
    assert (asked["FID_INPUT_DATE_1"], asked["FID_INPUT_HOUR_1"]) == ("20261120", "253000")
    assert query(EVENING, BEGIN)["FID_INPUT_HOUR_1"] == "175000"
    assert asked["FID_HOUR_CLS_CODE"] == "60"


def test_read_returns_bars_oldest_first() -> None:
    newest, oldest = bar("190200"), bar("190100", cntg_vol="3")
    found = read_bars(answer(newest, oldest))
    assert [one.volume for one in found] == [3.0, 12.0]
    last = found[-1]
    assert (last.open, last.high, last.low, last.close) == (1080.0, 1081.5, 1079.0, 1081.0)
    assert last.vwap == pytest.approx(1080.5)


def test_read_takes_both_spellings_of_the_small_hours() -> None:
    assert starts(bar("253000"), bar("013100"), bar("013200", "20261121"), bar("235900")) == [
        "20 23:59", "21 01:30", "21 01:31", "21 01:32",
    ]  # fmt: skip


def test_read_leaves_out_other_sessions_and_a_minute_that_is_not_over() -> None:
    assert starts(bar("154400"), bar("174900"), bar("180000"), bar("295900")) == [
        "20 18:00", "21 05:59",
    ]  # fmt: skip
    body = answer(bar("190100"), bar("190200"))
    found = read(body, BEGIN.timestamp(), datetime(2026, 11, 20, 19, 2, 30, tzinfo=KST).timestamp())
    assert len(found) == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"futs_prpr": "x"},
        {"futs_hgpr": "1000.00"},
        {"futs_lwpr": ""},
        {"cntg_vol": "-3"},
        {"stck_cntg_hour": "1901"},
        {"stck_cntg_hour": "197000"},
        {"stck_bsop_date": "20261341"},
    ],
)
def test_read_leaves_out_a_bar_that_cannot_be_read(odd: dict[str, str]) -> None:
    assert starts(bar("190100") | odd, bar("190300")) == ["20 19:03"]


def test_read_without_bars_is_empty_and_a_refusal_is_raised() -> None:
    assert read_bars(answer()) == []
    for body in (
        answer(rt_cd="2", msg_cd="OPSQ2001", msg1="ERROR"),
        answer(output2=3),
        b"<html>",
    ):
        with pytest.raises(QuotationError):
            read_bars(body)
