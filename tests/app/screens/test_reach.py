"""Every action is reached by a key, by the palette, and with the Hangul input method on."""

import pytest
from harness.dashboard import run_dashboard

from app.instruments.hangul import keys_of
from app.screens.app import KisTui
from app.screens.dashboard_screen import NOT_IN_PALETTE
from app.screens.key_scopes import BOARDS, REPLAYS, scopes
from app.screens.keymap import COMMANDS, REPLAY, WITHOUT_FEED, Command, replayed
from app.screens.pages import PAGES
from widgets.texts import t

JAMO = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ"
TYPED = frozenset(map(keys_of, JAMO))
"""Letters that the Hangul keyboard types; of the capitals it has Q, W, E, R, T, O and P alone."""

ANY_INPUT = frozenset((
    "enter", "escape", "space", "tab", "home", "end", "pageup", "pagedown",
    "up", "down", "left", "right",
))  # fmt: skip
"""Keys that every terminal sends, whatever the input method."""


def is_typed_in_hangul(key: str) -> bool:
    """Whether a key arrives as itself with the input method on: digits and signs do."""
    is_letter = len(key) == 1 and key.isalpha()
    return key in TYPED if is_letter else key in ANY_INPUT or "+" not in key


def in_palette(command: Command) -> bool:
    return command.id not in NOT_IN_PALETTE and not command.action.startswith("move(")


@pytest.mark.parametrize("screen", [BOARDS, REPLAYS, *PAGES])
def test_every_action_has_a_key_or_stands_in_the_palette(screen: str) -> None:
    lost = [one.id for one in scopes()[screen] if not one.keys and not in_palette(one)]
    assert lost == []


@pytest.mark.parametrize("screen", [BOARDS, REPLAYS, *PAGES])
def test_every_action_is_reached_with_the_hangul_input_method_on(screen: str) -> None:
    lost = [
        command.id
        for command in scopes()[screen]
        if not any(map(is_typed_in_hangul, command.keys)) and not in_palette(command)
    ]
    assert lost == []


def test_the_palette_itself_opens_by_a_key_of_any_input_method() -> None:
    palette = next(command for command in COMMANDS if command.id == "palette")
    assert any(map(is_typed_in_hangul, palette.keys))


def test_a_replay_offers_every_action_of_the_boards_that_has_a_use_there() -> None:
    offered = {command.id for command in replayed() if command.keys or in_palette(command)}
    assert offered == {c.id for c in (*COMMANDS, *REPLAY)} - WITHOUT_FEED


@pytest.mark.parametrize("screen", [BOARDS, *PAGES])
async def test_the_palette_of_a_screen_runs_each_of_its_actions(screen: str) -> None:
    async with run_dashboard(("A01612", "B01612A31", "C01612A31")) as stage:
        if screen != BOARDS:
            stage.app.action_page(screen)
            await stage.pilot.pause()
        assert isinstance(stage.app, KisTui)
        offered = {one.title for one in stage.app.get_system_commands(stage.app.screen)}
        titles = {t(f"command.{one.id}") for one in scopes()[screen] if in_palette(one)}
        assert titles <= offered


async def test_an_action_without_a_key_is_found_in_the_palette_by_typing() -> None:
    async with run_dashboard(("A01612",)) as stage:
        await stage.press("colon")
        await stage.fill_field("새 목록")
        await stage.until(lambda: "새 목록" in stage.text.partition("\n")[2])
        await stage.press("down", "enter")
        await stage.until(lambda: type(stage.app.screen).__name__ == "NameDialog")


@pytest.mark.parametrize(
    ("keys", "dialog"),
    [
        (("ㄹ",), "RowFilterDialog"),
        (("ㄷ",), "NameDialog"),
        (("ㅅ",), "ListsDialog"),
        (("comma",), "SettingsDialog"),
        (("slash",), "FindDialog"),
        (("ㅖ", "ㅈ"), "PositionDialog"),
        (("ㅖ", "ㄴ"), "TradeDialog"),
        (("ㅖ", "ㅉ"), "WhatIfDialog"),
        (("ㅖ", "ㄹ"), "RowFilterDialog"),
        (("5", "ㄹ"), "RowFilterDialog"),
    ],
)
async def test_a_dialog_opens_by_keys_of_the_hangul_input_method(
    keys: tuple[str, ...], dialog: str
) -> None:
    async with run_dashboard(("A01612", "B01612A31", "C01612A31")) as stage:
        await stage.press("down", *keys)
        assert type(stage.app.screen).__name__ == dialog
