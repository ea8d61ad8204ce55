"""Writes a setting into the user's file; everything else in it stays, comments too."""

import re
import tomllib
from pathlib import Path

from app.storage.toml_files import toml_reason
from app.system.errors import UsageError
from app.system.files import read_bounded, write_atomically


def write_setting(path: Path, name: str, value: str) -> None:
    """Write a setting that stands in no table; a file that lacks is made.

    Raises:
        UsageError: the file is not valid TOML; it is as it was.
        KisTuiError: it cannot be read or written.
    """
    try:
        text = read_bounded(path).decode("utf-8-sig")
        tomllib.loads(text)
    except FileNotFoundError:
        text = ""
    except (ValueError, RecursionError) as error:
        raise UsageError("settings.no_toml", path=path, why=toml_reason(error)) from error
    write_atomically(path, _with_setting(text, name, value).encode())


def _with_setting(text: str, name: str, value: str) -> str:
    """Return a file's text with a setting: in its line, in that of its comment, or above tables."""
    import tomlkit

    document = tomlkit.parse(text)
    if name not in document:
        # The example of `kis-tui config init` holds every setting as a comment.
        line = f"{name} = {tomlkit.item(value).as_string()}"
        shown = re.sub(rf"^# *{name} = .*$", lambda _: line, text, count=1, flags=re.MULTILINE)
        if shown != text and tomllib.loads(shown).get(name) == value:
            return shown
    document[name] = value
    return tomlkit.dumps(document)
