"""The page of an option chain: one expiry's strikes, live near the money, valued everywhere."""

from math import inf, isfinite, nan
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from app.instruments.option_chain import Chain
from app.pricing.forward import Forward
from app.screens.dialogs.choose_dialog import ChecklistDialog
from app.screens.expiry_screen import EVERY, EXPIRY_KEYS, ExpiryScreen
from app.screens.keymap import Command, page_bindings
from app.screens.layout_keeper import LayoutKeeper
from app.screens.messages import ContractChosen
from app.screens.workspace import Workspace
from specs.market.ticker import freshness
from widgets import cells
from widgets.chain import ChainBoard
from widgets.chain_columns import COLUMNS
from widgets.status import AGE_STYLES, StatusLine, StatusPart
from widgets.texts import t


class ChainScreen(ExpiryScreen):
    """Calls left, strikes in the middle, puts right."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("chain_add", ("enter", "a"), "Enter a", "add", "page", 1),
        *EXPIRY_KEYS,
        Command("chain_money", ("0", "full_stop"), "0 .", "money", "page", 5),
        Command("chain_columns", ("c",), "c", "columns", "page", 6),
        Command("chain_export", ("E", "x"), "E x", "export", "page"),
        Command("chain_up", ("up", "k"), "↑ k", "move('up')", "page"),
        Command("chain_down", ("down", "j"), "↓ j", "move('down')", "page"),
        Command("chain_call", ("left", "h"), "← h", "move('left')", "page"),
        Command("chain_put", ("right", "l"), "→ l", "move('right')", "page"),
        Command("chain_top", ("home", "g"), "Home g", "move('top')", "page"),
        Command("chain_bottom", ("end", "G"), "End G", "move('bottom')", "page"),
        Command("chain_page_up", ("pageup", "ctrl+u"), "PgUp ^u", "move('page_up')", "page"),
        Command("chain_page_down", ("pagedown", "ctrl+d"), "PgDn ^d", "move('page_down')", "page"),
    )
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(KEYS)
    AUTO_FOCUS = "#chain"

    def __init__(self, workspace: Workspace, layouts: LayoutKeeper, code: str) -> None:
        super().__init__(workspace, layouts, code)
        self._head = StatusLine("chain_head")
        self._curve_due = -inf
        self._money_volatility, self._money_at = nan, inf
        self._board = ChainBoard(workspace.shown_row)

    def compose_body(self) -> Widget:
        return Vertical(self._head, self._board, id="chain_box")

    def on_mount(self) -> None:
        """Begin on the chain of the contract that the boards' cursor is on."""
        self._board.set_columns(self.layouts.chain_columns)
        self.open_chain(self._chain, self.first_code)

    # --- what it wants

    @property
    def codes(self) -> tuple[str, ...]:
        if self._chain is None:
            return ()
        futures = self.futures()
        centre = self._money_index if self._money_index is not None else self._board.cursor_row
        return (*futures, *self._chain.nearest(centre, self.program.feed.limit - len(futures)))

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
        parts = self.heading(self._chain, forward)
        parts.append(self._money_iv(self._chain, forward))
        self._head.show(parts, ())

    def _money_iv(self, chain: Chain, forward: Forward | None) -> StatusPart:
        """Return the volatility at the forward as the smile has it, read once a second."""
        now = self.program.clock.monotonic()
        if now >= self._curve_due or not isfinite(self._money_volatility):
            self._curve_due = now + EVERY
            curve = self.read_curve(chain, forward)
            self._money_volatility, self._money_at = curve.money, curve.money_at
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
        self._curve_due = -inf
        strikes = chain.strikes if chain is not None else ()
        self._board.show(strikes, code, t("chain.no_master"))
        if chain is not None and not code:
            self._board.go_to(len(chain.strikes) // 2)
        self.refresh_rows(live=True)
