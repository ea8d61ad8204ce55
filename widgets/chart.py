"""The chart of a contract: prices with levels, VWAP and auctions, volume and a greek below."""

from collections.abc import Callable, Iterator
from math import isfinite, nan
from typing import ClassVar

from msgspec import Struct
from rich.cells import cell_len

from specs.market.bars import Bar
from specs.preferences import ChartPane
from widgets import cells
from widgets.axis import Axis, upright
from widgets.chart_layout import (
    ChartColumn,
    chart_columns,
    clock_of,
    first_shown,
    pitch_of,
    time_ticks,
)
from widgets.dot_canvas import DOTS_ACROSS, DotCanvas
from widgets.figures import shortened
from widgets.line_view import centred_lines
from widgets.plot import Candle, Plot, PlotArea
from widgets.sheet import TextLine, TextSheet
from widgets.texts import t

NARROWEST, LOWEST = 30, 8
WITH_VOLUME, WITH_PANE = 12, 18
"""Rows from which on the panes below the prices are shown."""

REACH = 0.6
"""How far a level may lie beyond the prices and be shown, in parts of their span."""

_TIME_ROWS = 2
_PANES: dict[ChartPane, tuple[float, Callable[[float], str]]] = {
    "volatility": (0.1, cells.volatility),
    "delta": (0.01, cells.number),
}
"""The least step of a pane's axis, and the text of its values."""

_BREAK = "┊"


class ChartLevel(Struct, frozen=True):
    """A horizontal line at a price; nan is not drawn."""

    value: float
    key: str
    """Its name in the catalogue, after ``chart.``."""
    tone: str


class ChartPicture(Struct, frozen=True):
    """What a chart shows of one contract."""

    bars: tuple[Bar, ...] = ()
    seconds: int = 60
    """The length of a bar."""
    since: int = 0
    """The beginning of the chart and its end, in seconds since 1970, beyond the bars' own."""
    until: int = 0
    vwap: tuple[float, ...] = ()
    """The session's average price at the end of each bar; nan if unknown."""
    levels: tuple[ChartLevel, ...] = ()
    """The most important one first."""
    auctions: tuple[tuple[int, int], ...] = ()
    """Beginning and end of the auctions in seconds since 1970."""
    decimals: int = 2
    tick: float = nan
    as_line: bool = False
    """Whether closes are joined by a line instead of candles."""
    crosshair: int | None = None
    """The start of the bar that is marked."""
    overlay: tuple[tuple[int, float], ...] = ()
    """Starts and closes of another contract, at the scale of this one's prices."""
    overlay_name: str = ""
    pane: ChartPane = "volatility"
    """What is drawn below the volume, where the bars have it."""


class _Columns(Struct, frozen=True):
    """The columns in sight, `pitch` cells apart."""

    shown: list[ChartColumn]
    pitch: int

    def bars(self) -> Iterator[tuple[int, Bar]]:
        """Yield the bars with the index of their column."""
        return ((at, one.bar) for at, one in enumerate(self.shown) if one.bar is not None)


class Chart(TextSheet):
    """Draws a chart, and again only what changed."""

    TONE_PREFIX = "chart"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "chart--up",
        "chart--down",
        "chart--flat",
        "chart--line",
        "chart--overlay",
        "chart--vwap",
        "chart--level",
        "chart--extreme",
        "chart--last",
        "chart--volume",
        "chart--volatility",
        "chart--rule",
        "chart--auction",
        "chart--crosshair",
    }

    def __init__(self, id: str = "chart") -> None:  # noqa: A002
        super().__init__(id=id)
        self._picture = ChartPicture()

    def show(self, picture: ChartPicture) -> None:
        """Draw a picture in place of the last one."""
        if picture != self._picture:
            self._picture = picture
            self.rewrite()

    def lines(self, width: int, height: int) -> list[TextLine]:
        picture = self._picture
        if width < NARROWEST or height < LOWEST:
            return []
        if not picture.bars:
            return [((line, ""),) for line in centred_lines(t("chart.none"), width, height)]
        canvas = DotCanvas(width, height)
        _draw(canvas, picture)
        return canvas.lines()


