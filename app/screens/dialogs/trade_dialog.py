"""The dialog for a trade that was made elsewhere: what it changes of a position, and realises."""

from collections.abc import Callable
from datetime import date

from textual.content import Content

from app.portfolio.closed_lots import trade
from app.portfolio.positions import Position, Positions, read_quantity, written
from app.screens.dialogs.position_dialog import Find, PositionDialog
from specs.market.instrument import Instrument
from widgets import cells
from widgets.texts import t
from widgets.won import amount


class TradeDialog(PositionDialog):
    """Asks for a trade: contract, quantity, sold below 0, and price; answers it as a position."""

    PRICE = "closed.trade_price"

    def __init__(
        self,
        proposed: Position | None,
        code: str,
        instrument: Callable[[str], Instrument],
        find: Find,
        positions: Positions,
        day: date,
    ) -> None:
        """`proposed` fills the fields; without one `code` alone is proposed.

        `day` is the trade date.
        """
        super().__init__(None, code, instrument, find, {})
        self._title, self._hint = t("closed.trade"), "closed.trade_hint"
        self._proposed = proposed
        self._positions = positions
        self._day = day

    def on_mount(self) -> None:
        """Begin on the quantity if the contract is known, with what was proposed."""
        if self._proposed is not None:
            self._field("quantity").value = f"{self._proposed.quantity}"
            self._field("average").value = written(self._proposed.average)
        super().on_mount()

    def _worth(self, code: str) -> Content:
        """Return the trade in words, what it realises, and the position after it."""
        quantity = read_quantity(self._field("quantity").value)
        side = t("closed.bought" if quantity > 0 else "closed.sold", count=f"{abs(quantity):,}")
        if not self._field("average").value.strip():
            return Content(side)
        traded = Position(code, quantity, self._read_average(code))
        known = self._instrument(code)
        after, lot = trade(self._positions.get(code), traded, self._day)
        lines = [f"{side} @ {cells.number(traded.average, known.decimals)}"]
        if lot is not None:
            won = amount(lot.points * known.multiplier, signed=True)
            lines.append(t("closed.realises", count=f"{abs(lot.quantity):,}", won=won))
        average = cells.number(after.average, known.decimals)
        left = f"{cells.plus(after.quantity, 0)} @ {average}" if after.quantity else "0"
        lines.append(t("closed.after", left=left))
        return Content("\n".join(lines))
