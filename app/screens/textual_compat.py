"""What the dashboard changes about Textual itself; the only file that replaces parts of it.

Textual sends every message through `MessagePump._dispatch_message` and closes a screen in
`Screen.dismiss`.  Both are replaced here once, for all widgets, Textual's own included:

- a screen that was dismissed handles no key, click or widget message any more, whichever widget
  of it they were on their way to,
- input is dispatched one event after the other (`InputQueue`),
- a dismissed screen cannot be dismissed again, which would close the screen below,
- an `OptionList` is asked for a page before it was laid out.
"""

from typing import Any

from textual import _widget_navigation, events, messages
from textual._context import active_app
from textual.actions import ActionParseResult
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import OptionList

from app.screens.input_queue import INPUT, InputHandled, InputQueue

_dispatch_message = MessagePump._dispatch_message
_dismiss = Screen.dismiss
_move_page = OptionList._move_page


class SafeApp(App[int]):
    """An app whose dismissed screens handle nothing any more."""

    def __init__(self) -> None:
        super().__init__()
        self.input_queue = InputQueue(self)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, INPUT) and not event.is_forwarded and self._screen_stack:
            await self.input_queue.accept(event)
        else:
            await super().on_event(event)

    async def dispatch_input(self, event: events.Event) -> None:
        """Send an event to the widget that it is for."""
        await super().on_event(event)

    async def on_input_handled(self, message: InputHandled) -> None:
        """Go on with the next key."""
        await self.input_queue.handled(message)

    def pop_screen(self) -> AwaitComplete:
        popped = super().pop_screen()
        self.input_queue.screen_closed()
        return popped

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
    if answers:
        await _dispatch_message(pump, message)


def _dismiss_once(screen: Screen[Any], result: Any = None) -> AwaitComplete:
    if isinstance(screen.app, SafeApp) and screen is not screen.app.screen:
        nothing: AwaitComplete = AwaitComplete.nothing()  # type: ignore[no-untyped-call]
        return nothing
    return _dismiss(screen, result)


def _move_page_if_laid_out(options: OptionList, direction: _widget_navigation.Direction) -> None:
    options._update_lines()
    at = options.highlighted or 0
    if at in options._index_to_line:
        _move_page(options, direction)
    elif options.option_count:
        # Before its layout a list has no lines, but may know how many it will show.
        height = options.styles.height
        page = int(height.cells) if height is not None and height.cells else 1
        options.highlighted = _widget_navigation.find_next_enabled_no_wrap(
            candidates=options.options,
            anchor=max(0, min(options.option_count - 1, at + direction * page)),
            direction=direction,
            with_anchor=True,
        )


MessagePump._dispatch_message = _dispatch_if_shown  # type: ignore[method-assign, assignment]
Screen.dismiss = _dismiss_once  # type: ignore[method-assign, assignment]
OptionList._move_page = _move_page_if_laid_out  # type: ignore[method-assign, assignment]
