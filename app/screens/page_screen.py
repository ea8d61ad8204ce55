"""The base of all pages: keys of their own, and the contract that they begin with.

A page covers the boards and is left with Esc.  Keys that it does not bind reach the
app, as Textual's binding chain has it.
"""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from app.pricing.underlying_futures import futures_of
from app.screens.dashboard_screen import DashboardScreen
from app.screens.keymap import (
    COMMANDS,
    Command,
    apply_user_keys,
    first_keys,
    keys_of,
    on_pages,
    page_bindings,
    without,
)
from app.screens.layout_keeper import LayoutKeeper
from app.screens.workspace import Workspace
from specs.market.instrument import Instrument

BACK = Command("back", ("escape",), "Esc", "back", "page", 1)
HELP = next(command for command in COMMANDS if command.id == "help")._replace(hint=1)
"""The help's key, hinted at right behind the way back."""

AFTER_PAGE = 100
"""Added to the hints' places of the app's commands: the page's hints come first."""


class PageScreen(DashboardScreen):
    """A page over the boards."""

    KEYS: ClassVar[tuple[Command, ...]] = ()
    """Its keys; a page's `BINDINGS` are ``page_bindings(KEYS)``."""

    # Leaving goes before copying a selection, which is what Textual binds the key to.
    BINDINGS: ClassVar[list[BindingType]] = [
        *page_bindings((BACK,)),
        Binding("ctrl+c", "app.quit", show=False),
    ]

    def __init__(self, workspace: Workspace, layouts: LayoutKeeper, code: str) -> None:
        """`code` is the contract that the page begins with: the boards' cursor is on it."""
        super().__init__(workspace)
        self.layouts = layouts
        self.first_code = code
        self._own = apply_user_keys(self.KEYS, self.program.keys)
        [self._back, self._help] = apply_user_keys((BACK, HELP), self.program.keys)
        self.rebind_user_keys(page_bindings((*self._own, self._back)))
        self.first_keys = first_keys((*self._own, self._back))
        """Keys that a replay leaves to the page."""
        self._table = self._own
        self._replay: tuple[Command, ...] = ()
        self._shared: tuple[Command, ...] = ()

    def show_app_commands(self, table: Iterable[Command], below: Iterable[Widget]) -> None:
        """Have help, hints and palette name the app's commands; to be called before it is shown.

        Those are named without the page's keys.  The commands of a replay are named without the
        `first_keys`, and the page's own without the keys that the replay takes.  `below` are
        widgets above the key hints.
        """
        commands = tuple(table)
        self._shared = without(on_pages(commands), keys_of(self._own))
        self._replay = without((c for c in commands if c.group == "replay"), self.first_keys)
        self._table = without(self._own, keys_of(self._replay))
        self.below = tuple(below)

    @property
    def screen_commands(self) -> tuple[Command, ...]:
        return (*self._table, self._back)

    @property
    def shared_commands(self) -> tuple[Command, ...]:
        return (*self._replay, *self._shared)

    @property
    def hinted_commands(self) -> tuple[Command, ...]:
        replay = (c._replace(hint=c.hint and AFTER_PAGE + c.hint) for c in self._replay if c.keys)
        return (self._back, self._help, *self._table, *replay)

    @property
    def valued(self) -> frozenset[str]:
        return self.visible_codes

    def futures_of(self, option: Instrument) -> tuple[str, ...]:
        """Return the futures that an option may rest on, the best first."""
        contracts, now = self.program.contracts, self.program.clock.now()
        return futures_of(option, contracts.instrument, now, named=contracts.named)

    def action_back(self) -> None:
        """Select no lines; where none were selected, go back to the boards."""
        if not self.clear_lines():
            self.dismiss(None)
