"""Texts and tones of the one-line widgets: status line, timeline, hints, and numbers of a smile."""

from collections.abc import Sequence
from math import nan

import pytest
from harness.painted_cells import spans, tone_style
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widget import Widget

from specs.market.smile import Curve
from specs.market.ticker import Freshness
from widgets.hints import Hint, KeyHints
from widgets.line_view import Tones
from widgets.smile_numbers import NamedValue, SmileNumbers
from widgets.status import StatusLine, StatusPart
from widgets.timeline import PlaybackHead, TimelineBar, TimelineMark, TimelinePicture, TimelineShade


class Room(App[None]):
    """One widget."""

    CSS = "Screen > * { width: 100%; height: 100%; }"

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.asked: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_key_hints_chosen(self, message: KeyHints.Chosen) -> None:
        self.asked.append(message.action)


def styled(content: Content) -> list[tuple[str, str]]:
    """Return the texts of a content that have a style, and their styles."""
    return [(content.plain[s.start : s.end].strip(), str(s.style)) for s in content.spans]


# --- the status line


async def test_parts_stand_left_and_right_in_their_tones() -> None:
    line = StatusLine()
    left = (
        StatusPart("kis-tui", 0, "bold"),
        StatusPart("", 1),
        StatusPart("03:12:44", 1, label="시각"),
    )
    right = (StatusPart("LIVE", 0, "bold $success"), StatusPart("23/41", 2))
    async with Room(line).run_test(size=(60, 1)):
        line.show(left, right)
        shown = line.render()
        assert shown.plain == "kis-tui  시각 03:12:44" + " " * 27 + "LIVE  23/41"
        assert shown.cell_length == 60
        assert styled(shown) == [
            ("kis-tui", "bold"), ("시각", "$text-label"), ("LIVE", "bold $success")
        ]  # fmt: skip
        assert line.text == "kis-tui  시각 03:12:44  LIVE  23/41"


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (27, "AAAA  BBBBBB  CCCCCC   DDDD"),
        (26, "AAAA  bb  CCCCCC      DDDD"),
        (23, "AAAA  bb  CCCCCC   DDDD"),
        (22, "AAAA  CCCCCC      DDDD"),
        (19, "AAAA  CCCCCC   DDDD"),
        (18, "AAAA          DDDD"),
        (9, "AAAA DDDD"),
        (8, "AAAA DD…"),
    ],
)
async def test_the_highest_rank_gives_way_first_and_rank_0_never(width: int, text: str) -> None:
    line = StatusLine()
    left = (StatusPart("AAAA", 0), StatusPart("BBBBBB", 3, shorter="bb"), StatusPart("CCCCCC", 2))
    async with Room(line).run_test(size=(width, 1)):
        line.show(left, (StatusPart("DDDD", 0),))
        assert line.render().plain == text


# --- the timeline


async def test_the_timeline_is_drawn_in_the_tones_of_its_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bar = TimelineBar()
    monkeypatch.setattr(Tones, "__call__", lambda _, *tones: tone_style(*tones))
    course = TimelinePicture(
        "17:50",
        "06:00",
        (
            TimelineShade(0.0, 0.2, ("opening", "o"), "auction"),
            TimelineShade(0.2, 0.8, ("night",), "open"),
        ),
        (
            TimelineMark(0.5, "◆", "gap"),
            TimelineMark(-1.0, "<", "mark"),
            TimelineMark(2.0, ">", "mark"),
        ),
    )
    async with Room(bar).run_test(size=(49, 2)):
        bar.show(course, PlaybackHead(0.25, "20:52:30", "▶ 10×"))
        assert spans(bar.render_line(0)) == [
            ("20:52:30        ", "time"),
            ("17:50 ", "label"),
            (" o  ", "auction"),
            (" night       ", "open"),
            ("    ", "closed"),
            (" 06:00", "label"),
        ]
        assert spans(bar.render_line(1)) == [
            ("▶ 10×           ", "state"),
            ("      ", "label"),
            ("<", "mark"),
            ("━━━━", "played"),
            ("●", "head"),
            ("────", "ahead"),
            ("◆", "gap"),
            ("─────────", "ahead"),
            (">", "mark"),
            ("      ", "label"),
        ]
        tones = {tone for y in (0, 1) for _, tone in spans(bar.render_line(y))}
        assert {f"timeline--{tone}" for tone in tones} <= TimelineBar.COMPONENT_CLASSES
        bar.show(course, PlaybackHead(7.0, "", ""))
        assert bar.render_line(1).text[22:43].endswith("●")


