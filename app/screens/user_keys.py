"""The keys in force: the standard ones, and those of the user where nothing is wrong with them."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from app.screens.key_names import TWINS, key_name, key_word, similar_key
from app.screens.key_scopes import FIXED, all_commands, scopes, standard_command
from app.screens.keymap import Command, apply_user_keys
from app.storage.key_file import STANDARD, KeyEntry, UserKeys, read_key_file
from specs.clean import clean
from specs.user_message import UserMessage


class _Clash(NamedTuple):
    entry: KeyEntry
    key: str
    other: str
    screen: str


def key_in_text(user: UserKeys, action: str) -> str:
    """Return the key by which a text names an action, the shortest; empty if it has none."""
    command = standard_command(action)
    assert command is not None, action
    words = apply_user_keys((command,), user)[0].shown.split()
    return min(words, key=len, default="")


def load_user_keys(path: Path) -> tuple[UserKeys, list[UserMessage]]:
    """Return the keys in force by the user's file, and what is wrong in it."""
    entries, problems = read_key_file(path)
    keys, refused = assign(entries, path) if entries else ({}, [])
    return UserKeys(keys), [*problems, *refused]


def assign(
    entries: Sequence[KeyEntry], path: Path
) -> tuple[dict[str, tuple[str, ...]], list[UserMessage]]:
    """Return the keys of each changed action, and a message for each entry that is refused.

    An entry is refused as a whole, and its action has the standard keys, if it names no action,
    if it has an unknown key, or if one of its keys does something else on the same screen.
    """
    standard = {command.id: command for _, command in all_commands()}
    wanted: dict[str, KeyEntry] = {}
    problems: list[UserMessage] = []
    for entry in entries:
        problem = _problem(entry, standard, path)
        if problem is not None:
            problems.append(problem)
        else:
            wanted[entry.action] = entry
    keys = {action: _keys(entry, standard[action]) for action, entry in wanted.items()}
    # A refused entry brings its standard keys back, which may be those of another entry.
    while (clash := _first_clash(keys, wanted)) is not None:
        del keys[clash.entry.action]
        problems.append(
            UserMessage(
                "keys.clash",
                path=path,
                line=clash.entry.line,
                key=key_word(clash.key),
                action=_title(clash.entry.action),
                other=_title(clash.other),
                screen=UserMessage(f"key_screen.{clash.screen}"),
            )
        )
    return {a: found for a, found in keys.items() if found != standard[a].keys}, problems


def _problem(entry: KeyEntry, standard: dict[str, Command], path: Path) -> UserMessage | None:
    place = {"path": path, "line": entry.line}
    if entry.action not in standard:
        near = get_close_matches(entry.action, standard, 1)
        name = clean(entry.action, 40)
        if not near:
            return UserMessage("keys.no_action", action=name, **place)
        return UserMessage("keys.no_action_near", action=name, near=near[0], **place)
    for written in entry.keys:
        if written != STANDARD and key_name(written) is None:
            key, near_key = clean(written, 40), similar_key(written)
            action = _title(entry.action)
            if near_key is None:
                return UserMessage("keys.no_key", key=key, action=action, **place)
            return UserMessage("keys.no_key_near", key=key, near=near_key, action=action, **place)
    return None


def _keys(entry: KeyEntry, command: Command) -> tuple[str, ...]:
    """Return all keys of an entry, each once."""
    found: list[str] = list(command.keys) if command.id in FIXED else []
    for written in entry.keys:
        if written == STANDARD:
            found += command.keys
        elif (key := key_name(written)) is not None:
            found += [key, *([TWINS[key]] if key in TWINS else [])]
    return tuple(dict.fromkeys(found))


def _first_clash(keys: dict[str, tuple[str, ...]], wanted: dict[str, KeyEntry]) -> _Clash | None:
    """Return an entry with a key that does something else on the same screen; None without one.

    Two commands that share a key by the standard tables are meant to: a page's key comes before
    the app's.  Of two entries the later one is at fault.
    """
    for screen, commands in scopes().items():
        users: dict[str, list[Command]] = {}
        for command in commands:
            for key in keys.get(command.id, command.keys):
                users.setdefault(key, []).append(command)
        for key, found in users.items():
            new = [one for one in found if key not in one.keys]
            if new and len(found) > 1:
                at_fault = max(new, key=lambda one: wanted[one.id].line)
                other = next(one for one in found if one is not at_fault)
                return _Clash(wanted[at_fault.id], key, other.id, screen)
    return None


def _title(action: str) -> UserMessage:
    return UserMessage("keys.action", action=action, words=UserMessage(f"command.{action}"))
