"""A board is a list of columns: what each shows of a row, how wide it is, and when it gives way.

Columns give way by rank where room is short, and a column may grow where there is plenty.
"""

from collections.abc import Callable, Sequence
from enum import IntEnum
from math import nan

from msgspec import Struct

from widgets import cells
from widgets.roster import Value
from widgets.row import (
    Row,
    volatility,
)


class Freshness(IntEnum):
    """How old the values of a row are."""

    FRESH = 0
    OLDER = 1
    OLD = 2


OLDER_AFTER, OLD_AFTER = 10.0, 60.0
"""Seconds after which a row's values are older, and old."""


def freshness(age: float) -> Freshness:
    """How old values of an age in seconds are."""
    if age < OLDER_AFTER:
        return Freshness.FRESH
    return Freshness.OLDER if age < OLD_AFTER else Freshness.OLD


class Cell(Struct, frozen=True, gc=False):
    """A text and the tone that it is drawn in: a component class of the board."""

    text: str
    tone: str = "value"
    shorter: tuple[str, ...] = ()
    """Stand in, the first that fits, where the text does not."""


class Column(Struct, frozen=True):
    """One column; `rank` says how long it stays when room is short (1 stays longest)."""

    id: str
    width: int
    rank: int
    value: Callable[[Row], Value]
    cell: Callable[[Row, Freshness], Cell]
    right: bool = True
    flashes: bool = False
    grows: int = 0
    """How wide the column may become where there is room."""


AGES = ("value", "older", "old")
TONES = {1: "up", 0: "flat", -1: "down"}


def choose(columns: Sequence[Column], width: int) -> list[tuple[Column, int]]:
    """The columns that fit into `width` cells, with their widths; one cell lies between two."""
    chosen: list[Column] = []
    left = width + 1
    for column in sorted(columns, key=lambda c: c.rank):
        if column.width + 1 > left:
            continue
        chosen.append(column)
        left -= column.width + 1
    widths = []
    for column in columns:
        if column in chosen:
            more = min(left, max(0, column.grows - column.width))
            left -= more
            widths.append((column, column.width + more))
    return widths


def trade_number(
    name: str, decimals: int | None = None
) -> tuple[Callable[[Row], Value], Callable[[Row, Freshness], Cell]]:
    """Value and cell of a field of the trade that is shown as it is; decimals of the contract's."""

    def value(row: Row) -> float:
        return getattr(row.trade, name, nan)

    def cell(row: Row, age: Freshness) -> Cell:
        places = row.instrument.decimals if decimals is None else decimals
        return Cell(cells.number(value(row), places), AGES[age])

    return value, cell


def greek(name: str) -> Column:
    """The column of one greek."""
    rank = ("delta", "gamma", "vega", "theta", "rho").index(name) + 2
    return Column(
        name,
        6,
        rank,
        lambda row: getattr(row.trade, name, nan),
        lambda row, age: Cell(cells.greek(getattr(row.trade, name, nan)), AGES[age]),
    )


def name(rank: int, width: int, grows: int) -> Column:
    """The column of the contract's name."""
    return Column(
        "name",
        width,
        rank,
        lambda row: row.instrument.name,
        lambda row, _: _name_cell(row),
        right=False,
        grows=grows,
    )


def _name_cell(row: Row) -> Cell:
    names = row.instrument.name or row.code, *cells.short_names(row.instrument.name)
    if row.badge:
        # Where there is no room for both, the badge stands in the column of the time alone.
        names = (*(f"{name} {row.badge}" for name in names), names[-1])
    return Cell(names[0], "name", names[1:])


def iv(rank: int) -> Column:
    """The column of implied volatility."""
    return Column(
        "volatility",
        6,
        rank,
        lambda row: volatility(row.option) if row.option else nan,
        lambda row, age: Cell(
            cells.volatility(volatility(row.option)) if row.option else cells.MISSING, AGES[age]
        ),
    )


CODE = Column(
    "code", 9, 1, lambda row: row.code, lambda row, _: Cell(row.code, "code"), right=False
)
