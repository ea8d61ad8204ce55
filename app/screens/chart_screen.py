"""The page of a chart: bars of one contract, with volume, levels and a crosshair."""

from math import inf
from typing import ClassVar, get_args

from msgspec.structs import replace
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from app.screens.chart_data import chart_picture, interval_text, with_overlay
from app.screens.keymap import Command, page_bindings
from app.screens.layout_keeper import LayoutKeeper
from app.screens.page_screen import PageScreen
from app.screens.workspace import Workspace
from specs.market.bars import Bar
from specs.market.ticker import direction, price, signed
from specs.preferences import BarSeconds, ChartForm, ChartPane
from widgets import cells
from widgets.chart import Chart, ChartPicture
from widgets.chart_layout import clock_of
from widgets.contract_names import contract_name
from widgets.status import StatusLine, StatusPart
from widgets.texts import t

EVERY, LEAST = 1.0, 0.25
"""Seconds after which a chart without trades moves on, and between two drawings at least."""

INTERVALS: tuple[BarSeconds, ...] = get_args(BarSeconds)
PANES: tuple[ChartPane, ...] = get_args(ChartPane)

NO_OVERLAY = "none"

TAPE_KEYS = frozenset(("left", "right", "home", "end"))
"""Keys that a replay keeps here: they step the tape, and the palette moves the crosshair."""


