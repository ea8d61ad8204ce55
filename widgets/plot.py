"""Plots: lines, bands, levels, candles and axes of data, drawn on a canvas of dots and cells.

No line is drawn to or from a missing value (nan): it ends before the gap and begins after it.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from rich.cells import cell_len

from widgets import cells
from widgets.dot_canvas import DOTS_ACROSS, DOTS_DOWN, DotCanvas

AXIS = ""
"""The tone of axes: the widget's own."""

_MIDDLE = 1.5
"""The middle of a cell in dots from its top."""

_WICKS = {(True, True): "│", (True, False): "╵", (False, True): "╷"}
_BODIES = {(True, True): "┃", (True, False): "╹", (False, True): "╻"}
_BODY_ABOVE, _BODY_BELOW = "╿", "╽"


class PlotArea(NamedTuple):
    """A rectangle of cells."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The column after its last one."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The row after its last one."""
        return self.top + self.height


class Candle(NamedTuple):
    """The prices of a bar."""

    open: float
    high: float
    low: float
    close: float


class Plot:
    """Draws data in an area of a canvas.

    `across` and `up` are the values at the ends of the area: at its outermost dots across, and in
    the middle of its lowest and its highest row.
    """

    def __init__(
        self,
        canvas: DotCanvas,
        area: PlotArea,
        across: tuple[float, float],
        up: tuple[float, float],
    ) -> None:
        self.canvas, self.area = canvas, area
        self._across, self._up = across, up

    def over(self, area: PlotArea, up: tuple[float, float]) -> "Plot":
        """Return a plot in another area with the same values across."""
        return Plot(self.canvas, area, self._across, up)

    # --- geometry

    def x(self, value: float) -> int:
        """Return the dot column of a value, counted from the left of the canvas."""
        low, high = self._across
        share = (value - low) / (high - low) if high > low else 0.5
        return self.area.left * DOTS_ACROSS + round(share * (self.area.width * DOTS_ACROSS - 1))

    def y(self, value: float) -> int:
        """Return the dot row of a value from the top; one that is out of range is at the edge."""
        down = (self.area.top + self._rows_down(value)) * DOTS_DOWN + _MIDDLE
        first, last = self.area.top * DOTS_DOWN, self.area.bottom * DOTS_DOWN - 1
        return max(first, min(last, round(down)))

    def column(self, value: float) -> int:
        """Return the cell column of a value."""
        return self.x(value) // DOTS_ACROSS

    def row(self, value: float) -> int:
        """Return the cell row of a value."""
        return self.area.top + round(self._rows_down(value))

    def shows(self, value: float) -> bool:
        """Return whether a value lies between the ends of the upright axis."""
        return self._up[0] <= value <= self._up[1]

    def _rows_down(self, value: float) -> float:
        low, high = self._up
        share = (max(low, min(high, value)) - low) / (high - low) if high > low else 0.5
        return (1 - share) * (self.area.height - 1)

    # --- data

    def line(self, points: Iterable[tuple[float, float]], tone: str) -> None:
        """Draw a line through points in their order; a point between gaps is a dot."""
        before: tuple[int, int] | None = None
        for x, y in points:
            if not (isfinite(x) and isfinite(y)):
                before = None
                continue
            at = self.x(x), self.y(y)
            self.canvas.line(before or at, at, tone)
            before = at

    def marks(self, points: Iterable[tuple[float, float]], sign: str, tone: str) -> None:
        """Write a sign at each point that is in range."""
        for x, y in points:
            if isfinite(x) and self.shows(y):
                self.canvas.write(self.column(x), self.row(y), sign, tone)

    def band(self, edges: Sequence[tuple[float, float, float]], tone: str) -> None:
        """Fill the room between two lines; `edges` are (x, low, high)."""
        dots = [(self.x(x), self.y(low), self.y(high)) for x, low, high in edges]
        for x, low, high in dots[:1]:
            self.canvas.column(x, low, high, tone)
        for (x, *begin), (last, *end) in pairwise(dots):
            for at in range(x + 1, last + 1):
                share = (at - x) / (last - x)
                low, high = (round(a + share * (b - a)) for a, b in zip(begin, end, strict=True))
                self.canvas.column(at, low, high, tone)

    def level(self, value: float, tone: str, sign: str = "╌") -> None:
        """Draw a horizontal line across the area at a value that is in range."""
        if self.shows(value):
            self.canvas.write(self.area.left, self.row(value), sign * self.area.width, tone)

    def upright(self, value: float, tone: str, sign: str = "│") -> None:
        """Draw a vertical line through the cells of a value."""
        if self._across[0] <= value <= self._across[1]:
            for row in range(self.area.top, self.area.bottom):
                self.canvas.write(self.column(value), row, sign, tone)

    def shade(self, begin: float, end: float, tone: str) -> None:
        """Shade the cells from a value to another one."""
        first = max(self.area.left, self.column(begin))
        last = min(self.area.right - 1, self.column(end))
        self.canvas.shade(first, last + 1, self.area.top, self.area.bottom, tone)

    def candle(self, x: float, candle: Candle, tone: str) -> None:
        """Draw the wick and the body of a bar in one column, exact to half a row."""
        halves = {name: self._half(getattr(candle, name)) for name in Candle._fields}
        body = sorted((halves["open"], halves["close"]))
        wick = halves["high"], halves["low"]
        column = self.column(x)
        for row in range(wick[0] // 2, wick[1] // 2 + 1):
            both = range(2 * row, 2 * row + 2)
            sign = candle_sign(
                [body[0] <= half <= body[1] for half in both],
                [wick[0] <= half <= wick[1] for half in both],
            )
            self.canvas.write(column, row, sign, tone)

    def _half(self, value: float) -> int:
        return self.y(value) // (DOTS_DOWN // 2)

    def columns(self, points: Iterable[tuple[float, float]], tone: str) -> None:
        """Fill the cells from the foot of the area up to each value, to an eighth of a row.

        The foot stands for the lowest value and the top of the area for the highest one.
        """
        low, high = self._up
        for x, value in points:
            if not value > low or not high > low:
                continue
            share = min(1.0, (value - low) / (high - low))
            eighths = max(1, round(share * self.area.height * 8))
            for step in range((eighths + 7) // 8):
                sign = _EIGHTHS[min(8, eighths - 8 * step)]
                self.canvas.write(self.column(x), self.area.bottom - 1 - step, sign, tone)

    # --- axes

    def left_axis(self, ticks: Sequence[float], labels: Sequence[str], tone: str = AXIS) -> None:
        """Draw the axis in the column left of the area, its labels before it."""
        at = self.area.left - 1
        for row in range(self.area.top, self.area.bottom):
            self.canvas.write(at, row, "│", tone)
        for tick, label in zip(ticks, labels, strict=True):
            if self.shows(tick):
                self.canvas.write(at - cell_len(label), self.row(tick), f"{label}┤", tone)

    def lower_axis(self, ticks: Sequence[float], labels: Sequence[str], tone: str = AXIS) -> None:
        """Draw the axis in the row below the area, and below it the labels that do not collide."""
        row, free = self.area.bottom, 0
        self.canvas.write(self.area.left - 1, row, "└" + "─" * self.area.width, tone)
        for tick, label in zip(ticks, labels, strict=True):
            column, size = self.column(tick), cell_len(label)
            first = max(0, min(column - size // 2, self.canvas.width - size))
            if first < free or not self.area.left <= column < self.area.right:
                continue
            self.canvas.write(column, row, "┬", tone)
            self.canvas.write(first, row + 1, label, tone)
            free = first + size + 1

    def right_labels(self, labels: Iterable[tuple[float, str, str]], width: int) -> None:
        """Write texts right of the area, each in the row of its value or the next free one.

        `labels` are (value, text, tone), the most important first; those without room are left
        out.  A value out of range is written at the edge.
        """
        taken: set[int] = set()
        for value, text, tone in labels:
            row = self.row(value)
            near = (row, row + 1, row - 1)
            free = next((y for y in near if y in self._rows and y not in taken), None)
            if free is not None:
                taken.add(free)
                self.canvas.write(self.area.right, free, cells.fit(text, width), tone)

    @property
    def _rows(self) -> range:
        return range(self.area.top, self.area.bottom)


_EIGHTHS = " ▁▂▃▄▅▆▇█"


def candle_sign(body: Sequence[bool], wick: Sequence[bool]) -> str:
    """Return the character of a cell by whether its upper and lower half have body and wick."""
    upper, lower = body
    if upper and lower:
        return _BODIES[True, True]
    if upper:
        return _BODY_ABOVE if wick[1] else _BODIES[True, False]
    if lower:
        return _BODY_BELOW if wick[0] else _BODIES[False, True]
    return _WICKS.get((wick[0], wick[1]), " ")
