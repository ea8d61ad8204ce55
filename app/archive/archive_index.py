"""The index of an archive: a file ``tapes/<id>.json`` for every tape that is in it as a whole.

It is written after the tape's Parquet files are on disk, so that a tape of which an interruption
left only a part is archived again.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from app.system.errors import UsageError
from app.system.files import ProgramFolders, read_bounded, sweep, write_atomically

SUFFIX = ".parquet"
_TAPES = "tapes"


class ArchivedTape(Struct, frozen=True):
    """A tape of an archive."""

    name: str
    """The name that its file had."""
    first: int
    last: int
    """Times between which its records came, in ns since 1970."""
    rows: dict[str, int]
    """Rows by the path of their Parquet file in the archive."""
    damaged: bool
    """Whether something of it could not be read."""
    size: int
    modified: int
    """Size in bytes and time of change (ns) of its file."""


def default_folder(places: ProgramFolders) -> Path:
    """Return the folder of the user's archive, which may not be there yet."""
    return places.data / "archive"


def part_path(tr_id: str, trade_date: date, tape_id: str) -> str:
    """Return the path in an archive of a tape's records of one TR and trade date."""
    return f"tr={tr_id}/trade_date={trade_date}/{tape_id}{SUFFIX}"


def has_parts(folder: Path, tr_id: str) -> bool:
    """Return whether an archive has records of a TR."""
    return next(folder.glob(f"tr={tr_id}/trade_date=*/*{SUFFIX}"), None) is not None


def load_entry(folder: Path, tape_id: str) -> ArchivedTape | None:
    """Return the entry of a tape; None if the archive does not have it as a whole."""
    try:
        content = read_bounded(folder / _TAPES / f"{tape_id}.json")
        found = msgspec.json.decode(content, type=ArchivedTape)
    except (FileNotFoundError, UsageError, msgspec.MsgspecError, UnicodeError, RecursionError):
        # A damaged entry costs no more than archiving its tape again.
        return None
    return found if all((folder / part).is_file() for part in found.rows) else None


def save_entry(folder: Path, tape_id: str, entry: ArchivedTape) -> None:
    """Note that a tape is in an archive as a whole.

    Raises:
        KisTuiError: it cannot be written.
    """
    sweep(folder / _TAPES)
    content = msgspec.json.format(msgspec.json.encode(entry), indent=2)
    write_atomically(folder / _TAPES / f"{tape_id}.json", content + b"\n")


def entries_of(folder: Path) -> Iterator[tuple[str, ArchivedTape]]:
    """Yield id and entry of every tape of an archive."""
    for path in sorted((folder / _TAPES).glob("[!.]*.json")):
        found = load_entry(folder, path.stem)
        if found is not None:
            yield path.stem, found
