"""The files that positions are kept in: a working copy, and one beside each named layout."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import tomli_w
from msgspec import Struct

from app.portfolio.closed_lots_file import read_lots
from app.portfolio.position_table import read_position
from app.portfolio.positions import MOST_POSITIONS, ClosedLot, Position
from app.portfolio.what_if_sets import WhatIfSets
from app.storage.layouts import check_name
from app.storage.toml_files import (
    DamagedFile,
    RefusedFile,
    read_or_set_aside,
    replace_file,
    toml_values,
)
from app.system.clock import Clock
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from specs.user_message import MessageList, UserMessage, UserText

SCHEMA = 1


class KeptPositions(Struct, frozen=True):
    """What a positions file holds: ``[[position]]`` and ``[[closed]]`` tables."""

    positions: tuple[Position, ...] = ()
    closed: tuple[ClosedLot, ...] = ()


NOTHING_KEPT = KeptPositions()


class DamagedPositions(UsageError):
    """Some positions or closed lots of a file are invalid; `kept` are the valid ones."""

    def __init__(self, message: UserText, kept: KeptPositions) -> None:
        super().__init__(message)
        self.kept = kept


class PartlySavedPositions(DamagedFile):
    """A damaged file was moved aside; `good` positions and `closed` lots were found in it."""

    def __init__(self, message: UserText, kept: KeptPositions) -> None:
        super().__init__(message)
        self.good = kept.positions
        self.closed = kept.closed


class PositionStore:
    """The positions of a user; a demo has a working copy of its own."""

    def __init__(self, folders: ProgramFolders, clock: Clock, *, demo: bool) -> None:
        self._layouts = folders.config / "layouts"
        self._working = folders.state / ("positions-demo.toml" if demo else "positions.toml")
        self._clock = clock
        self._refused = False
        what_if = folders.state / ("what-if-demo.toml" if demo else "what-if.toml")
        self.what_if_sets = WhatIfSets(what_if, clock)

    @property
    def keeps(self) -> bool:
        """Whether the working copy is written in this run."""
        return not self._refused

    def beside(self, layout: str) -> Path:
        """Return the path of a layout's positions; no layout's name has a dot.

        Raises:
            UsageError: the name is invalid.
        """
        return self._layouts / f"{check_name(layout)}.positions.toml"

    def load(self) -> tuple[Position, ...]:
        """Load the working copy; empty at the first run.

        Raises:
            NewerFile: a newer program wrote it; it is not replaced in this run.
            PartlySavedPositions: some positions are invalid; the file was moved aside.
            DamagedFile: it cannot be read; it was moved aside.
            UsageError: it cannot be checked; it is not replaced in this run.
        """
        return self.load_kept().positions

    def load_kept(self) -> KeptPositions:
        """Load the working copy with its closed lots; raises what `load` raises."""
        try:
            return self._read(self._working)
        except FileNotFoundError:
            return KeptPositions()
        except UsageError:
            self._refused = True
            raise

    def save(
        self, positions: tuple[Position, ...], closed: tuple[ClosedLot, ...] | None = None
    ) -> None:
        """Save the working copy; without `closed` it keeps the closed lots that it has.

        Raises:
            UsageError: the file to replace cannot be checked, or a newer program wrote it; raised
                once, after that nothing is saved in this run.
            KisTuiError: it cannot be written.
        """
        if self._refused:
            return
        try:
            if closed is None:
                closed = self._kept_closed()
            self._replace(self._working, KeptPositions(positions, closed))
        except UsageError:
            self._refused = True
            raise

    def load_beside(self, layout: str) -> tuple[Position, ...] | None:
        """Load the positions saved with a layout, or None if there is no file.

        Raises:
            UsageError: a newer program wrote them, or the file cannot be checked.
            PartlySavedPositions: some positions are invalid; the file was moved aside.
            DamagedFile: they cannot be read; the file was moved aside.
        """
        try:
            return self._read(self.beside(layout)).positions
        except FileNotFoundError:
            return None

    def save_beside(self, layout: str, positions: tuple[Position, ...]) -> None:
        """Save positions with a layout; without positions, only replace an existing file.

        Raises:
            UsageError: a newer program wrote the file to replace, or it cannot be checked.
            KisTuiError: the file cannot be written; the old one is unchanged.
        """
        path = self.beside(layout)
        if positions or path.exists():
            self._replace(path, KeptPositions(positions))

    def _kept_closed(self) -> tuple[ClosedLot, ...]:
        """Return the closed lots of the working copy; none of a file that cannot be read."""
        with suppress(FileNotFoundError, DamagedFile):
            return self._read(self._working).closed
        return ()

    def _replace(self, path: Path, kept: KeptPositions) -> None:
        replace_file(path, self._read, write(kept.positions, kept.closed))

    def _read(self, path: Path) -> KeptPositions:
        try:
            return read_or_set_aside(path, read_kept, self._clock.now())
        except DamagedFile as error:
            cause = error.__cause__
            if isinstance(cause, DamagedPositions):
                count = len(cause.kept.positions) + len(cause.kept.closed)
                if count:
                    message = UserMessage("positions.saved_part", why=error.message, count=count)
                    raise PartlySavedPositions(message, cause.kept) from error
            raise


def write(positions: tuple[Position, ...], closed: tuple[ClosedLot, ...] = ()) -> bytes:
    """Return the bytes of a positions file."""
    values: dict[str, Any] = {"schema": SCHEMA, "position": msgspec.to_builtins(list(positions))}
    if closed:
        values["closed"] = msgspec.to_builtins(list(closed), builtin_types=(date,))
    return tomli_w.dumps(values).encode()


def read(content: bytes, where: str) -> tuple[Position, ...]:
    """Read the positions of a file's bytes; raises what `read_kept` raises."""
    return read_kept(content, where).positions


