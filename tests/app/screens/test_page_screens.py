"""The pages among each other: one takes the place of another, and keys that work on all of them."""

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard
from textual.command import CommandPalette
from textual.widgets import Static

from app.screens.chain_screen import ChainScreen
from app.screens.dialogs.help_dialog import HelpDialog
from app.screens.dialogs.slots_dialog import SlotsDialog
from app.screens.expiry_screen import ExpiryScreen
from app.screens.fields_screen import FieldsScreen
from app.screens.page_screen import PageScreen
from app.screens.positions_screen import PositionsScreen
from app.screens.smile_screen import SmileScreen

CODES = ("A01612", "B01612A31", "C01612A31")
PAGES: dict[str, type[PageScreen]] = {
    "5": ChainScreen, "6": SmileScreen, "P": PositionsScreen, "enter": FieldsScreen,
}  # fmt: skip


def pages(stage: DashboardHarness) -> list[type[PageScreen]]:
    return [type(screen) for screen in stage.app.screen_stack if isinstance(screen, PageScreen)]


async def test_a_page_takes_the_place_of_the_one_that_is_open() -> None:
    async with run_dashboard(CODES, start=at(18, 0), live=False) as stage:
        for key in ("5", "6", "P", "5", "5", "P", "6", "6"):
            await stage.press(key)
            assert pages(stage) == [PAGES[key]]
        await stage.press("escape")
        assert pages(stage) == []


async def test_chain_and_smile_stay_at_the_expiry() -> None:
    async with run_dashboard(CODES, start=at(18, 0), live=False) as stage:
        await stage.press("down", "5", "left_square_bracket")
        chain = stage.app.page
        assert isinstance(chain, ExpiryScreen)
        expiry = chain._chain
        for key in ("6", "5"):
            await stage.press(key)
            page = stage.app.page
            assert isinstance(page, ExpiryScreen)
            assert page is not chain
            assert page._chain is not None
            assert expiry is not None
            assert page._chain.expiry == expiry.expiry


@pytest.mark.parametrize("key", PAGES)
async def test_slots_source_of_greeks_and_palette_work_on_every_page(key: str) -> None:
    async with run_dashboard(CODES, start=at(18, 0), live=False) as stage:
        await stage.press(key, "b")
        assert isinstance(stage.app.screen, SlotsDialog)
        await stage.press("escape")
        before = stage.app.workspace.valuation.source
        if key == "P":  # `i` imports positions there; the palette has the command.
            await stage.app.run_action("greeks_source")
        else:
            await stage.press("i")
        assert stage.app.workspace.valuation.source != before
        for opens in ("ctrl+p", "colon"):
            await stage.press(opens)
            assert isinstance(stage.app.screen, CommandPalette)
            await stage.press("escape")
        assert pages(stage) == [PAGES[key]]


async def test_the_palette_knows_the_keys_of_the_page_and_no_others_that_do_nothing() -> None:
    async with run_dashboard(CODES, start=at(18, 0), live=False) as stage:
        await stage.press("5")
        titles = [found.title for found in stage.app.get_system_commands(stage.app.screen)]
        assert "ATM으로" in titles
        assert not {"관심종목으로", "정렬 기준", "화면 배치 바꾸기"} & set(titles)
        later = dict(zip(titles, stage.app.get_system_commands(stage.app.screen), strict=True))
        page = stage.app.page
        assert isinstance(page, ExpiryScreen)
        before = page._chain
        later["다음 만기"].callback()
        await stage.until(lambda: page._chain is not before)


async def test_help_on_a_page_tells_what_works_there() -> None:
    async with run_dashboard(CODES, start=at(18, 0), live=False, size=(120, 60)) as stage:
        await stage.press("question_mark")
        boards = str(stage.app.screen.query_one("#help_text", Static).render())
        await stage.press("escape", "5", "question_mark")
        assert isinstance(stage.app.screen, HelpDialog)
        here = str(stage.app.screen.query_one("#help_text", Static).render())
        for word in ("관심종목으로", "정렬 기준", "화면 배치 바꾸기", "자리 바꾸기"):
            assert word not in here
        for word in ("정렬 기준", "화면 배치 바꾸기"):
            assert word in boards
        for word in ("이전 만기", "돌아가기", "변동성 스마일", "등록 현황", "종료"):
            assert word in here


@pytest.mark.parametrize("key", [*PAGES, "8", "9", "exclamation_mark"])
async def test_hints_of_a_page_begin_with_the_way_back_and_the_help(key: str) -> None:
    async with run_dashboard(CODES, start=at(18, 0), live=False, size=(80, 24)) as stage:
        await stage.press(key)
        line = stage.text.splitlines()[-1].split()
        assert line[0] == "Esc"
        assert line[2] == "?"
