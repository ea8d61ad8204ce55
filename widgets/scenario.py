"""The scenario grid: changes of value by moves of the future (columns) and of volatility (rows).

In a narrow room fewer moves are shown, so that amounts keep their digits.
"""

from collections.abc import Sequence
from math import isfinite

from msgspec.structs import replace
from textual.message import Message

from specs.market.holding import ScenarioGrid
from widgets import cells
from widgets.board_column import BoardCell
from widgets.sheet import TextLine, TextSheet, piece
from widgets.texts import t
from widgets.won import fitting, gain, levels, widest

_LABEL = 6


class Scenario(TextSheet):
    """Draws a scenario grid."""

    class RoomChanged(Message):
        """The number of moves that fit has changed."""

    def __init__(self) -> None:
        super().__init__(id="scenario")
        self._grid = ScenarioGrid()

    @property
    def moves(self) -> int:
        """The number of moves of the future that fit on either side."""
        return 3 if self.size.width < 100 else 4 if self.size.width < 150 else 6

    def on_resize(self) -> None:
        if len(self._grid.points) != 2 * self.moves + 1:
            self.post_message(self.RoomChanged())

    def show(self, grid: ScenarioGrid) -> None:
        """Show a grid."""
        self._grid = grid
        self.rewrite()

    def lines(self, width: int, height: int) -> list[TextLine]:
        grid = self._grid
        if not grid.points:
            return []
        for side in range(len(grid.points) // 2, 0, -1):
            shown = _middle(grid, side)
            room = (width - _LABEL) // len(shown.points) - 1
            points, percents, found = _cells(shown, room)
            if widest([*points, *percents, *found]) <= room:
                break
        lines = [
            _line(BoardCell(t("positions.moves"), "header"), points, room),
            _line(BoardCell(t("positions.percents"), "label"), percents, room),
        ]
        left = iter(found)
        for more in grid.volatilities:
            label = BoardCell(_signed(more, 0 if more == round(more) else 1, "%p"), "header")
            here = [not more and not move and not grid.hours for move in shown.points]
            lines.append(_line(label, [next(left) for _ in shown.points], room, here))
        return lines


def _middle(grid: ScenarioGrid, side: int) -> ScenarioGrid:
    """Return the grid with `side` moves on either side."""
    middle = len(grid.points) // 2
    part = slice(middle - side, middle + side + 1)
    return replace(
        grid,
        points=grid.points[part],
        percents=grid.percents[part],
        cells=tuple(line[part] for line in grid.cells),
    )


def _cells(
    grid: ScenarioGrid, room: int
) -> tuple[list[BoardCell], list[BoardCell], list[BoardCell]]:
    """Return moves, the same in percent, and all changes row by row, in a unit for this room."""
    decimals = 0 if all(move == round(move) for move in grid.points) else 2
    points = [BoardCell(_signed(move, decimals), "header") for move in grid.points]
    percents = [BoardCell(_signed(share, 2, "%"), "label") for share in grid.percents]
    flat = [value for line in grid.cells for value in line]
    changes = fitting(lambda level: [gain(value, level) for value in flat], room, levels(flat))
    return points, percents, changes


def _signed(value: float, decimals: int, unit: str = "") -> str:
    if not isfinite(value):
        return cells.MISSING
    return (cells.plus(value, decimals) if value else cells.number(0.0, decimals)) + unit


def _line(
    label: BoardCell, values: Sequence[BoardCell], room: int, here: Sequence[bool] = ()
) -> TextLine:
    """Return the line of a label and its values; `here` marks the cell without any move."""
    pieces = [piece(label, _LABEL)]
    for at, cell in enumerate(values):
        under = "here" if here and here[at] else ""
        pieces += [(" ", "value"), piece(cell, room, under=under)]
    return tuple(pieces)
