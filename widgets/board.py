"""The board: a table of tickers with one cached strip per row, so that a beat costs little.

A row is drawn again only when its ticker is another object, its age class changed, a flash ended,
or the cursor moved.  Ages and flashes advance in `tick`, which the screen calls.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.reactive import reactive
from textual.strip import Strip

from specs.item_errors import report_item_error
from specs.market.ticker import RowAge, Ticker, row_age, updated_at
from widgets import times
from widgets.board_column import BoardColumn, choose
from widgets.board_messages import CursorMoved, HeaderClicked
from widgets.line_view import CursorView
from widgets.row_order import RowOrder
from widgets.row_strip import BOARD_TONES, RowStrip, column_at, titles
from widgets.texts import t

RESORT_EVERY = 5.0


class Board(CursorView, can_focus=True, inherit_bindings=False):
    """A table with a cursor, a sort order, and columns that are hidden by rank in a narrow room."""

    TONE_PREFIX = "board"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"board--{tone}" for tone in BOARD_TONES}

    STARTS_AT_TOP = False
    """Whether the cursor stays on the first row until the user moves it."""

    cursor = reactive(0, repaint=False)

    def __init__(self, columns: Sequence[BoardColumn], *, empty: str, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._all = tuple(columns)
        self._usual = tuple(column for column in self._all if not column.optional)
        self._shown: tuple[BoardColumn, ...] = self._usual
        self._empty = empty
        self.filter_text = ""
        """The expression that filters the rows, as it was typed; empty without one."""
        self.headings: Mapping[str, str] = {}
        """Text keys of headings that differ from the usual ones, by column."""
        self._widths: list[tuple[BoardColumn, int]] = []
        self._measured = 0
        self._needed: dict[str, int] = {}
        self._order = RowOrder()
        self._lines: dict[str, RowStrip] = {}
        self._sort: tuple[str, bool] | None = None
        self._sort_due = float("-inf")
        self._now = 0.0
        self._live = True
        self._touched = False
        self.cell_column = ""
        """The chosen column of the row under the cursor; empty for none."""

    # --- contents

    @property
    def row_count(self) -> int:
        return len(self._order)

    @property
    def cursor_row(self) -> int:
        return self.cursor

    @property
    def code(self) -> str:
        """The code under the cursor; empty on an empty board."""
        return self._order.code_at(self.cursor)

    @property
    def codes(self) -> list[str]:
        """The codes from top to bottom."""
        return self._order.codes

    @property
    def all_codes(self) -> list[str]:
        """The codes from top to bottom, with those of rows that a filter leaves out."""
        return self._order.all_codes

    @property
    def visible_codes(self) -> frozenset[str]:
        """The codes of the rows in sight."""
        return frozenset(self._visible() if self.is_on_screen else ())

    @property
    def sort(self) -> tuple[str, bool] | None:
        """The sort column and whether it descends, or None for the order of insertion."""
        return self._sort

    @property
    def columns(self) -> list[BoardColumn]:
        """The columns that can be shown and sorted by."""
        return [column for column in self._all if column.rank < 99]

    @property
    def shows_usual(self) -> bool:
        """Whether the columns are requested that nobody has to choose."""
        return self._shown == self._usual

    @property
    def requested_columns(self) -> list[str]:
        """The requested columns, whether or not there is room."""
        return [column.id for column in self._shown]

    def show(self, rows: Iterable[Ticker]) -> None:
        """Show these rows and no others; the cursor stays on its code where it can."""
        at = self.code
        self._order.show(rows)
        self._lines = {code: line for code, line in self._lines.items() if code in self._order}
        self._settle(at)

    def reset(self) -> None:
        """Discard what was drawn, so that the next values do not flash as changes."""
        self._lines.clear()
        self.refresh()

    def update_rows(self, rows: Iterable[Ticker]) -> None:
        """Apply changed rows; codes that are not on the board are ignored."""
        for row in rows:
            try:
                if self._order.update(row):
                    self._refresh_row(row.code)
            except Exception as error:
                report_item_error(error)
        if self._order.is_stale:
            self._arrange()

    def tick(self, now: float, *, live: bool) -> None:
        """Advance ages and flashes to `now`, and sort again every `RESORT_EVERY` seconds."""
        self._now = now
        if live != self._live:
            self._live = live
            self.redraw()
        if self._sort is not None and now >= self._sort_due:
            self._sort_due = now + RESORT_EVERY
            self._arrange()
        for code in self._visible():
            line = self._lines.get(code)
            if line is not None and not live:
                line.strip = None
                self._refresh_row(code)
            elif line is not None and line.is_due(self._age(line.row), now):
                self._refresh_row(code)

    def set_columns(self, ids: Sequence[str]) -> None:
        """Show these columns, in this order; the usual ones if no known one is given."""
        known = {column.id: column for column in self._all}
        chosen = tuple(known[one] for one in dict.fromkeys(ids) if one in known)
        self._shown = chosen or self._usual
        self._measure()

    def sort_by(self, column: str | None, *, descending: bool = False) -> None:
        """Sort by a column, or by insertion if it is None; missing values go last."""
        at = self.code
        found = next((c for c in self._all if c.id == column), None)
        self._sort = (found.id, descending) if found else None
        self._sort_due = self._now + RESORT_EVERY
        self._order.sort_by(found.value if found else None, descending=descending)
        self._settle(at)

    def set_filter(self, text: str, matches: Callable[[Ticker], bool] | None) -> None:
        """Show only the rows that match, with `text` as the expression; with None all rows."""
        at, self.filter_text = self.code, text
        self._order.filter_by(matches)
        self._settle(at)

    def set_empty(self, text: str) -> None:
        """Set the text, a key of the catalogue, that an empty board shows."""
        if text != self._empty:
            self._empty = text
            self.refresh()

    def reset_sort(self) -> None:
        """Order the rows by the board's default."""
        self.sort_by(None)

    def move_to(self, code: str) -> None:
        """Put the cursor on a code."""
        place = self._order.index_of(code)
        if place is not None:
            self._touched = True
            self.cursor = place

    # --- keys and mouse

    def action_move(self, way: str) -> None:
        """Move the cursor: up, down, top, bottom, page_up, page_down."""
        self._touched = True
        self.cursor = self.row_towards(way)

    def on_click(self, event: events.Click) -> None:
        position = event.get_content_offset(self)
        row = self.row_at(position)
        if row is not None:
            self._touched = True
            self.cursor = row
        elif position is not None and position.y < self.HEADER:
            column = column_at(self._widths, position.x)
            if column is not None:
                self.post_message(HeaderClicked(self, column))

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(len(self._order) - 1, cursor))

    def watch_cursor(self, old: int, new: int) -> None:
        for at in (old, new):
            self._drop_strip(self._order.code_at(at))
        if self._order:
            self.scroll_to_cursor()
            self.post_message(CursorMoved(self, self.code))

    # --- drawing

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if width != self._measured:
            self._measure()
        if y < self.HEADER:
            return titles(self._widths, self._sort, self.tones, width, self.headings)
        if not self._order:
            height = self.size.height - self.HEADER
            empty = "filter.nothing" if self.filter_text and self.all_codes else self._empty
            return self.placeholder(t(empty), y - self.HEADER, height)
        at = y - self.HEADER + self.scroll_offset.y
        if at >= len(self._order):
            return Strip.blank(width, self.rich_style)
        return self._draw(self._order.code_at(at), selected=at == self.cursor)

    def on_resize(self) -> None:
        if self._measured != self.scrollable_content_region.width:
            self._measure()
        self.update_virtual_size()
        self.scroll_to_cursor()

    def on_focus(self) -> None:
        self._drop_strip(self.code)

    def on_blur(self) -> None:
        self._drop_strip(self.code)

    def _draw(self, code: str, *, selected: bool) -> Strip:
        row = self._order[code]
        age = self._age(row)
        line = self._lines.get(code)
        if line is None or not line.is_of(row, age):
            line = self._lines[code] = RowStrip(row, age, self._widths, line, self._now)
            self._note_needed(line.needed)
        line.end_flash(self._now)
        if line.strip is None:
            under = ("cursor" if self.has_focus else "mark",) if selected else ()
            cell, dead = self.cell_column if selected else "", self._dead(row)
            line.strip = line.paint(
                self._widths, self.tones, under, cell=cell, dead=dead, size=self._measured
            )
        return line.strip

    def _note_needed(self, needed: dict[str, int]) -> None:
        """Let columns grow for their figures where there is room; they never shrink."""
        if any(width > self._needed.get(column, 0) for column, width in needed.items()):
            self._needed |= {one: max(needed[one], self._needed.get(one, 0)) for one in needed}
            self.call_next(self._measure)

    def _dead(self, row: Ticker) -> str:
        """Return the age of a row's values while the connection is down; empty while it is up."""
        return "" if self._live else t("board.age", age=times.span(self._now - updated_at(row)))

    # --- cached lines

    def _age(self, row: Ticker) -> RowAge:
        return row_age(row, self._now)

    def _arrange(self) -> None:
        """Bring order and filter up to date; the cursor stays on its code where it is shown."""
        at = self.code
        if self._order.arrange():
            self._settle(at)

    def _settle(self, at: str) -> None:
        """Adapt cursor, size and lines to the rows; the cursor was on code `at`."""
        self.redraw()
        self.update_virtual_size()
        place = 0 if self.STARTS_AT_TOP and not self._touched else self._order.index_of(at)
        self.cursor = self.cursor if place is None else place
        if self.code != at:
            self.post_message(CursorMoved(self, self.code))

    def _measure(self) -> None:
        self._measured = self.scrollable_content_region.width
        self._widths = choose(self._shown, self._measured, self._needed)
        self._lines.clear()
        self.update_virtual_size()
        self.refresh()

    def _visible(self) -> list[str]:
        return self._order.codes[self.visible_rows]

    def _drop_strip(self, code: str) -> None:
        line = self._lines.get(code)
        if line is not None:
            line.strip = None
        self._refresh_row(code)

    def _refresh_row(self, code: str) -> None:
        at = self._order.index_of(code)
        if at is not None:
            self.repaint_row(at)

    def discard_strips(self) -> None:
        for line in self._lines.values():
            line.strip = None