@pytest.mark.parametrize(("width", "room"), [(28, 0), (29, 0), (30, 2), (31, 3)])
async def test_a_timeline_without_room_has_no_bar(width: int, room: int) -> None:
    bar = TimelineBar()
    async with Room(bar).run_test(size=(width, 2)):
        bar.show(TimelinePicture("17:50", "06:00", (), ()), PlaybackHead(0.0, "20:52:30", "x"))
        text = bar.render_line(1).text
        assert text.count("●") + text.count("─") == room
        assert ("17:50" in bar.render_line(0).text) is (room > 0)


# --- hints


HINTS = (Hint("a", "추가", "add"), Hint("Esc", "닫기", "close"), Hint("?", "도움말", "help"))


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (60, " a 추가   Esc 닫기   ? 도움말 "),
        (30, " a 추가   Esc 닫기   ? 도움말 "),
        (29, " a 추가   Esc 닫기 "),
        (19, " a 추가   Esc 닫기 "),
        (18, " a 추가 "),
        (8, " a 추가 "),
        (7, ""),
    ],
)
async def test_hints_are_shown_whole_or_not_at_all(width: int, text: str) -> None:
    hints = KeyHints(HINTS)
    async with Room(hints).run_test(size=(width, 1)):
        shown = hints.render()
        assert shown.plain == text
        assert [style for _, style in styled(shown)] == ["bold $accent"] * len(styled(shown))
        assert [key for key, _ in styled(shown)] == ["a", "Esc", "?"][: len(styled(shown))]


async def test_a_click_on_a_hint_asks_for_its_action() -> None:
    hints = KeyHints(HINTS)
    app = Room(hints)
    async with app.run_test(size=(60, 1)) as pilot:
        for x in (0, 7, 8, 9, 18, 19, 20, 29, 30):
            await pilot.click(hints, offset=(x, 0))
        assert app.asked == ["add", "add", "close", "close", "help", "help"]


# --- numbers of a smile


NUMBERS = Curve(money=20.954, reversal=-2.1, butterfly=0.4)
CLOSE = Curve(money=21.0, reversal=nan, butterfly=0.1)
FACTS = (NamedValue("선물", "1,081.10"), NamedValue("", "old", True))


async def lines_of(
    size: tuple[int, int], curve: Curve, close: Curve | None, facts: Sequence[NamedValue] = FACTS
) -> list[Content]:
    """The lines of the numbers in a room."""
    numbers = SmileNumbers()
    async with Room(numbers).run_test(size=size):
        numbers.show(curve, close, {"money": [1.0, 2.0, 3.0]}, facts)
        content = numbers.content
        assert isinstance(content, Content)
        return content.split("\n", allow_blank=True)


async def test_numbers_of_old_quotes_are_dim() -> None:
    numbers = SmileNumbers()
    ages = {"reversal": Freshness.OLDER, "butterfly": Freshness.OLD}
    async with Room(numbers).run_test(size=(94, 3)):
        numbers.show(NUMBERS, None, {}, (), ages)
        content = numbers.content
        assert isinstance(content, Content)
        values = content.split("\n", allow_blank=True)[0]
        tones = [style for text, style in styled(values) if text and style != "$text-label"]
        assert tones == ["bold", "$text-older", "$text-old"]


async def test_the_numbers_stand_side_by_side_with_their_change() -> None:
    values, path, facts = await lines_of((94, 3), NUMBERS, CLOSE)
    words = values.plain.split()
    assert [word for word in words if word[-1] in "%p" or word[0] in "+-"] == [
        "20.95%", "-0.05", "-2.10%p", "+0.40%p", "+0.30"
    ]  # fmt: skip
    assert [style for _, style in styled(values)] == ["$text-label", "bold", "$text-older"] * 3
    assert path.plain.rstrip() == "▁▅█"
    assert facts.plain == "선물 1,081.10  old"
    assert styled(facts) == [
        ("선물", "$text-label"),
        ("1,081.10", "$foreground"),
        ("old", "$warning"),
    ]
    assert values.cell_length == path.cell_length == 94


async def test_without_a_close_there_is_no_change_and_without_values_a_dash() -> None:
    [values, *_] = await lines_of((94, 3), NUMBERS, None)
    assert "-0.05" not in values.plain
    [values, *_] = await lines_of((94, 3), Curve(), CLOSE)
    assert values.plain.split().count("—") == 3
    assert "%" not in values.plain


async def test_below_sixty_columns_the_numbers_stand_below_each_other() -> None:
    assert len(await lines_of((60, 3), NUMBERS, CLOSE)) == 3
    low = await lines_of((59, 11), NUMBERS, CLOSE)
    assert len(low) == 1 + 3 * 2 + 1
    high = await lines_of((59, 12), NUMBERS, CLOSE)
    assert len(high) == 1 + 3 * 3 + 2
    assert high[-2].plain == "선물".ljust(8) + "1,081.10"
    assert high[1].plain.split()[-2:] == ["20.95%", "-0.05"]
