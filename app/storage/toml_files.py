"""TOML files of the user's: read as a whole or not at all, kept aside where they are damaged."""

import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from app.system.errors import KisTuiError, UsageError
from app.system.files import read_bounded, set_aside, write_atomically
from specs.user_message import UserMessage

Content = TypeVar("Content")


class DamagedFile(KisTuiError):
    """A file that cannot be read; it was kept aside under another name."""


class RefusedFile(UsageError):
    """A file that is not damaged and cannot be used all the same; it is left where it is."""


class NewerFile(RefusedFile):
    """A file that a newer program wrote."""


_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)")


def toml_reason(error: Exception) -> UserMessage:
    """Return why a text was refused by `tomllib`, with line and column where it names them."""
    if isinstance(error, UnicodeDecodeError):
        return UserMessage("toml.not_utf8", byte=error.start + 1)
    if isinstance(error, RecursionError):
        return UserMessage("toml.too_deep")
    found = _POSITION.search(str(error))
    if found is None:
        return UserMessage("toml.incomplete")
    return UserMessage("toml.syntax", line=found[1], column=found[2])


def toml_values(content: bytes, where: str, schema: int) -> dict[str, Any]:
    """The values of a file that is written by `schema` or an older one.

    Raises:
        NewerFile: its schema is newer.
        UsageError: it is no TOML, or empty.
    """
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        why = toml_reason(error)
        raise UsageError("layouts.unreadable", where=where, why=why) from error
    if not values:
        raise UsageError("layouts.unreadable", where=where, why=UserMessage("layouts.empty"))
    found = values.get("schema", schema)
    if isinstance(found, int) and found > schema:
        raise NewerFile("layouts.newer", where=where, schema=found)
    return values


def read_or_set_aside(path: Path, read: Callable[[bytes, str], Content], now: datetime) -> Content:
    """Return the result of `read` for the content and the name of a file.

    Raises:
        FileNotFoundError: there is none.
        RefusedFile: it is too large for this program, or a newer one wrote it.
        DamagedFile: it cannot be read; it was moved aside.
    """
    content = read_bounded(path)
    try:
        return read(content, str(path))
    except RefusedFile:
        raise
    except UsageError as error:
        kept = set_aside(path, now)
        raise DamagedFile("layouts.set_aside", why=error.message, kept=kept) from error


def replace_file(path: Path, read: Callable[[Path], object], content: bytes) -> None:
    """Write a file in the place of one that `read` can judge, or of none.

    Raises:
        UsageError: what would be replaced cannot be judged, or a newer program wrote it.
        KisTuiError: it cannot be written; the old one is as it was.
    """
    with suppress(FileNotFoundError, DamagedFile):
        read(path)
    write_atomically(path, content)
