"""The page of a smile: one expiry's volatilities by strike, live where the strikes matter."""

from math import inf, isfinite, nan
from typing import ClassVar

from msgspec.structs import replace
from rich.cells import cell_len
from textual import on
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import Resize
from textual.reactive import var
from textual.widget import Widget

from app.instruments.option_chain import Chain
from app.pricing.forward import Forward
from app.pricing.smile_curve import FEWEST
from app.pricing.smile_file import SavedSmile
from app.pricing.smile_strikes import USUAL, planned, strike_reach
from app.pricing.smile_tracker import NUMBERS
from app.pricing.year_fraction import years_left
from app.screens.expiry_screen import EVERY, EXPIRY_KEYS, ExpiryScreen
from app.screens.keymap import Command, page_bindings
from app.screens.layout_keeper import LayoutKeeper
from app.screens.status_text import day
from app.screens.workspace import Workspace
from specs.market.smile import Curve
from specs.market.ticker import Freshness, freshness
from widgets import cells
from widgets.smile import SmilePlot
from widgets.smile_numbers import NamedValue, SmileNumbers
from widgets.status import StatusLine
from widgets.texts import t

EACH = 2
"""Registrations of a contract: its trades and its book."""

OFF = 1.4
"""By what factor a volatility is another than the one that strikes were chosen with."""

WIDE = 100
"""Columns of the screen from which on the numbers are beside the picture."""

HIGH = 18
"""Rows of the screen from which on the picture is shown, however narrow the screen."""

BESIDE = 32
"""Columns of the numbers beside the picture."""

FRAME = 6
"""Columns of the picture's frame that its title cannot have."""

LEGEND = ("band", "middle", "old", "close")


