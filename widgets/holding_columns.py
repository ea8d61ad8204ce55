"""Columns of the table of positions: cells of a position and of a sum."""

from collections.abc import Callable, Sequence
from functools import cache
from math import isfinite
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from specs.market.holding import Exposure, Holding, Subtotal
from widgets import cells
from widgets.board_column import AGES, BoardCell, choose, freshness
from widgets.contract_names import contract_name, underlying_name
from widgets.texts import t
from widgets.won import amount, fitting, gain, levels, steps, widest, won


class HoldingColumn(Struct, frozen=True):
    """One column; in a narrow room the highest ranks are hidden first.

    Cells are made at a level of rounding, 0 for the whole number.
    """

    id: str
    width: int
    rank: int
    cell: Callable[[Holding, int], BoardCell]
    net: Callable[[Subtotal, int], BoardCell] = lambda net, level: BoardCell("")
    """Returns its cell of a sum."""
    right: bool = True
    grows: int = 0
    roomy: int = 0
    """Its width if there is plenty of room."""
    steps: Callable[[], tuple[float, ...]] = lambda: (0.0,)
    """Returns the unit of rounding at each level."""
    size: Callable[[Exposure], float] = lambda exposure: 0.0
    """Returns the value that is rounded."""
    marks: bool = False
    """Whether it marks values that are only bounds."""


_REALISED = ("realised", "realised_today")
"""The columns that are shown once a position was closed."""

_ALL_WON = ("profit", "theta", "vega", "delta_won", *_REALISED)
"""The columns that the sum over all underlyings has."""

WHAT_IF = "?"
"""Sign before the name of an assumed position."""

_MORE_DECIMALS = 2
"""Additional decimals of an exact price, beyond its product's."""

Shown = tuple[HoldingColumn, int, list[BoardCell]]
"""A column, its width, and its cells from top to bottom."""


def columns(holdings: Sequence[Holding], nets: Sequence[Subtotal], width: int) -> list[Shown]:
    """Return the columns that fit into a width, each wide enough for its amounts."""
    realised = any(held.exposure.realised for held in holdings) or any(
        net.exposure.realised for net in nets
    )
    table = [column for column in COLUMNS if realised or column.id not in _REALISED]
    cells_of = {column.id: _cells_of(column, holdings, nets) for column in table}
    wanted = [
        replace(column, width=max(column.width, widest(cells_of[column.id](column.width))))
        if column.right
        else column
        for column in table
    ]
    plenty = [(column, max(column.width, column.roomy)) for column in wanted]
    if sum(roomy + 1 for _, roomy in plenty) > width + 1:
        plenty = choose(wanted, width)
    return [(column, size, cells_of[column.id](size)) for column, size in plenty]


def _fractions() -> tuple[float, ...]:
    return 0.01, 0.1, 1.0, *steps()[1:]


def _cells_of(
    column: HoldingColumn, holdings: Sequence[Holding], nets: Sequence[Subtotal]
) -> Callable[[int], list[BoardCell]]:
    """Return a function from a width to the cells of a column, all in one unit."""
    marks = column.marks and any(held.is_bound for held in holdings)

    @cache
    def at(level: int) -> list[BoardCell]:
        held = _aligned([_toned(column, column.cell(one, level), one) for one in holdings])
        sums = [column.net(net, level) for net in nets]
        if not marks:
            return held + sums
        marked = [_marked(cell, part.is_bound) for cell, part in zip(held, holdings, strict=True)]
        return marked + [_marked(cell, False) for cell in sums]

    exposures = [*(held.exposure for held in holdings), *(net.exposure for net in nets)]
    usable = levels(map(column.size, exposures), column.steps())
    return lambda width: fitting(at, width, usable) if column.right else at(0)


def _toned(column: HoldingColumn, cell: BoardCell, held: Holding) -> BoardCell:
    """Return a cell as dim as an assumed position is; dimmer if no sum counts it.

    A closed position has its name and what it realised.
    """
    if held.is_closed and column.id not in ("name", *_REALISED):
        return BoardCell("")
    if held.is_left_out:
        return replace(cell, tone="old")
    dim = held.is_what_if and cell.tone in ("value", "name")
    return replace(cell, tone="older") if dim else cell


def _marked(cell: BoardCell, bound: bool) -> BoardCell:
    return BoardCell(cells.marked(cell.text, bound), "older" if bound else cell.tone)


def _name(held: Holding, level: int) -> BoardCell:
    name = contract_name(held.instrument)
    names = name, *cells.short_names(name)
    if held.is_what_if:
        names = tuple(f"{WHAT_IF} {name}" for name in names)
    if held.is_closed:
        closed = t("closed.badge")
        marked = tuple(f"{one} {closed}" for one in names)
        return BoardCell(marked[0], "older", (*marked[1:], names[-1]))
    if held.is_over:
        # Without room for both, the strike matters more than the badge.
        badges = dict.fromkeys((t(held.why), t("positions.expired")))
        names = (*(f"{name} {badge}" for badge in badges for name in names), names[-1])
    return BoardCell(names[0], "older" if held.is_over else "name", names[1:])


