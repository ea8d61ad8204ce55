"""The page of an option chain: one expiry's strikes, live near the money, valued everywhere."""

from math import inf, isfinite, nan
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from app.feed.registrations import RegistrationState
from app.instruments.option_chain import Chain
from app.pricing.chain_totals import ChainTotals, chain_totals, expected_move, straddle
from app.pricing.forward import Forward
from app.pricing.year_fraction import years_left
from app.screens.chain_filter import FILTER_KEY, ChainFilter
from app.screens.dialogs.choose_dialog import ChecklistDialog
from app.screens.expiry_screen import CHAIN_CURSOR_KEYS, EVERY, EXPIRY_KEYS, ExpiryScreen
from app.screens.keymap import Command, page_bindings
from app.screens.layout_keeper import LayoutKeeper
from app.screens.messages import ContractChosen
from app.screens.workspace import Workspace
from specs.catalog import Channel
from specs.market.ticker import freshness
from widgets import cells
from widgets.chain import ChainBoard
from widgets.chain_columns import COLUMNS
from widgets.change_columns import HEADINGS
from widgets.status import AGE_STYLES, StatusLine, StatusPart
from widgets.texts import t

_COMING = (
    RegistrationState.NONE,
    RegistrationState.SENT,
    RegistrationState.UNCONFIRMED,
    RegistrationState.NO_SLOT,
)
"""States of registrations that are confirmed once a slot is free, up to the limit."""


