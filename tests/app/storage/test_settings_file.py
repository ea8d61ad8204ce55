"""A setting written into the user's file: in its place, and nothing else touched."""

from pathlib import Path

import pytest

from app.storage.settings import read_file
from app.storage.settings_example import EXAMPLE
from app.storage.settings_file import write_setting
from app.system.errors import UsageError


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'theme = "light"\n'),
        ('theme = "dark"  # calm\n', 'theme = "light" # calm\n'),
        ('# mine\nlanguage = "en"\n', '# mine\nlanguage = "en"\ntheme = "light"\n'),
        ("[tape]\nkeep_days = 3\n", 'theme = "light"\n\n[tape]\nkeep_days = 3\n'),
        ('# theme = "dark"\n[tape]\n', 'theme = "light"\n[tape]\n'),
        ('[tape]\n# theme = "dark"\n', 'theme = "light"\n\n[tape]\n# theme = "dark"\n'),
    ],
)
def test_a_setting_is_written_in_its_place(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "config.toml"
    if before:
        path.write_text(before, encoding="utf-8")
    write_setting(path, "theme", "light")
    assert path.read_text(encoding="utf-8").replace("  #", " #") == after


def test_a_setting_of_the_example_replaces_its_comment(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    write_setting(path, "theme", "밤")
    assert path.read_text(encoding="utf-8") == EXAMPLE.replace('# theme = "dark"', 'theme = "밤"')
    assert read_file(path) == {"theme": "밤"}


def test_a_file_that_is_no_toml_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("theme = \n", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        write_setting(path, "theme", "light")
    assert "settings.no_toml" in repr(raised.value.message)
    assert path.read_text(encoding="utf-8") == "theme = \n"
