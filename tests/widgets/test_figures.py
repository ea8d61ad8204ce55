"""Figures are never cut: what does not fit is written in a larger unit."""

from datetime import date
from typing import TypeVar

import pytest
from harness.drawn_figures import assert_whole, read_figures
from harness.option_rows import CALL, TRADE
from harness.portfolio_rows import stock_contract
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from specs.record import Record
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.night_option_expected import NightOptionExpected
from specs.trs.stock_option_book import StockOptionBook
from specs.trs.stock_option_trade import StockOptionTrade
from widgets import chain_columns, expected, greeks_panel, watchlist
from widgets.figures import fit_figure
from widgets.texts import use

WIDTHS = range(20, 221, 7)
Kind = TypeVar("Kind", bound=Record)
BOARDS = {
    "watchlist": watchlist.COLUMNS,
    "greeks": greeks_panel.COLUMNS,
    "expected": expected.COLUMNS,
    "chain": chain_columns.COLUMNS,
}
STOCK_CALL = stock_contract("B11612083", strike=1_250_000.0)
STOCK_TRADE = StockOptionTrade(STOCK_CALL.code, "101500", change_sign="2")
FUTURE_TRADE = NightFuturesTrade("A01612", "234512", change_sign="5")
EXPECTED = NightOptionExpected(CALL.code, "175500", expected_change_sign="1")
FIGURES = st.floats(0, 1e12).map(lambda value: round(value, 4)) | st.integers(0, 10**12).map(float)
FIELDS: dict[type[Record], list[str]] = {
    spec: [name for name in spec.__struct_fields__ if isinstance(getattr(of, name), float)]
    for of in (STOCK_TRADE, FUTURE_TRADE, TRADE, EXPECTED, StockOptionBook("B11612083", "101500"))
    for spec in (type(of),)
}


@pytest.mark.parametrize(
    ("figure", "width", "korean", "english"),
    [
        ("1,204", 8, "1,204", "1,204"),
        ("12,345,678", 10, "12,345,678", "12,345,678"),
        ("12,345,678", 8, "1,235만", "12.3M"),
        ("1,234,000", 8, "123.4만", "1.234M"),
        ("≠1,234,567", 8, "≠123만", "≠1.23M"),
        ("▲ 1,234,000", 8, "▲123.4만", "▲1.234M"),
        ("-2,220,123~", 7, "-222만~", "-2.22M~"),
        ("1,900.00", 6, "1,900", "1,900"),
        ("1,000,000,000,000", 5, "1조", "1T"),
        ("24.80×24.95", 17, "24.80×24.95   ", "24.80×24.95   "),
        ("1,234,000×1,235,000", 17, "123.4만×123.5만", "1.234M×1.235M"),
        ("1,234,000×1,235,000", 19, "1,234,000×1,235,000", "1,234,000×1,235,000"),
        ("1,234,000×—", 17, "1,234,000×—", "1,234,000×—"),
        ("12,345,678", 2, "…", "…"),
        ("23:45:12", 5, "…", "…"),
    ],
)
def test_figure_changes_its_unit_when_it_does_not_fit(
    figure: str, width: int, korean: str, english: str
) -> None:
    for language, text in (("ko", korean), ("en", english)):
        use(language)
        drawn = fit_figure(figure, width)
        assert drawn.lstrip() == text
        assert cell_len(drawn) == width


def test_pair_keeps_its_sign_in_the_middle_when_its_column_grows() -> None:
    assert [fit_figure("1.05×1.10", width).index("×") for width in (17, 19, 21)] == [8, 9, 10]


@settings(deadline=None)
@given(FIGURES, st.integers(0, 2), st.integers(0, 24), st.sampled_from(["ko", "en"]))
def test_figure_never_loses_a_digit_unsaid(
    value: float, decimals: int, width: int, language: str
) -> None:
    use(language)
    for before, after in (("", ""), ("-", "~"), ("▲ ", ""), ("≠", ""), ("", "%")):
        full = f"{before}{value:,.{decimals}f}{after}"
        drawn = fit_figure(full, width)
        assert cell_len(drawn) == width
        assert_whole(drawn, full)


def test_a_day_that_is_no_figure_is_cut_like_a_text() -> None:
    assert not read_figures(fit_figure(f"{date(2026, 12, 10):%y/%m/%d}", 4))
