"""The dialog that finds a row of a board by a part of its code or name."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from app.screens.dialogs.dialog import Dialog, Field
from widgets.texts import t


def matches(text: str, rows: Mapping[str, str]) -> list[str]:
    """Return the keys of the rows whose text has every word, in any case."""
    words = text.casefold().split()
    return [key for key, row in rows.items() if words and all(w in row.casefold() for w in words)]


def following(found: Sequence[str], rows: Mapping[str, str], at: str) -> int:
    """Return the index of the first match at a row or below it, else 0."""
    order = {key: place for place, key in enumerate(rows)}
    start = order.get(at, 0)
    return next((i for i, key in enumerate(found) if order[key] >= start), 0)


class FindDialog(Dialog[str]):
    """Asks for a part of a code or name; answers the row that is found."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
    ]

    def __init__(self, rows: Mapping[str, str], at: str) -> None:
        """`rows` are the texts by key in the board's order; `at` is the key under its cursor."""
        super().__init__(t("find.title"), "find.hint")
        self._rows = rows
        self._at = at
        self._found: list[str] = []
        self._place = 0

    def compose_body(self) -> list[Widget]:
        return [
            Field(placeholder=t("find.placeholder"), max_length=40),
            Static(Content(""), id="reading"),
        ]

    @on(Input.Changed)
    def search(self, event: Input.Changed) -> None:
        """Show the first match from the cursor on."""
        self._found = matches(event.value, self._rows)
        self._place = following(self._found, self._rows, self._at)
        self._show(event.value)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Answer, if a row was found."""
        if self._found:
            self.dismiss(self._found[self._place])

    def action_step(self, way: int) -> None:
        """Show the next match, or the one before."""
        if self._found:
            self._place = (self._place + way) % len(self._found)
            self._show(self.query_one(Input).value)

    def _show(self, typed: str) -> None:
        reading = self.query_one("#reading", Static)
        if self._found:
            number = f"{self._place + 1}/{len(self._found)}"
            reading.update(Content(f"{self._rows[self._found[self._place]]}  {number}"))
        else:
            text = t("find.none") if typed.strip() else ""
            reading.update(Content.assemble((text, "$warning")))
