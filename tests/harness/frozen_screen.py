"""A screen on which nothing moves by real time, and when it has nothing left to draw."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App
from textual.widgets import Input


@asynccontextmanager
async def freeze_screen() -> AsyncIterator[None]:
    """Stop what moves by real time: ages of boards, the cursor of a field, the end of notices."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.screens.app.TICK", 3600.0)
        patch.setattr(App, "NOTIFICATION_TIMEOUT", 3600.0)
        patch.setattr(Input, "_toggle_cursor", lambda self: None)
        yield


def is_drawn(app: App[int]) -> bool:
    """Return whether the screen on top is laid out and painted, and no message is at work."""
    if not app.is_running or app._exit:
        return True
    screen = app.screen
    widgets = [app, *screen.walk_children(with_self=True)]
    return (
        screen.is_mounted
        and not screen._layout_required
        and not screen._repaint_required
        and not screen._dirty_widgets
        and not screen._callbacks
        and not any(one.message_queue_size or one._next_callbacks for one in widgets)
    )
