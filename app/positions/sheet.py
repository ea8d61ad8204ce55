"""Positions as a table in a text file: what spreadsheets and trading programs of brokers export.

One position a line: code, quantity, average price.  A line of titles, Korean or English, may put
the columns in another order, among others that are passed over, and name one that tells long from
short; what stands above it, and lines of sums, are passed over.  UTF-8, UTF-16 with its mark, or
CP949; parted by comma, semicolon or tab.  All lines are taken or none.
"""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.errors import UsageError
from app.files import read_bounded, write_atomically
from app.positions.positions import (
    MOST_POSITIONS,
    Position,
    read_average,
    read_code,
    read_quantity,
    written,
)
from app.positions.titles import COLUMNS, Titles, is_sum, names_of, signed, titles_of
from specs.clean import clean
from widgets.texts import t

MOST_SAID = 8
"""Problems that are written out; the rest are counted."""

_SEPARATORS = "\t;,"


class SheetProblems(UsageError):
    """A table that cannot be taken; `problems` are all of them, each with its line."""

    def __init__(self, where: str, problems: list[str]) -> None:
        told = problems[:MOST_SAID]
        if len(problems) > MOST_SAID:
            told = [*told, t("positions.more_problems", count=len(problems) - MOST_SAID)]
        message = t("positions.bad_sheet", where=where, count=len(problems))
        super().__init__("\n".join([message, *told]), t("positions.sheet_hint"))
        self.problems = problems


def import_sheet(path: Path) -> tuple[Position, ...]:
    """The positions of a file, in its order.

    Raises:
        UsageError: the file cannot be read, or a line of it will not do; every such line is named.
    """
    try:
        content = read_bounded(path)
    except FileNotFoundError:
        raise UsageError(t("settings.no_file", path=clean(str(path)))) from None
    return read_sheet(content, path.name)


def export_sheet(path: Path, positions: Iterable[Position]) -> Path:
    """Write positions to a file that is not there yet, and say which; it can be imported.

    Raises:
        UsageError: there is such a file.
        KisTuiError: it cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise UsageError(t("positions.taken", path=clean(str(path))))
    write_atomically(path, write_sheet(positions))
    return path


def write_sheet(positions: Iterable[Position]) -> bytes:
    """The bytes of a table, marked as UTF-8 so that spreadsheets read them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows((p.code, p.quantity, written(p.average)) for p in positions)
    return text.getvalue().encode("utf-8-sig")


def read_sheet(content: bytes, where: str) -> tuple[Position, ...]:
    """The positions of a table.

    Raises:
        SheetProblems: everything that is wrong with it, line by line.
    """
    text = _decode(content)
    if text is None:
        raise SheetProblems(where, [t("positions.no_text")])
    found: dict[str, Position] = {}
    problems: list[str] = []
    head, separator = _head(text)
    titles = Titles()
    for line, fields in _lines(text, separator):
        names = names_of(fields)
        try:
            if head and "code" in names:
                # A table in several parts repeats its titles.
                titles = titles_of(names)
                continue
            if line <= head or (is_sum(fields) and not _has_code(fields, titles.code)):
                continue
            position = _position(fields, titles)
        except UsageError as error:
            problems.append(_at(line, error.message))
            if line == head:
                break
            continue
        if position.code in found:
            problems.append(_at(line, t("positions.twice", code=position.code)))
        found.setdefault(position.code, position)
    if not found and not problems:
        problems.append(t("positions.no_lines"))
    if len(found) > MOST_POSITIONS:
        problems.append(t("positions.too_many", count=len(found), most=MOST_POSITIONS))
    if problems:
        raise SheetProblems(where, problems)
    return tuple(found.values())


def _decode(content: bytes) -> str | None:
    marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _head(text: str) -> tuple[int, str]:
    """The line of the titles, 0 without, and what parts the fields of all lines.

    It is the first that has all titles, else the first that has some; below a line that begins with
    a code there is none.
    """
    partial: tuple[int, str] | None = None
    first = ""
    for number, line in enumerate(text.splitlines(), 1):
        present = [mark for mark in _SEPARATORS if mark in line]
        first = first or (present[0] if present else "")
        for separator in present:
            fields = _parted(line, separator)
            if _has_code(fields, 0):
                return partial or (0, separator)
            names = {*names_of(fields)} - {None}
            if names.issuperset(COLUMNS):
                return number, separator
            if partial is None and ("code" in names or len(names) > 1):
                partial = number, separator
    return partial or (0, first or _SEPARATORS[-1])


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that are not empty, with their number, parted."""
    for number, line in enumerate(text.splitlines(), 1):
        fields = _parted(line, separator)
        if any(fields):
            yield number, fields


def _parted(line: str, separator: str) -> list[str]:
    try:
        fields = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        # A field of more than 128 KiB; it stays one, and no code.
        fields = [line]
    return [field.strip() for field in fields]


def _has_code(fields: list[str], place: int) -> bool:
    try:
        return place < len(fields) and bool(read_code(fields[place]))
    except UsageError:
        return False


def _position(fields: list[str], titles: Titles) -> Position:
    if len(fields) <= max(titles.code, titles.quantity, titles.average):
        raise UsageError(t("positions.few_fields", count=len(fields)))
    if any(fields[titles.width :]):
        raise UsageError(t("positions.many_fields", count=len(fields)))
    code = read_code(fields[titles.code])
    quantity = signed(read_quantity(fields[titles.quantity]), fields, titles)
    return Position(code, quantity, read_average(fields[titles.average], code))


def _at(line: int, problem: str) -> str:
    return t("positions.at_line", line=line, problem=problem)
