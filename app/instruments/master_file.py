"""One file of the code masters: its contracts by short code, a line read when it is asked for.

Finding the codes of 10,000 lines takes some 10 ms, reading every field ten times that.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from msgspec import Struct

from app.instruments.master_lines import (
    COMMODITY_RECORD,
    WIDEST,
    Contract,
    code_in_line,
    code_in_record,
    decoded,
    isin_holds,
    layout_of,
    read_line,
    read_record,
)
from specs.codes import UnderlyingKind

INDEX, STOCK = "fo_idx_code_mts.mst", "fo_stk_code_mts.mst"
COMMODITY = "fo_com_code.mst"
NIGHT_FUTURES, NIGHT_OPTIONS = "fo_cme_code.mst", "fo_eurex_code.mst"
NAMES = (INDEX, STOCK, COMMODITY, NIGHT_FUTURES, NIGHT_OPTIONS)
NIGHT_NAMES = (NIGHT_FUTURES, NIGHT_OPTIONS)
FIXED_NAMES = (COMMODITY, *NIGHT_NAMES)

_MARKETS = {
    INDEX: UnderlyingKind.INDEX,
    STOCK: UnderlyingKind.STOCK,
    COMMODITY: UnderlyingKind.COMMODITY,
}

_BLANKS = b" \t\0\x1a"


class FileReport(Struct, frozen=True):
    """Contents of a master file; `bad_digits` are the codes with a wrong ISIN check digit."""

    name: str
    day: date | None
    contracts: int
    bad_lines: int
    bad_digits: tuple[str, ...]


class MasterFile:
    """The contracts of one file."""

    def __init__(self, name: str, day: date | None = None) -> None:
        self.name = name
        self.day = day
        """The day on which it was stored in the cache."""
        self.bad_lines = 0
        self._found: dict[str, Contract | bytes] = {}
        self._read: Callable[[bytes], Contract | None] = _read_encoded_line

    @classmethod
    def from_bytes(cls, name: str, content: bytes, day: date | None = None) -> "MasterFile":
        """Return the contracts of a file; its first line decides whether its width is fixed."""
        found = cls(name, day)
        if is_fixed(content):
            found._read = read_record
            found._scan(records(content), code_in_record)
        else:
            found._scan(content.splitlines(), code_in_line)
        return found

    @classmethod
    def from_lines(cls, name: str, lines: Iterable[str]) -> "MasterFile":
        """The contracts of lines with ``|`` between their fields."""
        found = cls(name)
        for line in lines:
            if not line.strip():
                continue
            contract = read_line(line)
            if contract is None:
                found.bad_lines += 1
            else:
                found._found[contract.code] = contract
        return found

    def _scan(self, lines: Iterable[bytes], code_in: Callable[[bytes], str | None]) -> None:
        for line in lines:
            code = code_in(line)
            if code is not None:
                self._found[code] = line
            elif line.strip():
                self.bad_lines += 1

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __contains__(self, code: object) -> bool:
        return code in self._found

    @property
    def is_night(self) -> bool:
        """Whether it lists the contracts of the night session."""
        return self.name in NIGHT_NAMES

    @property
    def market(self) -> UnderlyingKind | None:
        """The market of its contracts; None for a file of the night session."""
        return _MARKETS.get(self.name)

    def contract(self, code: str) -> Contract | None:
        """Return the contract of a code, or None if the file does not list it."""
        found = self._found.get(code)
        if isinstance(found, bytes):
            found = self._read(found)
            if found is not None:
                self._found[code] = found
        return found

    def report(self) -> FileReport:
        """Return the contents of the file; reads every line."""
        wrong = [
            code for code in self if (c := self.contract(code)) is None or not isin_holds(c.isin)
        ]
        return FileReport(self.name, self.day, len(self), self.bad_lines, tuple(wrong))


def is_fixed(content: bytes) -> bool:
    """Return whether a file has records of fixed width: no ``|`` on its first non-blank line."""
    first = content[: WIDEST * 4].lstrip().splitlines()[:1]
    return bool(first) and b"|" not in first[0]


def is_commodity(content: bytes) -> bool:
    """Return whether the first record of a file has the layout of the commodity master."""
    return is_fixed(content) and layout_of(content.lstrip()[:WIDEST]) is COMMODITY_RECORD


def records(content: bytes) -> list[bytes]:
    """Return the records of fixed width in a file, with line ends between them or without."""
    if b"\n" in content or b"\r" in content:
        return content.splitlines()
    width = layout_of(content[:WIDEST]).width
    return [content[at : at + width] for at in range(0, len(content), width)]


def is_cut(content: bytes) -> bool:
    """Return whether the last line or record of a file is incomplete."""
    if is_fixed(content):
        return _is_cut_record([record for record in records(content) if record.strip(_BLANKS)])
    if content.endswith((b"\n", b"\r")):
        return False
    last = content.splitlines()[-1:]
    return bool(last) and bool(last[0].strip()) and code_in_line(last[0]) is None


def _is_cut_record(found: list[bytes]) -> bool:
    """Return whether the last record is cut; one that lost only blanks has a complete name."""
    *others, last = found
    layout = layout_of((others or found)[0])
    if len(last) < layout.to_underlying:
        return True
    if len(last) >= layout.width or not others:
        return False
    names = {record[layout.underlying].rstrip() for record in others}
    return last[layout.underlying] not in names


def _read_encoded_line(line: bytes) -> Contract | None:
    return read_line(decoded(line))
