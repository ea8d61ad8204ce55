"""What a panel shows, as rows of plain values for a file: in its order, nothing formatted."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.delimited import Value, delimited
from app.files import sweep, write_new
from specs.depth import depth
from widgets import times
from widgets.row import Row, ask, bid
from widgets.strike import Strike

if TYPE_CHECKING:
    from widgets.columns import Column

MARK = b"\xef\xbb\xbf"
"""Begins every file: without it a spreadsheet takes Korean names for something else."""

Read = Callable[[Row], Value]


def _volume(row: Row) -> Value:
    return row.trade.accumulated_volume if row.trade else None


# Columns that are ordered by something else than what they show, or that show two values.
_SHOWN: dict[str, tuple[tuple[str, Read], ...]] = {
    "spread": (("bid", bid), ("ask", ask)),
    "volume": (("volume", _volume), ("missed", lambda row: row.missed)),
    "time": (("time", lambda row: times.clock(row.trade.time) if row.trade else None),),
    "expected_time": (
        ("expected_time", lambda row: times.clock(row.expected.time) if row.expected else None),
    ),
}


def table(rows: Iterable[Row], columns: "Iterable[Column]") -> list[list[Value]]:
    """A heading and a line for each row, as the columns show them from left to right."""
    found = [
        shown for column in columns for shown in _SHOWN.get(column.id, ((column.id, column.value),))
    ]
    return [[name for name, _ in found], *([read(row) for _, read in found] for row in rows)]


def chain(
    strikes: Iterable[Strike], row: Callable[[str], Row | None], columns: "Iterable[Column]"
) -> list[list[Value]]:
    """A heading and a line for each strike: the call, the strike, the put, columns as on the board.

    Beside the last price stands our own theory's, which the board shows where there is none.
    """
    found: list[tuple[str, Read]] = [("code", lambda row: row.code)]
    for column in columns:
        found += _SHOWN.get(column.id, ((column.id, column.value),))
        if column.id == "price":
            found.append(("own_price", lambda row: row.own.price if row.own else None))
    put = [f"put_{name}" for name, _ in found]
    call = [f"call_{name}" for name, _ in reversed(found)]

    def side(code: str) -> list[Value]:
        known = row(code) if code else None
        if known is None:
            return [code, *([None] * (len(found) - 1))]
        return [read(known) for _, read in found]

    lines = ([*reversed(side(one.call)), one.price, *side(one.put)] for one in strikes)
    return [[*call, "strike", *put], *lines]


def levels(row: Row) -> list[list[Value]]:
    """A heading and a line for each level of a contract's book, from the highest ask downwards."""
    lines: list[list[Value]] = [["code", "time", "side", "level", "price", "size", "count"]]
    if row.book is not None:
        both, time = depth(row.book), times.clock(row.book.time)
        sides = [("ask", n, level) for n, level in enumerate(both.asks.levels, 1)][::-1]
        sides += [("bid", n, level) for n, level in enumerate(both.bids.levels, 1)]
        lines += [
            [row.code, time, side, n, level.price, level.size, level.count]
            for side, n, level in sides
        ]
    return lines


def save(folder: Path, panel: str, now: datetime, lines: Iterable[Iterable[Value]]) -> Path:
    """Write lines to a file of a folder, named for the panel and the moment (KST); which.

    Raises:
        KisTuiError: it cannot be written; nothing that was there is touched.
    """
    sweep(folder)
    return write_new(folder / f"{panel}-{now:%Y%m%d-%H%M%S}.csv", MARK + delimited(lines))
