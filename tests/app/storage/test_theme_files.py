"""Themes of the user: what a file may say, what is wrong with one, and which names there are."""

from pathlib import Path

import pytest

from app.storage.palettes import THEMES
from app.storage.theme_files import BASES, ThemeStore, nearest_256, read_theme, theme_example
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from widgets.message_text import message_text


@pytest.fixture
def store(tmp_path: Path) -> ThemeStore:
    folders = ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))
    (folders.config / "themes").mkdir(parents=True)
    return ThemeStore(folders, {})


def write(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "config" / "themes" / f"{name}.toml").write_text(text, encoding="utf-8")


def test_a_file_changes_the_colours_of_its_base(store: ThemeStore, tmp_path: Path) -> None:
    colors = ('background = "#F0EAD6"', 'red_bar = "#d08080"')
    text = "\n".join(('base = "light"', "[colors]", *colors))
    write(tmp_path, "종이", text)
    theme = store.load("종이")
    light = THEMES["light"]
    assert theme.name == "종이"
    assert not theme.is_dark
    assert theme.many.background == "#F0EAD6"
    assert theme.many.text == light.many.text
    assert theme.eight_bit.background == "#e4e4e4"
    assert theme.eight_bit.text == light.eight_bit.text
    assert theme.sixteen == light.sixteen


def test_own_themes_stand_behind_the_built_in_ones(store: ThemeStore, tmp_path: Path) -> None:
    for name in ("zen", "amber", "dark", "no good"):
        write(tmp_path, name, "")
    (tmp_path / "config" / "themes" / "notes.txt").write_text("")
    assert store.names() == ["dark", "light", "contrast", "terminal", "amber", "zen"]
    assert store.load("dark") is THEMES["dark"]
    assert store.load("zen").many == THEMES["dark"].many


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("base = ", "TOML"),
        ('base = "terminal"', "base에 쓸 수 있는 값: dark | light | contrast"),
        ("colors = 3", "colors에 쓸 수 있는 값: [colors]"),
        ('[colors]\nbackgroud = "#000000"', "colors.backgroud (background를 찾으셨나요?)"),
        ('[colors]\ntext = "white"\nold = 3', "colors.text에 쓸 수 있는 값: #rrggbb; colors.old"),
        ("size = 3", "알 수 없는 항목 size"),
    ],
)
def test_a_wrong_file_is_refused_in_words(
    store: ThemeStore, tmp_path: Path, text: str, said: str
) -> None:
    write(tmp_path, "mine", text)
    with pytest.raises(UsageError) as refused:
        store.load("mine")
    words = message_text(refused.value.message)
    assert said in words
    assert "mine.toml" in words


@pytest.mark.parametrize("name", ["gone", "../config", "", "a/b"])
def test_a_name_without_a_file_names_those_there_are(store: ThemeStore, name: str) -> None:
    with pytest.raises(UsageError) as refused:
        store.load(name)
    assert "theme.none" in repr(refused.value.message)
    assert "dark, light, contrast, terminal" in message_text(refused.value.hint)


@pytest.mark.parametrize("name", BASES)
def test_the_example_of_a_theme_is_that_theme(name: str) -> None:
    theme = THEMES[name]
    assert read_theme(theme_example(theme).encode(), name, "x").many == theme.many


@pytest.mark.parametrize(
    ("color", "nearest"),
    [
        ("#000000", "#000000"),
        ("#0e1216", "#121212"),
        ("#22303a", "#303030"),
        ("#ff6b68", "#ff5f5f"),
        ("#FFFFFF", "#ffffff"),
        ("#00005a", "#00005f"),
    ],
)
def test_a_colour_has_its_nearest_of_256(color: str, nearest: str) -> None:
    assert nearest_256(color) == nearest
