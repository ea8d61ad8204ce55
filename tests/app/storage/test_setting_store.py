"""Settings with their origins, and changes that go into the user's file and back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.storage.setting_store import SettingStore, setting_choices, setting_text
from app.storage.settings import SETTING_NAMES, load, read_file
from app.storage.settings_example import EXAMPLE
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from widgets.message_text import message_text
from widgets.texts import speaking

COMMENTED = "# mine\nrate = 2.5 # CD 91\n\n[tape]\n# a month\nkeep_days = 3\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def store_of(path: Path, text: str | None = None, **more: Any) -> SettingStore:
    if text is not None:
        path.write_text(text, encoding="utf-8")
    environment = more.pop("environment", {})
    settings = load(ProgramFolders.find(), path=path if path.exists() else None,
                    environment=environment)  # fmt: skip
    return SettingStore(path, settings, environment, **more)


def test_origins_are_flag_environment_file_and_default(path: Path) -> None:
    store = store_of(
        path,
        COMMENTED,
        environment={"KIS_TUI_RATE": "3", "KIS_TUI_TAPE_KEEP_GB": "1", "KIS_TUI_SIGNS": " "},
        flags={"theme": ("--theme", "light")},
    )
    origins = {name: store.origin(name) for name in SETTING_NAMES}
    assert (origins["theme"].kind, origins["theme"].source) == ("flag", "--theme")
    assert (origins["rate"].kind, origins["rate"].source) == ("environment", "KIS_TUI_RATE")
    assert origins["tape.keep_gb"].source == "KIS_TUI_TAPE_KEEP_GB"
    assert origins["tape.keep_days"].kind == "file"
    assert {origins[name].kind for name in ("signs", "alerts.bell")} == {"default"}
    assert (store.value("theme"), store.value("rate"), store.value("tape.keep_days")) == (
        "light", 3.0, 3,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["rate", "theme"])
def test_a_setting_that_a_flag_or_the_environment_fixes_is_not_changed(
    path: Path, name: str
) -> None:
    store = store_of(
        path,
        COMMENTED,
        environment={"KIS_TUI_RATE": "3"},
        flags={"theme": ("--theme", "light")},
    )
    with pytest.raises(UsageError) as raised:
        store.change(name, "1")
    assert store.origin(name).source in message_text(raised.value.message)
    with pytest.raises(UsageError):
        store.reset(name)
    assert path.read_text(encoding="utf-8") == COMMENTED


@pytest.mark.parametrize(
    ("name", "typed", "value", "lines"),
    [
        ("rate", "3.25", 3.25, "rate = 3.25 # CD 91"),
        ("beat_ms", "200", 200, "beat_ms = 200"),
        ("first_picture", "true", True, "first_picture = true"),
        ("tape.keep_days", "0", 0, "# a month\nkeep_days = 0"),
        ("tape.keep_gb", "20", 20.0, "keep_gb = 20"),
        ("alerts.command", "notify-send 'kis tui'", ("notify-send", "kis tui"),
         '[alerts]\ncommand = ["notify-send", "kis tui"]'),
        ("alerts.command", '["a b", "c"]', ("a b", "c"), 'command = ["a b", "c"]'),
        ("calendar.closed_days", "2027-02-05, 2027-01-29",
         frozenset((date(2027, 1, 29), date(2027, 2, 5))),
         '[calendar]\nclosed_days = ["2027-01-29", "2027-02-05"]'),
    ],
)  # fmt: skip
def test_what_is_typed_is_written_with_comments_kept_and_undone(
    path: Path, name: str, typed: str, value: Any, lines: str
) -> None:
    store = store_of(path, COMMENTED)
    store.change(name, typed)
    text = path.read_text(encoding="utf-8")
    assert lines in text
    assert "# mine\n" in text
    assert (store.value(name), store.origin(name).kind) == (value, "file")
    assert load(ProgramFolders.find(), path=path, environment={}) is not None
    store.change(name, setting_text(value))
    assert store.value(name) == value
    assert [store.undo(), store.undo(), store.undo()] == [name, name, ""]
    assert path.read_text(encoding="utf-8") == COMMENTED


@pytest.mark.parametrize(
    ("name", "typed", "problem"),
    [
        ("beat_ms", "5", "config.toml: beat_ms must be 50-1000"),
        ("beat_ms", "fast", "config.toml: beat_ms must be 50-1000"),
        ("rate", "", "config.toml: rate must be -1 … 20"),
        ("alerts.command", "'open", 'config.toml: alerts.command must be ["program", "argument"]'),
        ("calendar.closed_days", "soon",
         "config.toml: calendar.closed_days: soon is not a date (YYYY-MM-DD)"),
        ("calendar.open_days", "2027-02-06",
         "config.toml: calendar.open_days: 2027-02-06 is a weekend, which is never a trading day"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_in_the_words_of_the_file(
    path: Path, name: str, typed: str, problem: str
) -> None:
    store = store_of(path, COMMENTED)
    with pytest.raises(UsageError) as raised, speaking("en"):
        store.change(name, typed)
    with speaking("en"):
        assert message_text(raised.value.message).startswith(problem)
    assert path.read_text(encoding="utf-8") == COMMENTED


def test_a_day_cannot_become_closed_and_open(path: Path) -> None:
    store = store_of(path, '[calendar]\nclosed_days = ["2027-02-05"]\n')
    with pytest.raises(UsageError) as raised:
        store.change("calendar.open_days", "2027-02-05")
    assert "2027-02-05" in message_text(raised.value.message)


def test_a_reset_brings_the_default_back_and_leaves_comments(path: Path) -> None:
    store = store_of(path, COMMENTED)
    store.reset("tape.keep_days")
    assert (store.value("tape.keep_days"), store.origin("tape.keep_days").kind) == (30, "default")
    assert path.read_text(encoding="utf-8") == COMMENTED.replace("keep_days = 3\n", "")
    store.reset("signs")
    assert store.undo() == "tape.keep_days"
    assert path.read_text(encoding="utf-8") == COMMENTED


def test_undo_removes_a_file_that_the_change_made(path: Path) -> None:
    store = store_of(path)
    store.change("theme", "light")
    assert path.read_text(encoding="utf-8") == 'theme = "light"\n'
    assert store.undo() == "theme"
    assert not path.exists()


def test_a_change_of_another_program_is_never_undone(path: Path) -> None:
    store = store_of(path, COMMENTED)
    store.change("rate", "3")
    path.write_text("rate = 4\n", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        store.undo()
    assert raised.value.message.key == "settings.changed_outside"  # type: ignore[union-attr]
    assert path.read_text(encoding="utf-8") == "rate = 4\n"


@pytest.mark.parametrize("name", SETTING_NAMES)
def test_each_setting_takes_the_line_of_its_comment_in_the_example(path: Path, name: str) -> None:
    store = store_of(path, EXAMPLE)
    choices = [one for one in setting_choices(name) if one != store.value(name)]
    typed = {
        "rate": "1",
        "registration_limit": "40",
        "alerts.command": "run me",
        "theme": "light",
    }.get(name, "60")
    if name.startswith("calendar."):
        typed = "2027-02-05"
    store.change(name, choices[0] if choices else typed)
    changed = path.read_text(encoding="utf-8").splitlines()
    assert len(changed) == len(EXAMPLE.splitlines())
    key = name.rpartition(".")[2]
    fresh = [line for line in changed if line not in EXAMPLE.splitlines()]
    assert [line.split(" = ")[0] for line in fresh if not line.startswith("[")] == [key]
    assert read_file(path) != {}
    store.undo()
    assert path.read_text(encoding="utf-8") == EXAMPLE
