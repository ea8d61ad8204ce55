"""The settings on the screen: every one is there, changes show at once, and all is undone."""

from pathlib import Path

import pytest
from harness.dashboard import DashboardHarness, run_dashboard
from harness.replay_harness import run_replay
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from app.screens.dialogs.settings_dialog import GROUPS, SettingsDialog
from app.storage.setting_store import SettingStore, setting_choices
from app.storage.settings import SETTING_NAMES, Settings, config_path
from app.system.files import ProgramFolders, write_atomically
from widgets.texts import LANGUAGES, has, speaking, t

FEW = ("A01612", "B01612A31")


@pytest.fixture
def file(home: Path) -> Path:
    return config_path(ProgramFolders.find())


def content(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def dialog(stage: DashboardHarness) -> SettingsDialog:
    assert isinstance(stage.app.screen, SettingsDialog)
    return stage.app.screen


def greeks_source(stage: DashboardHarness) -> str:
    return stage.app.workspace.valuation.source


def said(stage: DashboardHarness, name: str) -> str:
    return str(dialog(stage).query_one(f"#{name}", Static).render())


async def go_to(stage: DashboardHarness, name: str) -> None:
    options = dialog(stage).query_one(OptionList)
    options.highlighted = options.get_option_index(name)
    await stage.pilot.pause()


def line(stage: DashboardHarness, name: str) -> list[str]:
    return str(dialog(stage).query_one(OptionList).get_option(name).prompt).split()


def test_every_setting_stands_in_one_group_with_words_for_all_it_can_be() -> None:
    names = [name for _, group in GROUPS for name in group]
    assert sorted(names) == sorted(SETTING_NAMES)
    for name in names:
        key = name.replace(".", "_")
        assert has(f"setting.{key}"), name
        assert has(f"setting_help.{key}"), name
        words = [has(f"setting_value.{key}_{v}") for v in setting_choices(name) if v not in (0, 1)]
        assert all(words), name


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_setting_shows_value_origin_and_help(language: str) -> None:
    with speaking(language):
        async with run_dashboard(FEW) as stage:
            await stage.press("comma")
            for name in SETTING_NAMES:
                await go_to(stage, name)
                assert said(stage, "about").startswith(t(f"setting_help.{name.replace('.', '_')}"))
                assert t("setting_origin.default").split()[0] in line(stage, name)


async def test_a_choice_is_shown_and_written_at_once_and_undone(file: Path) -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("comma")
        await go_to(stage, "theme")
        await stage.press("right")
        assert stage.app.appearance.theme.name == "light"
        assert content(file) == 'theme = "light"\n'
        assert line(stage, "theme") == ["테마", "light", "설정", "파일", "밝게"]
        await stage.press("left", "left")
        assert stage.app.appearance.theme.name == "terminal"
        await go_to(stage, "greeks")
        await stage.press("enter")
        assert greeks_source(stage) == "kis"
        await stage.press("u", "u", "u", "u")
        assert stage.app.appearance.theme.name == "dark"
        assert greeks_source(stage) == "auto"
        assert content(file) is None
        await stage.press("u")
        assert said(stage, "reading") == t("toast.nothing_to_undo")


async def test_a_number_is_typed_checked_and_kept(file: Path) -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("comma")
        await go_to(stage, "beat_ms")
        assert t("settings.next_start") in said(stage, "about")
        await stage.press("enter", "backspace", "backspace", "backspace", "7", "enter")
        assert said(stage, "reading") == "config.toml: beat_ms에 쓸 수 있는 값: 50-1000"
        await stage.press("0", "0", "enter")
        assert content(file) == "beat_ms = 700\n"
        assert said(stage, "reading") == ""
        await stage.press("d")
        assert line(stage, "beat_ms")[-2:] == ["100", "기본값"]


async def test_escape_leaves_the_field_before_the_dialog(file: Path) -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("comma")
        await go_to(stage, "rate")
        await stage.press("enter", "9", "escape")
        assert isinstance(stage.app.screen, SettingsDialog)
        await stage.press("escape")
        assert not isinstance(stage.app.screen, ModalScreen)
        assert content(file) is None


async def test_what_a_flag_or_the_environment_fixes_says_so_and_stays(file: Path) -> None:
    store = SettingStore(
        file, Settings(rate=3), {"KIS_TUI_RATE": "3"}, {"theme": ("--theme", "dark")}
    )
    async with run_dashboard(FEW) as stage:
        stage.app.program.setting_store = store
        await stage.press("comma")
        for name, source in (("rate", "KIS_TUI_RATE"), ("theme", "--theme")):
            await go_to(stage, name)
            assert source in line(stage, name)
            assert source in said(stage, "about")
            await stage.press("right")
            assert source in said(stage, "reading")
        assert stage.app.appearance.theme.name == "dark"
        assert content(file) is None


async def test_colours_of_the_layout_are_named_as_such(file: Path) -> None:
    async with run_dashboard(FEW) as stage:
        stage.app.main.action_colours()
        await stage.press("comma")
        assert line(stage, "updown")[-4:-2] == ["us", "레이아웃"] or "레이아웃" in line(
            stage, "updown"
        )
        await go_to(stage, "updown")
        await stage.press("right")
        assert stage.app.main.layouts.capture().updown == "cb"
        assert content(file) == 'updown = "cb"\n'


async def test_the_palette_opens_the_settings_in_a_replay() -> None:
    async with run_replay() as one:
        await one.press("comma")
        assert not isinstance(one.app.screen, SettingsDialog)
        await one.press("colon")
        await one.fill_field(t("command.settings"))
        await one.until(lambda: one.text.count(t("command.settings")) > 1)
        await one.press("down", "enter")
        await one.until(lambda: isinstance(one.app.screen, SettingsDialog))


async def test_a_file_that_is_no_toml_is_named_and_left_alone(file: Path) -> None:
    async with run_dashboard(FEW) as stage:
        write_atomically(file, b"theme = \n")
        await stage.press("comma")
        await go_to(stage, "theme")
        await stage.press("right")
        assert str(file) in said(stage, "reading")
        assert stage.app.appearance.theme.name == "dark"
        assert content(file) == "theme = \n"
