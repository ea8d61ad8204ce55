"""Positions as a table in a text file: what spreadsheets and trading programs of brokers export.

One position per line: contract, quantity, average price.  With a line of titles, Korean or English,
the columns may be in another order, mixed with columns that are ignored, and one may hold the side,
long or short; lines above the titles, and sums, are skipped.  A contract is named by its code, its
ISIN or its name in the master.  Encodings are UTF-8, UTF-16 with a byte order mark, or CP949;
separators are comma, semicolon or tab.  A JSON array of objects with code, quantity and average is
read too.  Lines of 0 contracts are skipped, and several lots of a contract become one position.
Either all remaining lines are read or none.
"""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from app.portfolio.csv_columns import (
    COLUMNS,
    CsvColumns,
    is_sum,
    known_titles,
    names_of,
    signed,
    titles_of,
)
from app.portfolio.positions import (
    MOST_POSITIONS,
    Position,
    check_quantity,
    merge_lots,
    read_average,
    read_number,
    written,
)
from app.system.errors import UsageError
from app.system.files import read_bounded, write_atomically
from specs.clean import clean
from specs.code_input import code_of
from specs.user_message import MessageList, UserMessage, UserText

MOST_SAID = 8
"""Problems that are written out; the rest are counted."""

_SEPARATORS = "\t;,"
_FORMULA = re.compile(r'(^|[\t;,])="(?=[^"]*"(?:[\t;,]|$))')
"""The prefix with which spreadsheets mark a cell as text."""
_CONTRACTS = re.compile(r"\s*(?:계약|contracts?|lots?)$", re.IGNORECASE)

Lookup = Callable[[str], str]
"""Returns the short code of a contract, or raises UsageError."""
Value = TypeVar("Value")


class ImportedPositions(Struct, frozen=True):
    """The positions of a file, and how many lines did not become one."""

    positions: tuple[Position, ...]
    zeros: int = 0
    """Lines of 0 contracts."""
    merged: int = 0
    """Lots that were merged into a position of the same contract."""


class ImportProblems(UsageError):
    """A table that cannot be taken; `problems` are all of them, each with its line."""

    def __init__(self, where: str, problems: list[UserMessage]) -> None:
        shown = problems[:MOST_SAID]
        if len(problems) > MOST_SAID:
            shown = [
                *shown,
                UserMessage("positions.more_problems", count=len(problems) - MOST_SAID),
            ]
        summary = UserMessage("positions.bad_sheet", where=where, count=len(problems))
        hint = UserMessage("positions.sheet_hint")
        super().__init__(MessageList([summary, *shown], "\n"), hint=hint)
        self.problems = problems


class _CellError(UsageError):
    """A field that cannot be read; `column` is what the file calls its column."""

    def __init__(self, column: UserMessage | str, message: UserText) -> None:
        super().__init__(message)
        self.column = column


def import_sheet(path: Path, lookup: Lookup) -> ImportedPositions:
    """Read the positions of a file, in its order.

    Raises:
        UsageError: the file cannot be read, or a line of it cannot; every such line is named.
    """
    try:
        content = read_bounded(path)
    except FileNotFoundError:
        raise UsageError("settings.no_file", path=clean(str(path))) from None
    return read_sheet(content, path.name, lookup)


def import_summary(sheet: ImportedPositions) -> MessageList:
    """Return how many positions were read, and what was skipped or merged."""
    parts = [UserMessage("positions.imported", count=len(sheet.positions))]
    if sheet.zeros:
        parts.append(UserMessage("positions.skipped_zeros", count=sheet.zeros))
    if sheet.merged:
        parts.append(UserMessage("positions.merged_lots", count=sheet.merged))
    return MessageList(parts, " · ")


def export_sheet(path: Path, positions: Iterable[Position]) -> Path:
    """Write positions to a file that is not there yet, and say which; it can be imported.

    Raises:
        UsageError: there is such a file.
        KisTuiError: it cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise UsageError("positions.taken", path=clean(str(path)))
    write_atomically(path, write_sheet(positions))
    return path


def write_sheet(positions: Iterable[Position]) -> bytes:
    """The bytes of a table, marked as UTF-8 so that spreadsheets read them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows((p.code, p.quantity, written(p.average)) for p in positions)
    return text.getvalue().encode("utf-8-sig")


