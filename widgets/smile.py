"""The plot of a smile: volatility by strike, bids and asks as a band, the last close behind."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import inf, isfinite
from typing import ClassVar

from rich.cells import cell_len

from specs.market.smile import Curve, SmilePoint
from widgets import cells
from widgets.axis import ticks, upright
from widgets.dot_canvas import DotCanvas
from widgets.line_view import centred_lines
from widgets.plot import Plot, PlotArea
from widgets.sheet import TextLine, TextSheet

SHORTEST = 1.0
"""The shortest axis in percentage points of volatility."""

AIR = 0.08
"""Room above and below the lines, in parts of their span."""

BEYOND = 0.4
"""The part of the lines' span by which bids and asks may exceed it."""

SEEN, SEEN_POINTS = 0.01, 0.05
"""The smallest visible change of a volatility (percentage points) and of the forward (points)."""

GAP = 3.1
"""Factor over the median distance of strikes from which a distance is a gap."""

NARROWEST, LOWEST = 24, 6
_LABEL_WIDTH = 14
_BELOW = 2
"""Rows that the axis of strikes takes."""


class SmilePlot(TextSheet):
    """Draws a curve over another one, and again only if the picture would change."""

    TONE_PREFIX = "smile"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "smile--band",
        "smile--middle",
        "smile--old",
        "smile--close",
        "smile--forward",
    }

    def __init__(self) -> None:
        super().__init__(id="smile_plot")
        self._curve = Curve()
        self._close = Curve()
        self._words = ""
        self.drawn = 0
        """The number of times it was drawn."""

    def show(self, curve: Curve, close: Curve | None, words: str = "") -> None:
        """Draw a curve over the last close's; show `words` if both are empty."""
        behind = close or Curve()
        if self._words == words and _alike(self._curve, curve) and _alike(self._close, behind):
            return
        self._curve, self._close, self._words = curve, behind, words
        self.rewrite()

    def lines(self, width: int, height: int) -> list[TextLine]:
        if width < NARROWEST or height < LOWEST:
            return []
        self.drawn += 1
        across = _across(self._curve.points) or _across(self._close.points)
        span = _up(self._curve, self._close, across)
        if across is None or span is None:
            return [((line, ""),) for line in centred_lines(self._words, width, height)]
        canvas = DotCanvas(width, height)
        self._draw(canvas, across, span)
        return canvas.lines()

    def _draw(
        self, canvas: DotCanvas, across: tuple[float, float], span: tuple[float, float]
    ) -> None:
        points = self._curve.points
        axis = upright(*span, canvas.height - _BELOW)
        labels = [cells.volatility(tick) for tick in axis.ticks]
        left = 1 + max(map(cell_len, labels), default=0)
        area = PlotArea(left, 0, canvas.width - left, canvas.height - _BELOW)
        low, high = across
        plot = Plot(canvas, area, across, (axis.low, axis.high))
        plot.left_axis(axis.ticks, labels)
        strikes = ticks(low, high, max(2, canvas.width // _LABEL_WIDTH))
        whole = all(strike == round(strike) for strike in strikes)
        plot.lower_axis(strikes, [cells.number(strike, 0 if whole else 1) for strike in strikes])
        for run in _runs([p for p in points if isfinite(p.bid) and isfinite(p.ask)]):
            plot.band([(p.strike, p.bid, p.ask) for p in run], "band")
        plot.upright(self._curve.forward, "forward")
        for run in _runs([p for p in self._close.points if low <= p.strike <= high]):
            plot.line(((p.strike, p.middle) for p in run), "close")
        plot.marks(((p.strike, p.middle) for p in points if p.old), "·", "old")
        for run in _runs([p for p in points if not p.old and isfinite(p.middle)]):
            plot.line(((p.strike, p.middle) for p in run), "middle")


def _across(points: Iterable[SmilePoint]) -> tuple[float, float] | None:
    """Return the outermost strikes, apart from each other, or None without points."""
    strikes = [point.strike for point in points]
    if not strikes:
        return None
    low, high = min(strikes), max(strikes)
    return (low, high) if low < high else (low * 0.99, high * 1.01)


def _up(
    curve: Curve, close: Curve, across: tuple[float, float] | None
) -> tuple[float, float] | None:
    """Return the range of volatilities of the lines, and of the bids and asks near them."""
    if across is None:
        return None
    low, high = across
    lines = [p.middle for p in curve.points if isfinite(p.middle)]
    lines += [p.middle for p in close.points if low <= p.strike <= high]
    quotes = [q for p in curve.points for q in (p.bid, p.ask) if isfinite(q)]
    if not lines:
        lines = quotes
    if not lines:
        return None
    bottom, top = min(lines), max(lines)
    reach = BEYOND * max(top - bottom, SHORTEST)
    near = [max(bottom - reach, min(top + reach, quote)) for quote in quotes]
    bottom, top = min([bottom, *near]), max([top, *near])
    missing = max(0.0, SHORTEST - (top - bottom)) / 2
    air = AIR * max(top - bottom, SHORTEST) + missing
    return max(0.0, bottom - air), top + air


def _runs(points: Sequence[SmilePoint]) -> list[list[SmilePoint]]:
    """Return the points in runs without a gap: no line is drawn across missing strikes."""
    if not points:
        return []
    gaps = sorted(after.strike - before.strike for before, after in pairwise(points))
    widest = GAP * gaps[len(gaps) // 2] if gaps else inf
    found = [[points[0]]]
    for before, after in pairwise(points):
        if after.strike - before.strike > widest:
            found.append([])
        found[-1].append(after)
    return found


def _alike(one: Curve, other: Curve) -> bool:
    """Return whether two curves look the same, to a hundredth of a percentage point."""
    return (
        _near(one.forward, other.forward, SEEN_POINTS)
        and len(one.points) == len(other.points)
        and all(
            (a.strike, a.old) == (b.strike, b.old)
            and _near(a.bid, b.bid, SEEN)
            and _near(a.ask, b.ask, SEEN)
            and _near(a.middle, b.middle, SEEN)
            for a, b in zip(one.points, other.points, strict=True)
        )
    )


def _near(one: float, other: float, seen: float) -> bool:
    return abs(one - other) < seen or (one != one and other != other)
