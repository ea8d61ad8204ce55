"""Columns of a board: the cell that each shows of a row, its width and its rank.

In a narrow room columns are hidden by rank; in a wide one a column may grow.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite, nan
from types import MappingProxyType
from typing import Protocol, TypeVar

from msgspec import Struct
from rich.cells import cell_len

from specs.market.displayed_greeks import displayed_greek, drift, has_drifted
from specs.market.dynamic_limits import near_limit
from specs.market.greeks_in_shares import delta_won, in_shown_unit, is_in_shares, is_in_won
from specs.market.ticker import Freshness as Freshness
from specs.market.ticker import RowAge, Ticker, trade_price
from specs.market.ticker import freshness as freshness
from widgets import cells
from widgets.combination_names import brief_names
from widgets.contract_names import contract_name
from widgets.figures import fit_figure
from widgets.message_text import message_text
from widgets.row_order import Value
from widgets.texts import t


class BoardCell(Struct, frozen=True, gc=False):
    """A text and its tone, a component class of the board."""

    text: str
    tone: str = "value"
    shorter: tuple[str, ...] = ()
    """Alternatives for a text that does not fit, the longest first."""
    aside: str = ""
    """A remark behind the text, where there is room; of columns on the left."""

    def within(self, width: int) -> str:
        """Return the text, or the first alternative that fits into `width` cells."""
        if not self.shorter or cell_len(self.text) <= width:
            return self.text
        return next((s for s in self.shorter if cell_len(s) <= width), self.shorter[-1])

    def fitted(self, width: int, *, right: bool) -> str:
        """Return the text at exactly `width` cells; one on the right is a figure."""
        text = self.text
        if len(text) <= width and text.isascii():
            return text.rjust(width) if right else text.ljust(width)
        text = self.within(width)
        if not right:
            return cells.fit(text, width)
        return fit_figure(text if cell_len(text) <= width else self.text, width)


class BoardColumn(Struct, frozen=True):
    """One column; in a narrow room the highest ranks are hidden first."""

    id: str
    width: int
    rank: int
    value: Callable[[Ticker], Value]
    cell: Callable[[Ticker, Freshness], BoardCell]
    right: bool = True
    flashes: bool = False
    grows: int = 0
    """The width up to which the column grows if there is room."""
    optional: bool = False
    """Whether it is shown only if it is chosen."""
    is_picture: bool = False
    """Whether it is drawn from many values, and so has none to sort by or to export."""


ALERT_MARK = "!"
"""Before the name of a contract whose alert fired."""

NEAR_MARKS = {"upper": "⊤", "lower": "⊥"}
"""Marks of a price that is near to a dynamic limit."""

AGES = ("value", "older", "old")
OWN, QUOTES = "own", "quotes"
"""Tones of values that are as old as the row's own theoretical values, and as its best quotes."""

TONES = {1: "up", 0: "flat", -1: "down"}


