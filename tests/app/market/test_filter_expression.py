"""Expressions that filter rows: what they mean, and what is said of those that mean nothing."""

from collections.abc import Mapping
from contextlib import suppress
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.filter_expression import DEEPEST, LONGEST_EXPRESSION, parse_filter
from app.market.filter_names import FilterNames, completed, unfinished_names
from app.system.errors import UsageError
from specs.time_of_day import second_of_trade_date

Row = Mapping[str, float | str]

NAMES: FilterNames[Row] = FilterNames(
    {
        "IV": lambda row: float(row["iv"]),
        "IV/HV": lambda row: float(row["ratio"]),
        "델타": lambda row: float(row["delta"]),
        "delta": lambda row: float(row["delta"]),
        "OI chg": lambda row: float(row["oi"]),
        "체결−예상": lambda row: float(row["delta"]),
        "%": lambda row: float(row["percent"]),
        "시각": lambda row: second_of_trade_date(str(row["time"])),
    },
    {"콜": lambda row: row["right"] == "C", "call": lambda row: row["right"] == "C"},
    lambda row: f"{row['code']} {row['name']}".casefold(),
)
CALL: Row = {
    "code": "B01612A31", "name": "C 202612 1,075.0", "right": "C", "iv": 21.5, "ratio": 1.2,
    "delta": 0.25, "oi": 1200, "percent": -1.5, "time": "013000",
}  # fmt: skip
PUT: Row = {
    "code": "C01612A31", "name": "P 202612 1,075.0", "right": "P", "iv": nan, "ratio": nan,
    "delta": -0.4, "oi": 0, "percent": 3.0, "time": "235900",
}  # fmt: skip


def shown(text: str) -> str:
    """Return which of call and put an expression shows."""
    matches = parse_filter(text, NAMES)
    return "".join(name for name, row in (("C", CALL), ("P", PUT)) if matches(row))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("iv > 21", "C"),
        ("21 < IV", "C"),
        ("iv>=21.5", "C"),
        ("iv < 21", ""),
        ("20 < iv <= 21.5", "C"),
        ("20 < iv < 21", ""),
        ("delta < .3", "CP"),
        ("델타<-.3", "P"),
        ("iv ≥ 21 & delta≠0", "C"),
        ("abs(delta) > 0.3", "P"),
        ("abs 델타 < .3", "C"),
        ("델타 = 0.25", "C"),
        ("delta != .25", "P"),
        ("oi chg > 1,000", "C"),
        ("OICHG > 1,000%", "C"),
        ("iv/hv > 1", "C"),
        ("체결-예상 > 0", "C"),
        ("% > 0", "P"),
        ("delta < 체결−예상", ""),
        ("시각 > 0:30", "C"),
        ("시각 < 00:00:30", "P"),
        ("콜", "C"),
        ("CALL", "C"),
        ("not 콜", "P"),
        ("아닌 콜", "P"),
        ("!콜", "P"),
        ("202612", "CP"),
        ("1,075", "CP"),
        ("b016", "C"),
        ('"p 202612"', "P"),
        ("콜 iv > 21", "C"),
        ("콜, iv > 22", ""),
        ("콜 and iv > 22 or delta < 0", "P"),
        ("콜 and (iv > 22 or delta < 1)", "C"),
        ("콜 그리고 iv > 21 또는 delta < 0", "CP"),
        ("not (콜 or delta < 0)", ""),
        ("ＩＶ ＞ ２１", "C"),
        # A missing IV is neither above nor below.
        ("not iv > 21", ""),
        ("not iv > 30", "C"),
        ("iv > 30 or delta < 0", "P"),
        ("iv > 1 or iv <= 1", "C"),
    ],
)
def test_an_expression_shows_the_rows_that_it_describes(text: str, rows: str) -> None:
    assert shown(text) == rows


@pytest.mark.parametrize(
    ("text", "key", "at"),
    [
        ("", "filter.empty", 1),
        ("iv >", "filter.no_operand", 5),
        ("iv > and", "filter.no_name", 6),
        ("iv > 21 and", "filter.unfinished", 12),
        ("iv", "filter.no_comparison", 1),
        ("콜 iv", "filter.no_comparison", 3),
        ("(iv > 21", "filter.open_bracket", 1),
        ("iv > 21)", "filter.closing_bracket", 8),
        ("ivv > 21", "filter.no_name", 1),
        ("21 < ivv", "filter.no_name", 6),
        ("> 21", "filter.no_value", 1),
        ("abs(콜) > 1", "filter.no_name", 5),
        ("시각 > 31:00", "filter.no_time", 6),
        ("()", "filter.no_value", 2),
        ("not", "filter.unfinished", 4),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, key: str, at: int) -> None:
    with pytest.raises(UsageError) as refused:
        parse_filter(text, NAMES)
    assert (refused.value.key, refused.value.values["at"]) == (key, at)


def test_an_unknown_name_is_refused_with_those_nearest_to_it() -> None:
    with pytest.raises(UsageError) as refused:
        parse_filter("dela > 1", NAMES)
    assert "delta" in str(refused.value.hint)


@pytest.mark.parametrize("text", ["(" * 30 + "콜" + ")" * 30, "!" * 30 + "콜"])
def test_too_deep_an_expression_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_filter(text, NAMES)
    assert (refused.value.key, refused.value.values["at"]) == ("filter.too_deep", DEEPEST + 1)


def test_too_long_an_expression_is_refused() -> None:
    with pytest.raises(UsageError, match="too_long"):
        parse_filter("x" * (LONGEST_EXPRESSION + 1), NAMES)


pieces = st.sampled_from(
    ["iv", "델타", "%", ">", "<=", "=", "21", "-.3", "콜", "and", "또는", "not", "!", "(", ")",
     "abs", '"', "|", "&", ",", "1,000", "9:30", "x", " ", "\x1b"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=40), st.lists(pieces, max_size=14).map(" ".join)))
def test_a_text_of_any_kind_is_read_or_refused(text: str) -> None:
    with suppress(UsageError):
        matches = parse_filter(text, NAMES)
        assert {type(matches(row)) for row in (CALL, PUT)} == {bool}


def test_the_last_word_is_completed() -> None:
    names = ["IV", "델타", "delta", "IV/HV"]
    assert unfinished_names("콜 and de", names) == ["delta"]
    assert unfinished_names("delta", names) == []
    assert unfinished_names("iv", names) == ["IV/HV"]
    assert unfinished_names("iv > ", names) == []
    assert completed("콜 and de", "delta") == "콜 and delta "
    assert completed("(D", "delta") == "(delta "
