"""``--help`` in Korean: the texts of ``help_ko.toml`` in the layout of click.

Click wraps by characters, which makes Korean lines twice as long as the terminal is wide.
"""

import os
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import click

from app.cli.cell_wrap import cell_width, wrap_cells

_INDENT, _GAP, _FIRST = 2, 2, 32
"""Cells before and between the two columns of a list, and the widest first column."""


def asked_language(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language of a help page: ``--lang``, else ``KIS_TUI_LANGUAGE``, else ``LANG``."""
    for at, word in enumerate(words):
        name, _, value = word.partition("=")
        if name == "--lang":
            return value or (words[at + 1] if at + 1 < len(words) else "")
    locale = next((environment[k] for k in ("LC_ALL", "LANG") if environment.get(k)), "")
    return environment.get("KIS_TUI_LANGUAGE") or ("ko" if locale.startswith("ko") else "en")


def explain(command: click.Command, path: tuple[str, ...]) -> None:
    """Have a command and its subcommands print their help in the language that is asked for."""
    english = type(command).get_help
    command.get_help = partial(_help, command, path, english)  # type: ignore[method-assign]
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            explain(one, (*path, name))


def command_text(path: tuple[str, ...]) -> str:
    """Return what a command does, in Korean; empty if nothing is written."""
    return str(_texts()["commands"].get(" ".join(path), ""))


def option_text(path: tuple[str, ...], option: click.Parameter) -> str:
    """Return what an option does, in Korean; empty if nothing is written."""
    name = max(option.opts, key=len)
    table: Any = _texts()
    for word in path:
        table = table.get(word, {})
    return str(table.get(name) if name in table else _texts()["options"].get(name, ""))


def _help(
    command: click.Command, path: tuple[str, ...], english: Any, context: click.Context
) -> str:
    if asked_language(sys.argv[1:], os.environ) != "ko":
        return str(english(command, context))
    width = min(100, max(40, context.terminal_width or click.HelpFormatter().width))
    return "\n".join(_lines(command, path, context, width))


def _lines(
    command: click.Command, path: tuple[str, ...], context: click.Context, width: int
) -> Iterator[str]:
    pieces = " ".join(command.collect_usage_pieces(context))
    yield f"사용법: {context.command_path} {pieces}"
    for paragraph in command_text(path).split("\n\n"):
        yield ""
        yield from wrap_cells(paragraph, width, " " * _INDENT)
    options = [
        (record[0], option_text(path, one) + _default(one, context))
        for one in command.get_params(context)
        if isinstance(one, click.Option) and (record := one.get_help_record(context)) is not None
    ]
    yield from _list("옵션", options, width)
    if isinstance(command, click.Group):
        names = command.list_commands(context)
        briefs = [(name, _brief(command_text((*path, name)))) for name in names]
        yield from _list("명령", briefs, width)


def _list(title: str, rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Yield a titled list of names and texts."""
    if not rows:
        return
    yield from ("", f"{title}:")
    first = min(_FIRST, max(cell_width(name) for name, _ in rows)) + _INDENT + _GAP
    for name, text in rows:
        lines = list(wrap_cells(text, width, " " * first))
        head = " " * _INDENT + name
        if cell_width(head) + _GAP > first:
            yield head
        elif lines:
            lines[0] = head.ljust(first) + lines[0][first:]
        else:
            lines = [head]
        yield from lines


def _default(option: click.Option, context: click.Context) -> str:
    if not option.show_default:
        return ""
    return f" [기본값: {option.get_default(context)}]"


def _brief(text: str) -> str:
    """Return the first sentence of a command's text."""
    return text.split("\n\n")[0].split(". ")[0].rstrip(".")


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("help_ko.toml").read_text(encoding="utf-8"))
