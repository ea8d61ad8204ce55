"""The timeline's two lines, at any width, and where a click lies."""

import pytest
from textual.app import App, ComposeResult

from widgets.timeline import PlaybackHead, TimelineBar, TimelineMark, TimelinePicture, TimelineShade

COURSE = TimelinePicture(
    "17:50",
    "06:00",
    (
        TimelineShade(0.0, 0.1, ("야간 시가 단일가", "시가 단일가", "단일가"), "auction"),
        TimelineShade(0.1, 1.0, ("야간 장중", "장중"), "open"),
    ),
    (TimelineMark(0.5, "◆", "gap"), TimelineMark(0.1, "┃", "mark")),
)


class Bar(App[None]):
    """Nothing but a timeline."""

    CSS = "TimelineBar { height: 2; width: 100%; }"

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    def compose(self) -> ComposeResult:
        yield TimelineBar()

    def on_timeline_bar_chosen(self, message: TimelineBar.Chosen) -> None:
        self.asked.append(message.place)


@pytest.mark.parametrize("width", [20, 28, 29, 40, 80, 120, 200])
async def test_both_lines_are_as_wide_as_the_terminal(width: int) -> None:
    app = Bar()
    async with app.run_test(size=(width, 2)) as pilot:
        bar = app.query_one(TimelineBar)
        bar.show(COURSE, PlaybackHead(0.25, " 20:52:30", " ▶ 10×"))
        await pilot.pause()
        for y in (0, 1):
            assert bar.render_line(y).cell_length == width
        assert "20:52:30" in bar.text
        assert "▶ 10×" in bar.text


async def test_what_was_played_lies_before_the_head_and_marks_where_they_belong() -> None:
    app = Bar()
    async with app.run_test(size=(129, 2)) as pilot:
        bar = app.query_one(TimelineBar)
        bar.show(COURSE, PlaybackHead(0.25, "", ""))
        await pilot.pause()
        first, second = bar.text.splitlines()
        line = second[22:123]
        assert (line.index("●"), line.index("┃"), line.index("◆")) == (25, 10, 50)
        assert set(line[:25]) == {"━", "┃"}
        assert set(line[26:]) == {"─", "◆"}
        assert "야간 장중" in first
        assert "17:50" in first
        assert "06:00" in first


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (248, "야간 시가 단일가"),
        (148, " 시가 단일가"),
        (98, "17:50  단일가 야간"),
        (88, "17:50 단일가 야간"),
        (70, "17:50      야간"),
    ],
)
async def test_a_phase_without_room_for_its_name_has_a_shorter_one_or_none(
    width: int, told: str
) -> None:
    app = Bar()
    async with app.run_test(size=(width, 2)) as pilot:
        bar = app.query_one(TimelineBar)
        bar.show(COURSE, PlaybackHead(0.0, "", ""))
        await pilot.pause()
        assert told in bar.text
        assert ("야간 시가" in bar.text) is (width > 200)


async def test_a_click_asks_for_the_place_under_it() -> None:
    app = Bar()
    async with app.run_test(size=(129, 2)) as pilot:
        bar = app.query_one(TimelineBar)
        bar.show(COURSE, PlaybackHead(0.0, "", ""))
        await pilot.pause()
        for x in (0, 21, 22, 72, 122, 123):
            await pilot.click(bar, offset=(x, 1))
        assert app.asked == [0.0, 0.5, 1.0]