class ChartScreen(PageScreen):
    """Candles or a line of one contract."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("shorter_bars", ("left_square_bracket",), "[", "interval(-1)", "page", 2),
        Command("longer_bars", ("right_square_bracket",), "]", "interval(1)", "page", 3),
        Command("crosshair_left", ("left",), "←", "crosshair(-1)", "page", 4),
        Command("crosshair_right", ("right",), "→", "crosshair(1)", "page", 5),
        Command("crosshair_off", ("end",), "End", "crosshair_off", "page"),
        Command("candles", ("c",), "c", "candles", "page", 6),
        Command("chart_pane", ("p",), "p", "pane", "page", 10),
        Command("overlay", ("o",), "o", "overlay", "page", 9),
        Command("chart_before", ("up", "k"), "↑ k", "contract(-1)", "page", 7),
        Command("chart_after", ("down", "j"), "↓ j", "contract(1)", "page", 8),
        Command("chart_export", ("E", "x"), "E x", "export", "page"),
    )
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(KEYS)

    def __init__(self, workspace: Workspace, layouts: LayoutKeeper, code: str) -> None:
        """`code` is the contract that the page begins with."""
        super().__init__(workspace, layouts, code)
        self.first_keys -= TAPE_KEYS
        self.code = code
        self.crosshair: int | None = None
        """The start of the bar under the crosshair."""
        self.overlay_code = ""
        """The contract that is laid over the prices; empty for none."""
        self.picture = ChartPicture()
        self.chart = Chart()
        self._head = StatusLine("chart_head")
        self._values = StatusLine("chart_values")
        self._seen: object = None
        self._due = self._drawn_at = -inf

    def compose_body(self) -> Widget:
        return Vertical(self._head, self._values, self.chart, id="chart_box")

    def on_mount(self) -> None:
        self.refresh_rows(live=True)

    # --- what it wants

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code in dict.fromkeys((self.code, self.overlay_code)) if code)

    @property
    def focus_code(self) -> str:
        return self.code

    # --- what it shows

    def reset_history(self) -> None:
        self._drawn_at, self._seen = -inf, None

    def refresh_rows(self, *, live: bool) -> None:
        now, memory = self.program.clock.monotonic(), self.market.memory
        row, setup = self.market.book.row(self.code), self.layouts.chart
        trade = row.trade if row is not None else None
        seen = trade, live, *((memory.first(code), memory.end(code)) for code in self.codes)
        # A tape's clock may have gone back.
        if self._drawn_at <= now < self._drawn_at + LEAST:
            return
        if seen == self._seen and self._drawn_at <= now < self._due:
            return
        self._seen, self._drawn_at, self._due = seen, now, now + EVERY
        self.set_class(not live, "dead")
        self.picture = chart_picture(
            self.market,
            self.program.feed.schedule,
            self.code,
            setup,
            self.program.clock.now(),
            crosshair=self.crosshair,
        )
        if self.overlay_code not in ("", self.code):
            other = memory.bars(self.overlay_code, setup.seconds)
            self.picture = with_overlay(self.picture, other, self.overlay_code)
        self.chart.border_title = Content.assemble(
            interval_text(setup.seconds), (f"  {t(f'chart.as_{setup.form}')}", "$text-label")
        )
        self.chart.show(self.picture)
        self._show_head()

    def _show_head(self) -> None:
        row, instrument = self.market.book.row(self.code), self.market.instrument(self.code)
        places = instrument.decimals
        left = [StatusPart(contract_name(instrument), 0, "bold")]
        if instrument.name:
            left.append(StatusPart(self.code, 3, "$text-label"))
        if row is not None and row.trade is not None:
            trade = row.trade
            way = direction(trade.change_sign, trade.change)
            change = cells.change(abs(signed(trade.change, trade.change_sign)), way, False, places)
            left.append(StatusPart(cells.number(price(row), places), 1, "bold"))
            left.append(StatusPart(f"{change} {cells.plus(trade.change_percent)}%", 2))
        self._head.show(left, ())
        bar = self.marked_bar or (self.picture.bars[-1] if self.picture.bars else None)
        self._values.show(self._bar_parts(bar, places) if bar is not None else (), ())

    def _bar_parts(self, bar: Bar, places: int) -> list[StatusPart]:
        """Return the values of a bar; its time stands out while the crosshair is on it."""
        tone = "bold $accent" if self.marked_bar is not None else ""
        number = [(name, getattr(bar, name)) for name in ("open", "high", "low", "close", "vwap")]
        parts = [StatusPart(clock_of(bar.start, self.picture.seconds), 0, tone)]
        for rank, (name, value) in zip((2, 1, 1, 0, 3), number, strict=True):
            text = cells.number(value, places)
            parts.append(StatusPart(text, rank, label=t(f"chart.bar_{name}")))
        volume = cells.quantity(bar.volume)
        parts.append(StatusPart(volume, 2, label=t("chart.volume")))
        if bar.iv > 0:
            parts.append(StatusPart(cells.volatility(bar.iv), 3, label=t("chart.volatility")))
        if bar.delta == bar.delta:
            parts.append(StatusPart(cells.number(bar.delta), 4, label=t("chart.delta")))
        return parts

    @property
    def marked_bar(self) -> Bar | None:
        """The bar under the crosshair."""
        bars = self.picture.bars
        return next((bar for bar in bars if bar.start == self.crosshair), None)

    def _show_again(self) -> None:
        self.reset_history()
        self.refresh_rows(live=not self.has_class("dead"))

    # --- keys

    def action_interval(self, way: int) -> None:
        """Show shorter or longer bars; the crosshair stays at its time."""
        setup = self.layouts.chart
        at = INTERVALS.index(setup.seconds) + way
        if not 0 <= at < len(INTERVALS):
            return
        setup = self.layouts.chart = replace(setup, seconds=INTERVALS[at])
        if self.crosshair is not None:
            bars = self.market.memory.bars(self.code, setup.seconds)
            before = [bar.start for bar in bars if bar.start <= self.crosshair]
            self.crosshair = before[-1] if before else None
        self._show_again()

    def action_crosshair(self, way: int) -> None:
        """Move the crosshair to the next bar, or to the one before; at first to the newest."""
        starts = [bar.start for bar in self.picture.bars]
        if not starts:
            return
        if self.crosshair not in starts:
            self.crosshair = starts[-1]
        else:
            at = starts.index(self.crosshair) + way
            self.crosshair = starts[max(0, min(len(starts) - 1, at))]
        self._show_again()

    def action_crosshair_off(self) -> None:
        """Show the newest bars without a crosshair."""
        self.crosshair = None
        self._show_again()

    def action_candles(self) -> None:
        """Draw candles, or a line through the closes."""
        setup = self.layouts.chart
        form: ChartForm = "line" if setup.form == "candles" else "candles"
        self.layouts.chart = replace(setup, form=form)
        self._show_again()

    def action_pane(self) -> None:
        """Show the volatility, the delta or nothing below the volume."""
        setup = self.layouts.chart
        pane = PANES[(PANES.index(setup.pane) + 1) % len(PANES)]
        self.layouts.chart = replace(setup, pane=pane)
        self._show_again()

    def action_overlay(self) -> None:
        """Ask for a watched contract to be laid over the prices by percent."""
        from app.screens.dialogs.choose_dialog import ChooseDialog

        named = [
            (code, contract_name(self.market.instrument(code)))
            for code in self.market.open_contracts
        ]
        options = [(code, f"{code}  {name}") for code, name in named if code != self.code]
        options.insert(0, (NO_OVERLAY, t("chart.no_overlay")))
        dialog = ChooseDialog(t("chart.overlay"), options, self.overlay_code or NO_OVERLAY)
        self.app.push_screen(dialog, self._lay_over)

    def _lay_over(self, code: str | None) -> None:
        if code is not None:
            self.overlay_code = "" if code == NO_OVERLAY else code
            self._show_again()

    def action_contract(self, way: int) -> None:
        """Show the next contract of the watchlist, or the one before."""
        codes = list(self.market.open_contracts)
        if not codes:
            return
        at = codes.index(self.code) + way if self.code in codes else 0
        self.code = codes[at % len(codes)]
        self._show_again()

    def action_export(self) -> None:
        """Write the bars to a file, raw."""
        names = ("start", "open", "high", "low", "close", "volume", "vwap", "iv", "delta")
        lines = [[getattr(bar, name) for name in names] for bar in self.picture.bars]
        self.write_export("chart", [list(names), *lines])
