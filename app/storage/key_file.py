"""The user's keys: ``keys.toml``, a key or a list of keys for each action.

    roll = ["N", "ctrl+n"]
    record = "f5"
    export = ["standard", "ctrl+e"]
    remove = []

The keys stand in place of the action's standard ones; ``standard`` among them keeps those.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from app.storage.toml_files import toml_reason
from app.system.errors import UsageError
from app.system.files import ProgramFolders, read_bounded
from specs.clean import clean
from specs.user_message import UserMessage

STANDARD = "standard"
"""The word in a list of keys that stands for the standard keys of the action."""


class KeyEntry(Struct, frozen=True):
    """The keys of an action as the file has them; nothing is known of their names yet."""

    action: str
    keys: tuple[str, ...]
    line: int


class UserKeys(Struct, frozen=True):
    """The actions whose keys are not the standard ones, checked: all keys of each by its id."""

    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)


def key_path(places: ProgramFolders) -> Path:
    """Return the path of the user's keys."""
    return places.config / "keys.toml"


def read_key_file(path: Path) -> tuple[list[KeyEntry], list[UserMessage]]:
    """Return the entries of a file in its order, and what is wrong with the others.

    A file that is not there has neither; one that is no TOML or cannot be read has no entries.
    """
    try:
        text = read_bounded(path).decode("utf-8-sig")
        values = tomllib.loads(text)
    except FileNotFoundError:
        return [], []
    except UsageError as error:
        return [], [UserMessage("keys.unreadable", why=error.message)]
    except (ValueError, RecursionError) as error:
        return [], [UserMessage("keys.no_toml", path=path, why=toml_reason(error))]
    entries: list[KeyEntry] = []
    problems: list[UserMessage] = []
    for action, value in values.items():
        line = _line_of(action, text)
        keys = _keys_of(value)
        if keys is None:
            name = clean(action, 40)
            problems.append(UserMessage("keys.no_list", path=path, line=line, action=name))
        else:
            entries.append(KeyEntry(action, keys, line))
    return entries, problems


def _keys_of(value: Any) -> tuple[str, ...] | None:
    keys = [value] if isinstance(value, str) else value
    if isinstance(keys, list) and all(isinstance(key, str) for key in keys):
        return tuple(keys)
    return None


def _line_of(action: str, text: str) -> int:
    """Return the line that an action's entry, or the table of its name, begins on; 1 is the first.

    `tomllib` names no lines.
    """
    begins = re.compile(rf"\s*\[*\s*([\"']?){re.escape(action)}\1\s*[\].=]")
    found = (number for number, line in enumerate(text.splitlines(), 1) if begins.match(line))
    return next(found, 1)
