"""The code master: KIS' lists of all derivatives, which alone tell names and strikes.

Five files: index, stock and commodity derivatives, and what trades at night once more, in another
format.  A contract of two files is told by the day's line; the night's says that it trades at
night.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from app.instruments.master_file import COMMODITY, INDEX, NAMES, STOCK, FileReport, MasterFile
from app.instruments.master_lines import Contract
from app.system.clock import KST
from app.system.errors import UsageError
from app.system.files import ProgramFolders, read_bounded
from specs.codes import Market

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest file that is read as a master."""


class Master:
    """Contracts by short code, over all files."""

    def __init__(self, files: Iterable[MasterFile] = (), missing: tuple[str, ...] = ()) -> None:
        # Day before night: the first file that knows a code tells it.
        self._files = tuple(sorted(files, key=lambda file: file.is_night))
        self.missing = missing
        """The names of the files that the cache has not, or not in a state to be read."""
        self.count = len(set().union(*self._files))
        """How many contracts it knows."""

    @property
    def bad_lines(self) -> int:
        """How many lines could not be read."""
        return sum(file.bad_lines for file in self._files)

    @property
    def date(self) -> date | None:
        """When its oldest file was brought into the cache."""
        return min((file.day for file in self._files if file.day is not None), default=None)

    def contract(self, code: str) -> Contract | None:
        """The contract of a code."""
        for file in self._files:
            found = file.contract(code)
            if found is not None:
                return found
        return None

    def contracts(self) -> Iterator[Contract]:
        """Every contract, each once."""
        for code in dict.fromkeys(code for file in self._files for code in file):
            contract = self.contract(code)
            if contract is not None:
                yield contract

    def at_night(self, code: str) -> bool:
        """Whether a file of the night session lists a code."""
        return any(file.is_night and code in file for file in self._files)

    def market(self, code: str) -> Market | None:
        """Return the market whose day file lists a code, or None if none does."""
        found = (file.market for file in self._files if file.market is not None and code in file)
        return next(found, None)

    def reports(self) -> list[FileReport]:
        """What each file holds; every line is read for it."""
        return [file.report() for file in self._files]

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> "Master":
        """A master from the contents of its files by name."""
        return cls(MasterFile.from_bytes(name, content) for name, content in files.items())

    @classmethod
    def from_lines(cls, *files: Iterable[str]) -> "Master":
        """A master from the lines of an index, a stock and a commodity file, in that order."""
        names = (INDEX, STOCK, COMMODITY)
        return cls(map(MasterFile.from_lines, names, files))


def load_master(places: ProgramFolders) -> Master:
    """The master of the cache; an empty one where there is none, or none that can be read."""
    files: list[MasterFile] = []
    missing: list[str] = []
    for name in NAMES:
        path = places.cache / name
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