def _draw(canvas: DotCanvas, picture: ChartPicture) -> None:
    values = {bar.start: pane_value(bar, picture.pane) for bar in picture.bars}
    has_pane = any(map(isfinite, values.values())) and canvas.height >= WITH_PANE
    volume = max(2, canvas.height // 8) if canvas.height >= WITH_VOLUME else 0
    pane = max(3, canvas.height // 7) if has_pane else 0
    below = volume + bool(volume) + pane + bool(pane) + _TIME_ROWS
    rows = canvas.height - below
    levels = [level for level in picture.levels if isfinite(level.value)]
    labels = [_level_label(level, picture.decimals) for level in levels]
    if max(map(cell_len, labels), default=0) > canvas.width // 4:
        labels = [f" {t(f'chart.{level.key}')}" for level in levels]
    over = [(value, f" {picture.overlay_name}", "overlay") for _, value in picture.overlay[-1:]]
    right = max(map(cell_len, (*labels, *(label for _, label, _ in over))), default=0)
    left = 2 + max(cell_len(cells.number(bar.high, picture.decimals)) for bar in picture.bars)
    room = canvas.width - left - right
    columns = _columns(picture, room)
    up = upright(
        *_range(picture, columns, levels),
        rows,
        smallest=picture.tick if picture.tick > 0 else 0.01,
        negative=any(bar.low < 0 for bar in picture.bars),
    )
    area = PlotArea(left, 0, room, rows)
    across = (0.0, (room * DOTS_ACROSS - 1) / (DOTS_ACROSS * columns.pitch))
    prices = Plot(canvas, area, across, (up.low, up.high))
    prices.left_axis(up.ticks, [cells.number(tick, picture.decimals) for tick in up.ticks])
    for level in reversed(levels):
        if level.tone != "vwap":
            prices.level(level.value, "extreme" if level.tone == "last" else level.tone)
    _draw_prices(prices, picture, columns)
    pairs = zip(levels, labels, strict=True)
    named = [(one.value, _pointed(one.value, label, up), one.tone) for one, label in pairs]
    prices.right_labels(
        sorted([*named[:1], *over, *named[1:]], key=lambda one: not prices.shows(one[0])), right
    )
    top = rows
    if volume:
        top = _draw_volume(prices, columns, top, volume)
    if pane:
        top = _draw_pane(prices, picture.pane, values, columns, top, pane)
    _draw_times(prices.over(PlotArea(left, 0, room, top), (0.0, 1.0)), picture, columns)


def _columns(picture: ChartPicture, room: int) -> _Columns:
    every = chart_columns(picture.bars, picture.seconds, picture.since, picture.until)
    marked = next((at for at, one in enumerate(every) if _is_marked(one, picture)), None)
    pitch = pitch_of(len(every), room)
    count = max(1, room // pitch)
    first = first_shown(len(every), count, marked)
    return _Columns(every[first : first + count], pitch)


def _is_marked(column: ChartColumn, picture: ChartPicture) -> bool:
    return column.bar is not None and column.start == picture.crosshair


def _range(
    picture: ChartPicture, columns: _Columns, levels: list[ChartLevel]
) -> tuple[float, float]:
    """Return the range of the prices in sight, and of the levels that are near them."""
    bars = [bar for _, bar in columns.bars()] or list(picture.bars[-1:])
    low, high = min(bar.low for bar in bars), max(bar.high for bar in bars)
    tick = picture.tick if picture.tick > 0 else 0.01
    reach = REACH * max(high - low, 8 * tick)
    near = [level.value for level in levels if low - reach <= level.value <= high + reach]
    starts = {one.start for one in columns.shown}
    near += [value for start, value in picture.overlay if start in starts]
    return min([low, *near]), max([high, *near])


def _draw_prices(plot: Plot, picture: ChartPicture, columns: _Columns) -> None:
    vwap = dict(zip((bar.start for bar in picture.bars), picture.vwap, strict=False))
    plot.line(((at, vwap.get(one.start, nan)) for at, one in enumerate(columns.shown)), "vwap")
    over = dict(picture.overlay)
    plot.line(((at, over.get(one.start, nan)) for at, one in enumerate(columns.shown)), "overlay")
    for at, one in enumerate(columns.shown):
        if one.end:
            plot.upright(at, "rule", _BREAK)
    if picture.as_line:
        closes = (one.bar.close if one.bar is not None else nan for one in columns.shown)
        plot.line(enumerate(closes), "line")
        return
    before = nan
    for at, bar in columns.bars():
        base = bar.open if bar.open != bar.close else before
        tone = "up" if bar.close > base else "down" if bar.close < base else "flat"
        plot.candle(at, Candle(bar.open, bar.high, bar.low, bar.close), tone)
        before = bar.close


def _draw_volume(prices: Plot, columns: _Columns, top: int, rows: int) -> int:
    """Draw the volume below row `top` and return the row after it."""
    most = max((bar.volume for _, bar in columns.bars()), default=0.0)
    plot = _pane(prices, t("chart.volume"), top, rows, (0.0, most))
    plot.left_axis([most], [shortened(cells.quantity(most), prices.area.left - 1)])
    plot.columns(((at, bar.volume) for at, bar in columns.bars()), "volume")
    return plot.area.bottom


def _draw_pane(
    prices: Plot, pane: ChartPane, values: dict[int, float], columns: _Columns, top: int, rows: int
) -> int:
    """Draw volatility or delta by start below row `top` and return the row after it."""
    shown = [values.get(one.start, nan) for one in columns.shown]
    found = [value for value in shown if isfinite(value)]
    low, high = min(found, default=0.0), max(found, default=1.0)
    smallest, text = _PANES[pane]
    high = max(high, low + 2 * smallest)
    axis = upright(low, high, rows, smallest=smallest, negative=low < 0)
    plot = _pane(prices, t(f"chart.{pane}"), top, rows, (axis.low, axis.high))
    ends = (axis.ticks[0], axis.ticks[-1]) if len(axis.ticks) > 1 else (axis.low, axis.high)
    plot.left_axis(ends, [text(value) for value in ends])
    plot.line(enumerate(shown), "volatility")
    return plot.area.bottom


def pane_value(bar: Bar, pane: ChartPane) -> float:
    """Return the value of a bar that a pane shows; nan for a missing one."""
    if pane == "volatility":
        return bar.iv if bar.iv > 0 else nan
    return bar.delta if pane == "delta" else nan


def _pane(prices: Plot, name: str, top: int, rows: int, up: tuple[float, float]) -> Plot:
    """Return a plot below row `top`, under a rule with its name and over the same times."""
    left, width = prices.area.left, prices.area.width
    prices.canvas.write(left - 1, top, "├" + "─" * width, "rule")
    prices.canvas.write(left + 1, top, f" {name} ", "")
    return prices.over(PlotArea(left, top + 1, width, rows), up)


def _draw_times(whole: Plot, picture: ChartPicture, columns: _Columns) -> None:
    """Draw the axis of times, shade the auctions and mark the bar under the crosshair."""
    shown, seconds = columns.shown, picture.seconds
    labels = [clock_of(one.start, seconds) for one in shown]
    marks = time_ticks(shown, seconds, columns.pitch, max(map(cell_len, labels), default=5))
    whole.lower_axis(marks, [labels[at] for at in marks])
    for at, one in enumerate(shown):
        end = one.end or one.start + seconds
        if any(one.start < until and since < end for since, until in picture.auctions):
            whole.shade(at, at + 1 - 1 / columns.pitch, "auction")
        if _is_marked(one, picture):
            whole.shade(at, at, "crosshair")


def _pointed(value: float, label: str, axis: Axis) -> str:
    """Return a label with an arrow towards a value that is out of sight."""
    arrow = "↑" if value > axis.high else "↓" if value < axis.low else " "
    return arrow + label[1:]


def _level_label(level: ChartLevel, decimals: int) -> str:
    return f" {t(f'chart.{level.key}')} {cells.number(level.value, decimals)}"
