"""Containment of errors in handlers and paints, and silence of closed screens.

Textual sends every message through `MessagePump._dispatch_message` and closes a screen in
`Screen.dismiss`.  Both are replaced here once, for all widgets, Textual's own included:

- a screen that was dismissed handles no key, click or widget message any more, whichever widget
  of it they were on their way to,
- a dismissed screen cannot be dismissed again, which would close the screen below,
- an error in a handler, a callback or a paint goes to `SafeApp.contain` where it occurs; Textual
  would end the message loop of the widget, and with it the app.
"""

from collections.abc import Callable
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import _callback, events, message_pump, messages, screen
from textual._context import active_app
from textual._styles_cache import StylesCache
from textual.await_complete import AwaitComplete
from textual.color import Color
from textual.geometry import Region, Size
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import OptionList

from app.screens.input_queue import INPUT
from app.screens.textual_compat.safe_app import SafeApp
from app.system.contained_errors import error_id
from widgets import cells

_dispatch_message = MessagePump._dispatch_message
_dismiss = Screen.dismiss
_invoke = _callback.invoke
_render_line = StylesCache.render_line
_render_lines = Widget.render_lines
_render_options = OptionList.render_lines


def install_error_containment() -> None:
    """Replace the parts of Textual, once for all widgets."""
    MessagePump._dispatch_message = _dispatch_if_shown  # type: ignore[method-assign, assignment]
    Screen.dismiss = _dismiss_once  # type: ignore[method-assign, assignment]
    message_pump.invoke = _invoke_contained  # type: ignore[attr-defined]
    screen.invoke = _invoke_contained  # type: ignore[attr-defined]
    StylesCache.render_line = _render_line_contained  # type: ignore[method-assign, assignment]
    Widget.render_lines = _render_lines_contained  # type: ignore[method-assign, assignment]
    OptionList.render_lines = _render_options_contained  # type: ignore[method-assign, assignment]


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
    """Return a line with the error's id for one that cannot be painted.

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
