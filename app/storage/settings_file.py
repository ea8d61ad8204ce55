"""Writes and removes settings in the user's file; everything else in it stays, comments too."""

import re
import tomllib
from pathlib import Path
from typing import Any

from app.storage.toml_files import toml_reason
from app.system.errors import UsageError
from app.system.files import read_bounded, write_atomically


def write_setting(path: Path, name: str, value: Any) -> None:
    """Write a setting, in a table with the table's name and a dot before; a file is made.

    Raises:
        UsageError: the file is not valid TOML; it is as it was.
        KisTuiError: it cannot be read or written.
    """
    write_atomically(path, _with_setting(_read(path), name, value).encode())


def remove_setting(path: Path, name: str) -> None:
    """Remove a setting, so that its default holds.

    Raises:
        UsageError: the file is not valid TOML; it is as it was.
        KisTuiError: it cannot be read or written.
    """
    import tomlkit

    document = tomlkit.parse(_read(path))
    table, _, key = name.rpartition(".")
    holder: Any = document.get(table, {}) if table else document
    if key in holder:
        del holder[key]
        write_atomically(path, tomlkit.dumps(document).encode())


def _read(path: Path) -> str:
    try:
        text = read_bounded(path).decode("utf-8-sig")
        tomllib.loads(text)
    except FileNotFoundError:
        return ""
    except (ValueError, RecursionError) as error:
        raise UsageError("settings.no_toml", path=path, why=toml_reason(error)) from error
    return text


def _with_setting(text: str, name: str, value: Any) -> str:
    """Return a file's text with a setting: in its line, in that of its comment, or behind others.

    A setting of no table stands above all tables.
    """
    import tomlkit

    document = tomlkit.parse(text)
    table, _, key = name.rpartition(".")
    wanted = _changed(tomllib.loads(text), table, key, value)
    if key not in (document.get(table, {}) if table else document):
        # The example of `kis-tui config init` holds every setting as a comment.
        line = f"{key} = {tomlkit.item(value).as_string()}"
        shown = _uncommented(text, table, key, line)
        if shown is not None and _loads(shown) == wanted:
            return shown
    if not table:
        document[key] = value
    else:
        holder: Any = document.setdefault(table, tomlkit.table())
        holder[key] = value
    return tomlkit.dumps(document)


def _changed(values: dict[str, Any], table: str, key: str, value: Any) -> dict[str, Any]:
    if table:
        return values | {table: values.get(table, {}) | {key: value}}
    return values | {key: value}


def _uncommented(text: str, table: str, key: str, line: str) -> str | None:
    """Return a text whose comment of a setting is that setting, or None without such a comment.

    The header of its table may be a comment, too.
    """
    lines = text.splitlines(keepends=True)
    is_inside = not table
    for at, one in enumerate(lines):
        header = re.match(r"(?:# *)?\[(\w+)\]\s*$", one)
        if header is not None:
            is_inside = header[1] == table
            if is_inside:
                lines[at] = f"[{table}]\n"
        elif is_inside and re.match(rf"# *{re.escape(key)} = ", one):
            lines[at] = line + "\n"
            return "".join(lines)
    return None


def _loads(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
