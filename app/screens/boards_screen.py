"""The main screen: status line, desk and key hints, or one sentence where there is no room."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from app.screens import keymap as commands
from widgets.hints import KeyHints
from widgets.panel_grid import PanelGrid
from widgets.status import StatusLine
from widgets.texts import t

SMALLEST = (60, 14)
"""Columns and rows below which only a sentence is shown."""


def is_too_small(size: Size) -> bool:
    """Whether there is no room for more than a sentence."""
    columns, rows = SMALLEST
    return size.width < columns or size.height < rows


def too_small() -> Static:
    """The sentence that is shown where there is no room."""
    columns, rows = SMALLEST
    return Static(Content(t("screen.too_small", columns=columns, rows=rows)), id="too_small")


class BoardsScreen(Screen[None]):
    """Everything that is seen when no dialog is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.next_panel(1)", show=False),
        Binding("shift+tab", "app.next_panel(-1)", show=False),
    ]

    AUTO_FOCUS = "#watchlist"

    def __init__(
        self, table: Iterable[commands.Command] = commands.COMMANDS, below: Iterable[Widget] = ()
    ) -> None:
        super().__init__()
        self.status = StatusLine()
        self.desk = PanelGrid()
        self._hints = commands.hints_of(table)
        self._below = tuple(below)

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.desk
        yield from self._below
        yield KeyHints(self._hints)
        yield too_small()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(is_too_small(event.size), "tiny")
