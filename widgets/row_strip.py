"""Cached lines of a board: a row's cells, flashes and strip, and the line of titles."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from specs.market.ticker import RowAge, Ticker, is_indicative
from widgets import cells
from widgets.board_column import BoardCell, BoardColumn, aged_tone
from widgets.message_text import message_text
from widgets.texts import t

FLASH = 0.6
"""Seconds of highlight of a changed cell."""

BOARD_TONES = (
    "header", "sorted", "code", "name", "value", "older", "old", "label", "up", "down", "flat",
    "note", "dead", "cursor", "mark", "flash", "cell",
)  # fmt: skip
"""The component classes of a board, without their prefix."""

_LEAST_ASIDE = 3
"""Cells of a remark that are of use."""

_BESIDE_NOTE = ("code", "name")

Widths = Sequence[tuple[BoardColumn, int]]
Styles = Callable[..., Style]
"""Returns the combined style of some tones, the lowest layer first."""


class RowStrip:
    """The cells of a row at an age class, and their strip once painted."""

    __slots__ = ("_widths", "age", "cells", "flash_until", "flashing", "row", "strip")

    def __init__(
        self, row: Ticker, age: RowAge, widths: Widths, before: "RowStrip | None", now: float
    ) -> None:
        self.row = row
        self.age = age
        self._widths = widths
        self.cells = [column.cell(row, age.trade) for column, _ in widths]
        self.flashing: frozenset[int] = frozenset()
        self.flash_until = 0.0
        self.strip: Strip | None = None
        if before is not None and (before.row.trade or before.row.expected) is not None:
            changed = frozenset(
                at
                for at, (column, _) in enumerate(widths)
                if column.flashes and self.cells[at].text != before.cells[at].text
            )
            self.flashing = changed or before.flashing
            self.flash_until = now + FLASH if changed else before.flash_until

    def is_of(self, row: Ticker, age: RowAge) -> bool:
        """Return whether it was made from this row object at these age classes."""
        return self.row is row and self.age == age

    @property
    def needed(self) -> dict[str, int]:
        """The widths of figures that are longer than their columns, by column."""
        return {
            column.id: cell_len(cell.text)
            for (column, width), cell in zip(self._widths, self.cells, strict=True)
            # A mark such as 예 is wider than one cell.
            if column.right and len(cell.text) >= width and cell_len(cell.text) > width
        }

    def end_flash(self, now: float) -> None:
        """End an expired highlight."""
        if self.flashing and now >= self.flash_until:
            self.flashing, self.strip = frozenset(), None

    def is_due(self, age: RowAge, now: float) -> bool:
        """Return whether time alone changed its appearance."""
        return self.age != age or bool(self.flashing and now >= self.flash_until)

    def paint(
        self,
        widths: Widths,
        styles: Styles,
        under: tuple[str, ...],
        *,
        dead: str,
        size: int,
        cell: str = "",
    ) -> Strip:
        """Return the strip, `size` cells wide, over the layers `under`; a note replaces the values.

        `dead` is the age of a row while the connection is down; it replaces the time.  `cell` is
        the column that is chosen in this row, empty for none.
        """
        segments: list[Segment] = []
        blank = styles("value", *under)
        room = size
        # Without a stream in this session every value is of another one.
        absent = (self.row.asked_at and not is_indicative(self.row)) or self.row.badge
        for at, ((column, width), shown) in enumerate(zip(widths, self.cells, strict=True)):
            if at:
                segments.append(Segment(" ", blank))
                room -= 1
            if self.row.note and column.id not in _BESIDE_NOTE:
                note = cells.fit(message_text(self.row.note), max(0, room))
                segments.append(Segment(note, styles("note", *under)))
                break
            tone = "dead" if dead else "old" if absent else aged_tone(shown.tone, self.age)
            layers = (*under, "flash") if not dead and at in self.flashing else under
            if column.id == cell:
                layers = (*layers, "cell")
            if dead and column.id == "time" and not self.row.asked_at:
                shown = BoardCell(dead)
            text = shown.fitted(width, right=column.right)
            if shown.aside and (aside := _aside(shown.aside, text, width)):
                segments.append(Segment(f"{text.rstrip()} ", styles(tone, *layers)))
                text, tone = aside, tone if dead else "label"
            segments.append(Segment(text, styles(tone, *layers)))
            room -= width
        return Strip(segments).adjust_cell_length(size, blank).simplify()


def _aside(remark: str, text: str, width: int) -> str:
    """Return a remark as it fits behind a text in a column; empty without room."""
    free = width - cell_len(text.rstrip()) - 1
    return cells.fit(remark, free) if free >= _LEAST_ASIDE else ""


def titles(
    widths: Widths,
    sort: tuple[str, bool] | None,
    styles: Styles,
    size: int,
    headings: Mapping[str, str] = MappingProxyType({}),
) -> Strip:
    """Return the line of the titles; an arrow marks the sorted column and its direction.

    `headings` are the text keys of titles that differ from the usual ones, by column.
    """
    segments: list[Segment] = []
    for column, width in widths:
        title, tone = t(headings.get(column.id, f"column.{column.id}")), "header"
        if sort is not None and sort[0] == column.id:
            title, tone = title.rstrip() + ("↓" if sort[1] else "↑"), "sorted"
        segments.append(Segment(cells.fit(title, width, right=column.right), styles(tone)))
        segments.append(Segment(" ", styles("header")))
    return Strip(segments).adjust_cell_length(size, styles("header"))


def column_at(widths: Widths, x: int) -> str | None:
    """Return the id of the column whose title is at a cell, or None between the titles."""
    left = 0
    for column, width in widths:
        if left <= x < left + width:
            return column.id
        left += width + 1
    return None
