"""The app below the dashboard: input in order, errors contained, and every exit a clean one."""

import contextlib
import logging
import sys
from collections.abc import Callable
from typing import Any, ClassVar, ParamSpec, TypeVar
from weakref import WeakSet

from rich.console import RenderableType
from rich.text import Text
from textual import events
from textual._callback import invoke
from textual._context import active_message_pump
from textual.actions import ActionParseResult
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.dom import DOMNode
from textual.driver import Driver
from textual.message_pump import MessagePump
from textual.notifications import Notification
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerFailed, active_worker

from app.screens.exits import Exits
from app.screens.input_queue import INPUT, InputHandled, InputQueue
from app.screens.textual_compat.driver_choice import driver_class
from app.screens.textual_compat.input_cursor import follow_input
from app.screens.textual_compat.lazy_stylesheet import LazyStylesheet
from app.screens.textual_compat.notices import NoticeQueue
from app.screens.textual_compat.partial_paint import is_empty
from app.system.clock import SystemClock
from app.system.contained_errors import ContainedErrors, error_id
from app.system.crash import CrashReports, one_line
from app.system.event_log import log_event
from app.system.os_errors import is_terminal_gone
from app.system.platform_process import CLOSED_TERMINAL
from specs.item_errors import stop_listening
from specs.user_message import UserText
from widgets.message_text import message_text
from widgets.texts import t

P = ParamSpec("P")
Result = TypeVar("Result")


