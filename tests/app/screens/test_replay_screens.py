"""A tape is played on the pages as on the boards, and its commands are found by their names."""

import pytest
from harness.dashboard import demo_contracts
from harness.replay_harness import run_replay
from textual.fuzzy import Matcher

from app.instruments.option_chain import key_of
from app.screens import keymap
from app.screens.chain_screen import ChainScreen
from app.screens.dialogs.moment_dialog import MomentDialog
from app.screens.page_screen import PageScreen
from app.screens.positions_screen import PositionsScreen
from app.screens.smile_screen import SmileScreen
from widgets.hints import KeyHints
from widgets.timeline import TimelineBar

PAGES: dict[str, type[PageScreen]] = {"5": ChainScreen, "6": SmileScreen, "P": PositionsScreen}


@pytest.mark.parametrize("opens", PAGES)
async def test_a_page_is_played_with_the_same_keys_over_its_own_timeline(opens: str) -> None:
    async with run_replay() as one:
        await one.press_and_settle(opens)
        page = one.app.page
        assert isinstance(page, PAGES[opens])
        bar = page.query_one(TimelineBar)
        hints = page.query_one(KeyHints)
        assert bar.region.height == 2
        assert bar.region.bottom == hints.region.y
        await one.press_and_settle("full_stop")
        assert f"{one.app.tape_clock.now():%H:%M}" == "17:50"
        await one.press_and_settle("space", "greater_than_sign")
        assert "⏸ 2×" in bar.text
        place = one.position
        await one.press_and_settle("l", "l", "h")
        assert one.position == pytest.approx(place + 60)
        await one.press_and_settle("comma")
        assert one.position == pytest.approx(place)
        await one.press("t")
        assert isinstance(one.app.screen, MomentDialog)
        await one.fill_field("18:30")
        await one.press_and_settle("enter")
        assert "18:30:00" in bar.text
        left, room = bar._bar()
        await one.pilot.click(bar, offset=(1 + left + (room - 1) // 2, 1))
        await one.settle()
        assert one.position == pytest.approx(one.app.player.tape_index.length / 2, rel=0.02)
        assert one.app.page is page


async def test_arrows_and_ends_stay_with_a_page_that_uses_them() -> None:
    async with run_replay() as one:
        await one.press_and_settle("5")
        await one.seek_to(18, 30)
        place = one.position
        page = one.app.page
        assert isinstance(page, ChainScreen)
        before = page.focus_code
        await one.press_and_settle("right", "home", "end", "left")
        assert one.position == place
        assert page.focus_code != before
        told = {c.id: c for c in (*page.screen_commands, *page.shared_commands)}
        assert told["chain_call"].shown == "←"
        assert told["chain_money"].keys == ("0",)
        assert told["event_after"].keys == ("full_stop",)
        assert told["step_on"].keys == ()


def test_no_key_of_a_page_is_lost_to_a_replay() -> None:
    for page in PAGES.values():
        for command in page.KEYS:
            assert not command.keys or command.keys[0] not in keymap.keys_of(
                keymap.without(keymap.REPLAY, {c.keys[0] for c in page.KEYS if c.keys})
            )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("수신 끊김", "다음 수신 끊김"),
        ("단일가", "다음 단일가"),
        ("등락", "가장 큰 급등락"),
        ("큰 등락", "가장 큰 급등락"),
        ("시각", "시각으로 이동"),
        ("이전 이벤트", "이전 이벤트"),
    ],
)
async def test_the_word_that_names_a_command_finds_it_first(typed: str, found: str) -> None:
    async with run_replay() as one:
        titles = [c.title for c in one.app.get_system_commands(one.app.screen)]
        match = Matcher(typed)
        best = max(titles, key=match.match)
        assert match.match(best) > 0
        assert best == found


async def test_a_smile_is_of_the_moment_that_a_paused_tape_is_wound_to() -> None:
    async with run_replay(master=demo_contracts().master) as one:
        await one.press_and_settle("space")
        await one.seek_to(18, 30)
        await one.press_and_settle("6")
        await one.settle()
        page = one.app.page
        assert isinstance(page, SmileScreen)
        assert page._curve is not None
        assert page._curve.money > 0
        await one.press_and_settle("home")
        await one.settle()
        assert not page._curve.points
        assert "선물 없음" in one.text
        key = key_of(demo_contracts().instrument("B01612A34"))
        assert not one.app.workspace.smiles.path(key, "money")
