"""Export of panels: rows of plain values in the panel's order, without formatting."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from app.storage.csv_text import Value, delimited, exact
from app.system.clock import KST
from app.system.files import sweep, write_new
from specs.market.depth import depth
from specs.market.displayed_greeks import GREEKS, displayed_greek
from specs.market.instrument import Strike
from specs.market.ticker import Ticker, ask, bid, is_indicative, time_of
from specs.market.trade_print import TradePrint
from specs.record import Record
from specs.time_of_day import clock_text

MARK = b"\xef\xbb\xbf"
"""Begins every file: without it a spreadsheet takes Korean names for something else."""

_AHEAD = timedelta(minutes=1)

Read = Callable[[Ticker], Value]


class ExportColumn(Protocol):
    """A column of a panel: its name and how its value is read from a row."""

    @property
    def id(self) -> str: ...
    @property
    def value(self) -> Read: ...


def _volume(row: Ticker) -> Value:
    return row.trade.accumulated_volume if row.trade else None


def _shown(now: datetime) -> dict[str, tuple[tuple[str, Read], ...]]:
    """Columns that are ordered by something else than what they show, or that show two values."""
    return {
        "spread": (("bid", bid), ("ask", ask)),
        "volume": (("volume", _volume), ("missed", lambda row: row.missed)),
        "time": (
            ("date", lambda row: None if row.asked_at else _date(_priced(row), now)),
            ("time", lambda row: _clock(_priced(row))),
        ),
        "expected_time": (
            ("expected_date", lambda row: _date(row.expected, now)),
            (
                "expected_time",
                lambda row: _clock(row.expected),
            ),
        ),
    }


def _priced(row: Ticker) -> Record | None:
    """Return the record of a row's price: the expected one while an auction goes on."""
    return row.expected if is_indicative(row) else row.trade


def _date(record: Record | None, now: datetime) -> str | None:
    """Return the day of a record that names only the time of day: it came in the last 24 hours."""
    if record is None:
        return None
    # The exchange's clock may be ahead of ours.
    latest = now + _AHEAD
    came_today = record.time <= f"{latest:%H%M%S}"
    return str((latest if came_today else latest - timedelta(days=1)).date())


def _source(row: Ticker, which: str) -> Value:
    """Return the source of a value, KIS or our own, or None without a value."""
    found = displayed_greek(row, which)
    return None if found.value != found.value else "own" if found.is_theoretical else "kis"


def _reads(columns: Iterable[ExportColumn], now: datetime) -> list[tuple[str, Read]]:
    """Return the exported columns: with the day beside a time, and the source after greeks and IV.

    The greeks of an option come from one side.
    """
    columns, shown = list(columns), _shown(now)
    last = next((one.id for one in reversed(columns) if one.id in GREEKS), "")
    found: list[tuple[str, Read]] = []
    for column in columns:
        found += shown.get(column.id, ((column.id, column.value),))
        if column.id == last:
            found.append(("greeks_source", partial(_source, which=last)))
        elif column.id == "volatility":
            found.append(("volatility_source", partial(_source, which="volatility")))
    return found


def table(
    rows: Iterable[Ticker], columns: Iterable[ExportColumn], now: datetime
) -> list[list[Value]]:
    """A heading and a line for each row at a moment (KST), as the columns show them.

    While an auction goes on, a column after the price says whether it is an expected one.
    """
    rows, found = list(rows), _reads(columns, now)
    at = next((at for at, (name, _) in enumerate(found, 1) if name == "price"), None)
    if at is not None and any(map(is_indicative, rows)):
        found.insert(at, ("price_is_expected", lambda row: int(is_indicative(row))))
    return [[name for name, _ in found], *([read(row) for _, read in found] for row in rows)]


def chain(
    strikes: Iterable[Strike],
    row: Callable[[str], Ticker | None],
    columns: Iterable[ExportColumn],
    now: datetime,
) -> list[list[Value]]:
    """Return a heading and a line for each strike: call, strike and put, columns as on the board.

    Beside the last price stands our own theory's, which the board shows where there is none.
    """
    found: list[tuple[str, Read]] = [("code", lambda row: row.code)]
    for name, read in _reads(columns, now):
        found.append((name, read))
        if name == "price":
            found.append(
                ("own_price", lambda row: row.theoretical.price if row.theoretical else None)
            )
    put = [f"put_{name}" for name, _ in found]
    call = [f"call_{name}" for name, _ in reversed(found)]

    def side(code: str) -> list[Value]:
        known = row(code) if code else None
        if known is None:
            return [code, *([None] * (len(found) - 1))]
        return [read(known) for _, read in found]

    lines = ([*reversed(side(one.call)), one.price, *side(one.put)] for one in strikes)
    return [[*call, "strike", *put], *lines]


def levels(row: Ticker, now: datetime) -> list[list[Value]]:
    """A heading and a line for each level of a contract's book, from the highest ask downwards."""
    lines: list[list[Value]] = [["code", "date", "time", "side", "level", "price", "size", "count"]]
    if row.book is not None:
        date = _date(row.book, now)
        both, time = depth(row.book), _clock(row.book)
        sides = [("ask", n, level) for n, level in enumerate(both.asks.levels, 1)][::-1]
        sides += [("bid", n, level) for n, level in enumerate(both.bids.levels, 1)]
        lines += [
            [row.code, date, time, side, n, level.price, level.size, level.count]
            for side, n, level in sides
        ]
    return lines


def trades(code: str, prints: Iterable[TradePrint]) -> list[list[Value]]:
    """Return a heading and a line for each trade, oldest first; the side is the aggressor's."""
    lines: list[list[Value]] = [[
        "code", "date", "time", "price", "size", "side", "open_interest_change", "missed_before",
        "auction", "own_edge",
    ]]  # fmt: skip
    for one in prints:
        moment = datetime.fromtimestamp(one.time, KST)
        change = one.open_interest_change
        lines.append([
            code, str(moment.date()), f"{moment:%H:%M:%S}", one.price,
            one.size if one.size == one.size else None, _SIDES[one.side],
            change if change == change else None, one.missed, int(one.is_auction),
            round(one.edge, 6) if one.edge == one.edge else None,
        ])  # fmt: skip
    return lines


_SIDES: dict[int, str | None] = {1: "buy", 0: None, -1: "sell"}


def _clock(record: Record | None) -> str | None:
    """Return the time of a record as HH:MM:SS, or None if it is not a time."""
    return clock_text(time_of(record))


def save(folder: Path, panel: str, now: datetime, lines: Iterable[Iterable[Value]]) -> Path:
    """Write lines to a file of a folder, named for the panel and the moment (KST); which.

    Raises:
        KisTuiError: it cannot be written; nothing that was there is touched.
    """
    sweep(folder)
    exactly = (
        [exact(value) if isinstance(value, float) else value for value in line] for line in lines
    )
    return write_new(folder / f"{panel}-{now:%Y%m%d-%H%M%S}.csv", MARK + delimited(exactly))
