"""What the focused panel shows, as lines for a file."""

from typing import TYPE_CHECKING

from app.screens.market_panels import MarketPanels
from widgets.board import Board

if TYPE_CHECKING:
    from app.storage.csv_text import Value


def export_lines(panels: MarketPanels, board: Board) -> "list[list[Value]]":
    """Return a heading and the lines of the focused panel, raw; `board` is that of the keys."""
    from app.market import panel_export

    now, book = panels.clock.now(), panels.market.book
    if panels.focused_panel == "trades":
        code = panels.trades.code
        return panel_export.trades(code, panels.market.memory.prints(code))
    if panels.focused_panel == "book":
        row = panels.ladder.selected
        return panel_export.levels(row, now) if row is not None else []
    known = {column.id: column for column in board.columns if not column.is_picture}
    columns = [known[one] for one in board.requested_columns if one in known]
    rows = [row for code in board.codes if (row := book.row(code)) is not None]
    return panel_export.table(rows, columns, now)
