"""A screen on which nothing moves by real time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.widgets import Input


@asynccontextmanager
async def freeze_screen() -> AsyncIterator[None]:
    """Stop everything that moves by real time: the boards' ages and the cursor of a field."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.screens.app.TICK", 3600.0)
        patch.setattr(Input, "_toggle_cursor", lambda self: None)
        yield
