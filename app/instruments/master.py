"""The code master: KIS' lists of all derivatives, the only source of names and strikes.

Five files: index, stock and commodity derivatives, and the contracts of the night session again,
in another format.  A contract of two files is read from the day's line; its line in the night's
file only means that it trades at night.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from app.instruments.master_file import COMMODITY, INDEX, NAMES, STOCK, FileReport, MasterFile
from app.instruments.master_lines import Contract
from app.system.clock import KST
from app.system.errors import UsageError
from app.system.files import ProgramFolders, read_bounded
from specs.codes import UnderlyingKind

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest file that is read as a master."""


class Master:
    """Contracts by short code, over all files."""

    def __init__(self, files: Iterable[MasterFile] = (), missing: tuple[str, ...] = ()) -> None:
        # Day files first: a code is read from the first file that lists it.
        self._files = tuple(sorted(files, key=lambda file: file.is_night))
        self.missing = missing
        """The names of the files that are missing from the cache or cannot be read."""
        self.count = len(set().union(*self._files))
        """Number of different contracts in all files."""

    @property
    def bad_lines(self) -> int:
        """Number of lines that could not be read."""
        return sum(file.bad_lines for file in self._files)

    @property
    def date(self) -> date | None:
        """The day on which the oldest file was stored in the cache; None without a file."""
        return min((file.day for file in self._files if file.day is not None), default=None)

    def contract(self, code: str) -> Contract | None:
        """Return the contract of a code, or None if no file lists it."""
        for file in self._files:
            found = file.contract(code)
            if found is not None:
                return found
        return None

    def contracts(self) -> Iterator[Contract]:
        """Yield every contract once."""
        for code in dict.fromkeys(code for file in self._files for code in file):
            contract = self.contract(code)
            if contract is not None:
                yield contract

    def at_night(self, code: str) -> bool:
        """Return whether a file of the night session lists a code."""
        return any(file.is_night and code in file for file in self._files)

    def market(self, code: str) -> UnderlyingKind | None:
        """Return the market whose day file lists a code, or None if none does."""
        found = (file.market for file in self._files if file.market is not None and code in file)
        return next(found, None)

    def reports(self) -> list[FileReport]:
        """Return a report of each file; reads every line."""
        return [file.report() for file in self._files]

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> "Master":
        """Return a master from the contents of its files by name."""
        return cls(MasterFile.from_bytes(name, content) for name, content in files.items())

    @classmethod
    def from_lines(cls, *files: Iterable[str]) -> "Master":
        """Return a master from the lines of an index, a stock and a commodity file."""
        names = (INDEX, STOCK, COMMODITY)
        return cls(map(MasterFile.from_lines, names, files))


def load_master(folders: ProgramFolders) -> Master:
    """Return the master of the cache; files that are missing or unreadable are left out."""
    files: list[MasterFile] = []
    missing: list[str] = []
    for name in NAMES:
        path = folders.cache / name
        try:
            content = read_bounded(path, LARGEST)
            written = path.stat().st_mtime
        except (OSError, UsageError):
            missing.append(name)
            continue
        day = datetime.fromtimestamp(written, UTC).astimezone(KST).date()
        file = MasterFile.from_bytes(name, content, day)
        if len(file):
            files.append(file)
        else:
            missing.append(name)
    return Master(files, tuple(missing))
