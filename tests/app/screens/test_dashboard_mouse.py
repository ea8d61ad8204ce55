"""The mouse on a widget that was removed and is still drawn, as an expired toast is."""

import pytest
from harness.dashboard import run_dashboard
from textual import events

FEW = ("A01612", "B01612A31", "C01612A31")


@pytest.mark.parametrize("kind", [events.MouseDown, events.MouseUp, events.MouseMove])
async def test_the_mouse_on_a_removed_widget_does_nothing(kind: type[events.MouseEvent]) -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("b")
        await stage.wait_layout()
        screen = stage.app.screen
        text = screen.query_one(".hint")
        x, y = screen.find_widget(text).region.offset

        def mouse(event: type[events.MouseEvent], x: int, y: int) -> None:
            buttons = (0, 0, 1, False, False, False)
            screen._forward_event(event(None, x, y, *buttons, screen_x=x, screen_y=y))

        if kind is events.MouseMove:
            mouse(events.MouseDown, x, y)
        # The screen keeps the region of a removed widget until the next drawing.
        await text.remove()
        assert screen.get_widget_at(x, y)[0] is text
        mouse(kind, x, y)
        await stage.press("escape")
        assert stage.app.screen is stage.app.main
