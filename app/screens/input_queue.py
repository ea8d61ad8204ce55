"""Handles input in order: an event is dispatched once all that the one before it did is done.

Textual hands a key to the widget that has the focus when it is read, which is the wrong one if an
earlier key of the same write opens a screen, closes one or moves the focus.  Before that,
`as_typed` reads Hangul jamo as the Latin keys and cleans what is pasted.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from textual import events
from textual.app import App
from textual.errors import NoWidget
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from app.instruments.hangul import is_hangul, keys_of
from app.screens.keymap import ALWAYS_QUITS
from specs.clean import clean

INPUT = (events.InputEvent, events.Paste)

_STARTING = (events.Key, events.Paste, events.MouseDown)
"""Events that wait for the one before them; the others belong to one that has waited."""

_QUITS_WITHIN = 1.0
"""Seconds after which the key that always quits no longer waits for the keys before it."""

_PATIENCE = 0.25
"""Seconds after which input goes on although a marker was lost with the widget that carried it."""

LONGEST_PASTE = 4000


class InputHandled(Message):
    """Marks the end of what an event did: it follows its messages from the widget up to the app."""

    def __init__(self, widget: Widget, rounds: int) -> None:
        super().__init__()
        self.widget = widget
        self.rounds = rounds


class InputApp(Protocol):
    """The part of the app that the queue uses."""

    @property
    def screen(self) -> Screen[Any]: ...
    @property
    def focused(self) -> Widget | None: ...
    def get_widget_at(self, x: int, y: int) -> tuple[Widget, Any]: ...
    def call_later(self, callback: Any, *args: Any) -> bool: ...
    def is_dismissed(self, widget: Widget) -> bool: ...
    async def dispatch_input(self, event: events.Event) -> None: ...


class InputQueue:
    """Input that has not been dispatched; lives on the app's message loop."""

    def __init__(self, app: InputApp) -> None:
        self._app = app
        self._waiting: deque[events.Event] = deque()
        self._quit: events.Key | None = None
        """The key that always quits, while it waits."""
        self._ready: Widget | None = None
        """The widget in focus, or the screen, if it has handled that it was mounted or focused."""
        self._opened: WeakKeyDictionary[Screen[Any], float] = WeakKeyDictionary()
        self._last: tuple[Widget, int] | None = None
        """The widget whose event may still be at work, and the rounds that it takes."""
        self._key = ""
        """The key that was dispatched last."""
        self._closed: tuple[float, float, str] | None = None
        """When a screen was opened and when it was closed, if nothing was dispatched since, and the
        key that closed it."""
        self._busy: object = None
        """The marker or ticket that is waited for, or None."""
        self._patience: asyncio.TimerHandle | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything that arrived has been dispatched."""
        return not self._waiting

    async def accept(self, event: events.Event) -> None:
        """Dispatch an event now, or as soon as what came before it is done."""
        self._waiting.append(event)
        if isinstance(event, events.Key) and event.key == ALWAYS_QUITS:
            self._quit = self._quit or event
        await self._dispatch_waiting()

    async def handled(self, message: InputHandled) -> None:
        """Take a marker that has come up to the app."""
        if message is not self._busy:
            return
        if message.rounds > 1:
            self._mark(message.widget, message.rounds - 1)
        else:
            await self._go_on(message)

    def screen_opened(self, screen: Screen[Any]) -> None:
        """Note that a screen was pushed."""
        self._opened[screen] = Message().time

    def screen_closed(self, screen: Screen[Any]) -> None:
        """Note that a screen was popped: a marker on its way through it will not arrive."""
        self._closed = (self._opened.get(screen, float("-inf")), Message().time, self._key)
        if self._busy is not None:
            self._app.call_later(self._go_on, self._busy)

    async def _dispatch_waiting(self) -> None:
        app = self._app
        while self._waiting and self._busy is None:
            if self._quit is not None and Message().time - self._quit.time > _QUITS_WITHIN:
                self._waiting = deque((self._quit,))
                self._last = None
            event = self._waiting[0]
            if self._last is not None and isinstance(event, _STARTING):
                self._mark(*self._last)
                self._last = None
                return
            if (focused := app.focused or app.screen) is not self._ready:
                self._await_focus(focused)
                return
            self._waiting.popleft()
            if event is self._quit:
                self._quit = None
            if self._is_stale(event):
                continue
            self._closed = None
            self._key = getattr(event, "key", "")
            target = self._target(event)
            if not isinstance(event, events.MouseMove):
                self._last = target, 1 if isinstance(event, events.Key) else 2
            await app.dispatch_input(event)

    def _is_stale(self, event: events.Event) -> bool:
        """Return whether an event is of no use since the screen it was typed at has closed.

        A second press of the key that closed it is one press too many; another key is meant for
        the screen below.
        """
        if self._closed is None:
            return False
        opened, closed, key = self._closed
        was_typed_at_it = opened < event.time < closed
        return was_typed_at_it and (not isinstance(event, events.Key) or event.key == key)

    def _target(self, event: events.Event) -> Widget:
        app = self._app
        if isinstance(event, events.MouseEvent):
            try:
                return app.get_widget_at(int(event.x), int(event.y))[0]
            except NoWidget:
                return app.screen
        return app.focused or app.screen

    def _mark(self, widget: Widget, rounds: int) -> None:
        """Send a marker behind what a widget was sent, and wait for it.

        A click or a paste travels from its widget up to the app, and what its action posts does so
        once more; the handlers of a key have run, only what they posted is still on its way.
        """
        marker = InputHandled(widget, rounds)
        self._wait_for(marker)
        if self._app.is_dismissed(widget) or not widget.post_message(marker):
            # The event that closed its screen may have left the app something to do.
            self._app.call_later(self._go_on, marker)

    def _await_focus(self, widget: Widget) -> None:
        self._ready = widget
        ticket = object()
        self._wait_for(ticket)
        # `Widget.focus` goes through the app's queue: what a screen focuses at mount comes first.
        widget.call_later(self._app.call_later, self._go_on, ticket)

    def _wait_for(self, ticket: object) -> None:
        self._busy = ticket
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(_PATIENCE, self._app.call_later, self._go_on, ticket)

    async def _go_on(self, ticket: object) -> None:
        if ticket is self._busy:
            self._busy = None
            if self._patience is not None:
                self._patience.cancel()
            await self._dispatch_waiting()


def as_typed(event: events.Event, app: App[int]) -> Iterable[events.Event]:
    """Return the events to dispatch for an event that has arrived.

    With the Hangul input method on, a jamo becomes the Latin letter on its key, except in a field.
    """
    if event.is_forwarded:
        # It comes back from a widget that has no use for it; a new one would go there again.
        return (event,)
    if isinstance(event, events.Key) and event.character is not None:
        if is_hangul(event.character) and not isinstance(app.focused, Input):
            return [events.Key(key, key) for key in keys_of(event.character)]
    elif isinstance(event, events.Paste):
        # Fields take a paste as it comes, escape characters included, and its first line alone.
        return (events.Paste(clean(" ".join(event.text.split()), LONGEST_PASTE)),)
    return (event,)
