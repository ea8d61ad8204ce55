"""FHPIF05110100, the expected execution over REST; fields as in kis-protocol section 9."""

import json
from math import isnan

import pytest

from specs.codes import parse
from specs.expected_trend import market, read
from specs.quotation import QuotationError

NOW = {
    "hts_kor_isnm": "F 202612        ", "futs_sdpr": "     1080.00",
    "futs_antc_cnpr": "     1081.25", "antc_cntg_vrss_sign": "2",
    "futs_antc_cntg_vrss": "        1.25", "antc_cntg_prdy_ctrt": "        0.12",
}  # fmt: skip
SERIES = [
    {**NOW, "stck_cntg_hour": "084103"},
    {**NOW, "stck_cntg_hour": "084057", "futs_antc_cnpr": "1080.95"},
]


def answer(first: object = NOW, series: object = SERIES, rt_cd: str = "0") -> bytes:
    told = {"rt_cd": rt_cd, "msg_cd": "MCA00000", "output1": first, "output2": series}
    return json.dumps(told).encode()


def test_an_answer_is_an_expected_execution_of_the_newest_time() -> None:
    for series in (SERIES, SERIES[::-1]):
        found = read(answer(series=series), "A01612", "084110")
        assert (found.code, found.time) == ("A01612", "084103")
        assert (found.expected_price, found.expected_change) == (1081.25, 1.25)
        assert (found.expected_change_sign, found.expected_change_percent) == ("2", 0.12)
        assert found.market_operation_code == ""


def test_the_series_stands_in_for_a_missing_first_part_and_the_call_for_a_missing_time() -> None:
    blank = dict.fromkeys(NOW, "  ")
    assert read(answer(blank), "A01612", "084110").expected_price == 1081.25
    assert read(answer(series=[]), "A01612", "084110").time == "084110"
    odd = read(answer({**NOW, "antc_cntg_vrss_sign": "9", "futs_antc_cntg_vrss": ""}), "A", "0")
    assert odd.expected_change_sign == ""
    assert isnan(odd.expected_change)


def test_a_price_below_one_point_is_a_price() -> None:
    assert read(answer({**NOW, "futs_antc_cnpr": "0.01"}), "B01612A33", "0").expected_price == 0.01


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (answer(dict.fromkeys(NOW, ""), []), "no_data"),
        (answer({**NOW, "futs_antc_cnpr": "0.00"}), "no_data"),
        (answer({**NOW, "futs_antc_cnpr": "1e5"}), "number"),
        (answer([]), "shape"), (answer(series={}), "shape"), (answer(rt_cd="1"), "refused"),
        (b"<html>", "html"), (b"{", "json"),
    ],
)  # fmt: skip
def test_what_has_no_expected_price_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(QuotationError, match=reason):
        read(body, "A01612", "084110")


@pytest.mark.parametrize(
    ("code", "division"),
    [
        ("A01612", "F"), ("A05612", "F"), ("B01612A33", "O"), ("B09FEWA49", "O"),
        ("A11612", None), ("C11612040", None), ("A75612", None),
    ],
)  # fmt: skip
def test_the_call_serves_index_products_alone(code: str, division: str | None) -> None:
    assert market(parse(code)) == division
