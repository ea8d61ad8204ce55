"""Handles input in order: a key is dispatched once everything that the one before it did is done.

Textual dispatches a key to the widget that has the focus when it is read, which is the wrong one if
an earlier key of the same write opens a screen, closes one or moves the focus.
"""

from collections import deque
from typing import Any, Protocol
from weakref import WeakSet

from textual import events
from textual.errors import NoWidget
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

INPUT = (events.InputEvent, events.Paste)

_POSTING = frozenset(("enter", "space", ""))
"""Keys, and the mouse, whose actions post a message that does the work on its own way up."""

_PATIENCE = 0.25
"""Seconds after which input goes on although a marker was lost with the widget that carried it."""


class InputHandled(Message):
    """Marks the end of what an event did: it follows the event from its widget up to the app."""

    def __init__(self, widget: Widget, rounds: int) -> None:
        super().__init__()
        self.widget = widget
        self.rounds = rounds


class InputApp(Protocol):
    """What the queue needs of the app."""

    @property
    def screen(self) -> Screen[Any]: ...
    @property
    def focused(self) -> Widget | None: ...
    def get_widget_at(self, x: int, y: int) -> tuple[Widget, Any]: ...
    def call_later(self, callback: Any, *args: Any) -> bool: ...
    def set_timer(self, delay: float, callback: Any) -> Any: ...
    def is_dismissed(self, widget: Widget) -> bool: ...
    async def dispatch_input(self, event: events.Event) -> None: ...


class InputQueue:
    """Input that has not been dispatched; lives on the app's message loop."""

    def __init__(self, app: InputApp) -> None:
        self._app = app
        self._waiting: deque[tuple[events.Event, Screen[Any]]] = deque()
        """Events, and the screens they were typed at."""
        self._ready: WeakSet[Screen[Any]] = WeakSet()
        """Screens that have been mounted and have their focus."""
        self._last: tuple[Widget, str] | None = None
        """The widget whose event may still be at work, and the key."""
        self._closing_key = ""
        self._busy: object = None
        """What is waited for; None while nothing is."""

    @property
    def is_empty(self) -> bool:
        """Whether everything that arrived has been dispatched."""
        return not self._waiting

    async def accept(self, event: events.Event) -> None:
        """Dispatch an event now, or as soon as what came before it is done."""
        self._waiting.append((event, self._app.screen))
        await self._dispatch_waiting()

    async def handled(self, message: InputHandled) -> None:
        """Take a marker that has come up to the app."""
        if message is not self._busy:
            return
        if message.rounds > 1 and self._mark(message.widget, message.rounds - 1):
            return
        await self._go_on(message)

    def screen_closed(self) -> None:
        """Note that a screen was dismissed: a marker on its way through it will not arrive."""
        self._closing_key = self._last[1] if self._last is not None else ""
        if self._busy is not None:
            self._app.call_later(self._go_on, self._busy)

    async def _dispatch_waiting(self) -> None:
        app = self._app
        while self._waiting and self._busy is None:
            event, typed_at = self._waiting[0]
            starts = isinstance(event, (events.Key, events.Paste, events.MouseDown))
            if starts and self._last is not None:
                widget, key = self._last
                if self._mark(widget, 2 if key in _POSTING else 1):
                    return
            self._last = None
            if app.screen not in self._ready:
                self._await_focus(app.screen)
                return
            self._waiting.popleft()
            if app.is_dismissed(typed_at) and self._is_stale(event):
                continue
            self._closing_key = ""
            target = self._target(event)
            if not _is_text(event, target) and not isinstance(event, events.MouseMove):
                self._last = target, getattr(event, "key", "")
            await app.dispatch_input(event)

    def _is_stale(self, event: events.Event) -> bool:
        """Return whether an event is of no use once the screen it was typed at has closed.

        A second press of the key that closed it is one press too many; another key is meant for
        the screen below.
        """
        return not isinstance(event, events.Key) or event.key == self._closing_key

    def _target(self, event: events.Event) -> Widget:
        app = self._app
        if isinstance(event, events.MouseEvent):
            try:
                return app.get_widget_at(int(event.x), int(event.y))[0]
            except NoWidget:
                return app.screen
        return app.focused or app.screen

    def _mark(self, widget: Widget, rounds: int) -> bool:
        """Send a marker behind an event; return whether it may arrive.

        A key travels from its widget up to the app, and what its action posts does so once more.
        """
        if self._app.is_dismissed(widget):
            return False
        marker = InputHandled(widget, rounds)
        if not widget.post_message(marker):
            return False
        self._wait_for(marker)
        return True

    def _await_focus(self, screen: Screen[Any]) -> None:
        self._ready.add(screen)
        ticket = object()
        self._wait_for(ticket)
        # `Widget.focus` goes through the app's queue: what a screen focuses at mount comes first.
        screen.call_later(self._app.call_later, self._go_on, ticket)

    def _wait_for(self, ticket: object) -> None:
        self._busy = ticket
        self._app.set_timer(_PATIENCE, lambda: self._go_on(ticket))

    async def _go_on(self, ticket: object) -> None:
        if ticket is self._busy:
            self._busy = self._last = None
            await self._dispatch_waiting()


def _is_text(event: events.Event, target: Widget) -> bool:
    """Return whether a key only adds a character to a field, whose own queue keeps the order."""
    return isinstance(event, events.Key) and event.is_printable and isinstance(target, Input)