def _net_name(net: Subtotal, level: int) -> BoardCell:
    if not net.underlying:
        return BoardCell(t("positions.total"))
    if net.expiry is None:
        return BoardCell(t("positions.net", underlying=underlying_name(net.underlying)))
    expiry = f"{net.expiry:%y/%m/%d}"
    return BoardCell("  " + t("positions.net_expiry", expiry=expiry, count=net.count))


def _quantity(held: Holding, level: int) -> BoardCell:
    return BoardCell(cells.plus(held.quantity, 0))


def _average(held: Holding, level: int) -> BoardCell:
    # An average of several trades lies between two ticks.
    decimals = _decimals(held.average, held.instrument.decimals)
    return BoardCell(cells.number(held.average, decimals))


def _price(held: Holding, level: int) -> BoardCell:
    if not isfinite(held.price):
        if held.is_wide:
            return BoardCell(t("theory.wide_quote"), "old", (t("theory.wide_brief"),))
        return BoardCell(cells.MISSING, "old")
    text = cells.number(held.price, _decimals(held.price, held.instrument.decimals))
    return _aged(BoardCell(text, "value" if held.is_mid else "older"), held.exposure.price_age)


def _aged(cell: BoardCell, age: float) -> BoardCell:
    """Return a cell as dim as its oldest input, in the steps of a trade; a missing value stays."""
    tone = AGES[freshness(age)]
    dim = tone != "value" and cell.tone != "old"
    return replace(cell, tone=tone) if dim else cell


def _decimals(price: float, least: int) -> int:
    """Return the decimals that a price needs: the middle of two ticks needs more than a tick.

    A price in won has none.
    """
    if not least:
        return 0
    more = range(least, least + _MORE_DECIMALS)
    return next((n for n in more if abs(price - round(price, n)) < 1e-9), least + _MORE_DECIMALS)


def _aligned(column: list[BoardCell]) -> list[BoardCell]:
    """Return the cells padded on the right, so that their decimal points are aligned."""
    most = max((len(cell.text.partition(".")[2]) for cell in column if _is_price(cell)), default=0)
    return [
        replace(cell, text=cell.text + " " * (most - len(cell.text.partition(".")[2])))
        if _is_price(cell)
        else cell
        for cell in column
    ]


def _is_price(cell: BoardCell) -> bool:
    whole, point, decimals = cell.text.partition(".")
    return bool(point) and decimals.isdigit() and whole.replace(",", "").lstrip("-").isdigit()


def _futures(exposure: Exposure, level: int) -> BoardCell:
    number, decimals = exposure.futures, max(0, 2 - level)
    if not isfinite(number):
        return BoardCell(cells.MISSING, "old")
    if level > 2:
        return BoardCell(amount(number, level - 2, signed=True))
    rounded = round(number, decimals) + 0.0
    return BoardCell(cells.plus(rounded, decimals) if rounded else cells.number(0.0, decimals))


def _in_won(name: str) -> Callable[[Exposure, int], BoardCell]:
    def cell(exposure: Exposure, level: int) -> BoardCell:
        value = getattr(exposure, name)
        # A stock option's gamma is far below one won.
        return (
            BoardCell(cells.greek(value, small=True)) if 0 < abs(value) < 1 else won(value, level)
        )

    return cell


def _exposed(
    id: str,  # noqa: A002
    width: int,
    rank: int,
    cell: Callable[[Exposure, int], BoardCell],
    grows: int,
    roomy: int,
    rounding: Callable[[], tuple[float, ...]] = steps,
) -> HoldingColumn:
    """Return a column with the same value of a position and of a sum."""
    for_all = id in _ALL_WON
    age = attrgetter("price_age" if id == "profit" else "greeks_age")

    def aged(exposure: Exposure, level: int) -> BoardCell:
        return _aged(cell(exposure, level), age(exposure))

    return HoldingColumn(
        id,
        width,
        rank,
        lambda held, level: aged(held.exposure, level),
        lambda net, level: (
            aged(net.exposure, level) if net.underlying or for_all else BoardCell("")
        ),
        grows=grows,
        roomy=roomy,
        steps=rounding,
        size=attrgetter(id),
        marks=id in ("futures", "delta"),
    )


COLUMNS = (
    HoldingColumn("name", 14, 1, _name, _net_name, right=False, grows=22, roomy=32),
    HoldingColumn("quantity", 6, 2, _quantity, grows=6, roomy=10),
    HoldingColumn("average", 8, 11, _average, grows=9, roomy=14),
    HoldingColumn("price", 8, 8, _price, grows=9, roomy=14),
    _exposed("profit", 11, 3, lambda e, level: gain(e.profit, level), 12, 18),
    _exposed("realised", 11, 9, lambda e, level: gain(e.realised, level), 12, 16),
    _exposed("realised_today", 11, 10, lambda e, level: gain(e.realised_today, level), 12, 16),
    _exposed("futures", 6, 4, _futures, 7, 12, _fractions),
    _exposed("delta", 11, 12, _in_won("delta"), 11, 16),
    _exposed("delta_won", 11, 13, _in_won("delta_won"), 11, 16),
    _exposed("gamma", 6, 7, _in_won("gamma"), 9, 14),
    _exposed("theta", 9, 5, _in_won("theta"), 10, 16),
    _exposed("vega", 9, 6, _in_won("vega"), 10, 16),
)
