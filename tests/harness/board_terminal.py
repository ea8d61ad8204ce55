"""A board alone in a terminal; styles are replaced by the names of their tones."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest
from harness.option_rows import CALL, TRADE
from harness.painted_cells import Painted, columns_of, named_tones
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Button

from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from widgets.board import Board
from widgets.board_column import choose
from widgets.board_messages import CursorMoved, HeaderClicked
from widgets.expected import COLUMNS as EXPECTED
from widgets.expected import ExpectedBoard
from widgets.watchlist import COLUMNS, WatchlistBoard

PUT = Instrument("C01612A31", "P 202612 1,075.0", Family.INDEX_OPTION, Right.PUT, 1075.0)
FELL = replace(TRADE, code=PUT.code, price=18.10, change_sign="5", change=1.95, change_percent=9.7)
LISTED = Ticker(CALL, TRADE, 99.0)
OTHER_TRADE = replace(FELL, delta=-0.42)
OTHER = Ticker(PUT, OTHER_TRADE, 99.0)
SIZE = (180, 8)


class BoardTerminal(App[None]):
    """A board, a button that can take the focus, and the board's messages in `messages`."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self.board = board
        self.messages: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        yield self.board
        yield Button("x")

    def on_cursor_moved(self, message: CursorMoved) -> None:
        assert message.control is self.board
        self.messages.append(("moved", message.code))

    def on_header_clicked(self, message: HeaderClicked) -> None:
        self.messages.append(("header", message.column))

    def line(self, y: int) -> dict[str, Painted]:
        """Return text and tones of each column of a line."""
        known = EXPECTED if isinstance(self.board, ExpectedBoard) else COLUMNS
        columns = [column for column in known if column.id in self.board.requested_columns]
        width = self.board.scrollable_content_region.width
        return columns_of(self.board.render_line(y), choose(columns, width))

    def tones(self, y: int) -> set[str]:
        """Return the tones of a line's columns."""
        return {tones for _, tones in self.line(y).values()}


@asynccontextmanager
async def run_board(
    rows: Iterable[Ticker], board: Board | None = None, size: tuple[int, int] = SIZE
) -> AsyncIterator[tuple[BoardTerminal, Pilot[None]]]:
    """Run a board (a watchlist by default) that shows `rows`."""
    app = BoardTerminal(board or WatchlistBoard())
    with named_tones():
        async with app.run_test(size=size) as pilot:
            app.board.tick(100.0, live=True)
            app.board.show(rows)
            yield app, pilot


def record_refreshes(board: Board, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list to which every later `refresh` appends its lines; -1 means all lines."""
    lines: list[int] = []

    def refresh(*regions: Region, **_: object) -> Board:
        lines.extend([region.y for region in regions] or [-1])
        return board

    monkeypatch.setattr(board, "refresh", refresh)
    return lines