class SizedColumn(Protocol):
    """A column with a width and a rank, for `choose`."""

    @property
    def id(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def rank(self) -> int: ...
    @property
    def grows(self) -> int: ...


Some = TypeVar("Some", bound=SizedColumn)


def choose(
    columns: Sequence[Some], width: int, needed: Mapping[str, int] = MappingProxyType({})
) -> list[tuple[Some, int]]:
    """Return the columns that fit into `width` cells, one cell apart, with their widths.

    Room that is left goes first to columns that need more for their figures: `needed` has the
    widths of columns by their ids.
    """
    chosen: list[Some] = []
    left = width + 1
    for column in sorted(columns, key=lambda c: c.rank):
        if column.width + 1 > left:
            continue
        chosen.append(column)
        left -= column.width + 1
    widths = [column.width if column in chosen else 0 for column in columns]
    for place in sorted(range(len(columns)), key=lambda place: columns[place].rank):
        more = needed.get(columns[place].id, 0) - widths[place]
        if widths[place] and 0 < more <= left:
            widths[place] += more
            left -= more
    for place, column in enumerate(columns):
        if widths[place]:
            more = min(left, max(0, column.grows - widths[place]))
            widths[place] += more
            left -= more
    return [pair for pair in zip(columns, widths, strict=True) if pair[1]]


def aged_tone(tone: str, age: RowAge) -> str:
    """Return the tone of the values' age for `OWN` and `QUOTES`, and other tones unchanged."""
    if tone == OWN:
        return AGES[age.own]
    return AGES[age.quotes] if tone == QUOTES else tone


def trade_number(
    name: str, decimals: int | None = None, *, price: bool = False
) -> tuple[Callable[[Ticker], Value], Callable[[Ticker, Freshness], BoardCell]]:
    """Return the value and cell functions of a numeric field of the trade.

    `decimals` defaults to the contract's; `price` marks the field as a traded price.
    """

    def value(row: Ticker) -> float:
        return trade_price(row, name) if price else getattr(row.trade, name, nan)

    def cell(row: Ticker, age: Freshness) -> BoardCell:
        places = row.instrument.decimals if decimals is None else decimals
        return BoardCell(cells.number(value(row), places), AGES[age])

    return value, cell


def greek(name: str) -> BoardColumn:
    """Return the column of one greek."""
    rank = ("delta", "gamma", "vega", "theta", "rho").index(name) + 2
    return BoardColumn(
        name,
        7,
        rank,
        lambda row: displayed_greek(row, name).value,
        lambda row, age: _greek_cell(row, name, age),
    )


def name(rank: int, width: int, grows: int) -> BoardColumn:
    """Return the column of the contract's name."""
    return BoardColumn(
        "name",
        width,
        rank,
        lambda row: contract_name(row.instrument),
        lambda row, _: _name_cell(row),
        right=False,
        grows=grows,
    )


def _name_cell(row: Ticker) -> BoardCell:
    name = contract_name(row.instrument) or row.code
    names = name, *cells.short_names(name)
    if row.combination is not None:
        names = name, *brief_names(name)
    side = near_limit(row)
    if side:
        names = tuple(f"{NEAR_MARKS[side]}{name}" for name in names)
    if row.is_alerted:
        names = tuple(f"{ALERT_MARK}{name}" for name in names)
    if row.badge:
        # Without room for both, the badge is shown in the column of the time only.
        names = (*(f"{name} {message_text(row.badge)}" for name in names), names[-1])
    return BoardCell(names[0], "name", names[1:], row.view.remark)


def iv(rank: int) -> BoardColumn:
    """Return the column of implied volatility."""
    return BoardColumn(
        "volatility",
        6,
        rank,
        lambda row: displayed_greek(row, "volatility").value,
        _volatility_cell,
    )


def drift_column(rank: int) -> BoardColumn:
    """Return the column of the drift of KIS' delta: sorted by size, shown with its sign."""
    return BoardColumn("drift", 6, rank, lambda row: abs(drift(row)), _drift_cell)


def _greek_cell(row: Ticker, which: str, age: Freshness) -> BoardCell:
    found = displayed_greek(row, which)
    if found.is_theoretical and not isfinite(in_shown_unit(row, which, found.value)):
        return BoardCell(cells.marked(cells.MISSING, False), "label")
    # A signed delta with two decimals would not fit.
    places = 1 if which == "delta" else 2
    text = greek_text(row, which, found.value, own=found.is_theoretical, places=places)
    return BoardCell(
        cells.marked(text, found.is_theoretical), OWN if found.is_theoretical else AGES[age]
    )


def greek_text(
    row: Ticker, which: str, value: float, *, own: bool, small: bool = False, places: int = 2
) -> str:
    """Return a greek of a row in the unit that is shown.

    `small` is as in `cells.greek`, `places` are the decimals of shares.
    """
    shown = in_shown_unit(row, which, value)
    if is_in_won(row, which) and isfinite(shown):
        return "≈0" if shown and not round(shown) else cells.number(shown, 0)
    if not is_in_shares(row, which) or not isfinite(shown):
        return cells.greek(shown, small=small) if own else cells.sent(shown)
    shares = cells.number(shown, places)
    return t("greeks.shares", shares="≈0" if shown and not round(shown, places) else shares)


def delta_won_column(rank: int, *, optional: bool = False) -> BoardColumn:
    """Return the column of the won of the underlying that one contract moves like."""
    return BoardColumn("delta_won", 8, rank, delta_won, _delta_won_cell, optional=optional)


def _delta_won_cell(row: Ticker, age: Freshness) -> BoardCell:
    value = delta_won(row)
    own = row.instrument.right is not None and displayed_greek(row, "delta").is_theoretical
    text = cells.marked(cells.number(value, 0), own and isfinite(value))
    return BoardCell(text, OWN if own else AGES[age])


def _volatility_cell(row: Ticker, age: Freshness) -> BoardCell:
    found = displayed_greek(row, "volatility")
    if row.theoretical is not None and row.theoretical.wide and row.source != "kis":
        return BoardCell(t("theory.wide_quote"), "label", (t("theory.wide_brief"),))
    # From 1,000 % on the mark would not fit.
    over = cells.marked(">999%", found.is_theoretical)
    text = cells.marked(cells.volatility(found.value), found.is_theoretical)
    return BoardCell(text, OWN if found.is_theoretical else AGES[age], (over,))


def _drift_cell(row: Ticker, age: Freshness) -> BoardCell:
    # Without the addition what rounds to zero would have a sign.
    points = round(drift(row), 1) + 0.0
    text = cells.plus(points, 1) if points else "0.0"
    return BoardCell(text, "drifted" if has_drifted(row) else AGES[age])


def _code_cell(row: Ticker, _: Freshness) -> BoardCell:
    """Return the code; the texts of combinations all begin alike, so that theirs is the kind."""
    return BoardCell(row.code if row.combination is None else t("combination.kind"), "code")


CODE = BoardColumn("code", 9, 1, lambda row: row.code, _code_cell, right=False)
