"""The real command, which reports to a pipe what it shows: ``observed.py PIPE ARGUMENT…``.

Each report is a line of JSON.  ``{"screen": …}`` when a screen comes to the top, ``{"mark": n, …}``
when everything is handled that was typed before the terminal sent ``ESC [ n ; 9999 R``; `inputs` is
how many keys, clicks and pastes the app has handled, those that came back to it too.  ``{"quit":
true}`` when a key asked the program to end, ``{"error": …}`` for a toast of severity error, and
``{"busy": …}`` when a queue does not get on.
With `FAULT` in the environment, opening the list of registrations raises it.
"""

import asyncio
import contextlib
import faulthandler
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen

from app.cli import main
from app.screens.app import KisTui
from app.screens.input_queue import INPUT

MARK = 9999
"""The column of a cursor report that is a mark; its row is the mark's number."""

ROUNDS = 3
"""Times that each queue is waited for."""

LOOK_EVERY = 0.005
BUSY_AFTER = 10.0
"""Seconds of such looks after which a queue is reported that does not get on."""

FAULT = "HANDS_FAULT"
STACKS = "stacks.txt"
"""The file of the home into which the stacks of all threads are written on SIGUSR1."""


class Observer:
    """Wraps methods of Textual and of the dashboard so that they report."""

    def __init__(self, pipe: str) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._inputs = 0
        if sys.platform == "win32":
            raise NotImplementedError
        self._pipe: int = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)

    def report(self, **what: Any) -> None:
        """Write one report; one that the pipe has no room for is dropped."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(self._pipe, json.dumps(what).encode() + b"\n")

    def install(self) -> None:
        """Wrap the methods."""
        observer, on_event, notify = self, KisTui.on_event, App.notify
        resumed, action_quit, fault = (
            Screen._on_screen_resume,
            KisTui.action_quit,
            os.environ.get(FAULT),
        )

        async def observed_event(app: KisTui, event: events.Event) -> None:
            if isinstance(event, events.CursorPosition) and event.x == MARK - 1:
                task = asyncio.get_running_loop().create_task(observer.mark(app, event.y + 1))
                observer._tasks.add(task)
                task.add_done_callback(observer._tasks.discard)
            observer._inputs += isinstance(event, INPUT)
            await on_event(app, event)

        def observed_notify(app: App[Any], message: str, **options: Any) -> None:
            if options.get("severity") == "error":
                observer.report(error=message)
            notify(app, message, **options)

        def observed_resume(screen: Screen[Any], event: events.ScreenResume) -> None:
            resumed(screen, event)
            observer.report(screen=name_of(screen))

        async def observed_quit(app: KisTui) -> None:
            observer.report(quit=True)
            await action_quit(app)

        def fail(app: KisTui) -> None:
            raise ValueError(fault)

        KisTui.on_event = observed_event  # type: ignore[method-assign, assignment]
        App.notify = observed_notify  # type: ignore[method-assign, assignment]
        Screen._on_screen_resume = observed_resume  # type: ignore[method-assign, assignment]
        KisTui.action_quit = observed_quit  # type: ignore[method-assign, assignment]
        if fault:
            KisTui.action_slots = fail  # type: ignore[method-assign, assignment]

    async def mark(self, app: KisTui, number: int) -> None:
        """Report a mark once app, screen and focused widget have handled what came before it."""
        if not await _in_time(lambda: app.input_queue.is_empty):
            self.report(busy="input queue")
            return
        for _ in range(ROUNDS):
            # A key goes from the app to the widget in focus, and may come back as a message.
            for pump in (app, app.screen, app.focused):
                if pump is not None and not await _caught_up(pump):
                    self.report(busy=repr(pump))
                    return
        if app.is_running:
            stack = [name_of(screen) for screen in app.screen_stack]
            self.report(mark=number, stack=stack, inputs=self._inputs)


async def _caught_up(pump: MessagePump) -> bool:
    """Wait until a queue has come to what is put into it now, or its owner has ended."""
    reached = asyncio.Event()
    if not pump.call_later(reached.set):
        return True
    return await _in_time(lambda: reached.is_set() or not pump.is_running)


async def _in_time(condition: Callable[[], bool]) -> bool:
    """Wait until a condition holds; return whether it does in time."""
    left = BUSY_AFTER
    while not condition() and left > 0:
        await asyncio.sleep(LOOK_EVERY)
        left -= LOOK_EVERY
    return left > 0


def name_of(screen: Screen[Any]) -> str:
    """The name of a screen: its class, and its title where several dialogs share the class."""
    title = getattr(screen, "_title", "") if isinstance(screen, ModalScreen) else ""
    return f"{type(screen).__name__} {title}".strip()


if __name__ == "__main__":
    if sys.platform == "win32":
        raise NotImplementedError
    Observer(sys.argv.pop(1)).install()
    faulthandler.register(signal.SIGUSR1, open(STACKS, "w"))  # noqa: SIM115
    main()
