"""The dialog for one position: its contract, quantity and average price."""

from collections.abc import Callable, Mapping

from textual import getters, on
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from app.instruments.code_lookup import read_code
from app.instruments.hangul import keys_of
from app.portfolio.positions import (
    Position,
    read_average,
    read_quantity,
    written,
)
from app.screens.dialogs.dialog import Dialog, Field
from app.system.errors import UsageError
from specs.clean import clean
from specs.market.instrument import Instrument
from widgets import cells
from widgets.contract_names import contract_name, name_beside_code
from widgets.message_text import message_text
from widgets.texts import t

LONGEST = 60

Find = Callable[[str], list[Instrument]]
"""Returns the contracts that words mean, the best first."""


class PositionDialog(Dialog[Position]):
    """Asks for a position; answers one that can be held."""

    PRICE = "positions.average"
    """The label of the field of the price."""

    reading = getters.query_one("#reading", Static)

    def __init__(
        self,
        position: Position | None,
        code: str,
        instrument: Callable[[str], Instrument],
        find: Find,
        held: Mapping[str, Position],
        price_of: Callable[[str], float] | None = None,
    ) -> None:
        """With a position its quantity and average are asked for, else `code` is proposed too.

        `price_of` returns the price of a code that takes the place of an empty average, or nan: the
        dialog asks for a position that is assumed, not held.
        """
        action = "add" if position is None else "edit"
        if price_of is None:
            super().__init__(t(f"position.{action}"), "position.hint")
        else:
            super().__init__(t(f"what_if.{action}"), "what_if.hint")
        self._price_of = price_of
        self._position = position
        self._code = code
        self._instrument = instrument
        self._find = find
        self._held = held

    def compose_body(self) -> list[Widget]:
        known = self._position
        contract: Widget
        if known is not None:
            name = name_beside_code(self._instrument(known.code))
            contract = Static(Content(f"{known.code}  {name}"), id="contract")
        else:
            contract = Field(
                self._code, placeholder=t("position.placeholder"), max_length=LONGEST, id="code"
            )
        quantity, average = (f"{known.quantity}", written(known.average)) if known else ("", "")
        return [
            _labelled("positions.code", contract),
            _labelled("positions.quantity", Field(quantity, max_length=LONGEST, id="quantity")),
            _labelled(self.PRICE, Field(average, max_length=LONGEST, id="average")),
            Static(Content(""), id="reading"),
        ]

    def on_mount(self) -> None:
        """Begin on what is most likely typed."""
        self._field("quantity" if self._position or self._code else "code").focus()

    @on(Input.Changed)
    def preview(self) -> None:
        """Say what would be held, or what is wrong so far; what is empty is not wrong yet."""
        try:
            code = self._read_code()
            lines = [self._about(code)]
            if self._field("quantity").value.strip():
                lines.append(self._worth(code))
            text = Content("\n").join(lines)
        except UsageError as error:
            empty = self._position is None and not self._field("code").value.strip()
            text = (
                Content("") if empty else Content.assemble((message_text(error.message), "$error"))
            )
        self.reading.update(text)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Answer, or go to the first field that does not hold what it should."""
        at = "code"
        try:
            code = self._read_code()
            at = "quantity"
            quantity = read_quantity(self._field("quantity").value)
            at = "average"
            average = self._read_average(code)
        except UsageError as error:
            field = self._field(at)
            field.focus()
            if field is event.input or field.value.strip():
                text = Content.assemble((message_text(error.message), "$error"))
                self.reading.update(text)
        else:
            self.dismiss(Position(code, quantity, average))

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def _read_code(self) -> str:
        """Return the code that was typed, or the code of the first contract that the words mean."""
        if self._position is not None:
            return self._position.code
        typed = self._field("code").value
        try:
            return read_code(keys_of(typed))
        except UsageError:
            found = self._find(typed) if typed.strip() else []
            if not found:
                raise UsageError("add.nothing", words=clean(typed, 40)) from None
            return found[0].code

    def _read_average(self, code: str) -> float:
        """Return the average price that was typed, else the current price where that may be."""
        typed = self._field("average").value
        if self._price_of is not None and not typed.strip():
            price = self._price_of(code)
            if price != price:
                raise UsageError("what_if.no_price")
            return price
        return read_average(typed, code)

    def _about(self, code: str) -> Content:
        known = self._instrument(code)
        pieces: list[tuple[str, str] | str] = [(code, "bold"), f"  {contract_name(known)}"]
        if known.multiplier == known.multiplier:
            size = t("position.size", won=cells.number(known.multiplier, 0))
            pieces.append((f"  {size}", "$text-label"))
        else:
            pieces.append((f"  {t('positions.no_multiplier')}", "$warning"))
        if self._position is None and code in self._held:
            held = self._held[code]
            there = t("position.replaces", quantity=held.quantity, average=written(held.average))
            pieces.append((f"\n{there}", "$warning"))
        return Content.assemble(*pieces)

    def _worth(self, code: str) -> Content:
        """Return quantity and average in words."""
        quantity = read_quantity(self._field("quantity").value)
        side = t("position.long" if quantity > 0 else "position.short", count=f"{abs(quantity):,}")
        if not self._field("average").value.strip() and self._price_of is None:
            return Content(side)
        average = self._read_average(code)
        return Content(f"{side} @ {cells.number(average, self._instrument(code).decimals)}")


def _labelled(key: str, widget: Widget) -> Widget:
    return Horizontal(Label(Content(t(key))), widget, classes="field")