def read_sheet(content: bytes, where: str, lookup: Lookup) -> ImportedPositions:
    """Read the positions of a table.

    Raises:
        SheetProblems: everything that is wrong with it, line by line.
    """
    text = _decode(content)
    if text is None:
        raise ImportProblems(where, [UserMessage("positions.no_text")])
    lots: list[Position] = []
    zeros = coded = 0
    problems: list[UserMessage] = []
    is_json = text.lstrip().startswith("[")
    if is_json:
        lines, head, titles = _json_lines(text, where), 0, CsvColumns(labels=COLUMNS)
    else:
        head, separator = _head(text)
        lines, titles = _lines(text, separator), CsvColumns()
    for line, fields in lines:
        try:
            if head and "code" in names_of(fields):
                # A table in several parts repeats its titles.
                titles = titles_of(fields)
                continue
            if line == head:
                titles = titles_of(fields)
                continue
            if line < head or (is_sum(fields) and not _has_code(fields, titles.codes[0])):
                continue
            coded += _has_code(fields, titles.codes[0])
            position = _position(fields, titles, lookup)
        except UsageError as error:
            problems.append(_at(line, error))
            if line == head:
                break
            continue
        if position is None:
            zeros += 1
        else:
            lots.append(position)
    if problems and not head and not is_json and not coded:
        # Without titles and without codes every line would be named as wrong.
        problems = [UserMessage("positions.no_titles", known=known_titles())]
    if not lots and not problems and not zeros:
        problems.append(UserMessage("positions.no_lines"))
    positions = merge_lots(lots)
    if len(positions) > MOST_POSITIONS:
        problems.append(
            UserMessage("positions.too_many", count=len(positions), most=MOST_POSITIONS)
        )
    if problems:
        raise ImportProblems(where, problems)
    return ImportedPositions(positions, zeros, len(lots) - len(positions))


def _json_lines(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the objects of a JSON array as lines, counted from 1."""
    try:
        entries = msgspec.json.decode(text, type=list[dict[str, Any]])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ImportProblems(where, [UserMessage("positions.no_json")]) from error
    for number, entry in enumerate(entries, 1):
        yield number, [_plain(entry.get(name)) for name in COLUMNS]


def _plain(value: object) -> str:
    if isinstance(value, float):
        return written(value)
    return "" if value is None else str(value)


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
    """Return the number of the line of titles (0 without one), and the separator of all lines.

    The line of titles is the first one with all titles, otherwise the first one with some, and
    always above the first line that begins with a code.
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
            names = {"code" if n == "name" else n for n in names_of(fields)} - {None}
            if names.issuperset(COLUMNS):
                return number, separator
            if partial is None and ("code" in names or len(names) > 1):
                partial = number, separator
    return partial or (0, first or _SEPARATORS[-1])


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each line that is not empty, with the line's number."""
    for number, line in enumerate(text.splitlines(), 1):
        fields = _parted(line, separator)
        if any(fields):
            yield number, fields


def _parted(line: str, separator: str) -> list[str]:
    try:
        fields = next(csv.reader([_FORMULA.sub(r'\1"', line)], delimiter=separator), [])
    except csv.Error:
        # A field of more than 128 KiB; it stays one, and no code.
        fields = [line]
    return [field.strip() for field in fields]


def _has_code(fields: list[str], place: int) -> bool:
    return place < len(fields) and code_of(fields[place]) is not None


def _position(fields: list[str], titles: CsvColumns, lookup: Lookup) -> Position | None:
    """Return the position of a line, or None for one of 0 contracts."""
    if len(fields) <= max(titles.codes[0], titles.quantity, titles.average):
        raise UsageError("positions.few_fields", count=len(fields))
    if any(fields[titles.width :]):
        raise UsageError("positions.many_fields", count=len(fields))
    typed = fields[titles.quantity]
    number = _cell(titles, titles.quantity, lambda: read_number(_CONTRACTS.sub("", typed), typed))
    if number == 0:
        return None
    code = _contract(fields, titles, lookup)
    quantity = _cell(titles, titles.quantity, lambda: check_quantity(number, typed))
    average = _cell(titles, titles.average, lambda: read_average(fields[titles.average], code))
    return Position(code, signed(quantity, fields, titles), average)


def _contract(fields: list[str], titles: CsvColumns, lookup: Lookup) -> str:
    """Return the code from the first column that names a contract."""
    problem: UsageError | None = None
    for place in titles.codes:
        if place < len(fields) and fields[place]:
            try:
                return _cell(titles, place, partial(lookup, fields[place]))
            except UsageError as error:
                problem = problem or error
    raise problem or _CellError(titles.label(titles.codes[0]), UserMessage("positions.no_contract"))


def _cell(titles: CsvColumns, place: int, read: Callable[[], Value]) -> Value:
    try:
        return read()
    except UsageError as error:
        raise _CellError(titles.label(place), error.message) from error


def _at(line: int, error: UsageError) -> UserMessage:
    if isinstance(error, _CellError):
        return UserMessage(
            "positions.at_cell", line=line, column=error.column, problem=error.message
        )
    return UserMessage("positions.at_line", line=line, problem=error.message)
