"""Formatting of values: numbers, signs, times and widths."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets import cells, times


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("F 202612", 10, "F 202612  "),
        ("삼성전자", 10, "삼성전자  "),
        ("삼성전자 F", 7, "삼성전…"),
        ("삼성전자", 6, "삼성 …"),
        ("abc", 1, "a"),
        ("abc", 0, ""),
        ("C 202612 1,075.0", 12, "C 202612 …"),
        ("C 202612 1,075.0", 6, "C …"),
        ("1,075.0", 4, "…"),
        ("1", 0, ""),
        ("12", 1, "…"),
    ],
)
def test_a_text_fills_its_column_to_the_cell(text: str, width: int, shown: str) -> None:
    assert cells.fit(text, width).rstrip() == shown.rstrip()


def test_name_is_shortened_until_its_strike_is_whole() -> None:
    name = "SK하이닉스 C 202612 1,160,000( 10)"
    assert cells.fit_name(name, 26) == "하이닉스 C 2612 1,160,000 "
    assert cells.fit_name(name, 40).rstrip() == name


@given(st.text(), st.integers(0, 60), st.booleans())
def test_no_text_breaks_its_column(text: str, width: int, right: bool) -> None:
    assert cell_len(cells.fit(text, width, right=right)) == width


@pytest.mark.parametrize(
    ("value", "shown"), [(9.87, "9.9%"), (99.94, "99.9%"), (99.96, "100%"), (139.24, "139%")]
)
def test_a_volatility_of_100_and_more_has_no_decimal(value: float, shown: str) -> None:
    assert cells.volatility(value) == shown


def test_a_missing_number_is_a_dash_and_never_nan() -> None:
    for value in (nan, inf, -inf):
        shown = (
            cells.number(value),
            cells.plus(value),
            cells.quantity(value),
            cells.volatility(value),
            cells.greek(value),
            cells.change(value, 1, limit=False),
        )
        assert set(shown) == {cells.MISSING}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.58123, "0.581"),
        (0.0061, "0.0061"),
        (-0.42, "-0.420"),
        (1.01, "1.01"),
        (-12.345, "-12.35"),
        (1234.5, "1,234"),
        (-0.0122, "-0.012"),
        (-0.000001, "≈0"),
        (0.9996, "1.00"),
        (0.997, "0.997"),
        (0.0, "0"),
    ],
)
def test_a_greek_keeps_its_digits_and_has_no_exponent(value: float, shown: str) -> None:
    assert cells.greek(value) == shown


@pytest.mark.parametrize(
    ("change", "way", "limit", "shown"),
    [
        (4.2, 1, False, "▲   4.20"),
        (-1.95, -1, False, "▼   1.95"),
        (0.0, 0, False, "    0.00"),
        (12.5, 1, True, "↑  12.50"),
        (-12.5, -1, True, "↓  12.50"),
    ],
)
def test_a_change_is_an_arrow_and_an_amount(
    change: float, way: int, limit: bool, shown: str
) -> None:
    assert cells.change(change, way, limit) == shown


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("031244", "03:12:44"),
        ("000000", "00:00:00"),
        ("235959", "23:59:59"),
        ("253000", "01:30:00"),
        ("300000", "06:00:00"),
        ("", "—"),
        ("0900", "—"),
        ("256199", "—"),
        ("310000", "—"),
        ("090000.5", "—"),
        ("-1", "—"),
        ("１２３４５６", "—"),
    ],
)
def test_a_time_is_a_clock_or_a_dash(time: str, shown: str) -> None:
    assert times.clock(time) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.24, "0.2초"), (9.96, "10.0초"), (12, "12초"), (185, "3:05"), (9436, "2:37:16"), (inf, "—")],
)
def test_a_span_is_short(seconds: float, shown: str) -> None:
    assert times.span(seconds) == shown


@pytest.mark.parametrize(
    ("name", "shorter"),
    [
        ("C 202612 1,082.5", ("C 2612 1,082.5",)),
        ("코스닥150F 202612", ("코F 2612",)),
        ("위클리C 2611W4 1,082.5", ("위C 11W4 1,082.5",)),
        ("위클리M C 2611W4 970.0", ("위M C 11W4 970.0", "위M C 970.0", "위M C 970.0")),
        (
            "SK하이닉스 P 202612 840,000",
            ("하이닉스 P 2612 840,000", "하이닉스 P 840,000", "하이 P 840,000"),
        ),
        (
            "SK하이닉스 C 202612 1,160,000( 10)",
            ("하이닉스 C 2612 1,160,000", "하이닉스 C 1,160,000", "하이 C 1,160,000"),
        ),
        ("삼성전자 F 202612 ( 10)", ("삼성전자 F 2612",)),
    ],
)
def test_a_name_gives_up_its_year_and_month_before_its_strike(
    name: str, shorter: tuple[str, ...]
) -> None:
    assert cells.short_names(name) == shorter