class SmileScreen(ExpiryScreen):
    """Picture and numbers of one expiry's smile."""

    KEYS: ClassVar[tuple[Command, ...]] = EXPIRY_KEYS
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(KEYS)
    HORIZONTAL_BREAKPOINTS = [*ExpiryScreen.HORIZONTAL_BREAKPOINTS, (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [*ExpiryScreen.VERTICAL_BREAKPOINTS, (HIGH, "-high")]  # noqa: RUF012

    dead: var[bool] = var(False, toggle_class="dead")
    """Whether no data come: the picture shows the last ones."""

    def __init__(self, workspace: Workspace, layouts: LayoutKeeper, code: str) -> None:
        super().__init__(workspace, layouts, code)
        self._middle = 0
        self._volatility = nan
        self._within = inf
        self._due = -inf
        self._curve = Curve()
        self._head = StatusLine("smile_head")
        self.plot = SmilePlot()
        self.numbers = SmileNumbers()

    def compose_body(self) -> Widget:
        view = Container(self.plot, self.numbers, id="smile_view")
        return Vertical(self._head, view, id="smile_box")

    def on_mount(self) -> None:
        """Begin on the expiry of the contract that the boards' cursor is on."""
        self.plot.border_subtitle = Content(t("chain.strike").strip())
        self.open_chain(self._chain, self.first_code)

    # --- what it wants

    @property
    def codes(self) -> tuple[str, ...]:
        if self._chain is None:
            return ()
        futures = self.futures()
        most = self.program.feed.limit // EACH - len(futures)
        place = self._money_index if self._money_index is not None else self._middle
        return (*futures, *planned(self._chain.strikes, place, self._within, max(1, most)))

    @property
    def focus_code(self) -> str:
        return next(iter(self.futures()), "")

    @property
    def valued(self) -> frozenset[str]:
        # Options that have traded are valued too: they fill in where quotes are too few.
        rows = (self.market.book.row(code) for code in self.shown_codes)
        traded = (row.code for row in rows if row is not None and row.trade is not None)
        return frozenset((*self.codes, *traded))

    @property
    def books_first(self) -> bool:
        return True

    # --- time

    def reset_history(self) -> None:
        self._due = -inf

    def refresh_rows(self, *, live: bool) -> None:
        now = self.program.clock.monotonic()
        if self._chain is None or now < self._due:
            return
        self._due = now + EVERY
        self.dead = not live
        forward = self.update_forward(self._chain)
        moment = self.program.clock.now()
        years = years_left(self._chain.expiry, moment)
        price = forward.price if forward is not None else nan
        self._curve = self.read_curve(self._chain, forward)
        key = self._chain.key
        close = self.workspace.smiles.close(key, moment)
        self._choose_reach(price, years, close)
        self._head.show(self.heading(self._chain, forward), ())
        words = t(self._curve.why) if self._curve.why else ""
        self.plot.show(self._picture(), close.curve if close is not None else None, words)
        paths = {number: self.workspace.smiles.path(key, number) for number in NUMBERS}
        facts = self._facts(close, forward, words)
        shown = close.curve if close is not None else None
        self.numbers.show(self._curve, shown, paths, facts, self._ages(forward, now))

    def _ages(self, forward: Forward | None, now: float) -> dict[str, Freshness]:
        """Return the classes of the numbers' ages: they are as old as their oldest quote."""
        since = forward.at if forward is not None else inf
        money, wings = (
            freshness(now - min(at, since)) for at in (self._curve.money_at, self._curve.wings_at)
        )
        return {"money": money, "reversal": wings, "butterfly": wings}

    def _picture(self) -> Curve:
        """The curve without what lies far out: it would press the rest together."""
        curve = self._curve
        near = [p for p in curve.points if abs(p.strike - curve.forward) <= self._within]
        return replace(curve, points=tuple(near)) if len(near) >= FEWEST else curve

    def _choose_reach(self, price: float, years: float, close: SavedSmile | None) -> None:
        """Let strikes reach as far as the volatility asks; a little more or less changes none."""
        found = self._curve.money / 100
        if not found > 0:
            found = close.curve.money / 100 if close is not None else nan
        if not found > 0:
            found = USUAL
        if price > 0 and not found / OFF < self._volatility < found * OFF:
            self._volatility = found
            self._within = strike_reach(price, years, found)

    def _facts(
        self, close: SavedSmile | None, forward: Forward | None, words: str
    ) -> list[NamedValue]:
        curve, places = self._curve, self.market.instrument(self.subject_code).decimals
        strike_places = min(1, places)
        facts = [NamedValue("", words, warning=True)] if words and forward is not None else []
        if not words and not isfinite(curve.reversal):
            facts.append(NamedValue("", self._why_no_reversal(), warning=True))
        if forward is not None and forward.parity:
            facts.append(NamedValue(t("smile.parity"), cells.number(curve.forward, places)))
        if curve.put_strike > 0:
            facts.append(NamedValue(t("smile.put"), cells.number(curve.put_strike, strike_places)))
        if curve.call_strike > 0:
            facts.append(
                NamedValue(t("smile.call"), cells.number(curve.call_strike, strike_places))
            )
        live = sum(not point.old for point in curve.points)
        facts.append(NamedValue(t("smile.quoted"), cells.quantity(live)))
        if curve.wide:
            facts.append(NamedValue(t("smile.left_out"), cells.quantity(curve.wide)))
        if close is not None:
            text = f"{day(close.at)} {close.at:%H:%M}"
            facts.append(NamedValue(t("smile.close"), text))
        return facts

    def _why_no_reversal(self) -> str:
        """Return whether wing quotes are awaited, too wide, or missing."""
        rows = [self.market.book.row(code) for code in self.codes if code not in self.futures()]
        come = sum(row is not None and row.book is not None for row in rows)
        if come < len(rows):
            return t("smile.waiting", come=come, count=len(rows))
        return t("smile.wide_wings" if self._curve.wide else "smile.no_wings")

    # --- keys and size

    @on(Resize)
    def fit_legend(self, event: Resize) -> None:
        """Fit the legend to the picture, which the numbers are beside or below."""
        wide = event.size.width >= WIDE
        self.plot.border_title = _legend(event.size.width - BESIDE * wide - FRAME)
        self._due = -inf
        self.call_after_refresh(self.refresh_rows, live=not self.dead)

    def open_chain(self, chain: Chain | None, code: str) -> None:
        super().open_chain(chain, code)
        self._volatility, self._within, self._due = nan, inf, -inf
        if chain is None:
            self._head.show(self.heading_lines(t("chain.no_master")), ())
            return
        place = chain.index_of(code)
        self._middle = place if place is not None else len(chain.strikes) // 2
        self.refresh_rows(live=not self.dead)


def _legend(width: int) -> Content:
    """Return the legend of the picture, as far as it fits."""
    text = t("smile.axis")
    legend = ""
    for sign in LEGEND:
        more = f"{legend}  {t(f'smile.legend_{sign}')}"
        if cell_len(text + more) > width:
            break
        legend = more
    return Content.assemble(text, (legend, "$text-label"))
