"""Short codes: facts in the code, facts only in the master, and codes of no known form."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.codes import (
    INDEX_PRODUCTS,
    NIGHT_PRODUCTS,
    CodeError,
    CodeFacts,
    Right,
    normalise,
    parse,
)

CODES = Path(__file__).parents[1] / "data" / "codes.tsv"


def table() -> list[dict[str, str]]:
    with CODES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("row", table(), ids=lambda row: row["code"])
def test_a_code_tells_what_it_tells_and_no_more(row: dict[str, str]) -> None:
    got = parse(row["code"])
    assert got.code == row["code"]
    assert (got.family or "") == row["family"]
    assert got.product == row["product"]
    assert (got.right or "") == row["right"]
    assert (f"{got.month[0]}{got.month[1]:02}" if got.month else "") == row["month"]
    assert got.weekly is (row["weekly"] == "1")
    assert got.strike == (float(row["strike"]) if row["strike"] else None)


def test_an_option_has_a_right_and_a_future_none() -> None:
    for row in table():
        got = parse(row["code"])
        assert got.family is None or got.family.is_option is (got.right is not None)


def test_a_strike_of_a_thousand_or_a_serial_is_left_to_the_master() -> None:
    for tail in ("A00", "A40", "A41", "A73", "B01", "Z99"):
        assert parse(f"B01610{tail}").strike is None
    for product in ("06", "11", "AJ", "50"):
        code = f"B{product}F7W335" if product == "AJ" else f"B{product}610335"
        assert parse(code).strike is None


def test_a_half_point_strike_is_told_by_its_last_digit() -> None:
    for tail, strike in (("742", 742.5), ("745", 745.0), ("747", 747.5), ("740", 740.0)):
        assert parse(f"C01610{tail}").strike == strike


def test_family_follows_from_a_product_that_is_known() -> None:
    for product in ("01", "04", "05", "06", "08", "A0", "A4"):
        assert parse(f"A{product}612").family == "index_futures"
    assert {"01", "04", "05", "06", "08", "09", "AF", "AJ", "AK"} < INDEX_PRODUCTS
    for product in ("11", "50"):
        assert parse(f"A{product}612").family == "stock_futures"
        assert parse(f"C{product}612083").family == "stock_option"
    for product in ("65", "66", "67", "75", "76", "77", "78"):
        assert parse(f"A{product}612").family == "commodity_futures"
        assert parse(f"C{product}612083").family is None
    for product in ("B1", "ZZ", "99", "A1", "68"):
        assert parse(f"A{product}612").family is None
        assert parse(f"C{product}612083").family is None


def test_night_products_are_those_of_the_krx_night_session() -> None:
    """Source: kis-protocol, section 6; the KOSDAQ 150's weeklies are options on it."""
    night = {
        code[1:3]
        for code in (
            "A01612",
            "A05612",
            "A06612",
            "B01612A18",
            "B05612A18",
            "B09FEWA49",
            "BAFBZWA49",
            "B06612083",
            "A75612",
            "A65612",
            "A67612",
        )
        if parse(code).night
    }
    assert night == NIGHT_PRODUCTS - {"AJ", "AK"}
    for code in ("A04612", "A08612", "AA0612", "A66612", "A76612", "A11612", "A99612"):
        assert not parse(code).night, code


@pytest.mark.parametrize(
    "code",
    ["", " ", "A", "A0161", "A016123", "A01600", "A01613", "A01612A18", "B01612", "C01612",
     "B01612A1", "B01612A188", "B01612AAA", "1A01612", "5B01610745", "E01612", "a01612",
     "b01612a18", "A01612 ",
     " A01612", "A01612\n", "Ａ０１６１２", "가나다라마바", "😀😀😀", "B09FEXA49", "A09FEW",
     "B11FEWA49", "D116070", "D11607011", "101I09", "101O09", "101U09", "101X09", "101Z09",
     "101W13", "101W00",
     "201W08", "101W08427", "501W09", "005930", "KR4A016C0004", "A01612\x1b[2J", "A" * 1000,
     "$(id)", "A0٣612", "A01６12", "'; --", "[/]", "A01-12"],
)  # fmt: skip
def test_what_has_no_shape_of_a_code_is_refused(code: str) -> None:
    """B48"""
    with pytest.raises(CodeError) as caught:
        parse(code)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 16


@pytest.mark.parametrize(
    ("typed", "code"),
    [("b01612a18", "B01612A18"), ("  A01612\n", "A01612"), ("１０１Ｗ０９", "101W09"),
     ("ｂ０９ｆｅｗａ４９", "B09FEWA49"), ("B01612 A18", "B01612A18"),
     ("a\t0 1\u30006\u00a012", "A01612"),
     ("", ""), ("   ", "")],
)  # fmt: skip
def test_a_typed_code_is_brought_into_the_spelling_of_the_exchange(typed: str, code: str) -> None:
    assert normalise(typed) == code


@settings(deadline=None)
@given(st.text())
def test_normalising_twice_changes_no_code(typed: str) -> None:
    once = normalise(typed)
    if once.isascii():
        assert normalise(once) == once


def attempt(code: str) -> CodeFacts | None:
    try:
        return parse(code)
    except CodeError:
        return None


SHAPES = "|".join(
    (
        "[ABC][0-9A-Z]{2}[0-9]{3}([0-9A-Z][0-9]{2})?",
        "[BC](09|AF|AJ|AK)[0-9A-Z]{2}W[0-9A-Z][0-9]{2}",
        "[123][0-9A-Z]{2}[0-9A-Z][0-9]{2}([0-9]{3})?",
        "[D4][0-9A-Z]{7}",
    )
)


@settings(deadline=None, max_examples=300)
@given(
    st.one_of(
        st.text(),
        st.text(alphabet="ABCDEFW0123456789", min_size=5, max_size=10),
        st.from_regex(SHAPES, fullmatch=True),
    )
)
def test_any_text_is_a_code_or_refused(code: str) -> None:
    for spelling in (code, normalise(code)):
        got = attempt(spelling)
        if got is None:
            continue
        assert got.code == spelling
        assert spelling.isascii()
        assert spelling.isalnum()
        assert 6 <= len(spelling) <= 9
        assert got.right in (None, Right.CALL, Right.PUT)
        assert got.strike is None or 0 < got.strike < 1000
        assert got.month is None or (1996 <= got.month[0] <= 2035 and 1 <= got.month[1] <= 12)
        assert not (got.weekly and got.month)
