"""The lines of an order book: asks above bids, the last price marked at its level or between.

Pure functions from a book, a size in cells and the time to lines of toned texts.
"""

from collections.abc import Callable
from math import isfinite, isnan, nan

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len

from specs.market.depth import Level, Side, depth
from specs.market.dynamic_limits import dynamic_limits
from specs.market.ticker import Ticker, price, time_of
from specs.record import BookRecord
from widgets import cells, times
from widgets.board_column import AGES, NEAR_MARKS, Freshness, freshness
from widgets.figures import fit_figure, shortened
from widgets.texts import t

LadderSpan = tuple[str, str]
"""A text and its tone, a component class of the ladder."""

LadderLine = tuple[LadderSpan, ...]

PRICE, SIZE, COUNT, RUNNING = 10, 6, 5, 7
"""Cells of the price, of a level's contracts and orders, and of the running total."""

SHORTEST_BAR, LONGEST_BAR = 6, 20
FEW = 5
"""Levels that get room before titles and sums; further levels get room after them."""

LIMITS_FROM = 8
"""Lines of a room from which it has dynamic limits: beside two levels a side and the totals."""

LAST = "▸"
_HALVES = {"ask": "╺", "bid": "╸"}


class LadderSizes(Struct, frozen=True):
    """The use of a room: columns in its width, lines in its height."""

    margin: int
    bar: int
    count: bool
    running: bool
    levels: int
    sums: int
    """Number of lines of totals, at most four."""
    title: bool
    limits: bool = False
    """Whether the dynamic limits are above and below the levels."""

    @property
    def side(self) -> int:
        """Cells on either side of the prices."""
        extra = (COUNT + 1) * self.count + (RUNNING + 1) * self.running
        return self.bar + 1 + SIZE + extra


