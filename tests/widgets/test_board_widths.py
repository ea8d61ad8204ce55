"""No board loses a digit: every numeric cell, at every width of a terminal from 60 to 300 cells."""

from collections.abc import Iterator, Sequence
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
from specs.market.trade_print import TradePrint
from specs.record import BookRecord, Record
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.night_option_expected import NightOptionExpected
from specs.trs.stock_option_book import StockOptionBook
from specs.trs.stock_option_trade import StockOptionTrade
from widgets import chain_columns, expected, greeks_panel, holding_columns, ladder_lines, watchlist
from widgets.board_column import BoardColumn, choose
from widgets.futures_detail import futures_lines
from widgets.print_lines import columns_for, print_line
from widgets.row_strip import RowStrip
from widgets.scenario import Scenario
from widgets.sheet import piece
from widgets.texts import use

WIDTHS = range(60, 301)
ROOMS = range(12, 301)
"""Widths of a panel: half a terminal of 60 columns less its frame, up to all of one of 300."""

LARGEST = 10**12
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
FIGURES = st.floats(0, LARGEST).map(lambda value: round(value, 4)) | st.integers(0, LARGEST).map(
    float
)
LANGUAGES = st.sampled_from(["ko", "en"])
FIELDS: dict[type[Record], list[str]] = {
    spec: [name for name in spec.__struct_fields__ if isinstance(getattr(of, name), float)]
    for of in (STOCK_TRADE, FUTURE_TRADE, TRADE, EXPECTED, StockOptionBook("B11612083", "101500"))
    for spec in (type(of),)
}


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


def _cell_widths(columns: Sequence[BoardColumn], row: Ticker) -> set[tuple[BoardColumn, int]]:
    """Return each column with every width that it gets in some panel, of all or the usual ones."""
    cells = {column.id: column.cell(row, Freshness.FRESH) for column in columns}
    needed = {column.id: cell_len(cells[column.id].text) for column in columns if column.right}
    usual = [column for column in columns if not column.optional]
    return {
        pair
        for shown in (columns, usual)
        for room in ROOMS
        for pair in (*choose(shown, room), *choose(shown, room, needed))
    }


@pytest.mark.parametrize("board", BOARDS)
@settings(deadline=None, max_examples=15)
@given(st.lists(FIGURES, min_size=1, max_size=9), st.integers(12, 300), LANGUAGES)
def test_board_draws_every_figure_whole_at_every_width(
    board: str, values: list[float], width: int, language: str
) -> None:
    use(language)
    columns: Sequence[BoardColumn] = BOARDS[board]
    for row in _rows(values):
        rooms = _cell_widths(columns, row)
        assert {column for column, _ in rooms} == {c for c in columns if c.width < max(ROOMS)}
        for column, room in rooms:
            cell = column.cell(row, Freshness.FRESH)
            if column.right:
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


@settings(deadline=None, max_examples=4)
@given(st.lists(FIGURES.filter(bool), min_size=3, max_size=9), LANGUAGES)
def test_ladder_draws_every_figure_whole_at_every_width(values: list[float], language: str) -> None:
    use(language)
    book: BookRecord = _of(StockOptionBook(STOCK_CALL.code, "101500"), values)
    row = Ticker(STOCK_CALL, _of(STOCK_TRADE, values), book=book)
    known = [*values, 0.0]
    sides = [depth(book).asks.levels, depth(book).bids.levels]
    for side in sides:
        known += [sum(level.size for level in side[: n + 1]) for n in range(len(side))]
    known.append(abs(sides[0][0].price - sides[1][0].price))
    seen: set[tuple[str, str]] = set()
    for width in (20, *range(21, 300)):
        for line in ladder_lines.lines(row, book, (width, 30), 0.0, live=True):
            for text, tone in line:
                if (text.strip(), tone) in seen:
                    continue
                seen.add((text.strip(), tone))
                assert not CUT.search(text), text
                if tone in ("ask", "bid", "value", "older", "old") and "%" not in text:
                    for figure in read_figures(text):
                        assert any(figure.shows(value) for value in known), text


@settings(deadline=None, max_examples=8)
@given(st.lists(FIGURES, min_size=3, max_size=9), LANGUAGES)
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
    shown = {
        (column.id, room, cell)
        for width in WIDTHS
        for column, room, cells in holding_columns.columns(held, [net], width)
        for cell in (cells if column.right else ())
    }
    for _, room, cell in shown:
        assert_whole(piece(cell, room)[0], cell.text)


@settings(deadline=None, max_examples=10)
@given(st.lists(FIGURES, min_size=9, max_size=9), LANGUAGES)
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


@settings(deadline=None, max_examples=4)
@given(st.lists(FIGURES, min_size=3, max_size=9), LANGUAGES)
def test_detail_of_a_future_draws_every_figure_whole_at_every_width(
    values: list[float], language: str
) -> None:
    use(language)
    row = Ticker(Instrument("A01612"), _of(FUTURE_TRADE, values))
    for width in ROOMS:
        for line in futures_lines(row, width, 0.0):
            assert not CUT.search(line.plain), line.plain


@settings(deadline=None)
@given(FIGURES, FIGURES, FIGURES, LANGUAGES)
def test_trade_is_drawn_whole_at_every_width(
    price: float, size: float, change: float, language: str
) -> None:
    use(language)
    one = TradePrint(1, 1_795_000_000, price, size, 1, 1, change)
    for width in ROOMS:
        columns = columns_for(width, 2, is_option=True)
        line = print_line(replace(one, edge=change), columns)
        for (text, _), value, decimals in zip(line[2:4], (price, size), (2, 0), strict=True):
            assert_whole(text, f"{value:,.{decimals}f}")
        if columns.has_interest:
            assert_whole(line[5][0], f"+{change:,.0f}" if round(change) else "")
        if columns.has_edge:
            assert_whole(line[6][0], f"+{change:,.2f}~")
