"""``--help`` in Korean: which language is asked for, and that nothing is left in English."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from harness.command_line import CommandLine

from app.cli import korean_help
from app.cli.cell_wrap import cell_width, wrap_cells
from app.cli.korean_help import asked_language, command_text, option_text
from app.cli.root import root

HANGUL = re.compile("[가-힣]")


def commands(
    command: click.Command = root, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command and subcommand with its words."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            one = command.get_command(context, name)
            assert one is not None
            yield from commands(one, (*path, name))


@pytest.mark.parametrize(
    ("words", "environment", "language"),
    [
        ((), {}, "en"),
        ((), {"LANG": "ko_KR.UTF-8"}, "ko"),
        ((), {"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ((), {"LANG": "C.UTF-8", "KIS_TUI_LANGUAGE": "ko"}, "ko"),
        (("--lang", "en"), {"LANG": "ko_KR.UTF-8"}, "en"),
        (("tape", "--lang=ko"), {}, "ko"),
        (("--lang",), {"LANG": "ko_KR.UTF-8"}, ""),
    ],
)
def test_the_language_is_that_of_the_option_else_of_the_environment(
    words: tuple[str, ...], environment: dict[str, str], language: str
) -> None:
    assert asked_language(words, environment) == language


def test_every_command_and_option_has_a_korean_text() -> None:
    missing = [
        " ".join((*path, option.opts[-1]))
        for path, command in commands()
        for option in command.get_params(click.Context(command))
        if isinstance(option, click.Option)
        and not option.hidden
        and not HANGUL.search(option_text(path, option))
    ]
    missing += [" ".join(path) for path, _ in commands() if not HANGUL.search(command_text(path))]
    assert missing == []


def test_no_text_is_left_of_a_command_or_an_option_that_is_gone() -> None:
    texts = tomllib.loads(
        Path(korean_help.__file__).with_name("help_ko.toml").read_text(encoding="utf-8")
    )
    known = dict(commands())
    options = {
        path: {max(one.opts, key=len) for one in command.get_params(click.Context(command))}
        for path, command in known.items()
    }
    assert set(texts.pop("commands")) == {" ".join(path) for path in known}
    assert set(texts.pop("options")) <= set().union(*options.values())

    def tables(
        table: dict[str, object], path: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], str]]:
        for name, value in table.items():
            if isinstance(value, dict):
                yield from tables(value, (*path, name))
            else:
                yield path, name

    assert [one for one in tables(texts, ()) if one[1] not in options.get(one[0], ())] == []


def test_help_is_in_korean_and_fits_the_width(
    kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")
    for path, _ in commands():
        told = kis_tui(*path, "--help")
        assert told.code == 0
        assert told.out.startswith("사용법: kis-tui")
        assert "Show this message" not in told.out
        # A name, a path or an example is not broken.
        long = [line for line in told.out.splitlines() if cell_width(line) > 80]
        assert all(" " not in line.strip() or line.startswith("사용법") for line in long), long


def test_lang_before_a_command_chooses_the_language_of_its_help(kis_tui: CommandLine) -> None:
    assert "기록 파일" in kis_tui("--lang", "ko", "tape", "--help").out
    assert kis_tui("--lang", "en", "tape", "--help").out.startswith("Usage: kis-tui tape")


def test_text_is_wrapped_by_cells() -> None:
    assert list(wrap_cells("가나 다라 ab cd", 9, "  ")) == ["  가나", "  다라 ab", "  cd"]
    assert list(wrap_cells("", 9)) == []
    assert list(wrap_cells("아주긴한단어", 4)) == ["아주긴한단어"]
    assert cell_width("한A，") == 5
