"""The plot of a smile: volatility by strike, bids and asks as a band, the last close behind."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, inf, isfinite
from typing import ClassVar

from textual.app import RenderResult
from textual.content import Content
from textual_plotext import PlotextPlot

from specs.market.smile import Curve, SmilePoint
from widgets import cells
from widgets.axis import ticks, upright

DOTS = 2
"""Dots of a cell beside each other."""

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
_MARKER = "braille"
_LABEL_WIDTH = 14
_BELOW = 2
"""Rows that the axis of strikes takes."""

_Rgb = tuple[int, int, int]


class SmilePlot(PlotextPlot):
    """Draws a curve over another one, and again only if the picture would change."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "smile--band",
        "smile--middle",
        "smile--old",
        "smile--close",
        "smile--forward",
    }

    def __init__(self) -> None:
        super().__init__(id="smile_plot")
        # Plotext's theme has no colours, so background and axes take the widget's.
        self.theme = "clear"
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
        self.refresh()

    def render(self) -> RenderResult:
        width, height = self.size
        if width < NARROWEST or height < LOWEST:
            return ""
        self.drawn += 1
        return super().render() if self._draw(width, height) else Content(self._words)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()

    def _draw(self, width: int, height: int) -> bool:
        """Fill the figure; return whether there is anything to draw."""
        plt, points = self.plt, self._curve.points
        plt.clear_figure()
        plt.xaxes(lower=True, upper=False)
        plt.yaxes(left=True, right=False)
        across = _across(points) or _across(self._close.points)
        span = _up(self._curve, self._close, across)
        if across is None or span is None:
            return False
        levels = upright(*span, height - _BELOW)
        up = levels.low, levels.high
        low, high = across
        plt.xlim(low, high)
        plt.ylim(*up)
        self._ticks(across, levels.ticks, width)
        for edge in _bands(points, up, (high - low) / (DOTS * (width - 8))):
            plt.plot(*edge, marker=_MARKER, color=self._rgb("band"))
        behind = [p for p in self._close.points if low <= p.strike <= high]
        self._line(behind, "close", up)
        firm = [p for p in points if not p.old and isfinite(p.middle)]
        old = [p for p in points if p.old and up[0] <= p.middle <= up[1]]
        if old:
            xs, ys = [p.strike for p in old], [p.middle for p in old]
            plt.scatter(xs, ys, marker="·", color=self._rgb("old"))
        self._line(firm, "middle", up)
        if low <= self._curve.forward <= high:
            plt.vline(self._curve.forward, self._rgb("forward"))
        return True

    def _line(self, points: Sequence[SmilePoint], which: str, up: tuple[float, float]) -> None:
        for run in _runs(points):
            xs = [point.strike for point in run]
            ys = [max(up[0], min(up[1], point.middle)) for point in run]
            draw = self.plt.plot if len(run) > 1 else self.plt.scatter
            draw(xs, ys, marker=_MARKER, color=self._rgb(which))

    def _ticks(self, across: tuple[float, float], levels: Sequence[float], width: int) -> None:
        strikes = ticks(*across, max(2, width // _LABEL_WIDTH))
        whole = all(strike == round(strike) for strike in strikes)
        self.plt.xticks(strikes, [cells.number(strike, 0 if whole else 1) for strike in strikes])
        self.plt.yticks(list(levels), [cells.volatility(level) for level in levels])

    def _rgb(self, which: str) -> _Rgb:
        return self.get_component_styles(f"smile--{which}").color.rgb


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


def _bands(
    points: Sequence[SmilePoint], up: tuple[float, float], dot: float
) -> list[tuple[list[float], list[float]]]:
    """Return one path per run of strikes that fills the area between bids and asks."""
    bottom, top = up
    found = []
    for run in _runs([p for p in points if isfinite(p.bid) and isfinite(p.ask)]):
        path = [(run[0].strike, run[0].bid, run[0].ask)]
        for before, after in pairwise(run):
            steps = max(1, ceil((after.strike - before.strike) / dot))
            for step in range(1, steps + 1):
                share = step / steps
                path.append(
                    (
                        before.strike + share * (after.strike - before.strike),
                        before.bid + share * (after.bid - before.bid),
                        before.ask + share * (after.ask - before.ask),
                    )
                )
        xs: list[float] = []
        ys: list[float] = []
        for at, (strike, *ends) in enumerate(path):
            low, high = (max(bottom, min(top, end)) for end in ends)
            xs += [strike, strike]
            ys += [low, high] if at % 2 else [high, low]
        found.append((xs, ys))
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
