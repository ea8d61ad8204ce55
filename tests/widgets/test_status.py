"""A line of parts: without room, whole parts are dropped, the least important first."""

import pytest
from textual.app import App, ComposeResult

from widgets.status import StatusLine, StatusPart

PARTS = (
    StatusPart("코스피200 12월물 12/10(목)", 0, "bold"),
    StatusPart("19일 21시간", 3, shorter="19일", label="잔존"),
    StatusPart("1,081.18", 1, label="선물"),
    StatusPart("F 202612", 4),
    StatusPart("21.0%", 2, label="ATM IV"),
)


class Room(App[None]):
    """One line."""

    def __init__(self) -> None:
        super().__init__()
        self.line = StatusLine("head")

    def compose(self) -> ComposeResult:
        yield self.line


@pytest.mark.parametrize("width", range(28, 100, 4))
async def test_no_part_is_ever_cut(width: int) -> None:
    app = Room()
    async with app.run_test(size=(width, 3)):
        app.line.show(PARTS, ())
        shown = app.line.render().plain.strip()
        whole = {part.full_text for part in PARTS} | {"잔존 19일"}
        assert set(shown.split("  ")) <= whole
        assert shown.startswith("코스피200 12월물 12/10(목)")


async def test_a_label_stands_before_its_part_and_goes_with_it() -> None:
    app = Room()
    async with app.run_test(size=(100, 3)) as pilot:
        app.line.show(PARTS, ())
        assert "ATM IV 21.0%" in app.line.render().plain
        await pilot.resize_terminal(60, 3)
        await pilot.pause()
        assert app.line.render().plain.strip() == (
            "코스피200 12월물 12/10(목)  선물 1,081.18  ATM IV 21.0%"
        )