def sizes(width: int, height: int, level_count: int, *, limits: bool = False) -> LadderSizes:
    """Return the use of a room; the price and the best levels have priority.

    `limits` is whether there are dynamic limits to show.
    """
    limits = limits and height >= LIMITS_FROM
    height -= 2 * limits
    side = max(SHORTEST_BAR + 1 + SIZE, (width - PRICE) // 2)
    extra = side - SHORTEST_BAR - 1 - SIZE
    count = extra >= COUNT + 1
    running = extra >= COUNT + 1 + RUNNING + 1
    extra -= (COUNT + 1) * count + (RUNNING + 1) * running
    bar = min(LONGEST_BAR, SHORTEST_BAR + extra)
    levels = max(1, min(level_count, FEW, (height - 2) // 2))
    left = max(0, height - 1 - 2 * levels)
    sums = min(2, left)
    title = left > 2
    left -= sums + title
    more = min(level_count - levels, left // 2)
    left -= 2 * more
    found = LadderSizes(0, bar, count, running, levels + more, sums + min(2, left), title)
    margin = max(0, (width - PRICE - 2 * found.side) // 2)
    return replace(found, margin=margin, limits=limits)


def lines(
    row: Ticker, book: BookRecord, room: tuple[int, int], now: float, *, live: bool
) -> list[LadderLine]:
    """Return the lines of a contract's book for a room of columns and lines."""
    return _LadderBuilder(row, book, room, now, live=live).lines()


class _LadderBuilder:
    """Builds the lines of one book."""

    def __init__(
        self, row: Ticker, book: BookRecord, room: tuple[int, int], now: float, *, live: bool
    ) -> None:
        self._book, self._depth = book, depth(book)
        self._limits = dynamic_limits(row.trade)
        self._sizes = sizes(*room, self._depth.level_count, limits=self._limits is not None)
        self._height = room[1]
        self._decimals = row.instrument.decimals
        self._last = price(row)
        self._old = now - row.book_at
        self._age = freshness(self._old)
        self._live = live
        both = (*self._depth.asks.levels, *self._depth.bids.levels)
        self._largest = max((level.size for level in both if level.size > 0), default=0.0)

    def lines(self) -> list[LadderLine]:
        room = self._sizes
        asks, bids = self._depth.asks.levels, self._depth.bids.levels
        shown = (*asks[: room.levels], *bids[: room.levels])
        at_level = any(level.price == self._last for level in shown)
        found = [self._titles()] if room.title else []
        limits = self._limits if room.limits else None
        if limits is not None:
            found.append(self._limit("upper", limits.upper, limits.flag))
        found += reversed(self._side("ask", asks))
        found.append(self._middle(at_level=at_level))
        found += self._side("bid", bids)
        if limits is not None:
            found.append(self._limit("lower", limits.lower, limits.flag))
        found += self._sums()[: room.sums]
        margin: LadderLine = ((" " * room.margin, "value"),) if room.margin else ()
        return [margin + line for line in found[: self._height]]

    def _side(self, which: str, levels: tuple[Level, ...]) -> list[LadderLine]:
        """Return the lines of a side, best level first; missing levels are blank."""
        found, running = [], 0.0
        for level in levels[: self._sizes.levels]:
            running += level.size
            found.append(self._level(which, level, running))
        return found + [((" ", "value"),)] * (self._sizes.levels - len(found))

    def _level(self, which: str, level: Level, running: float) -> LadderLine:
        room, tone = self._sizes, AGES[self._age]
        share = level.size / self._largest if self._largest and level.size > 0 else 0.0
        outward: list[LadderSpan] = [(fit_figure(_brief(level.size), SIZE), tone)]
        if room.count:
            outward.append((fit_figure(cells.quantity(level.count), COUNT), "older"))
        drawn = _bar(share, room.bar, _HALVES[which])
        ask = which == "ask"
        outward.append(
            (cells.fit(drawn[::-1] if ask else drawn, room.bar, right=ask), f"{which}-bar")
        )
        if room.running:
            outward.append((fit_figure(_brief(running, RUNNING), RUNNING), "old"))
        is_last = level.price == self._last
        middle = self._price(level.price, which, mark=is_last, limit=self._near(level.price))
        return self._across(outward if ask else [], middle, [] if ask else outward)

    def _near(self, value: float) -> str:
        """Return the mark of a price that is near to a dynamic limit; empty for others."""
        side = self._limits.side_of(value) if self._limits is not None else ""
        return NEAR_MARKS[side] if side else ""

    def _limit(self, which: str, value: float, flag: str) -> LadderLine:
        """Return the line of a dynamic limit: KIS' flag, the limit, its distance from the last."""
        side = self._sizes.side
        distance = 100 * (value / self._last - 1) if self._last else nan
        left = cells.fit(t(f"ladder.{which}_limit", flag=flag), side, right=True)
        right = f" {cells.plus(distance)}%" if isfinite(distance) else ""
        middle = self._price(value, "limit", mark=False, limit=NEAR_MARKS[which])
        return ((left, "label"), *middle, (cells.fit(right, side), "label"))

    def _price(self, value: float, tone: str, *, mark: bool, limit: str = "") -> list[LadderSpan]:
        text = cells.number(value, self._decimals)
        # A price of nine cells also takes the gap before the bids' sizes.
        text = cells.fit(fit_figure(text, PRICE - 1 - (len(text) < PRICE - 1)), PRICE - 1)
        if limit and not mark:
            return [(limit, "warning"), (text, tone)]
        return [(LAST if mark else " ", "last"), (text, tone)]

    def _across(
        self, left: list[LadderSpan], middle: list[LadderSpan], right: list[LadderSpan]
    ) -> LadderLine:
        """Return a line from the spans of both sides, each ordered from the middle outwards."""
        side = self._sizes.side
        line: list[LadderSpan] = []
        if left:
            for span in reversed(left):
                line += [span, (" ", "value")]
            line.pop()
        else:
            line.append((" " * side, "value"))
        line += middle
        for span in right:
            line += [span, (" ", "value")]
        return tuple(line)

    def _titles(self) -> LadderLine:
        room = self._sizes

        def outward(which: str, *, right: bool) -> list[LadderSpan]:
            texts = [(t("ladder.size"), SIZE, True)]
            if room.count:
                texts.append((t("ladder.count"), COUNT, True))
            texts.append((t(f"ladder.{which}"), room.bar, right))
            if room.running:
                texts.append((t("ladder.running"), RUNNING, True))
            return [(cells.fit(text, width, right=to), "label") for text, width, to in texts]

        middle = [(cells.fit(cells.fit(t("ladder.price"), PRICE - 1, right=True), PRICE), "label")]
        return self._across(outward("ask", right=False), middle, outward("bid", right=True))

    def _middle(self, *, at_level: bool) -> LadderLine:
        """Return the line between asks and bids: spread, a last price off the levels, the age."""
        side = self._sizes.side
        asks, bids = self._depth.asks.levels, self._depth.bids.levels
        between = False
        if not asks and not bids:
            left: list[LadderSpan] = [(cells.fit(t("ladder.nobody"), side, right=True), "note")]
        else:
            spread = asks[0].price - bids[0].price if asks and bids else float("nan")
            spread = round(spread, 4)
            between = spread > 0 and bids[0].price < self._last < asks[0].price
            crossed = spread <= 0
            word = t("ladder.crossed") if crossed else t("ladder.spread")
            value = " " + shortened(cells.number(spread, self._decimals), side - 1)
            start = cells.fit(word, max(0, side - len(value)), right=True)
            left = [
                (start, "warning" if crossed else "label"),
                (value, "warning" if crossed else AGES[self._age]),
            ]
        middle: list[LadderSpan] = [(" " * PRICE, "value")]
        if not at_level and not isnan(self._last):
            middle = self._price(self._last, "last" if between else "old", mark=between)
        return (*left, *middle, (cells.fit(self._book_time(side), side, right=True), "label"))

    def _book_time(self, side: int) -> str:
        """Return the time of the book, or its age if it is not fresh or the connection is down."""
        if self._live and self._age is Freshness.FRESH:
            return times.clock(time_of(self._book))
        age = times.span(self._old)
        text = t("ladder.age", age=age)
        return text if cell_len(text) < side else t("board.age", age=age)

    def _sums(self) -> list[LadderLine]:
        share = self._depth.imbalance
        word = t("ladder.total")
        if self._sizes.sums == 1 and isfinite(share):
            word = t("ladder.bid_share", percent=round(share * 100))
        tone = AGES[self._age]
        return [
            self._sum(word, cells.quantity, lambda side: side.size, tone),
            self._balance(share),
            self._sum(t("ladder.change"), _signed, lambda side: side.size_change, "older"),
            self._sum(t("ladder.count"), cells.quantity, lambda side: side.count, "older"),
        ]

    def _sum(
        self, word: str, form: Callable[[float], str], value: Callable[[Side], float], tone: str
    ) -> LadderLine:
        side = self._sizes.side
        left, right = (form(value(s)) for s in (self._depth.asks, self._depth.bids))
        middle = cells.fit(" " * ((PRICE + 1 - cell_len(word)) // 2) + word, PRICE)
        return (
            (fit_figure(left, side), tone),
            (middle, "label"),
            (cells.fit(fit_figure(right, min(side, max(SIZE, len(right)))), side), tone),
        )

    def _balance(self, share: float) -> LadderLine:
        """Return the shares of asks and bids in all contracts, as numbers and as one bar."""
        if not isfinite(share):
            return ((" ", "value"),)
        asks, bids = 100 - round(share * 100), round(share * 100)
        width = 2 * self._sizes.side + PRICE - 12
        right = min(width - 1, max(1, round(width * share)))
        if share in (0, 1):
            right = round(width * share)
        return (
            (cells.fit(f"{asks}%", 5, right=True) + " ", "ask"),
            ("━" * (width - right), "ask-bar"),
            ("━" * right, "bid-bar"),
            (" " + cells.fit(f"{bids}%", 5), "bid"),
        )


def _bar(share: float, width: int, half: str) -> str:
    """Return a thin bar from the middle outwards, to half a cell."""
    if share <= 0:
        return ""
    full, rest = divmod(max(1, round(share * width * 2)), 2)
    return "━" * full + half * rest


def _brief(value: float, width: int = SIZE) -> str:
    """Return a number of contracts, without separators if it fits only so."""
    text = cells.quantity(value)
    whole = text.replace(",", "")
    return whole if len(whole) <= width < len(text) else text


def _signed(value: float) -> str:
    return cells.plus(value, 0) if value else cells.quantity(value)