def read_kept(content: bytes, where: str) -> KeptPositions:
    """Read positions and closed lots from the bytes of a file.

    Raises:
        RefusedFile: it holds too many positions, or a newer program wrote it.
        DamagedPositions: some positions are invalid; the message names every fault.
        UsageError: it is not TOML.
    """
    values = toml_values(content, where, SCHEMA)
    tables = values.get("position", [])
    if not isinstance(tables, list):
        raise _unreadable(where, [UserMessage("positions.no_tables")])
    found: dict[str, Position] = {}
    doubtful: set[str] = set()
    problems: list[UserText] = []
    for number, table in enumerate(tables, 1):
        try:
            position = read_position(table)
            if position.code in found:
                # Either of the two may be the right one.
                doubtful.add(position.code)
                raise UsageError("positions.twice", code=position.code)
        except UsageError as error:
            problems.append(MessageList([f"[[position]] {number}: ", error.message], ""))
        else:
            found[position.code] = position
    closed, bad = read_lots(values.get("closed", []))
    if problems + bad:
        good = [position for code, position in found.items() if code not in doubtful]
        kept = KeptPositions(tuple(good[:MOST_POSITIONS]), closed)
        raise _unreadable(where, problems + bad, kept)
    if len(found) > MOST_POSITIONS:
        why = UserMessage("positions.too_many", count=len(found), most=MOST_POSITIONS)
        raise RefusedFile("layouts.refused", where=where, why=why)
    return KeptPositions(tuple(found.values()), closed)


def _unreadable(
    where: str, problems: Sequence[UserText], kept: KeptPositions = NOTHING_KEPT
) -> DamagedPositions:
    shown = list(problems[:8])
    if len(problems) > len(shown):
        shown.append(UserMessage("positions.more_problems", count=len(problems) - len(shown)))
    return DamagedPositions(
        UserMessage("layouts.unreadable", where=where, why=MessageList(shown)), kept
    )
