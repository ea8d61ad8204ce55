"""The log screen: state of the link, and the last lines of the log with the newest at the end."""

import re
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from app.screens.dialogs.dialog import Dialog
from app.system.logs import LogRing
from widgets.status import StatusPart
from widgets.texts import t

UPDATE_EVERY = 0.5
"""Seconds between two updates of link and log."""

# The day and the zone are left out on the screen: 200 lines are hours of one session.
_LINE = re.compile(r"[0-9-]{10}T([0-9:]{8})[+0-9:]{6} ([A-Z]+) (.*)", re.DOTALL)
_TONES = {"WARNING": "$warning", "ERROR": "$error", "CRITICAL": "$error"}


class LogDialog(Dialog[None]):
    """Shows `parts` of the link and the lines of a ring; it follows the newest line.

    Scrolling up stays where it is, End follows again.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("grave_accent,f12,won_sign", "give_up", show=False),
        Binding("up,k", "scroll('up')", show=False),
        Binding("down,j", "scroll('down')", show=False),
        Binding("pageup,ctrl+u", "scroll('page_up')", show=False),
        Binding("pagedown,ctrl+d", "scroll('page_down')", show=False),
        Binding("home,g", "scroll('home')", show=False),
        Binding("end,G", "follow", show=False),
    ]

    view = getters.query_one("#log", VerticalScroll)
    link = getters.query_one("#log_link", Static)
    lines = getters.query_one("#log_lines", Static)

    def __init__(self, log: LogRing, parts: Callable[[], Iterable[StatusPart]]) -> None:
        super().__init__(t("log.title"), "log.hint")
        self._log = log
        self._parts = parts
        self._shown = -1
        """The value of `LogRing.written` for the lines on the screen."""

    def compose_body(self) -> list[Widget]:
        return [
            Static(id="log_link"),
            VerticalScroll(Static(id="log_lines"), id="log", can_focus=False),
        ]

    def on_mount(self) -> None:
        """Show what there is, and keep up with it."""
        self.action_follow()
        self._update()
        self.set_interval(UPDATE_EVERY, self._update)

    def action_scroll(self, way: str) -> None:
        """Scroll; away from the end it stays where it is."""
        view = self.view
        view.anchor(False)
        getattr(view, f"scroll_{way}")(animate=False)

    def action_follow(self) -> None:
        """Show the newest line, and stay with it."""
        view = self.view
        view.anchor()
        view.scroll_end(animate=False)

    def _update(self) -> None:
        link = [(f"{part.full_text}  ", part.tone) for part in self._parts() if part.text]
        self.link.update(Content.assemble(*link))
        if self._log.written != self._shown:
            self._shown = self._log.written
            self.lines.update(log_text(self._log.lines()))


def log_text(lines: Iterable[str]) -> Content:
    """Return the lines as the screen shows them: time of day, warnings in their tone."""
    shown = [_shown(line) for line in lines]
    return Content("\n").join(shown) if shown else Content(t("log.none"))


def _shown(line: str) -> Content:
    found = _LINE.fullmatch(line)
    if found is None:
        return Content(line)
    time, level, rest = found.groups()
    tone = _TONES.get(level, "")
    words = rest if level == "INFO" else f"{level} {rest}"
    return Content.assemble((f"{time} ", "$text-label"), (words, tone))
