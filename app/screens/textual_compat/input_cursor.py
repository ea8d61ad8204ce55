"""The terminal's cursor at the input box, where an input method draws the syllable it composes."""

from typing import Any

from textual.app import App
from textual.widgets import Input


def follow_input(app: App[Any]) -> bool:
    """Put the terminal's cursor where the focused input box has its own at the next paint.

    Textual does so when the box gets the focus, before its screen is laid out.  Return whether the
    cursor has to move.
    """
    box = app.focused
    if isinstance(box, Input):
        app.cursor_position = box.cursor_screen_offset
    position = app.screen.outer_size.clamp_offset(app.cursor_position)
    return position != app._previous_cursor_position