class SafeApp(App[int]):
    """An app that survives errors of its parts and restores the terminal however it ends.

    A screen that was dismissed handles nothing, and input is dispatched one event after another.
    """

    reports: CrashReports | None = None
    reports_mouse = True
    """Whether the terminal reports the mouse."""
    contains_errors: ClassVar[bool] = True
    """Whether the dashboard goes on after an unexpected error; tests do not."""

    def __init__(self) -> None:
        super().__init__()
        self.stylesheet = LazyStylesheet(variables=self.get_css_variables())
        self._notifications = self.notices = NoticeQueue()
        self.input_queue = InputQueue(self)
        self.exits = Exits(self)
        self.contained_errors = ContainedErrors(SystemClock().monotonic)
        self.fatal_error: BaseException | None = None
        """An error that ends the dashboard wherever it is caught."""
        self._broken_screens: WeakSet[Screen[Any]] = WeakSet()
        self._failed = False

    # --- input

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, INPUT) and not event.is_forwarded and self._screen_stack:
            await self.input_queue.accept(event)
        else:
            await super().on_event(event)

    async def dispatch_input(self, event: events.Event) -> None:
        """Send an event to the widget that it is for.

        The handlers of a key are called here and now, from the widget in focus up to the app;
        Textual sends it through the queue of each of them, which costs ten times as much.
        """
        if not isinstance(event, events.Key):
            await super().on_event(event)
            return
        self.app_focus = True
        screen = self.screen
        if not await self._run_priority_binding(event.key):
            event._set_forwarded()
            for pump in (self.focused or screen).ancestors_with_self:
                await self._call_handlers(pump, event)
                # A screen that was opened or closed has not been typed at.
                if event._stop_propagation or self.screen is not screen:
                    break
                event._no_default_action = False

    async def _run_priority_binding(self, key: str) -> bool:
        try:
            return await self._check_bindings(key, priority=True)
        except Exception as error:
            if not self.contain(error):
                raise
            return True

    async def _call_handlers(self, pump: MessagePump, event: events.Key) -> None:
        with pump._context():
            try:
                for _, handler in pump._get_dispatch_methods(event.handler_name, event):
                    await invoke(handler, event)
            except Exception as error:
                if not self.contain(error):
                    raise

    async def on_input_handled(self, message: InputHandled) -> None:
        """Go on with the next key."""
        await self.input_queue.handled(message)

    def pop_screen(self) -> AwaitComplete:
        closing = self.screen
        popped = super().pop_screen()
        self.input_queue.screen_closed(closing)
        return popped

    def push_screen(self, screen: Any, *how: Any, **more: Any) -> Any:
        pushed = super().push_screen(screen, *how, **more)
        self.input_queue.screen_opened(self.screen)
        return pushed

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Any = None,
    ) -> bool:
        if isinstance(default_namespace, Widget) and self.is_dismissed(default_namespace):
            return False
        return await super().run_action(action, default_namespace, namespaces)

    def is_dismissed(self, widget: Widget) -> bool:
        """Return whether a widget is on a screen that is in no stack, or on none."""
        screens = (node for node in widget.ancestors_with_self if isinstance(node, Screen))
        screen = next(screens, None)
        return not any(screen in stack for stack in self._screen_stacks.values())

    def _unnotify(self, notification: Notification, refresh: bool = True) -> None:
        super()._unnotify(notification, refresh=False)
        if self.notices.advance() or refresh:
            self._refresh_notifications()

    def show_toast(self, message: UserText | str, *, warning: bool = False) -> None:
        """Show a message in the corner; its text is never parsed as markup."""
        how: Any = {"severity": "warning", "timeout": 6} if warning else {"timeout": 3}
        self.notify(message_text(message), markup=False, **how)

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text on the terminal's clipboard; not an empty one, as of ``ctrl+x`` in a field."""
        if text:
            super().copy_to_clipboard(text)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        # A paint of equal cells would still move the cursor within a synchronised update.
        is_written = not (self._batch_count or self._closed or self.is_headless) and self._running
        if not is_written or follow_input(self) or not is_empty(renderable, self.console):
            super()._display(screen, renderable)

    # --- errors

    def contain(self, error: BaseException) -> bool:
        """Show and log an error and return whether the dashboard goes on after it.

        The third different one within a minute ends it; those of one beat count as one.
        """
        if self._failed:
            return True
        if not self.contains_errors or not self.is_shown or self.is_fatal(error):
            return False
        if self.is_in_closed_screen:
            # Nobody sees that screen any more, and its parts may be gone already.
            log_event("screen", "exception", error_id(error), level=logging.DEBUG, error=error)
            return True
        if self.is_ending:
            return False
        occurred = self.contained_errors.note(error)
        if occurred.shows:
            trace = error if occurred.is_first else None
            log_event(
                "screen", "exception", occurred.id,
                level=logging.ERROR, error=trace, count=occurred.occurrences,
            )  # fmt: skip
        if occurred.is_too_much:
            self.fail(error)
        else:
            if occurred.shows:
                text = t("error.contained", id=occurred.id)
                self.notify(text, severity="error", timeout=8, markup=False)
            self.abandon_broken_screen(error)
        return True

    def attempt(
        self, action: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result | None:
        """Call a function and return its result, or None if it failed and the app goes on."""
        try:
            return action(*args, **kwargs)
        except Exception as error:
            if not self.contain(error):
                raise
            return None

    def is_fatal(self, error: BaseException) -> bool:
        """Return whether an error must end the dashboard."""
        is_general = isinstance(error, Exception) and not is_terminal_gone(error)
        return error is self.fatal_error or not is_general

    @property
    def is_shown(self) -> bool:
        """Whether the app has been laid out for the first time."""
        return self._dom_ready

    @property
    def is_ending(self) -> bool:
        """Whether the app has been asked to end."""
        return self._exit

    @property
    def is_in_closed_screen(self) -> bool:
        """Whether what runs now belongs to a screen that nobody sees any more.

        It was dismissed, or will be as broken, or the app is ending, which removes the widgets of
        a screen before it stops the workers that look for them.
        """
        pump = _running_pump()
        if not isinstance(pump, Widget):
            return False
        return self._exit or self.is_dismissed(pump) or pump.screen in self._broken_screens

    def abandon_broken_screen(self, error: BaseException) -> None:
        """Close the screen on top if an error kept it from being built or laid out."""
        pump = _running_pump()
        trace = error.__traceback__
        is_layout = trace is not None and trace.tb_frame.f_code.co_name == "_refresh_layout"
        if isinstance(pump, Widget) and (is_layout or not pump.is_mounted):
            self._broken_screens.add(pump.screen)
            self.call_later(self._close_screen, pump.screen)

    def _close_screen(self, broken: Screen[Any]) -> None:
        if broken is self.screen and len(self._screen_stack) > 1:
            broken.dismiss(None)
        elif broken in self._screen_stack:
            self._broken_screens.discard(broken)

    def _handle_exception(self, error: Exception) -> None:
        # A worker's failure comes wrapped; what it wraps is what happened.
        raised = error.error if isinstance(error, WorkerFailed) else error
        if not self.contain(raised):
            self.failure: BaseException = raised
            super()._handle_exception(error)

    # --- the end

    def on_unmount(self) -> None:
        stop_listening(self.exits.on_item_error)

    def release_resources(self) -> None:
        """Release what other processes wait for; called before the process is ended by force."""

    def leave(self, code: int) -> None:
        """Leave with an exit code."""
        self.exit(code, return_code=code)

    def fail(self, error: BaseException) -> None:
        """Leave because of a failure: a report, a line about it, exit code 1."""
        self._failed = True
        if is_terminal_gone(error):
            # The terminal is gone: nobody could read a report on it.
            self.leave(CLOSED_TERMINAL)
            return
        path = self.reports.write(error) if self.reports is not None else None
        lines = [t("crash.ended", what=one_line(error))]
        if path is not None:
            lines.append(t("crash.report", path=path))
        message = Text("\n".join(lines), no_wrap=True, overflow="ignore")
        self.exit(1, return_code=1, message=message)

    @property
    def terminal(self) -> tuple[int | None, Any]:
        """The terminal's file number and its attributes before the start; None where unknown."""
        driver = self._driver
        return getattr(driver, "fileno", None), getattr(driver, "attrs_before", None)

    def call_from_anywhere(self, action: Callable[..., None], *args: object) -> None:
        """Call a function on the app's loop, from any thread or a signal handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(action, *args)

    def get_driver_class(self) -> type[Driver]:
        return driver_class(super().get_driver_class)

    def _fatal_error(self) -> None:
        # Textual's own report prints local variables, keys included.
        error = getattr(self, "failure", None) or sys.exc_info()[1] or RuntimeError()
        self.fail(error)
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        with contextlib.suppress(OSError):
            super()._print_error_renderables()


def _running_pump() -> MessagePump | None:
    """Return the widget or app whose code runs now, for a worker the one that started it."""
    worker = active_worker.get(None)
    # In a worker Textual makes the app the active one.
    return active_message_pump.get(None) if worker is None else worker.node
