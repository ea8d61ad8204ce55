"""The help: searches for words and signs, its two columns, and the keys that scroll it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from harness.dashboard import run_dashboard
from rich.cells import cell_len
from textual.containers import VerticalScroll

from app.screens.dialogs.help_dialog import HelpDialog
from app.screens.help_sections import help_columns, help_sections
from widgets.texts import LANGUAGES, catalogue, speaking, t

ROOT = Path(__file__).parents[3]
FEW = ("A01612", "B01612A31")

FRAMES = frozenset("─└├┤┬")
"""What only frames and axes are drawn with."""

EXPLAINED_HERE = frozenset(("sign_width.py",))
"""Modules whose signs are never shown: the table of replaced signs."""


def found(wanted: str) -> list[str]:
    """Return key and meaning of every entry that a search finds, the best first."""
    return [f"{one.sign}|{one.meaning}" for s in help_sections(wanted) for one in s.entries]


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ("넓음", "넓음|매수·매도 호가 차이가"),
        ("호가 차이", "넓음|"),
        ("Δ괴리", "Δ괴리|KIS 델타 − 자체 델타"),
        ("≠", "≠18,204|누락된 체결"),
        ("~", "~|정렬 뒤집기"),
        ("—", "—|값이 없음"),
        ("예", "예23.40|현재가 대신 보이는 예상체결가"),
        ("●", "●|실시간 수신 중"),
        ("esc", "Esc|"),
    ],
)
def test_what_is_asked_for_comes_first(wanted: str, line: str) -> None:
    assert found(wanted)[0].startswith(line)


def test_the_mark_of_own_values_is_found() -> None:
    assert any(line.startswith("0.46~|") for line in found("~"))


def test_an_action_without_a_key_names_that_of_the_palette() -> None:
    assert found(t("command.new_list"))[0] == f": 명령 찾기|{t('command.new_list')}"


def test_nothing_found_is_said() -> None:
    assert help_sections("zzzz") == []
    assert [str(one) for one in help_columns([], 60)] == [t("help.nothing")]


@cache
def drawn_signs() -> frozenset[str]:
    """Return every character of the sources' texts that is neither letter nor ASCII."""
    signs: set[str] = set()
    for path in (*(ROOT / "widgets").rglob("*.py"), *(ROOT / "app" / "screens").rglob("*.py")):
        if path.name not in EXPLAINED_HERE:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            signs.update(*texts_of(tree))
    return frozenset(filter(is_sign, signs))


def texts_of(tree: ast.Module) -> Iterator[str]:
    """Yield the texts of a module but for its docstrings."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def is_sign(character: str) -> bool:
    return not (character.isascii() or character.isalpha() or character.isspace())


def written_signs(language: str) -> frozenset[str]:
    """Return the signs of the catalogue's texts, those of the command line and the help aside."""
    aside = ("cli", "keys", "legend", "auction_legend", "link_legend", "drawing_legend")
    return frozenset(
        character
        for area, entries in catalogue().items()
        if area not in aside
        for texts in entries.values()
        for character in texts[language]
        if is_sign(character)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_on_the_screen_is_found_by_itself(language: str) -> None:
    with speaking(language):
        own = t("expected.mark")
        signs = drawn_signs() | written_signs(language) | {"~", "*", "+", "?", "%", "^", own}
        assert len(signs) > 60
        assert sorted(sign for sign in signs - FRAMES if not found(sign)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, 99, 100, 110, 160])
def test_columns_are_as_wide_as_their_room_and_lose_nothing(language: str, width: int) -> None:
    with speaking(language):
        columns = [str(one) for one in help_columns(help_sections(), width)]
        assert len(columns) == (1 if width < 100 else 2)
        room = width if len(columns) == 1 else (width - 2) // 2
        lines = [line for column in columns for line in column.splitlines()]
        assert max(map(cell_len, lines)) <= room
        text = "".join("".join(lines).split())
        for section in help_sections():
            for entry in section.entries:
                assert "".join(entry.meaning.split())[:8] in text
        heights = [len(column.splitlines()) for column in columns]
        assert max(heights) - min(heights) <= 6


def test_a_single_entry_that_is_found_has_one_column_of_any_width() -> None:
    entries = {tuple(entry) for section in help_sections() for entry in section.entries}
    for sign, meaning in entries:
        for width in (76, 114, 196):
            sections = help_sections(f"{sign} {meaning}")
            column, *others = help_columns(sections, width)
            assert max(map(cell_len, column.plain.splitlines())) <= width
            if sum(len(section.entries) for section in sections) == 1:
                assert not others
                lines = -(-cell_len(meaning) // (width - 30))
                assert len(column.plain.split("\n")) <= lines + 2


def test_a_section_that_goes_on_in_the_right_column_is_named_there() -> None:
    right = str(help_columns(help_sections(), 120)[1])
    titles = [section.title for section in help_sections()]
    assert right.splitlines()[0] in titles


@pytest.mark.parametrize(("columns", "count"), [(80, 1), (119, 1), (120, 2), (200, 2)])
async def test_the_help_has_two_columns_from_120_columns_on(columns: int, count: int) -> None:
    async with run_dashboard(FEW, size=(columns, 40)) as stage:
        await stage.press("question_mark")
        await stage.wait_layout()
        shown = [
            one for one in ("#help_text", "#help_more") if stage.app.screen.query_one(one).display
        ]
        assert len(shown) == count


async def test_the_help_scrolls_with_arrows_and_page_keys_while_it_is_searched() -> None:
    async with run_dashboard(FEW, size=(80, 24)) as stage:
        await stage.press("question_mark")
        await stage.wait_layout()
        view = stage.app.screen.query_one(VerticalScroll)
        seen = []
        for key in ("down", "down", "up", "pagedown", "pageup", "end", "home"):
            await stage.press(key)
            await stage.pilot.pause()
            seen.append(view.scroll_y)
        page = view.scrollable_content_region.height
        assert seen == [1, 2, 1, 1 + page, 1, view.max_scroll_y, 0]
        await stage.press("end", *"iv")
        await stage.wait_layout()
        assert view.scroll_y == 0
        assert "IV" in stage.text
        assert isinstance(stage.app.screen, HelpDialog)
