"""The numbers of one option: KIS' greeks beside our own, what both rest on, and their paths.

Delta and gamma are per point of an index or won of a stock, vega per volatility point, theta per
calendar day, rho per percentage point of the rate.  What the boards show of the two stands in bold.
Bars compare a greek with the largest of the watched options.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite, nan

from textual.content import Content
from textual.widgets import Static

from widgets import cells, reasons, times
from widgets.chosen import GREEKS, chosen, kis_value, own_value
from widgets.row import Row, underlying
from widgets.sparkline import sparkline
from widgets.texts import t

WIDEST_BAR = 20

Pairs = Sequence[tuple[str, str]]
"""Keys of the catalogue, and the values that stand behind them."""

Paths = Mapping[str, Sequence[float]]
"""The points of price, volatility and delta, oldest first."""

_WORDS = 6
_NUMBER = 10


def bar(share: float, width: int) -> str:
    """A thin bar of up to `width` cells, half a cell exact."""
    if not isfinite(share) or share <= 0:
        return ""
    full, half = divmod(max(1, round(min(1.0, share) * width * 2)), 2)
    return "━" * full + "╸" * half


class GreeksDetail(Static):
    """The numbers of one option."""

    def lines(
        self, row: Row, today: date, now: float, largest: Mapping[str, float], basis: str
    ) -> list[Content]:
        """The lines of the panel's upper part; `basis` says what our own values rest on."""
        if row.trade is None and (row.own is None or row.own.why):
            said = Content.assemble((row.note or t("greeks.no_trade"), "$text-label"))
            return [said] if row.own is None else [said, _foundation(row, basis)]
        width = max(4, min(WIDEST_BAR, self.size.width - 41))
        lines = [self._facts(row, today)]
        for which in GREEKS:
            found = chosen(row, which)
            share = abs(found.value) / largest[which] if largest.get(which) else nan
            ours = own_value(row, which)
            kis = cells.greek(kis_value(row, which), small=True)
            own = cells.marked(cells.greek(ours, small=True), isfinite(ours))
            lines.append(
                Content.assemble(
                    (cells.fit(t(f"column.{which}"), _WORDS), "$text-label"),
                    (cells.fit(kis, _NUMBER - 1, right=True), _tone(shown=not found.own)),
                    (cells.fit(own, _NUMBER + 1, right=True), _tone(shown=found.own)),
                    " ",
                    (cells.fit(_unit(row, which), 12), "$text-label"),
                    (bar(share, width), "$accent-darken-1"),
                )
            )
        return [*lines, self._volatility(row, now), _foundation(row, basis), self._value(row)]

    def paths(self, row: Row, paths: Paths) -> list[Content]:
        """A line for each path that there is."""
        lines = []
        for which, values in paths.items():
            there = [value for value in values if isfinite(value)]
            if len(there) < 2:
                continue
            low, high = (_written(row, which, value) for value in (min(there), max(there)))
            room = max(0, self.size.width - _WORDS - 1 - len(low) - len(high) - 1)
            lines.append(
                Content.assemble(
                    (cells.fit(t(f"chosen.{which}"), _WORDS), "$text-label"),
                    (sparkline(values, room), "$accent-darken-1"),
                    (f" {low}–{high}", "$text-label"),
                )
            )
        return lines

    def _facts(self, row: Row, today: date) -> Content:
        instrument, trade = row.instrument, row.option
        spot = underlying(trade) if trade is not None else own_value(row, "forward")
        intrinsic = trade.intrinsic_value if trade is not None else nan
        pairs = [
            ("greeks.underlying", cells.number(spot, instrument.decimals)),
            ("greeks.strike", cells.number(instrument.strike, 1 if instrument.decimals else 0)),
        ]
        if isfinite(spot) and isfinite(instrument.strike):
            inside = (spot - instrument.strike) * (1 if instrument.right == "C" else -1)
            key = "greeks.itm" if inside > 0 else "greeks.otm" if inside < 0 else "greeks.atm"
            pairs.append((key, cells.number(abs(inside), instrument.decimals)))
        elif intrinsic > 0:
            pairs.append(("greeks.itm", cells.number(intrinsic, instrument.decimals)))
        if instrument.expiry is not None:
            days = (instrument.expiry - today).days
            pairs.append(("greeks.days", t("greeks.day_count", days=days)))
        return _pairs(pairs)

    def _volatility(self, row: Row, now: float) -> Content:
        """Volatility and theoretical price of both sides, and how old KIS' are."""
        trade, places = row.option, row.instrument.decimals
        sides = [
            (
                "greeks.volatility",
                cells.volatility(kis_value(row, "volatility")),
                cells.volatility(own_value(row, "volatility")),
            ),
            (
                "greeks.theory",
                cells.number(trade.theoretical_price if trade is not None else nan, places),
                cells.number(own_value(row, "price"), places),
            ),
        ]
        pairs = [
            (key, f"{kis} {cells.marked(own, own != cells.MISSING)}") for key, kis, own in sides
        ]
        age = t("greeks.age", age=times.span(now - row.trade_at)) if trade is not None else ""
        return Content.assemble(_pairs(pairs), (age, "$text-label"))

    def _value(self, row: Row) -> Content:
        trade, places = row.option, row.instrument.decimals
        if trade is None:
            return Content.assemble((t("greeks.no_trade"), "$text-label"))
        percent = trade.disparity_percent
        return _pairs(
            [
                ("greeks.intrinsic", cells.number(trade.intrinsic_value, places)),
                ("greeks.time_value", cells.number(trade.time_value, places)),
                ("greeks.disparity", cells.plus(trade.disparity, places)),
                (
                    "greeks.disparity_percent",
                    cells.plus(percent) + "%" if isfinite(percent) else cells.MISSING,
                ),
            ]
        )


def _unit(row: Row, which: str) -> str:
    if which in ("delta", "gamma") and not row.instrument.decimals:
        return t("chosen.per_won")
    return t(f"greeks.{which}_unit")


def _foundation(row: Row, basis: str) -> Content:
    """What our own values rest on, or why there are none."""
    own = row.own
    if own is None:
        return Content(f"{cells.OWN} {cells.MISSING}")
    if own.why:
        words = f"{reasons.brief(own)}: {reasons.sentence(own)}"
        return Content.assemble(f"{cells.OWN} {cells.MISSING} ", (words, "$text-label"))
    forward = cells.number(own.forward, row.instrument.decimals)
    return Content.assemble(t("chosen.forward", forward=forward), (f" {basis}", "$text-label"))


def _written(row: Row, which: str, value: float) -> str:
    if which == "price":
        return cells.number(value, row.instrument.decimals)
    return f"{cells.number(value)}%" if which == "volatility" else cells.greek(value, small=True)


def _tone(*, shown: bool) -> str:
    return "bold" if shown else "$text-older"


def _pairs(pairs: Pairs) -> Content:
    parts: list[Content | str | tuple[str, str]] = []
    for key, value in pairs:
        parts += [(t(key) + " ", "$text-label"), value, "  "]
    return Content.assemble(*parts)
