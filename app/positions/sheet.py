"""Positions as a table in a text file: what spreadsheets and trading programs of brokers export.

One position a line: code, quantity, average price.  A first line of titles, Korean or English,
may put the columns in another order, among others that are passed over.  UTF-8, UTF-16 with its
mark, or CP949; parted by comma, semicolon or tab.  All lines are taken or none.
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
from specs.clean import clean
from widgets.texts import t

COLUMNS = ("code", "quantity", "average")
MOST_SAID = 8
"""Problems that are written out; the rest are counted."""

_TITLES = {
    "code": "code", "symbol": "code", "종목코드": "code", "종목번호": "code", "단축코드": "code",
    "코드": "code", "quantity": "quantity", "qty": "quantity", "수량": "quantity",
    "보유수량": "quantity", "잔고수량": "quantity", "average": "average",
    "averageprice": "average", "avgprice": "average", "평균단가": "average",
    "평균가": "average", "매입단가": "average", "매입평균가": "average", "평균가격": "average",
}  # fmt: skip
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
    order: list[str | None] = []
    found: dict[str, Position] = {}
    problems: list[str] = []
    for line, fields in _lines(text):
        if not order:
            order = [_TITLES.get("".join(field.split()).casefold()) for field in fields]
            titled, order = any(order), order if any(order) else [*COLUMNS]
            missing = [t(f"positions.{name}") for name in COLUMNS if name not in order]
            if missing:
                problem = t("positions.no_column", names=", ".join(missing))
                raise SheetProblems(where, [_at(line, problem)])
            if titled:
                continue
        try:
            position = _position(fields, order)
        except UsageError as error:
            problems.append(_at(line, error.message))
            continue
        if position.code in found:
            problems.append(_at(line, t("positions.twice", code=position.code)))
        found.setdefault(position.code, position)
    if not found and not problems:
        problems.append(t("positions.no_lines"))
    if len(found) > MOST_POSITIONS:
        problems.append(t("positions.too_many", most=MOST_POSITIONS))
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


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines with their number, parted; the separator is the first line's."""
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = next((s for s in _SEPARATORS if s in first), ",")
    for number, line in enumerate(lines, 1):
        try:
            fields = next(csv.reader([line], delimiter=separator), [])
        except csv.Error:
            # A field of more than 128 KiB; it stays one, and no code.
            fields = [line]
        if any(field.strip() for field in fields):
            yield number, [field.strip() for field in fields]


def _position(fields: list[str], order: list[str | None]) -> Position:
    code, quantity, average = (order.index(name) for name in COLUMNS)
    if len(fields) <= max(code, quantity, average):
        raise UsageError(t("positions.few_fields", count=len(fields)))
    if any(fields[len(order) :]):
        raise UsageError(t("positions.many_fields", count=len(fields)))
    read = read_code(fields[code])
    return Position(read, read_quantity(fields[quantity]), read_average(fields[average], read))


def _at(line: int, problem: str) -> str:
    return t("positions.at_line", line=line, problem=problem)
