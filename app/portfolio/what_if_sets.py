"""Assumed positions that are saved under names: ``[[set]]`` tables of a TOML file.

A set has a ``name`` and ``[[set.position]]`` tables, as a positions file has them.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from app.portfolio.position_table import read_position
from app.portfolio.positions import MOST_POSITIONS, Position
from app.storage.layout_lists import check_list_name
from app.storage.toml_files import read_or_set_aside, replace_file, toml_values
from app.system.clock import Clock
from app.system.errors import UsageError
from specs.user_message import MessageList, UserMessage, UserText

SCHEMA = 1
MOST_SETS = 100

Legs = tuple[Position, ...]


class WhatIfSets:
    """The sets of a user; the file is read at every access, as other runs may change it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._past: list[tuple[str, Legs | None]] = []
        """Names that were saved or deleted, and what they had before."""

    def load(self) -> dict[str, Legs]:
        """Return the positions of all sets by their names, in the order of the names.

        Raises:
            UsageError: a newer program wrote the file, or it cannot be checked.
            DamagedFile: it cannot be read; it was moved aside.
        """
        try:
            found = self._read(self._path)
        except FileNotFoundError:
            return {}
        return dict(sorted(found.items()))

    def save(self, name: str, legs: Iterable[Position]) -> None:
        """Save positions under a name, in the place of what it had.

        Raises:
            UsageError: the name is invalid, there are `MOST_SETS`, or the file cannot be replaced.
            KisTuiError: it cannot be written.
        """
        check_list_name(name)
        before = self.load()
        if name not in before and len(before) >= MOST_SETS:
            raise UsageError("what_if_sets.too_many", most=MOST_SETS)
        self._replace(before | {name: tuple(legs)})
        self._past.append((name, before.get(name)))

    def delete(self, name: str) -> bool:
        """Delete a set; return False if there is none of this name.

        Raises:
            KisTuiError: as `load` and `save` do.
        """
        before = self.load()
        if name not in before:
            return False
        self._replace({one: legs for one, legs in before.items() if one != name})
        self._past.append((name, before[name]))
        return True

    def undo(self) -> str:
        """Undo the last change of this run and return the set's name; empty if there is none.

        Raises:
            KisTuiError: as `load` and `save` do.
        """
        if not self._past:
            return ""
        name, legs = self._past[-1]
        others = {one: kept for one, kept in self.load().items() if one != name}
        self._replace(others if legs is None else others | {name: legs})
        self._past.pop()
        return name

    def _replace(self, sets: Mapping[str, Legs]) -> None:
        replace_file(self._path, self._read, write_sets(sets))

    def _read(self, path: Path) -> dict[str, Legs]:
        return read_or_set_aside(path, read_sets, self._clock.now())


def write_sets(sets: Mapping[str, Legs]) -> bytes:
    """Return the bytes of a file of sets."""
    tables = [
        {"name": name, "position": msgspec.to_builtins(list(legs))} for name, legs in sets.items()
    ]
    return tomli_w.dumps({"schema": SCHEMA, "set": tables}).encode()


def read_sets(content: bytes, where: str) -> dict[str, Legs]:
    """Return the positions by the names of their sets.

    Raises:
        NewerFile: a newer program wrote it.
        UsageError: it is not TOML, or a set is invalid; the message names every fault.
    """
    tables = toml_values(content, where, SCHEMA).get("set", [])
    found: dict[str, Legs] = {}
    problems: list[UserText] = []
    if not isinstance(tables, list):
        tables, problems = [], [UserMessage("what_if_sets.no_tables")]
    for number, table in enumerate(tables, 1):
        try:
            name, legs = _set(table)
            if name in found:
                raise UsageError("what_if_sets.same_name", name=name)
        except UsageError as error:
            problems.append(MessageList([f"[[set]] {number}: ", error.message], ""))
        else:
            found[name] = legs
    if problems:
        why = MessageList(problems[:8])
        raise UsageError("layouts.unreadable", where=where, why=why)
    return found


def _set(table: Any) -> tuple[str, Legs]:
    if not isinstance(table, dict) or not isinstance(table.get("name"), str):
        raise UsageError("what_if_sets.no_tables")
    positions = table.get("position", [])
    if not isinstance(positions, list):
        raise UsageError("positions.no_tables")
    legs = {one.code: one for one in map(read_position, positions)}
    if len(legs) < len(positions) or len(positions) > MOST_POSITIONS:
        raise UsageError("what_if_sets.twice")
    return check_list_name(table["name"]), tuple(legs.values())