class ChainScreen(ExpiryScreen):
    """Calls left, strikes in the middle, puts right."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("chain_add", ("enter", "a"), "Enter a", "add", "page", 1),
        *EXPIRY_KEYS,
        Command("chain_money", ("0", "full_stop"), "0 .", "money", "page", 5),
        Command("chain_columns", ("c",), "c", "columns", "page", 6),
        FILTER_KEY,
        Command("chain_export", ("E", "x"), "E x", "export", "page"),
        *CHAIN_CURSOR_KEYS,
    )
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(KEYS)
    AUTO_FOCUS = "#chain"

    def __init__(self, workspace: Workspace, layouts: LayoutKeeper, code: str) -> None:
        super().__init__(workspace, layouts, code)
        self._head = StatusLine("chain_head")
        self._totals_line = StatusLine("chain_totals")
        self._totals = ChainTotals()
        self._source = ""
        """The future of the last forward; registered until the chain's own has a price."""
        self._curve_due = -inf
        self._money_volatility, self._money_at = nan, inf
        self._board = ChainBoard(workspace.shown_row)
        self._filter = ChainFilter(self._board, workspace.shown_row)

    def compose_body(self) -> Widget:
        return Vertical(self._head, self._totals_line, self._board, id="chain_box")

    def on_mount(self) -> None:
        """Begin on the chain of the contract that the boards' cursor is on."""
        self._board.set_columns(self.layouts.chain_columns)
        self.open_chain(self._chain, self.first_code)

    # --- what it wants

    @property
    def codes(self) -> tuple[str, ...]:
        if self._chain is None:
            return ()
        futures = tuple(dict.fromkeys(code for code in (*self.futures(), self._source) if code))
        centre = self._money_index if self._money_index is not None else self._board.cursor_strike
        return (*futures, *self._chain.nearest(centre, self.program.feed.all_slots - len(futures)))

    @property
    def focus_code(self) -> str:
        return self._board.code

    @property
    def subject_code(self) -> str:
        return self._board.code or super().subject_code

    @property
    def valued(self) -> frozenset[str]:
        seen = {code for strike in self._board.visible_strikes for code in strike.codes if code}
        return frozenset(seen | set(self.codes))

    # --- time

    def refresh_rows(self, *, live: bool) -> None:
        if self._chain is None:
            return
        forward = self.update_forward(self._chain)
        price = forward.price if forward is not None else nan
        self._board.refresh_rows(
            self.program.clock.monotonic(), self._money_index, price, live=live
        )
        self._board.headings = HEADINGS[self.market.row_views.setup.kind]
        parts = [*self.heading(self._chain, forward), self._filter.part]
        parts.append(self._money_iv(self._chain, forward))
        self._head.show(parts, ())
        self._totals_line.show(
            [self._receiving(), *self._straddle(self._chain, forward), *self._ratios()], ()
        )

    def update_forward(self, chain: Chain) -> Forward | None:
        """Return the chain's forward, and keep its future registered while it is the source."""
        forward = super().update_forward(chain)
        own = self.futures()
        if forward is not None and self._is_underlying(forward.source):
            self._source = "" if forward.source in own else forward.source
        return forward

    def _is_underlying(self, source: str) -> bool:
        """Return whether the source of a forward is a contract, not a spot."""
        return not source.startswith("=")

    def _receiving(self) -> StatusPart:
        """Return how many of the registrations that the chain has or will get are confirmed."""
        book = self.market.book
        states = [
            book.registration_status(code, channel).state
            for code in self.codes
            for channel in Channel
            if book.is_wanted(code, channel)
        ]
        active = states.count(RegistrationState.ACTIVE)
        coming = sum(state in _COMING for state in states)
        total = min(self.program.feed.all_slots, active + coming)
        if not total:
            return StatusPart("")
        tone = "$warning" if active < total else ""
        return StatusPart(f"{active}/{total}", 1, tone, label=t("chain.receiving"))

    def _straddle(self, chain: Chain, forward: Forward | None) -> list[StatusPart]:
        """Return the straddle at the money and the expected move, where they are known."""
        if self._money_index is None or forward is None:
            return []
        instrument = self.market.instrument(chain.first)
        both = straddle(chain.strikes[self._money_index], self.market.book.row)
        years = years_left(chain.expiry, self.program.clock.now())
        move = expected_move(forward.price, self._money_volatility, years)
        price = cells.marked(cells.number(both.price, instrument.decimals), both.theoretical)
        move_text = f"±{cells.number(move, 1 if instrument.decimals else 0)}{cells.OWN}"
        percent = f" (±{cells.number(100 * move / forward.price, 1)}%)"
        return [
            StatusPart(price.strip(), 2, label=t("chain.straddle"))
            if isfinite(both.price)
            else StatusPart(""),
            StatusPart(move_text + percent, 3, shorter=move_text, label=t("chain.move"))
            if isfinite(move)
            else StatusPart(""),
        ]

    def _ratios(self) -> list[StatusPart]:
        """Return the put/call ratios and the strikes of the largest open interest."""
        totals, parts = self._totals, []
        if isfinite(totals.volume_ratio):
            text = t(
                "chain.ratio",
                volume=cells.number(totals.volume_ratio),
                interest=cells.number(totals.interest_ratio),
                count=totals.strikes,
            )
            parts.append(StatusPart(text, 4, label=t("chain.put_call")))
        if isfinite(totals.most_calls) and isfinite(totals.most_puts):
            calls, puts = (
                cells.number(one, 1 if one % 1 else 0)
                for one in (totals.most_calls, totals.most_puts)
            )
            text = t("chain.most", calls=calls, puts=puts)
            parts.append(StatusPart(text, 5, label=t("chain.most_interest")))
        return parts

    def _money_iv(self, chain: Chain, forward: Forward | None) -> StatusPart:
        """Return the volatility at the forward as the smile has it, read once a second."""
        now = self.program.clock.monotonic()
        if now >= self._curve_due or not isfinite(self._money_volatility):
            self._curve_due = now + EVERY
            curve = self.read_curve(chain, forward)
            self._money_volatility, self._money_at = curve.money, curve.money_at
            self._totals = chain_totals(chain.strikes, self.market.book.row)
        value, at = self._money_volatility, self._money_at
        text = f"{cells.percent(value)}%{cells.OWN}" if isfinite(value) else cells.MISSING
        age = now - min(at, forward.at if forward is not None else inf)
        return StatusPart(text, 2, AGE_STYLES[freshness(age)], label=t("chain.money_iv"))

    # --- keys

    def action_move(self, way: str) -> None:
        """Move the cursor."""
        self._board.move(way)

    def action_money(self) -> None:
        """Go to the strike at the money."""
        if self._money_index is not None:
            self._board.go_to(self._money_index)

    def action_columns(self) -> None:
        """Ask which columns each side shows."""
        options = [(column.id, t(f"column.{column.id}").strip()) for column in COLUMNS]

        def show_columns(ids: list[str] | None) -> None:
            if ids is not None:
                self._board.set_columns(ids)
                self.layouts.chain_columns[:] = (
                    [] if self._board.shows_usual else self._board.requested_columns
                )

        self.app.push_screen(
            ChecklistDialog(t("columns.title"), options, self._board.requested_columns),
            show_columns,
        )

    def action_filter(self) -> None:
        """Ask for an expression; strikes of which neither contract matches are left out."""
        self._filter.ask(self.app, self._chain, COLUMNS)

    def action_back(self) -> None:
        """Show all strikes again, or go back to the boards."""
        if not self._filter.clear():
            super().action_back()

    def action_export(self) -> None:
        """Write the strikes to a file, highest first, raw."""
        from app.market.panel_export import chain

        strikes = self._chain.strikes if self._chain is not None else ()
        columns = [column for column in COLUMNS if column.id in self._board.requested_columns]
        now = self.program.clock.now()
        self.write_export("chain", chain(strikes, self.market.book.row, columns, now))

    @on(ChainBoard.Activated)
    def action_add(self) -> None:
        """Watch the contract under the cursor."""
        if self._board.code:
            self.post_message(ContractChosen(self._board.code))

    def reset_history(self) -> None:
        self._curve_due = -inf

    def open_chain(self, chain: Chain | None, code: str) -> None:
        super().open_chain(chain, code)
        self._curve_due, self._totals = -inf, ChainTotals()
        self._money_volatility = nan
        strikes = chain.strikes if chain is not None else ()
        self._board.show(strikes, code, t("chain.no_master"))
        if chain is not None and not code:
            self._board.go_to(len(chain.strikes) // 2)
        self.refresh_rows(live=True)
