"""The log screen: link and last lines, on every screen, following the newest line until asked."""

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard
from harness.log_lines import capture_log
from harness.replay_harness import run_replay
from textual.containers import VerticalScroll
from textual.widgets import Static

from app.screens.dialogs.log_dialog import LogDialog, log_text
from app.system.event_log import log_event
from app.system.logs import MOST_LINES


def shown(stage: DashboardHarness, which: str) -> str:
    """Return the text of a part of the log screen."""
    return str(stage.app.screen.query_one(which, Static).content)


@pytest.mark.parametrize("key", ["grave_accent", "f12", "won_sign"])
async def test_log_key_shows_link_and_lines_and_leaves_again(key: str) -> None:
    with capture_log() as ring:
        async with run_dashboard(("A01612",), start=at(18, 1)) as stage:
            stage.app.program.log = ring
            await stage.press(key)
            assert isinstance(stage.app.screen, LogDialog)
            assert "실시간" in shown(stage, "#log_link")
            lines = shown(stage, "#log_lines").splitlines()
            assert lines[-1] == "19:00:01 feed registered=2 of=2 limit=41 refused=0"
            assert any(line.startswith("19:00:01 feed dialled=1 took=") for line in lines)
            await stage.press(key)
            assert not isinstance(stage.app.screen, LogDialog)


async def test_log_opens_over_a_page_and_escape_leads_back_to_it() -> None:
    async with run_dashboard(("A01612", "B01612A31"), start=at(18, 1)) as stage:
        await stage.press("5")
        page = stage.app.screen
        await stage.press("grave_accent")
        assert isinstance(stage.app.screen, LogDialog)
        await stage.press("escape")
        assert stage.app.screen is page


async def test_log_follows_the_newest_line_until_it_is_scrolled() -> None:
    with capture_log() as ring:
        async with run_dashboard(("A01612",), start=at(18, 1)) as stage:
            stage.app.program.log = ring
            for number in range(2 * MOST_LINES):
                log_event("feed", "wait", number)
            await stage.press("grave_accent")
            view = stage.app.screen.query_one("#log", VerticalScroll)
            await stage.until(lambda: view.max_scroll_y > 0 and view.scroll_y == view.max_scroll_y)
            assert shown(stage, "#log_lines").count("\n") == MOST_LINES - 1
            log_event("feed", "newest", words="[/] [red]\x1b[2J")
            await stage.until(lambda: "newest" in shown(stage, "#log_lines"))
            assert shown(stage, "#log_lines").endswith(r'newest words="[/] [red]\x1b[2J"')
            await stage.until(lambda: view.scroll_y == view.max_scroll_y)
            await stage.press("home")
            await stage.until(lambda: view.scroll_y == 0)
            log_event("feed", "newer")
            await stage.until(lambda: "newer" in shown(stage, "#log_lines"))
            assert view.scroll_y == 0
            await stage.press("j", "j")
            await stage.until(lambda: view.scroll_y == 2)
            await stage.press("end")
            await stage.until(lambda: view.scroll_y == view.max_scroll_y)


async def test_log_opens_in_replay() -> None:
    async with run_replay() as one:
        await one.press_and_settle("grave_accent")
        assert isinstance(one.app.screen, LogDialog)
        lines = one.app.screen.query_one("#log_lines", Static)
        assert str(lines.content) == "아직 기록이 없습니다"
        await one.press_and_settle("escape")
        assert not isinstance(one.app.screen, LogDialog)


def test_lines_are_shown_with_the_time_of_day_and_warnings_in_their_tone() -> None:
    text = log_text(
        [
            "2026-11-30T19:00:01+09:00 INFO feed wait=2.1s why=1006 attempt=2",
            "2026-11-30T19:00:02+09:00 WARNING feed refused=OPSP8992",
            "not a line of the log",
        ]
    )
    assert text.plain.splitlines() == [
        "19:00:01 feed wait=2.1s why=1006 attempt=2",
        "19:00:02 WARNING feed refused=OPSP8992",
        "not a line of the log",
    ]
    assert any(span.style == "$warning" for span in text.spans)
