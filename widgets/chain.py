"""The option chain (T-board): calls left, strikes in the middle, puts right.

The strip of a strike is cached and drawn again when one of its two tickers is another object, an
age class changed, or cursor or marker moved.
"""

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from specs.market.instrument import Strike
from specs.market.ticker import RowAge, Ticker, row_age
from widgets import cells
from widgets.board_column import BoardCell, BoardColumn, aged_tone, choose
from widgets.chain_columns import COLUMNS, STRIKE_WIDTH, USUAL, columns_for, strike_width
from widgets.line_view import CursorView
from widgets.moneyness import inside
from widgets.strike_selection import StrikeSelection, StrikeSource
from widgets.texts import t

SIDES = ("C", "P")

CHAIN_TONES = (
    "header", "strike", "money", "value", "older", "old", "label", "missed", "up", "down", "flat",
    "dead", "itm", "cursor", "note", "unmatched",
)  # fmt: skip
"""The component classes of a chain, without their prefix."""

_Widths = list[tuple[BoardColumn, int]]


class ChainBoard(CursorView, can_focus=True, inherit_bindings=False):
    """The strikes of one expiry, with a cursor on one side of one of them."""

    TONE_PREFIX = "chain"
    HEADER = 2
    """The sides, and the titles of the columns."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"chain--{tone}" for tone in CHAIN_TONES}

    class Moved(Message):
        """The cursor is on another contract."""

    class Activated(Message):
        """A contract was double-clicked."""

    def __init__(self, row: Callable[[str], Ticker | None]) -> None:
        """`row` returns the ticker of a code, or None."""
        super().__init__(id="chain")
        self._row = row
        self._strikes: tuple[Strike, ...] = ()
        self.selection = StrikeSelection(row)
        self.headings: Mapping[str, str] = {}
        """Text keys of headings that differ from the usual ones, by column."""
        self._shown: tuple[BoardColumn, ...] = USUAL
        self._widths: _Widths = []
        self._measured = 0
        self._middle = STRIKE_WIDTH
        self._place = 0
        self._side = 0
        self._money: int | None = None
        self._forward = inf
        self._empty = ""
        self._now = 0.0
        self._has_size = False
        self._live = True
        self._looks: dict[int, tuple[StrikeSource, Strip]] = {}

    # --- contents

    @property
    def code(self) -> str:
        """The code under the cursor; empty if there is no contract."""
        if not self._strikes:
            return ""
        return self._strikes[self._place].codes[self._side]

    @property
    def row_count(self) -> int:
        return len(self._strikes)

    @property
    def cursor_row(self) -> int:
        return self._place

    @property
    def cursor_strike(self) -> int:
        """The index of the strike under the cursor among all strikes, shown or not."""
        return self.selection.all.index(self._strikes[self._place]) if self._strikes else 0

    @property
    def visible_strikes(self) -> tuple[Strike, ...]:
        """The strikes in sight."""
        return self._strikes[self.visible_rows]

    @property
    def requested_columns(self) -> list[str]:
        """The requested columns, whether or not there is room."""
        return [column.id for column in self._shown]

    @property
    def shows_usual(self) -> bool:
        """Whether the columns are requested that nobody has to choose."""
        return self._shown == USUAL

    def show(self, strikes: Sequence[Strike], code: str, empty: str) -> None:
        """Show these strikes, the cursor on a contract; without strikes show the text `empty`."""
        self.selection.replace(strikes)
        self._strikes, self._empty, self._money = self.selection.shown, empty, None
        self._place, self._side = 0, 0
        for place, strike in enumerate(self._strikes):
            if code and code in strike.codes:
                self._place, self._side = place, strike.codes.index(code)
        self._resize()
        self.scroll_to_cursor(middle=True)
        self.post_message(self.Moved())

    def set_filter(self, text: str, matches: Callable[[Ticker], bool] | None) -> None:
        """Show only the strikes of which a contract matches; with None all strikes."""
        self.selection.filter_by(text, matches)
        self._select()

    def set_columns(self, ids: Sequence[str]) -> None:
        """Show these columns; the usual ones if no known column is given."""
        self._shown = tuple(column for column in COLUMNS if column.id in ids) or USUAL
        self._resize()

    def refresh_rows(self, now: float, money: int | None, forward: float, *, live: bool) -> None:
        """Update the strikes in sight; `money` is the index of the strike at the money, of all."""
        self._select()
        money = self.selection.shown_index(money)
        if live != self._live:
            self.refresh()
        first = self._money is None and money is not None
        self._now, self._live, self._money, self._forward = now, live, money, forward
        for place in range(*self.visible_rows.indices(self.row_count)):
            kept = self._looks.get(place)
            if kept is None or kept[0] != self._look(place):
                self.repaint_row(place)
        if first and not self._place and money is not None:
            self._go_to(money)

    def go_to(self, place: int) -> None:
        """Put the cursor on a strike by its index among all, in the middle of the board.

        A strike that is not shown is ignored.
        """
        shown = self.selection.shown_index(place)
        if shown is not None:
            self._go_to(shown)

    def move(self, way: str) -> None:
        """Move the cursor: up, down, top, bottom, page_up, page_down, left, right."""
        self._move(self.row_towards(way), {"left": 0, "right": 1}.get(way, self._side))

    # --- mouse

    def on_click(self, event: events.Click) -> None:
        position = event.get_content_offset(self)
        place = self.row_at(position)
        if position is not None and place is not None:
            self._move(place, int(position.x >= self._half + self._middle // 2))
            if event.chain == 2:
                self.post_message(self.Activated())

    # --- drawing

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if width != self._measured:
            self._measure(width)
        if not self._strikes:
            empty = t("filter.nothing") if self.selection.all else self._empty
            return self.placeholder(empty, y, self.size.height)
        if y < self.HEADER:
            return self._titles() if y else self._sides()
        place = y - self.HEADER + self.scroll_offset.y
        if place >= len(self._strikes):
            return Strip.blank(width, self.rich_style)
        look = self._look(place)
        kept = self._looks.get(place)
        if kept is None or kept[0] != look:
            kept = self._looks[place] = (look, self._draw(self._strikes[place], look))
        return kept[1]

    def discard_strips(self) -> None:
        self._looks.clear()

    def on_resize(self) -> None:
        self._resize()
        # Strikes may be shown before the board has a height to centre the cursor in.
        self.scroll_to_cursor(middle=not self._has_size)
        self._has_size = True

    @property
    def _half(self) -> int:
        return max(0, (self._measured - self._middle) // 2)

    def _look(self, place: int) -> StrikeSource:
        strike = self._strikes[place]
        call, put = (self._row(code) if code else None for code in strike.codes)
        return StrikeSource(
            (call, put),
            (self._age(call), self._age(put)),
            (self._is_inside(True, strike.price), self._is_inside(False, strike.price)),
            SIDES[self._side] if place == self._place else "",
            place == self._money,
            self._live,
            self.selection.unmatched(strike),
        )

    def _is_inside(self, call: bool, strike: float) -> bool:
        return self._forward < inf and inside(call, strike, self._forward) > 0

    def _age(self, row: Ticker | None) -> RowAge:
        return row_age(row, self._now) if row is not None else RowAge()

    def _draw(self, strike: Strike, look: StrikeSource) -> Strip:
        decimals = max((row.instrument.decimals for row in look.rows if row is not None), default=2)
        price = cells.number(strike.price, 1 if decimals else 0)
        mark = ("▸", "◂") if look.marked else (" ", " ")
        tone = ("money",) if look.marked else ("strike",)
        under = ("cursor",) if look.cursor else ()
        middle = f"{mark[0]}{price:^{self._middle - 2}}{mark[1]}"
        left = self._side_of(0, look)
        right = self._side_of(1, look)
        left.reverse()
        segments = [*left, Segment(middle, self.tones(*tone, *under)), *right]
        width = self._measured
        return Strip(segments).adjust_cell_length(width, self.tones("value")).simplify()

    def _side_of(self, side: int, look: StrikeSource) -> list[Segment]:
        """Return the cells of one side from the strike outwards."""
        row, age = look.rows[side], look.ages[side]
        is_lit = look.inside[side] and not look.unmatched[side]
        under: tuple[str, ...] = ("itm",) if is_lit else ()
        if look.cursor == SIDES[side]:
            under = ("cursor",)
        blank = self.tones("value", *under)
        segments, room = [], self._half
        for column, width in self._widths:
            cell = BoardCell(cells.MISSING, "label")
            if row is not None:
                cell = column.cell(row, age.trade)
            tone = aged_tone(cell.tone, age) if look.live or row is None else "dead"
            if row is not None and row.badge and look.live:
                tone = "old"
            if look.unmatched[side]:
                tone = "unmatched"
            text = cell.fitted(width, right=column.right)
            segments += [Segment(" ", blank), Segment(text, self.tones(tone, *under))]
            room -= width + 1
        segments.append(Segment(" " * max(0, room), blank))
        return segments

    def _sides(self) -> Strip:
        head = self.tones("strike")
        gap = " " * self._middle
        sides = [cells.centred(t(f"chain.{side}"), self._half) for side in ("calls", "puts")]
        return Strip([Segment(gap.join(sides), head)]).adjust_cell_length(self._measured, head)

    def _titles(self) -> Strip:
        head, room = self.tones("header"), self._half
        side: list[Segment] = []
        for column, width in self._widths:
            heading = t(self.headings.get(column.id, f"column.{column.id}"))
            padded = heading if cell_len(heading) <= width else heading.strip()
            title = cells.fit(padded, width, right=column.right)
            side += [Segment(" ", head), Segment(title, head)]
            room -= width + 1
        side.append(Segment(" " * max(0, room), head))
        middle = Segment(f" {cells.fit(t('chain.strike'), self._middle - 2)} ", head)
        titles = Strip([*reversed(side), middle, *side])
        return titles.adjust_cell_length(self._measured, head)

    # --- cached lines

    def _select(self) -> None:
        """Show the strikes that match; the cursor stays on its code where it is shown."""
        if not self.selection.update():
            return
        at, self._strikes = self.code, self.selection.shown
        found = (place for place, one in enumerate(self._strikes) if at and at in one.codes)
        self._place = next(found, max(0, min(self._place, len(self._strikes) - 1)))
        self._resize()
        self.scroll_to_cursor()
        if self.code != at:
            self.post_message(self.Moved())

    def _go_to(self, place: int) -> None:
        self._move(place, self._side)
        self.scroll_to_cursor(middle=True)

    def _move(self, place: int, side: int) -> None:
        if not self._strikes:
            return
        before = self._place
        self._place, self._side = max(0, min(len(self._strikes) - 1, place)), side
        for changed in {before, self._place}:
            self.repaint_row(changed)
        self.scroll_to_cursor()
        self.post_message(self.Moved())

    def _resize(self) -> None:
        self._measure(self.scrollable_content_region.width)
        self.update_virtual_size()
        self.refresh()

    def _measure(self, width: int) -> None:
        self._measured = width
        self._middle = strike_width(self._strikes, width)
        room = self._half - 1
        self._widths = choose(columns_for(self._shown, room), room)
        self._looks.clear()
