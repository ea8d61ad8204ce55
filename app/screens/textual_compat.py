"""What the dashboard changes about Textual itself, with `textual_layout`; no other file does.

Textual sends every message through `MessagePump._dispatch_message` and closes a screen in
`Screen.dismiss`.  Both are replaced here once, for all widgets, Textual's own included:

- a screen that was dismissed handles no key, click or widget message any more, whichever widget
  of it they were on their way to,
- input is dispatched one event after the other (`InputQueue`),
- a dismissed screen cannot be dismissed again, which would close the screen below,
- an error in a handler, a callback or a paint goes to `SafeApp.contain` where it occurs; Textual
  would end the message loop of the widget, and with it the app.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from rich.segment import Segment
from rich.style import Style
from textual import _callback, events, message_pump, messages, screen
from textual._context import active_app, active_message_pump
from textual._styles_cache import StylesCache
from textual.actions import ActionParseResult
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.color import Color
from textual.dom import DOMNode
from textual.geometry import Region, Size
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import OptionList
from textual.worker import WorkerFailed, active_worker

from app.screens.input_queue import INPUT, InputHandled, InputQueue
from app.screens.textual_layout import replace_layouts
from app.system.contained_errors import error_id
from widgets import cells

_dispatch_message = MessagePump._dispatch_message
_dismiss = Screen.dismiss
_invoke = _callback.invoke
_render_line = StylesCache.render_line
_render_lines = Widget.render_lines
_render_options = OptionList.render_lines


class SafeApp(App[int]):
    """An app that survives errors of its parts and whose dismissed screens handle nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.input_queue = InputQueue(self)
        self._broken_screens: WeakSet[Screen[Any]] = WeakSet()

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
        if not await self._check_bindings(event.key, priority=True):
            event._set_forwarded()
            for pump in (self.focused or screen).ancestors_with_self:
                await _call_handlers(pump, event)
                # A screen that was opened or closed has not been typed at.
                if event._stop_propagation or self.screen is not screen:
                    break
                event._no_default_action = False

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

    # --- errors

    def contain(self, error: BaseException) -> bool:
        """Return whether the app goes on after an error."""
        return False

    @property
    def is_shown(self) -> bool:
        """Whether the app has been laid out for the first time."""
        return self._dom_ready

    def abandon_broken_screen(self, error: BaseException) -> None:
        """Close the screen on top if an error kept it from being built or laid out."""
        pump = _running_pump()
        trace = error.__traceback__
        is_layout = trace is not None and trace.tb_frame.f_code.co_name == "_refresh_layout"
        if isinstance(pump, Widget) and (is_layout or not pump.is_mounted):
            self._broken_screens.add(pump.screen)
            self.call_later(self._close_screen, pump.screen)

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

    @property
    def is_ending(self) -> bool:
        """Whether the app has been asked to end."""
        return self._exit

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

    # --- actions

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
        screen = next(
            (node for node in widget.ancestors_with_self if isinstance(node, Screen)), None
        )
        return not any(screen in stack for stack in self._screen_stacks.values())


def _running_pump() -> MessagePump | None:
    """Return the widget or app whose code runs now, for a worker the one that started it."""
    worker = active_worker.get(None)
    # In a worker Textual makes the app the active one.
    return active_message_pump.get(None) if worker is None else worker.node


def _is_from_user(message: Message) -> bool:
    """Return whether a message is input, or what a widget makes of input."""
    if isinstance(message, events.Event):
        return isinstance(message, INPUT)
    return type(message).__module__ != messages.__name__


async def _dispatch_if_shown(pump: MessagePump, message: Message) -> None:
    app = active_app.get(None)
    answers = not (
        isinstance(app, SafeApp)
        and isinstance(pump, Widget)
        and _is_from_user(message)
        and app.is_dismissed(pump)
    )
    if not answers:
        return
    try:
        await _dispatch_message(pump, message)
    except Exception as error:
        if not _is_contained(error):
            raise


async def _call_handlers(pump: MessagePump, event: events.Key) -> None:
    with pump._context():
        try:
            for _, handler in pump._get_dispatch_methods(event.handler_name, event):
                await _invoke(handler, event)
        except Exception as error:
            if not _is_contained(error):
                raise


async def _invoke_contained(callback: Callable[..., Any], *params: object) -> Any:
    try:
        return await _invoke(callback, *params)
    except Exception as error:
        if not _is_contained(error):
            raise


def _is_contained(error: Exception) -> bool:
    app = active_app.get(None)
    return isinstance(app, SafeApp) and app.contain(error)


def _render_line_contained(
    cache: StylesCache,
    styles: Any,
    y: int,
    size: Size,
    content_size: Size,
    padding: Any,
    base_background: Color,
    background: Color,
    render_content_line: Callable[[int], Strip],
    *rest: Any,
) -> Strip:
    """Render a line; one that fails shows the id of its error until it is refreshed."""

    def render_content(content_y: int) -> Strip:
        try:
            return render_content_line(content_y)
        except Exception as error:
            # Where all lines come from one `render`, one of them is enough.
            is_one = getattr(render_content_line, "__func__", None) is Widget.render_line
            return _in_place(error, content_size.width, background, empty=is_one and content_y > 0)

    try:
        return _render_line(
            cache, styles, y, size, content_size, padding, base_background, background,
            render_content, *rest,
        )  # fmt: skip
    except Exception as error:
        return _in_place(error, size.width, background)


def _render_lines_contained(widget: Widget, crop: Region) -> list[Strip]:
    try:
        return _render_lines(widget, crop)
    except Exception as error:
        return [_in_place(error, crop.width, widget.background_colors[1])] * crop.height


def _render_options_contained(options: OptionList, crop: Region) -> list[Strip]:
    try:
        return _render_options(options, crop)
    except Exception as error:
        return [_in_place(error, crop.width, options.background_colors[1])] * crop.height


def _in_place(error: Exception, width: int, background: Color, *, empty: bool = False) -> Strip:
    """Return what stands in the place of a line that cannot be painted.

    Raises:
        Exception: the error, if the app does not go on after it.
    """
    if not _is_contained(error):
        raise error
    text = cells.fit("" if empty else f"⚠ {error_id(error)}", width)
    style = Style(color=background.get_contrast_text().rich_color, bgcolor=background.rich_color)
    return Strip([Segment(text, style)], width)


def _dismiss_once(screen: Screen[Any], result: Any = None) -> AwaitComplete:
    if isinstance(screen.app, SafeApp) and screen is not screen.app.screen:
        nothing: AwaitComplete = AwaitComplete.nothing()  # type: ignore[no-untyped-call]
        return nothing
    return _dismiss(screen, result)


MessagePump._dispatch_message = _dispatch_if_shown  # type: ignore[method-assign, assignment]
Screen.dismiss = _dismiss_once  # type: ignore[method-assign, assignment]
message_pump.invoke = _invoke_contained  # type: ignore[attr-defined]
screen.invoke = _invoke_contained  # type: ignore[attr-defined]
StylesCache.render_line = _render_line_contained  # type: ignore[method-assign, assignment]
Widget.render_lines = _render_lines_contained  # type: ignore[method-assign, assignment]
OptionList.render_lines = _render_options_contained  # type: ignore[method-assign, assignment]
replace_layouts()
