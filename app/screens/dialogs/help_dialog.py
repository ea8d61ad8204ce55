"""The help: every key and every sign, found by typing and read with the arrows."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from app.screens.dialogs.dialog import Dialog, Field
from app.screens.help_sections import GAP, help_columns, help_sections
from app.screens.keymap import COMMANDS, Command
from app.screens.textual_compat.key_bindings import rebind
from widgets.texts import t

WIDE = 120
"""Columns of the terminal from which the help has two columns."""

_TO_MANUAL = ("help", "manual")
"""Actions whose keys open the manual from the help."""


class HelpField(Field):
    """The search of the help, which leaves the keys of help and manual to the dialog."""

    def __init__(self, keys: Sequence[str], placeholder: str) -> None:
        super().__init__(placeholder=placeholder, max_length=40)
        self._left = frozenset(keys)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return key not in self._left and super().check_consume_key(key, character)


class HelpDialog(Dialog[str]):
    """Shows the help; its own key and that of the manual open the manual over it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_text('up')", show=False, priority=True),
        Binding("down", "scroll_text('down')", show=False, priority=True),
        Binding("pageup", "scroll_text('page_up')", show=False, priority=True),
        Binding("pagedown", "scroll_text('page_down')", show=False, priority=True),
        Binding("home,ctrl+home", "scroll_text('home')", show=False, priority=True),
        Binding("end,ctrl+end", "scroll_text('end')", show=False, priority=True),
    ]

    def __init__(self, page: Sequence[Command] = (), table: Sequence[Command] = COMMANDS) -> None:
        super().__init__(t("help.title"), "help.hint")
        self._page = page
        self._table = table
        self._wanted = ""
        self._width = 0
        # A letter or a digit is typed into the field.
        self._keys = [
            key for one in table if one.id in _TO_MANUAL for key in one.keys if not _is_typed(key)
        ]
        manual = (Binding(key, "app.manual", show=False, priority=True) for key in self._keys)
        rebind(self, manual, ())

    def compose_body(self) -> list[Widget]:
        columns = Horizontal(Static(id="help_text"), Static(id="help_more"), id="help_columns")
        return [
            HelpField(self._keys, t("help.placeholder")),
            VerticalScroll(columns, can_focus=True),
        ]

    def on_resize(self) -> None:
        super().on_resize()
        self.set_class(self.app.size.width >= WIDE, "-wide")
        self.call_after_refresh(self._fit)

    @on(Input.Changed)
    def find(self, event: Input.Changed) -> None:
        """Show only what is asked for, from the top."""
        self._wanted = event.value
        self._show()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_scroll_text(self, way: str) -> None:
        """Scroll by a line or a page, or to an end."""
        getattr(self.query_one(VerticalScroll), f"scroll_{way}")(animate=False)

    def _fit(self) -> None:
        width = self.query_one(VerticalScroll).scrollable_content_region.width
        if width != self._width:
            self._width = width
            self._show()

    def _show(self) -> None:
        if not self._width:
            return
        sections = help_sections(self._wanted, self._page, self._table)
        left, *right = help_columns(sections, self._width)
        self.query_one("#help_text", Static).update(left)
        more = self.query_one("#help_more", Static)
        more.display = bool(right)
        if right:
            self.query_one("#help_text").styles.width = (self._width - GAP) // 2 + GAP
            more.update(right[0])
        else:
            self.query_one("#help_text").styles.width = "1fr"


def _is_typed(key: str) -> bool:
    return len(key) == 1 and key.isalnum()
