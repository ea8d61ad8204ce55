"""What all pages share: the status line above, key hints below, and the beat that brings news.

A page covers the boards and is left with Esc.  It sees what the dashboard hands it and asks for
contracts by `codes`; what it does with its keys stands in its own table.
"""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widget import Widget

from app.screens.keymap import ALWAYS_QUITS, COMMANDS, Command, hints_of, keys_of, on_pages, without
from widgets.hints import KeyHints
from widgets.status import StatusLine

BACK = Command("back", ("escape",), "Esc", "back", "page", 1)
LENT = 100
"""Behind which place the hints of keys that a page is lent stand."""


def page_bindings(commands: Iterable[Command]) -> list[BindingType]:
    """A page's table as bindings, with the keys that work on every page."""
    own = [c for c in (*commands, BACK) if c.keys]
    taken = {key for command in own for key in command.keys}
    found: list[BindingType] = [Binding(",".join(c.keys), c.action, c.id, show=False) for c in own]
    for command in on_pages(COMMANDS):
        keys = ",".join(key for key in command.keys if key not in taken)
        if keys:
            found.append(Binding(keys, f"app.{command.action}", command.id, show=False))
    return [*found, Binding(ALWAYS_QUITS, "app.quit", show=False)]


class MarketScreen(ModalScreen[None]):
    """A view over the whole screen."""

    KEYS: ClassVar[tuple[Command, ...]] = ()
    """Its keys; a page's `BINDINGS` are ``page_bindings(KEYS)``."""

    BINDINGS: ClassVar[list[BindingType]] = page_bindings(())

    def __init__(self) -> None:
        super().__init__()
        self.status = StatusLine()
        self.table = self.KEYS
        """Its keys, but for those that were taken from it."""
        self.lent: tuple[Command, ...] = ()
        """What other keys do here, and what is done without a key."""
        self._below: tuple[Widget, ...] = ()

    def add_app_commands(self, commands: Iterable[Command], below: Iterable[Widget]) -> None:
        """Have commands of the app besides its own, and widgets above the key hints.

        They take no key that stands first in its own table.  To be called before it is shown.
        """
        own = {command.keys[0] for command in (*self.KEYS, BACK) if command.keys}
        self.lent, self._below = without(commands, own), tuple(below)
        self.table = without(self.KEYS, keys_of(self.lent))
        for command in self.lent:
            for key in command.keys:
                binding = Binding(key, f"app.{command.action}", command.id, show=False)
                self._bindings.key_to_bindings[key] = [binding]

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.compose_body()
        yield from self._below
        lent = [
            c._replace(action=f"app.{c.action}", hint=c.hint and LENT + c.hint)
            for c in self.lent
            if c.keys
        ]
        yield KeyHints(hints_of((BACK, *self.table, *lent)))

    @abstractmethod
    def compose_body(self) -> Widget:
        """What stands between status line and key hints."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The contracts that it wants data of, besides the watched ones."""
        return ()

    @property
    def shown_codes(self) -> tuple[str, ...]:
        """The contracts whose rows it shows, registered or not."""
        return self.codes

    @property
    def focus_code(self) -> str:
        """The contract under its cursor; it has its registrations first."""
        return ""

    @property
    def subject_code(self) -> str:
        """The contract that another page in its place begins with."""
        return self.focus_code

    @property
    def visible_codes(self) -> frozenset[str]:
        """The contracts whose registrations come before those of the other watched ones."""
        return frozenset(self.codes)

    @property
    def valued(self) -> frozenset[str]:
        """The contracts that our own theory values at every beat, registered or not."""
        return self.visible_codes

    @property
    def books_first(self) -> bool:
        """Whether it looks at quotes more than at trades."""
        return False

    def refresh_rows(self, *, live: bool) -> None:
        """Rows changed or time passed: bring everything up to date; called ten times a second."""

    def reset_history(self) -> None:
        """The tape was wound to another place: what comes next is no change of what was shown."""

    @on(KeyHints.Chosen)
    async def run_hint(self, message: KeyHints.Chosen) -> None:
        """A hint was clicked: do what its key does here."""
        message.stop()
        await self.run_action(message.action)

    def action_back(self) -> None:
        """Go back to the boards."""
        self.dismiss(None)
