"""The manual inside the dashboard: F1, contents, search, links, and how it leaves."""

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard
from harness.picture_gallery import KEPT, PictureGallery
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Markdown, OptionList

from app.manual.manual_pages import TOPICS, find_sections, sections, title_of
from app.screens.chain_screen import ChainScreen
from app.screens.dialogs.help_dialog import HelpDialog
from app.screens.dialogs.manual_dialog import ManualDialog
from app.screens.dialogs.manual_page import ManualTable, column_widths, table_lines
from widgets.texts import use


def manual(stage: DashboardHarness) -> ManualDialog:
    """Return the manual, which is in front."""
    screen = stage.app.screen
    assert isinstance(screen, ManualDialog)
    return screen


def titles(stage: DashboardHarness) -> list[str]:
    """Return the titles that the table of contents lists."""
    options = manual(stage).query_one(OptionList).options
    return [str(option.prompt).strip() for option in options]


async def reads(stage: DashboardHarness, title: str) -> None:
    """Wait until a section is at the top of the page, or the page ends below it."""

    def is_on_top() -> bool:
        room = manual(stage).query_one("#reading_room", VerticalScroll)
        for heading in manual(stage).query("MarkdownH1, MarkdownH2"):
            if str(heading.render()) == title:
                return heading.region.y == room.region.y or room.is_vertical_scroll_end
        return False

    await stage.until(is_on_top)


async def open_manual(stage: DashboardHarness, *keys: str) -> None:
    """Press keys, and wait for the manual."""
    await stage.press(*keys)
    await stage.until(lambda: isinstance(stage.app.screen, ManualDialog) and titles(stage))


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_search_of_the_manual_as_a_picture(gallery: PictureGallery, language: str) -> None:
    use(language)
    async with run_dashboard(("A01612",)) as stage:
        await stage.settle_at(at(17, 58, 30))
        await open_manual(stage, "f1")
        await stage.press("slash", *"ntfy")
        found = [one.title for one in find_sections("ntfy", language)]
        await stage.until(lambda: titles(stage) == found)
        await reads(stage, found[0])
        await stage.wait_layout()
        kept = KEPT / f"manual-120x40-{language}.svg"
        gallery.show(kept, stage.app.export_screenshot())


async def test_f1_shows_the_contents_and_the_section_under_the_cursor() -> None:
    async with run_dashboard() as stage:
        await open_manual(stage, "f1")
        every = [one.title for topic in TOPICS for one in sections(topic, "ko")]
        assert titles(stage) == every
        await reads(stage, title_of("start", "ko"))
        contents = manual(stage).query_one(OptionList)
        contents.highlighted = every.index("재생", every.index(title_of("tapes", "ko")))
        await reads(stage, "재생")
        await stage.press("escape")
        assert stage.app.screen is stage.app.main


async def test_the_manual_is_over_a_page_and_leads_back_to_it() -> None:
    async with run_dashboard() as stage:
        await stage.settle_at(at(18, 1))
        await stage.press("5")
        await open_manual(stage, "f1")
        await stage.press("f1")
        assert isinstance(stage.app.screen, ChainScreen)


async def test_the_help_leads_to_the_manual_and_back() -> None:
    async with run_dashboard() as stage:
        await open_manual(stage, "question_mark", "question_mark")
        await stage.press("escape")
        assert isinstance(stage.app.screen, HelpDialog)
        await open_manual(stage, "f1")


async def test_a_search_lists_the_sections_that_hold_the_words() -> None:
    async with run_dashboard() as stage:
        await open_manual(stage, "f1")
        await stage.press("slash")
        assert isinstance(stage.app.focused, Input)
        await stage.press(*"ntfy")
        await stage.until(lambda: titles(stage) == ["휴대폰으로 받기: ntfy", "설명"])
        await reads(stage, "휴대폰으로 받기: ntfy")
        await stage.press("x", "x")
        await stage.until(lambda: titles(stage) == ["검색 결과가 없습니다"])
        await stage.press("enter", "enter")
        assert manual(stage)


async def test_a_link_leads_to_its_section() -> None:
    async with run_dashboard() as stage:
        await open_manual(stage, "f1")
        page = manual(stage).query_one(Markdown)
        await reads(stage, title_of("start", "ko"))
        page.post_message(Markdown.LinkClicked(page, "tapes.md#도구"))
        await reads(stage, "도구")
        page.post_message(Markdown.LinkClicked(page, "https://example.invalid/"))
        await stage.press("down")
        await reads(stage, title_of("archive", "ko"))


async def test_every_page_is_drawn_with_its_tables() -> None:
    async with run_dashboard() as stage:
        await open_manual(stage, "f1")
        contents = manual(stage).query_one(OptionList)
        every = [one for topic in TOPICS for one in sections(topic, "ko")]
        for topic in TOPICS:
            contents.highlighted = next(at for at, one in enumerate(every) if one.topic == topic)
            await reads(stage, title_of(topic, "ko"))
            rows = sum(one.text.count("\n|---") for one in sections(topic, "ko"))
            assert len(manual(stage).query(ManualTable)) == rows


@pytest.mark.parametrize("width", [24, 40, 76])
def test_a_table_fits_its_width_and_loses_no_text(width: int) -> None:
    rows = [
        [Content("`kis-tui --demo --start 10:00`"), Content("주간 거래, 주식선물옵션과 달러선물")],
        [Content("a"), Content("b")],
    ]
    headers = [Content("명령"), Content("내용")]
    lines = table_lines(headers, rows, width)
    assert all(line.cell_length <= width for line in lines)
    shown = "".join("".join(str(line) for line in lines).split())
    for word in ("--start", "10:00", "주식선물옵션과", "달러선물"):
        assert all(letter in shown for letter in word)
    assert sum(column_widths([headers, *rows], width)) <= width - 2
