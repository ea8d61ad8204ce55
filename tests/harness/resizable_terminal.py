"""A widget that fills a terminal whose height changes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget


class ResizableTerminal(App[None]):
    """One widget that fills the terminal."""

    CSS = """
    Screen > * { width: 100%; height: 100%; }
    Board, ChainBoard {
        overflow-x: hidden; overflow-y: auto;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
    }
    """

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


@asynccontextmanager
async def run_widget(widget: Widget, height: int) -> AsyncIterator[Pilot[None]]:
    """Run a widget alone in a terminal of 100 columns."""
    app = ResizableTerminal(widget)
    async with app.run_test(size=(100, height)) as pilot:
        yield pilot


async def resize_widget(pilot: Pilot[None], height: int) -> None:
    """Give the terminal another height, and wait for the layout."""
    await pilot.resize_terminal(100, height)
    await pilot.pause()
