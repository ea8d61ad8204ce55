"""The payoff chart: profits of positions by the underlying's price, with its numbers above."""

from collections.abc import Sequence
from itertools import chain
from math import floor, inf, isfinite
from typing import ClassVar

from rich.cells import cell_len

from specs.market.payoff import PayoffCurve, PayoffLine
from widgets import cells
from widgets.axis import ticks, upright
from widgets.board_column import BoardCell
from widgets.contract_names import contract_name
from widgets.dot_canvas import DotCanvas
from widgets.plot import Plot, PlotArea
from widgets.sheet import Piece, TextLine, TextSheet, centred
from widgets.texts import t
from widgets.won import amount, fitting, levels

LOWEST, NARROWEST = 8, 40
"""Rows and columns below which no chart is drawn."""

_AXIS_ROWS = 2
_MARK_ROWS = 1
_AMOUNT = 9
_TICK = 9
"""Columns of an amount, and of a tick of the prices with the room around it."""

_FEWEST_LINES, _MOST_LINES = 2, 5
"""Lines of numbers above the chart, as far as it has room."""

_EVEN, _HERE, _DEVIATION = "◆", "│", "┊"


class PayoffChart(TextSheet):
    """Draws a payoff curve, and again only what changed."""

    TONE_PREFIX = "payoff"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "payoff--now",
        "payoff--later",
        "payoff--expiry",
        "payoff--rule",
        "payoff--here",
        "payoff--deviation",
        "payoff--even",
        "payoff--label",
        "payoff--value",
        "payoff--up",
        "payoff--down",
        "payoff--warning",
        "payoff--old",
    }

    def __init__(self) -> None:
        super().__init__(id="payoff")
        self._curve = PayoffCurve()
        self._decimals = 2

    def show(self, curve: PayoffCurve, decimals: int) -> None:
        """Draw a curve; `decimals` are those of the underlying's price."""
        if (curve, decimals) != (self._curve, self._decimals):
            self._curve, self._decimals = curve, decimals
            self.rewrite()

    def lines(self, width: int, height: int) -> list[TextLine]:
        curve = self._curve
        if not curve.levels:
            return centred(t("payoff.none"), width, height)
        most = max(_FEWEST_LINES, min(_MOST_LINES, height - LOWEST))
        above = _wrapped(_numbers(curve, self._decimals), width)[:most]
        rows = height - len(above)
        drawn = any(line.values for line in (curve.now, curve.later, curve.at_expiry))
        if rows < LOWEST or width < NARROWEST or not drawn:
            return above
        canvas = DotCanvas(width, rows)
        _draw(canvas, curve, self._decimals)
        return above + canvas.lines()


def _shown(curve: PayoffCurve) -> list[tuple[str, str, PayoffLine]]:
    """Return name, tone and values of the lines, in the order in which they are drawn."""
    expiry = f"{curve.expiry:%m/%d}" if curve.expiry is not None else ""
    shown = [(t("payoff.at_expiry", day=expiry), "expiry", curve.at_expiry)]
    if curve.days:
        shown.append((t("payoff.in_days", days=curve.days), "later", curve.later))
    return [*shown, (t("payoff.now"), "now", curve.now)]


# --- the numbers


def _numbers(curve: PayoffCurve, decimals: int) -> list[list[Piece]]:
    """Return groups of pieces that stay together on a line."""
    groups: list[list[Piece]] = [
        [
            (t("payoff.at_level"), "label"),
            (f" {cells.number(curve.level, decimals)}", "here"),
        ]
    ]
    for name, tone, line in reversed(_shown(curve)):
        if line.gaps:
            gap = line.gaps[0]
            more = t("payoff.more_gaps", count=len(line.gaps) - 1) if len(line.gaps) > 1 else ""
            why = f" {cells.MISSING} {contract_name(gap.instrument)}: {t(gap.why)}{more}"
            groups.append([(name, tone), (why, "warning")])
        else:
            groups.append([(name, tone), _gain(line.here)])
    if not curve.at_expiry.gaps:
        evens = " · ".join(cells.number(one, decimals) for one in curve.break_evens)
        groups.append(
            [(t("payoff.break_even"), "label"), (f" {evens or t('payoff.no_even')}", "even")]
        )
        if curve.most == curve.most:
            groups.append([(t("payoff.most"), "label"), _gain(curve.most)])
            groups.append([(t("payoff.least"), "label"), _gain(curve.least)])
    low, high = curve.deviations
    if isfinite(low):
        between = f" {cells.number(low, decimals)}–{cells.number(high, decimals)}"
        money = t("payoff.money", volatility=cells.volatility(curve.volatility))
        groups.append(
            [(t("payoff.deviation"), "label"), (between, "deviation"), (f" {money}", "label")]
        )
    else:
        groups.append(
            [(t("payoff.deviation"), "label"), (f" {cells.MISSING} {t('payoff.no_money')}", "old")]
        )
    return groups


