"""The scenario grid: what worth changes by, moves of the future across, of volatility down."""

from collections.abc import Sequence
from math import isfinite

from textual.message import Message

from widgets import cells
from widgets.columns import Cell
from widgets.holding import Grid
from widgets.sheet import Line, Sheet, piece
from widgets.texts import t
from widgets.won import fitting, gain

_LABEL = 6


class Scenario(Sheet):
    """The grid that was shown last."""

    class RoomChanged(Message):
        """There is room for more moves than there was, or for fewer."""

    def __init__(self) -> None:
        super().__init__(id="scenario")
        self._grid = Grid()

    @property
    def moves(self) -> int:
        """For how many moves of the future there is room on either side."""
        return 3 if self.size.width < 100 else 4 if self.size.width < 150 else 6

    def on_resize(self) -> None:
        super().on_resize()
        if len(self._grid.points) != 2 * self.moves + 1:
            self.post_message(self.RoomChanged())

    def show(self, grid: Grid) -> None:
        """Show a grid."""
        self._grid = grid
        self.rewrite()

    def lines(self, width: int, height: int) -> list[Line]:
        grid = self._grid
        if not grid.points:
            return []
        room = (width - _LABEL) // len(grid.points) - 1
        decimals = 0 if all(move == round(move) for move in grid.points) else 2
        points = [Cell(_signed(move, decimals), "header") for move in grid.points]
        percents = [Cell(_signed(share, 2, "%"), "label") for share in grid.percents]
        lines = [
            _line(Cell(t("positions.moves"), "header"), points, room),
            _line(Cell(t("positions.percents"), "label"), percents, room),
        ]
        flat = [value for line in grid.cells for value in line]
        found = iter(fitting(lambda level: [gain(value, level) for value in flat], room))
        for more in grid.volatilities:
            label = Cell(_signed(more, 0 if more == round(more) else 1, "%p"), "header")
            here = [not more and not move and not grid.hours for move in grid.points]
            lines.append(_line(label, [next(found) for _ in grid.points], room, here))
        return lines


def _signed(value: float, decimals: int, unit: str = "") -> str:
    if not isfinite(value):
        return cells.MISSING
    return (cells.plus(value, decimals) if value else cells.number(0.0, decimals)) + unit


def _line(label: Cell, values: Sequence[Cell], room: int, here: Sequence[bool] = ()) -> Line:
    """A label and its values; the cell that is `here` is the market as it stands."""
    pieces = [piece(label, _LABEL)]
    for at, cell in enumerate(values):
        under = "here" if here and here[at] else ""
        pieces += [(" ", "value"), piece(cell, room, under=under)]
    return tuple(pieces)
