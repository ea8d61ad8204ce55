"""Man pages in troff, made of the commands' own help."""

from collections.abc import Iterator
from pathlib import Path

import click

from app.cli.korean_help import command_text, option_text
from app.system.files import make_folder, write_atomically

_WORDS = {
    "en": ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "SEE ALSO"),
    "ko": ("이름", "사용법", "설명", "옵션", "명령", "종료 코드", "함께 보기"),
}
_EXIT_CODES = {
    "en": (
        "0 success, 1 failure, 2 usage or settings, 3 a connection that can be tried again, "
        "4 keys missing or rejected, 5 app key in use, 128 + n ended by signal n."
    ),
    "ko": (
        "0 정상, 1 실패, 2 사용법이나 설정 오류, 3 다시 시도할 수 있는 연결 오류, "
        "4 키가 없거나 거부됨, 5 앱키 사용 중, 128 + n 신호 n으로 종료."
    ),
}


def write_man_pages(root: click.Group, folder: Path, language: str) -> Iterator[Path]:
    """Write ``kis-tui.1`` and a page of each command into a folder; yield their paths.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    make_folder(folder)
    commands = [((), root), *_subcommands(root, ())]
    for path, command in commands:
        name = "-".join(("kis-tui", *path))
        file = folder / f"{name}.1"
        write_atomically(file, man_page(command, path, language).encode())
        yield file


def man_page(command: click.Command, path: tuple[str, ...], language: str) -> str:
    """Return the man page of a command in troff; `path` are its words behind ``kis-tui``."""
    return "\n".join(_lines(command, path, language)) + "\n"


def _subcommands(
    group: click.Group, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _subcommands(command, (*path, name))


def _lines(command: click.Command, path: tuple[str, ...], language: str) -> Iterator[str]:
    name, synopsis, description, options, commands, exit_status, see_also = _WORDS[language]
    title = "-".join(("kis-tui", *path))
    context = click.Context(command, info_name=" ".join(("kis-tui", *path)))
    paragraphs = _text(command, path, language).split("\n\n")
    yield f'.TH "{title.upper()}" "1" "" "kis-tui" "kis-tui"'
    yield f".SH {name}"
    yield _escaped(f"{title} - {paragraphs[0].split('. ')[0].rstrip('.')}")
    yield f".SH {synopsis}"
    yield f"\\fB{_escaped(context.command_path)}\\fR " + _escaped(
        " ".join(command.collect_usage_pieces(context))
    )
    yield f".SH {description}"
    for number, paragraph in enumerate(paragraphs):
        yield from [".PP"] * bool(number)
        yield _escaped(paragraph)
    yield f".SH {options}"
    for one in command.get_params(context):
        if isinstance(one, click.Option) and (record := one.get_help_record(context)):
            yield ".TP"
            yield f"\\fB{_escaped(record[0])}\\fR"
            yield _escaped(option_text(path, one) if language == "ko" else record[1])
    if isinstance(command, click.Group):
        yield f".SH {commands}"
        for word in command.list_commands(context):
            found = command.get_command(context, word)
            assert found is not None
            yield ".TP"
            yield f"\\fB{_escaped(f'{title}-{word}')}\\fR(1)"
            yield _escaped(_text(found, (*path, word), language).split("\n\n")[0])
    yield f".SH {exit_status}"
    yield _escaped(_EXIT_CODES[language])
    yield f".SH {see_also}"
    yield _escaped("kis-tui help")


def _text(command: click.Command, path: tuple[str, ...], language: str) -> str:
    if language == "ko":
        return command_text(path)
    blocks = (command.help or "").replace("\b", "").strip().split("\n\n")
    return "\n\n".join(" ".join(block.split()) for block in blocks)


def _escaped(text: str) -> str:
    """Return text as one line of troff, protected from being read as a request."""
    line = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{line}" if line.startswith((".", "'")) else line
