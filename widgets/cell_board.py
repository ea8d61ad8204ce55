"""A board with a cell cursor: one column of the row under the cursor, chosen by key or mouse."""

from textual import events

from widgets.board import Board
from widgets.row_strip import column_at

FIRST_CELL = "price"
"""The column that a first step chooses, where it is shown."""


class CellBoard(Board):
    """A board of which a cell can be chosen; none is at first."""

    def move_cell(self, way: int) -> None:
        """Choose the next column to the right (1) or to the left (-1)."""
        shown = [column.id for column, _ in self._widths]
        if not shown:
            return
        if self.cell_column in shown:
            at = shown.index(self.cell_column) + way
            self.choose_cell(shown[max(0, min(len(shown) - 1, at))])
        else:
            self.choose_cell(FIRST_CELL if FIRST_CELL in shown else shown[0])

    def choose_cell(self, column: str) -> None:
        """Choose a column of the row under the cursor; an empty one chooses none."""
        self.cell_column = column
        self._drop_strip(self.code)

    def on_click(self, event: events.Click) -> None:
        """Choose the cell under the mouse."""
        # Textual calls the board's own handler, which moves the row's cursor, after this one.
        position = event.get_content_offset(self)
        if position is not None and self.row_at(position) is not None:
            self.choose_cell(column_at(self._widths, position.x) or "")
