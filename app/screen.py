"""The main screen: status line, desk and key hints, or one sentence where there is no room."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from app import commands
from widgets.desk import Desk
from widgets.hints import KeyHints
from widgets.status import StatusLine
from widgets.texts import t

SMALLEST = (60, 14)
"""Columns and rows below which only a sentence is shown."""


class MainScreen(Screen[None]):
    """Everything that is seen when no dialog is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.next_panel(1)", show=False),
        Binding("shift+tab", "app.next_panel(-1)", show=False),
    ]

    AUTO_FOCUS = "#watchlist"

    def __init__(self) -> None:
        super().__init__()
        self.status = StatusLine()
        self.desk = Desk()

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.desk
        yield KeyHints(commands.hints())
        columns, rows = SMALLEST
        yield Static(Content(t("screen.too_small", columns=columns, rows=rows)), id="too_small")

    def on_resize(self, event: events.Resize) -> None:
        columns, rows = SMALLEST
        self.set_class(event.size.width < columns or event.size.height < rows, "tiny")
