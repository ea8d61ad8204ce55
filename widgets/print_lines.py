"""The lines of time & sales: time, price, size, side, open interest and edge of one trade."""

from datetime import datetime, timedelta, timezone
from math import inf, isfinite

from msgspec import Struct

from specs.market.print_filter import PrintFilter
from specs.market.trade_print import TradePrint
from widgets import cells
from widgets.figures import fit_figure
from widgets.print_runs import PrintRun
from widgets.sheet import Piece, TextLine
from widgets.texts import t

GUTTER, BAR, TIME, PRICE, SIZE, SIDE, INTEREST, EDGE = 3, 1, 8, 8, 5, 4, 5, 7
"""Cells of each column."""

RUN_BAR = "▌"

_KST = timezone(timedelta(hours=9))
_TONES = {1: "up", 0: "value", -1: "down"}
_SIDES = {1: "prints.side_buy", -1: "prints.side_sell"}
_SIDE_WORDS = {1: "prints.word_buy", -1: "prints.word_sell"}


class PrintColumnSet(Struct, frozen=True):
    """The columns that a room has place for, and the decimals of prices."""

    decimals: int = 2
    has_interest: bool = True
    has_edge: bool = True
    has_gutter: bool = True


def columns_for(width: int, decimals: int, *, is_option: bool) -> PrintColumnSet:
    """Return the columns for a width; only options have a theory of our own."""
    left = width - (BAR + TIME + PRICE + SIZE + SIDE + 3)
    has_interest = left >= INTEREST + 1
    left -= (INTEREST + 1) * has_interest
    has_edge = is_option and left >= EDGE + 1
    left -= (EDGE + 1) * has_edge
    return PrintColumnSet(decimals, has_interest, has_edge, left >= GUTTER)


def header(columns: PrintColumnSet) -> TextLine:
    """Return the headings of the columns."""
    gutter = cells.fit(t("prints.run"), GUTTER, right=True) if columns.has_gutter else ""
    texts = [
        gutter + " " + cells.fit(t("prints.time"), TIME),
        cells.fit(t("prints.price"), PRICE, right=True),
        cells.fit(t("prints.size"), SIZE, right=True),
        cells.fit(t("prints.side"), SIDE),
    ]
    if columns.has_interest:
        texts.append(cells.fit(t("prints.interest"), INTEREST, right=True))
    if columns.has_edge:
        texts.append(cells.fit(t("prints.edge"), EDGE, right=True))
    return ((" ".join(texts), "label"),)


def print_line(
    one: TradePrint,
    columns: PrintColumnSet,
    *,
    large: bool = False,
    run: PrintRun | None = None,
    place: int = 0,
) -> TextLine:
    """Return the line of a trade; price by its tick, side by its aggressor, large ones bold.

    `run` is the run that it belongs to, and `place` its place among those of the run in sight.
    """
    bold = " large" if large else ""
    key = "prints.side_auction" if one.is_auction else _SIDES.get(one.side, "")
    side = t(key) if key else ""
    side_tone = "auction" if one.is_auction else _TONES[one.side]
    price = fit_figure(cells.number(one.price, columns.decimals), PRICE)
    size = fit_figure(cells.quantity(one.size), SIZE)
    line = (
        *_run_pieces(run, place, has_gutter=columns.has_gutter),
        (print_time(one.time) + " ", "older"),
        (price + " ", _TONES[one.tick] + bold),
        (size + " ", (_TONES[one.side] if one.side else "value") + bold),
        (cells.fit(side, SIDE), side_tone + bold),
    )
    if columns.has_interest:
        change = one.open_interest_change
        text = cells.plus(change, 0) if change and change == change else ""
        line = (*line, (" " + fit_figure(text, INTEREST), "old"))
    if columns.has_edge:
        line = (*line, (" " + _edge_text(one.edge), "older" if isfinite(one.edge) else "old"))
    return line


def _edge_text(edge: float) -> str:
    if not isfinite(edge):
        return cells.fit(cells.marked(cells.MISSING, False), EDGE, right=True)
    return fit_figure(cells.marked(cells.plus(edge), True), EDGE)


def _run_pieces(run: PrintRun | None, place: int, *, has_gutter: bool) -> tuple[Piece, ...]:
    """Return the left edge of a line: a bar, and beside it trades and contracts of the run."""
    if run is None:
        return ((" " * (GUTTER * has_gutter + BAR), "value"),)
    tone = _TONES[run.side]
    if not has_gutter:
        return ((RUN_BAR, tone),)
    count = f"×{run.count}"
    texts = {0: count, 1: fit_figure(cells.quantity(run.volume), GUTTER)}
    return ((cells.fit(texts.get(place, ""), GUTTER, right=True), "old"), (RUN_BAR, tone))


def missed_line(missed: float, width: int) -> TextLine:
    """Return the line that stands where contracts were traded and no trade came."""
    return ((cells.fit(t("prints.missed", count=cells.quantity(missed)), width), "missed"),)


def print_time(time: int) -> str:
    """Return the time of day of a trade, HH:MM:SS in KST."""
    return f"{datetime.fromtimestamp(time, _KST):%H:%M:%S}"


def filter_text(shown: PrintFilter) -> str:
    """Return the words of a filter, as they can be typed; empty for one that shows everything."""
    words = [t(_SIDE_WORDS[shown.side])] if shown.side else []
    least, most = f"{shown.least:.0f}", f"{shown.most:.0f}"
    if shown.least == shown.most:
        words.append(f"={least}")
    elif shown.least and shown.most < inf:
        words.append(f"{least}-{most}")
    elif shown.least:
        words.append(f"≥{least}")
    elif shown.most < inf:
        words.append(f"≤{most}")
    words += [t("prints.word_large")] * shown.large
    words += [t("prints.word_auction")] * shown.auction
    return " ".join(words)
