"""Changes of held and assumed positions by dialogs and keys, all undone in one order."""

from collections.abc import Callable
from functools import partial
from math import isfinite, nan

from app.portfolio.closed_lots import with_trade, without_lots
from app.portfolio.positions import Position
from app.screens.dialogs.position_dialog import PositionDialog
from app.screens.dialogs.trade_dialog import TradeDialog
from app.screens.textual_compat import SafeApp
from app.screens.valued_positions import ValuedPositions
from app.screens.workspace import Workspace
from app.system.errors import KisTuiError
from specs.market.holding import Holding
from specs.market.instrument import Instrument
from specs.market.ticker import ask, bid
from widgets.contract_names import contract_name
from widgets.texts import t


class PositionEditor:
    """Asks for positions and changes them.

    Assumed positions are those of `Workspace.what_if`; their contracts are not held, and an average
    that is left empty is the price that the contract is valued at.
    """

    def __init__(
        self,
        app: SafeApp,
        workspace: Workspace,
        values: ValuedPositions,
        changed: Callable[[str], None],
    ) -> None:
        """`changed` is called after a change, with the key of the position to select, or none."""
        self._app = app
        self._market = workspace.market
        self._positions = workspace.positions
        self._what_if = workspace.what_if
        self._what_if_sets = workspace.program.positions.what_if_sets
        self._values = values
        self._changed = changed

    def edit(self, selected: Holding) -> None:
        """Ask for the quantity and average of a position; of a closed one for a trade."""
        if selected.is_closed:
            self.ask_trade(selected, selected.code)
            return
        known = self._what_if.legs if selected.is_what_if else self._positions.positions
        self._ask(known.get(selected.code), selected.code, what_if=selected.is_what_if)

    def add(self, code: str) -> None:
        """Ask for a new position; `code` is proposed unless it is held."""
        self._ask(None, "" if code in self._positions.positions else code, what_if=False)

    def add_what_if(self, code: str) -> None:
        """Ask for a position to assume."""
        self._ask(None, code, what_if=True)

    def _ask(self, position: Position | None, code: str, *, what_if: bool) -> None:
        dialog = PositionDialog(
            position,
            code,
            self._market.instrument,
            self._find,
            self._what_if.legs if what_if else self._positions.positions,
            self._values.price_of if what_if else None,
        )
        self._app.push_screen(dialog, self._assume if what_if else self._hold)

    def ask_trade(self, selected: Holding | None, code: str) -> None:
        """Ask for a trade; one that closes the selected position at its price is proposed."""
        proposed = None
        if selected is not None and not selected.is_what_if:
            code = selected.code
            price = self._closing_price(selected)
            if selected.quantity and isfinite(price):
                proposed = Position(code, -selected.quantity, price)
        positions, day = self._positions.positions, self._values.trade_date

        def accept(traded: Position | None) -> None:
            if traded is not None:
                change = partial(with_trade, positions, traded, day)
                self._try(lambda: self._positions.change(change()), traded.code)

        find = self._market.instrument
        dialog = TradeDialog(proposed, code, find, self._find, positions, day)
        self._app.push_screen(dialog, accept)

    def _closing_price(self, selected: Holding) -> float:
        """Return the quote at which a position could be closed, otherwise its price; or nan."""
        row = self._market.book.row(selected.code)
        best = nan
        if row is not None:
            best = bid(row) if selected.quantity > 0 else ask(row)
        return best if isfinite(best) else selected.price

    def _find(self, typed: str) -> list[Instrument]:
        return [hit.instrument for hit in self._market.find(typed)]

    def _hold(self, position: Position | None) -> None:
        if position is not None:
            held = self._positions.positions
            self._try(lambda: self._positions.change(held.with_position(position)), position.code)

    def _assume(self, position: Position | None) -> None:
        if position is not None:
            legs, held = self._what_if.legs, self._positions.positions
            key = f"?{position.code}"
            self._try(lambda: self._what_if.change(legs.with_position(position), held), key)

    def add_contracts(self, selected: Holding, count: int) -> None:
        """Assume more contracts of a position, or fewer; a held one itself stays as it is."""
        code, held = selected.code, self._positions.positions
        price = self._values.price_of(code)
        if code not in self._what_if.legs and price != price:
            self._app.show_toast(t("what_if.no_price"), warning=True)
            return
        self._try(lambda: self._what_if.add_contracts(code, count, price, held), f"?{code}")

    def toggle_what_if(self) -> None:
        """Include all assumed positions in the sums, or exclude them."""
        what_if = self._what_if
        if not what_if.legs:
            self._app.show_toast(t("what_if.none"))
            return
        what_if.is_counted = not what_if.is_counted
        self._changed("")
        key = "what_if.counted" if what_if.is_counted else "what_if.left_out"
        self._app.show_toast(t(key))

    def ask_what_if_set(self) -> None:
        """Ask for saved what-if positions to assume; those of now are saved there, too."""
        from app.screens.dialogs.what_if_dialog import WhatIfDialog

        def close(chosen: tuple[str, tuple[Position, ...]] | None) -> None:
            if chosen is None:
                return
            name, legs = chosen
            held = self._positions.positions
            self._what_if.change(self._what_if.legs.replace_all(legs), held)
            self._changed(f"?{legs[0].code}" if legs else "")
            self._app.show_toast(t("what_if_sets.opened", name=name))

        def name_of(code: str) -> str:
            return contract_name(self._market.instrument(code)) or code

        assumed = tuple(self._what_if.legs.values())
        self._app.push_screen(WhatIfDialog(self._what_if_sets, assumed, name_of), close)

    def drop(self, selected: Holding) -> None:
        """Remove a position."""
        held, code = self._positions.positions, selected.code
        if selected.is_closed:
            self._positions.change(without_lots(held, code))
        elif selected.is_what_if:
            self._what_if.change(self._what_if.legs.drop(code), held)
        else:
            self._positions.change(held.drop(code))
        self._changed("")
        self._app.show_toast(t("positions.dropped", name=contract_name(selected.instrument)))

    def undo(self) -> None:
        """Undo the last change."""
        if self._what_if.undo(self._positions.positions) or self._positions.undo():
            self._changed("")
        else:
            self._app.show_toast(t("toast.nothing_to_undo"))

    def _try(self, change: Callable[[], None], key: str) -> None:
        try:
            change()
        except KisTuiError as error:
            self._app.show_toast(error.message, warning=True)
        else:
            self._changed(key)
