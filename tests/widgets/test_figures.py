"""Figures are never cut: what does not fit is written in a larger unit."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

import pytest
from harness.drawn_figures import CUT, assert_whole, read_figures
from harness.option_rows import CALL, OWN, TRADE
from harness.portfolio_rows import index_contract, stock_contract
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from rich.style import Style

from specs.market.depth import depth
from specs.market.holding import Exposure, Holding, ScenarioGrid, Subtotal
from specs.market.instrument import Instrument
from specs.market.ticker import Freshness, RowAge, Ticker
from specs.record import BookRecord, Record
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.night_option_expected import NightOptionExpected
from specs.trs.stock_option_book import StockOptionBook
from specs.trs.stock_option_trade import StockOptionTrade
from widgets import chain_columns, expected, greeks_panel, holding_columns, ladder_lines, watchlist
from widgets.board_column import BoardColumn, choose
from widgets.figures import fit_figure
from widgets.row_strip import RowStrip
from widgets.scenario import Scenario
from widgets.sheet import piece
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


def _of(record: Kind, values: Sequence[float]) -> Kind:
    """Return a record with values in all its numeric fields."""
    names = FIELDS[type(record)]
    filled = {name: values[at % len(values)] for at, name in enumerate(names)}
    return replace(record, **filled)


def _rows(values: Sequence[float]) -> Iterator[Ticker]:
    own = replace(OWN, price=values[0], theta=-values[-1], gamma=values[0], volatility=values[-1])
    option, stock = _of(TRADE, values), _of(STOCK_TRADE, values)
    indicated = _of(EXPECTED, values)
    yield Ticker(CALL, option, theoretical=own, expected=indicated, missed=1.0)
    yield Ticker(CALL, option, source="kis")
    yield Ticker(STOCK_CALL, stock, source="kis", expected=replace(indicated, code=STOCK_CALL.code))
    yield Ticker(Instrument("A01612"), _of(FUTURE_TRADE, values))


@pytest.mark.parametrize("board", BOARDS)
@settings(deadline=None, max_examples=15)
@given(
    st.lists(FIGURES, min_size=1, max_size=9), st.integers(12, 220), st.sampled_from(["ko", "en"])
)
def test_board_draws_every_figure_whole_at_every_width(
    board: str, values: list[float], width: int, language: str
) -> None:
    use(language)
    columns: Sequence[BoardColumn] = BOARDS[board]
    for row in _rows(values):
        for column in columns:
            cell = column.cell(row, Freshness.FRESH)
            for room in (*range(1, 20), 28) if column.right else ():
                assert_whole(cell.fitted(room, right=True), cell.text, cell.shorter)
        _assert_painted_whole(row, columns, width)


def _assert_painted_whole(row: Ticker, columns: Sequence[BoardColumn], width: int) -> None:
    widths = choose(columns, width)
    needed = RowStrip(row, RowAge(), widths, None, 0.0).needed
    widths = choose(columns, width, needed)
    line = RowStrip(row, RowAge(), widths, None, 0.0)
    strip = line.paint(widths, lambda *tones: Style(), (), dead="", size=width)
    left = 0
    for (column, room), cell in zip(widths, line.cells, strict=True):
        text = strip.crop(left, left + room).text
        if column.right:
            assert_whole(text, cell.text, cell.shorter)
        assert not CUT.search(text)
        left += room + 1


@settings(deadline=None, max_examples=10)
@given(st.lists(FIGURES.filter(bool), min_size=3, max_size=9), st.sampled_from(["ko", "en"]))
def test_ladder_draws_every_figure_whole_at_every_width(values: list[float], language: str) -> None:
    use(language)
    book: BookRecord = _of(StockOptionBook(STOCK_CALL.code, "101500"), values)
    row = Ticker(STOCK_CALL, _of(STOCK_TRADE, values), book=book)
    known = [*values, 0.0]
    sides = [depth(book).asks.levels, depth(book).bids.levels]
    for side in sides:
        known += [sum(level.size for level in side[: n + 1]) for n in range(len(side))]
    spread = abs(sides[0][0].price - sides[1][0].price)
    for width in range(20, 122, 3):
        for line in ladder_lines.lines(row, book, (width, 30), 0.0, live=True):
            for text, tone in line:
                assert not CUT.search(text), text
                if tone in ("ask", "bid", "value", "older", "old") and "%" not in text:
                    for figure in read_figures(text):
                        assert any(figure.shows(value) for value in (*known, spread)), text


@settings(deadline=None, max_examples=20)
@given(st.lists(FIGURES, min_size=3, max_size=9), st.sampled_from(["ko", "en"]))
def test_positions_draw_every_figure_whole_at_every_width(
    values: list[float], language: str
) -> None:
    use(language)
    exposure = Exposure(*(values * 2)[:6])
    held = [
        Holding(contract, "KOSPI200", int(values[0]), values[1], values[2], exposure=exposure)
        for contract in (index_contract("B01612A31"), STOCK_CALL)
    ]
    net = Subtotal("KOSPI200", None, 2, exposure)
    for width in WIDTHS:
        for column, room, cells in holding_columns.columns(held, [net], width):
            for cell in cells if column.right else ():
                assert_whole(piece(cell, room)[0], cell.text)


@settings(deadline=None, max_examples=20)
@given(st.lists(FIGURES, min_size=9, max_size=9), st.sampled_from(["ko", "en"]))
def test_scenario_draws_every_figure_whole_at_every_width(
    values: list[float], language: str
) -> None:
    use(language)
    moves = (-values[0], 0.0, values[0])
    grid = ScenarioGrid(
        "KOSPI200", moves, moves, (-1.0, 0.0, 1.0), 0, tuple(zip(*[iter(values)] * 3, strict=True))
    )
    sheet = Scenario()
    sheet._grid = grid
    for width in WIDTHS:
        for line in sheet.lines(width, 20):
            assert not CUT.search("".join(text for text, _ in line))


def test_a_day_that_is_no_figure_is_cut_like_a_text() -> None:
    assert not read_figures(fit_figure(f"{date(2026, 12, 10):%y/%m/%d}", 4))
