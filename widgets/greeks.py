"""The greeks panel: one option's greeks and value in full, and the greeks of all watched options.

Delta and gamma are per point of the underlying, vega per volatility point, theta per day, rho per
percentage point of the rate.  Bars compare a greek with the largest of the watched options.
"""

from datetime import date
from math import isfinite, nan

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from widgets import cells, times
from widgets.board import Board
from widgets.columns import CODE, Column, greek, iv, name
from widgets.row import Row, underlying, volatility
from widgets.texts import t

NAMES = ("delta", "gamma", "vega", "theta", "rho")
COLUMNS: tuple[Column, ...] = (
    replace(CODE, rank=8),
    name(1, 16, 24),
    *(greek(n) for n in NAMES),
    iv(7),
)

WIDEST_BAR = 20


def bar(share: float, width: int) -> str:
    """A thin bar of up to `width` cells, half a cell exact."""
    if not isfinite(share) or share <= 0:
        return ""
    full, half = divmod(max(1, round(min(1.0, share) * width * 2)), 2)
    return "━" * full + "╸" * half


class GreeksDetail(Static):
    """The numbers of one option."""

    def lines(self, row: Row, today: date, now: float, largest: dict[str, float]) -> Content:
        """The lines of the panel's upper part."""
        trade = row.option
        if trade is None:
            return Content.assemble((row.note or t("greeks.no_trade"), "$text-label"))
        width = max(4, min(WIDEST_BAR, self.size.width - 31))
        lines = [self._facts(row, today)]
        for which in NAMES:
            value = getattr(trade, which)
            share = abs(value) / largest[which] if largest.get(which) else nan
            lines.append(
                Content.assemble(
                    (cells.fit(t(f"column.{which}"), 6), "$text-label"),
                    (cells.fit(cells.greek(value, small=True), 9, right=True), "bold"),
                    "  ",
                    (cells.fit(t(f"greeks.{which}_unit"), 12), "$text-label"),
                    (bar(share, width), "$accent-darken-1"),
                )
            )
        lines += self._value(row, now)
        return Content("\n").join(lines)

    def _facts(self, row: Row, today: date) -> Content:
        instrument, trade = row.instrument, row.option
        assert trade is not None
        spot = underlying(trade)
        intrinsic = trade.intrinsic_value
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

    def _value(self, row: Row, now: float) -> list[Content]:
        trade, places = row.option, row.instrument.decimals
        assert trade is not None
        iv_pairs = [
            ("greeks.volatility", cells.volatility(volatility(trade))),
            ("greeks.theory", cells.number(trade.theoretical_price, places)),
            ("greeks.disparity", cells.plus(trade.disparity, places)),
            (
                "greeks.disparity_percent",
                cells.plus(trade.disparity_percent) + "%"
                if isfinite(trade.disparity_percent)
                else cells.MISSING,
            ),
        ]
        values = [
            ("greeks.intrinsic", cells.number(trade.intrinsic_value, places)),
            ("greeks.time_value", cells.number(trade.time_value, places)),
            ("greeks.price", cells.number(trade.price, places)),
        ]
        age = t("greeks.age", age=times.span(now - row.trade_at))
        return [_pairs(iv_pairs), Content.assemble(_pairs(values), (age, "$text-label"))]


def _pairs(pairs: list[tuple[str, str]]) -> Content:
    parts: list[Content | str | tuple[str, str]] = []
    for key, value in pairs:
        parts += [(t(key) + " ", "$text-label"), value, "  "]
    return Content.assemble(*parts)


class GreeksBoard(Board):
    """The greeks of every watched option."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, empty="greeks.empty", id="greeks_board")


class GreeksPanel(Vertical):
    """The selected option above, all options below."""

    def __init__(self) -> None:
        super().__init__(id="greeks")
        self.board = GreeksBoard()
        self._detail = GreeksDetail(id="greeks_detail")
        self._row: Row | None = None
        self._rows: dict[str, Row] = {}
        self._today: date | None = None
        self._now = 0.0

    def compose(self) -> ComposeResult:
        yield self._detail
        yield self.board

    @property
    def selected(self) -> Row | None:
        """The option whose numbers stand above."""
        return self._row

    def show(self, rows: list[Row]) -> None:
        """Show the options of these rows and no others."""
        self._rows = {row.code: row for row in rows if _is_option(row)}
        self.board.show(self._rows.values())
        if self._row is None or self._row.code not in self._rows:
            self._row = next(iter(self._rows.values()), None)
        else:
            self._row = self._rows[self._row.code]
        self._write()

    def update_rows(self, rows: list[Row]) -> None:
        """Take rows that changed."""
        options = [row for row in rows if row.code in self._rows]
        for row in options:
            self._rows[row.code] = row
            if self._row is not None and row.code == self._row.code:
                self._row = row
                self._write()
        self.board.update_rows(options)

    def select(self, code: str) -> None:
        """Show this option above; what is no option changes nothing."""
        if code in self._rows:
            self._row = self._rows[code]
            self.board.move_to(code)
            self._write()

    def tick(self, today: date, now: float, *, live: bool) -> None:
        """Let time pass."""
        self._today, self._now = today, now
        self.board.tick(now, live=live)
        self._detail.set_class(not live, "dead")
        self._write()

    def _write(self) -> None:
        """Write the upper part anew; a new layout costs far more, and is due when its height is."""
        row = self._row
        if row is None or self._today is None:
            lines = Content(t("greeks.none") if row is None else "")
        else:
            lines = self._detail.lines(row, self._today, self._now, self._largest(row))
        if lines != self._detail.content:
            height = lines.get_height({}, max(1, self._detail.size.width))
            self._detail.update(lines, layout=height != self._detail.size.height)

    def _largest(self, row: Row) -> dict[str, float]:
        """The largest of each greek among the options on the same underlying."""
        product = row.code[1:3] if row.instrument.decimals == 0 else ""
        largest: dict[str, float] = {}
        for other in self._rows.values():
            if product != (other.code[1:3] if other.instrument.decimals == 0 else ""):
                continue
            for which in NAMES:
                size = abs(getattr(other.trade, which, nan))
                if size > largest.get(which, 0.0):
                    largest[which] = size
        return largest


def _is_option(row: Row) -> bool:
    return row.instrument.right is not None