def _gain(value: float) -> Piece:
    if value in (inf, -inf):
        return f" {t('payoff.unlimited')}", "up" if value > 0 else "down"
    whole = round(value)
    return f" {amount(value, signed=True)}", "up" if whole > 0 else "down" if whole < 0 else "value"


def _wrapped(groups: Sequence[list[Piece]], width: int) -> list[TextLine]:
    """Return groups on lines; one that is longer than a line is cut."""
    lines: list[list[Piece]] = [[]]
    for group in groups:
        used = sum(cell_len(text) for text, _ in lines[-1])
        size = sum(cell_len(text) for text, _ in group)
        if lines[-1] and used + 3 + size > width:
            lines.append([])
        elif lines[-1]:
            lines[-1].append(("   ", "label"))
        lines[-1] += _cut(group, width)
    return [tuple(line) for line in lines]


def _cut(group: list[Piece], width: int) -> list[Piece]:
    left, found = width, list[Piece]()
    for text, tone in group:
        size = min(cell_len(text), left)
        found.append((cells.fit(text, size), tone))
        left -= size
    return found


# --- the chart


def _draw(canvas: DotCanvas, curve: PayoffCurve, decimals: int) -> None:
    shown = [one for one in _shown(curve) if one[2].values]
    values = [0.0, *chain.from_iterable(line.values for _, _, line in shown)]
    rows = canvas.height - _AXIS_ROWS - _MARK_ROWS
    up = upright(min(values), max(values), rows, smallest=1.0, negative=True)
    labels = fitting(
        lambda level: [BoardCell(amount(tick, level, signed=True)) for tick in up.ticks],
        _AMOUNT,
        levels(up.ticks),
    )
    left = 2 + max(cell_len(label.text) for label in labels)
    right = 1 + max(cell_len(name) for name, _, _ in shown)
    area = PlotArea(left, _MARK_ROWS, canvas.width - left - right, rows)
    across = curve.levels[0], curve.levels[-1]
    plot = Plot(canvas, area, across, (up.low, up.high))
    plot.left_axis(up.ticks, [label.text for label in labels])
    prices = ticks(*across, max(2, area.width // _TICK))
    whole = all(price == floor(price) for price in prices)
    plot.lower_axis(prices, [cells.number(price, 0 if whole else decimals) for price in prices])
    for value in curve.deviations:
        if isfinite(value):
            plot.upright(value, "deviation", _DEVIATION)
    plot.upright(curve.level, "here", _HERE)
    plot.level(0.0, "rule")
    for _, tone, line in shown:
        plot.line(zip(curve.levels, line.values, strict=True), tone)
    plot.marks(
        ((even, 0.0) for even in curve.break_evens if _is_inside(even, across)), _EVEN, "even"
    )
    _write_marks(plot, curve, decimals)
    ends = [(line.values[-1], f" {name}", tone) for name, tone, line in reversed(shown)]
    plot.right_labels(ends, right)


def _is_inside(value: float, across: tuple[float, float]) -> bool:
    return across[0] <= value <= across[1]


def _write_marks(plot: Plot, curve: PayoffCurve, decimals: int) -> None:
    """Name the marked prices: those across the chart above it, break-evens beside their sign."""
    across = curve.levels[0], curve.levels[-1]
    low, high = curve.deviations
    named = [
        (curve.level, cells.number(curve.level, decimals), "here"),
        (low, "-1σ", "deviation"),
        (high, "+1σ", "deviation"),
    ]
    for value, text, tone in named:
        if isfinite(value) and _is_inside(value, across):
            _write_centred(plot, value, plot.area.top - 1, text, tone)
    zero = plot.row(0.0)
    for even in curve.break_evens:
        if _is_inside(even, across):
            text = cells.number(even, decimals)
            any(_write_centred(plot, even, zero + by, text, "even") for by in (1, -1, 2, -2))


def _write_centred(plot: Plot, value: float, row: int, text: str, tone: str) -> bool:
    """Write a text around the column of a value; return False where there is no blank room."""
    area, size = plot.area, cell_len(text)
    first = min(max(area.left, plot.column(value) - size // 2), area.right - size)
    inside = area.top - _MARK_ROWS <= row < area.bottom
    if not inside or not plot.canvas.is_blank(first, row, size):
        return False
    plot.canvas.write(first, row, text, tone)
    return True
