"""Every field of a contract's newest records: its Korean or English term, KIS' name and the value.

The fields stand in as many columns as fit; what is below the last line is reached by scrolling.
"""

from decimal import Decimal
from math import isfinite
from typing import ClassVar

from rich.cells import cell_len
from textual import events

from specs.market.ticker import Ticker, freshness
from specs.record_fields import FieldValue, RecordFields, record_fields
from widgets import cells, times
from widgets.board_column import AGES
from widgets.line_view import row_towards
from widgets.message_text import message_text
from widgets.sheet import TextLine, TextSheet, centred
from widgets.texts import t

GAP = 2
"""Cells between two columns of fields."""

WHEEL = 3
"""Lines of one step of the mouse wheel."""

_COUNTED = ("size", "volume", "count", "turnover", "interest")
"""Parts of the names of fields that are whole numbers."""

_SIGNS = ("1", "2", "3", "4", "5")


class FieldSheet(TextSheet, can_focus=True):
    """The fields of one contract, which scroll."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"sheet--title"}

    def __init__(self) -> None:
        super().__init__(id="fields")
        self._row: Ticker | None = None
        self._now = 0.0
        self._live = True
        self._top = 0
        self._count = 0

    def show(self, row: Ticker | None, now: float, *, live: bool) -> None:
        """Show a contract's records as they are at `now`; another contract begins at the top."""
        if (row and row.code) != (self._row and self._row.code):
            self._top = 0
        self._row, self._now, self._live = row, now, live
        self.rewrite()

    def move(self, way: str) -> None:
        """Scroll: up, down, top, bottom, page_up, page_down."""
        page = max(1, self.size.height - 1)
        self._move_to(row_towards(way, self._top, self._last_top + 1, page))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._move_to(self._top + WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._move_to(self._top - WHEEL)

    @property
    def _last_top(self) -> int:
        """The first line in sight when the last one is at the bottom."""
        return max(0, self._count - self.size.height)

    def _move_to(self, top: int) -> None:
        self._top = max(0, min(self._last_top, top))
        self.rewrite()

    def lines(self, width: int, height: int) -> list[TextLine]:
        records = list(record_fields(self._row)) if self._row is not None else []
        if not records:
            note = self._row and message_text(self._row.note)
            self._count = 0
            return centred(note or t("fields.none"), width, height)
        found = field_lines(self._row, records, width, self._now, live=self._live)
        self._count = len(found)
        self._top = min(self._top, self._last_top)
        shown = found[self._top : self._top + height]
        self.border_subtitle = (
            t("fields.lines", first=self._top + 1, last=self._top + len(shown), count=self._count)
            if self._count > height
            else ""
        )
        return shown


def field_lines(
    row: Ticker | None, records: list[RecordFields], width: int, now: float, *, live: bool
) -> list[TextLine]:
    """Return the lines of a contract's records, in as many columns as fit into `width` cells."""
    decimals = row.instrument.decimals if row is not None else 2
    texts = [[_texts(field, decimals) for field in record.fields] for record in records]
    sizes = [max(cell_len(line[at]) for lines in texts for line in lines) for at in range(3)]
    size = sum(sizes) + 2
    column: list[TextLine] = []
    for record, lines in zip(records, texts, strict=True):
        tone = AGES[freshness(now - record.at)] if live else "old"
        column.append(((cells.fit(_title(record, now), size), "title"),))
        column += [_line(line, sizes, tone) for line in lines]
    across = max(1, (width + GAP) // (size + GAP))
    height = -(-len(column) // across)
    blank: TextLine = ((" " * size, "value"),)
    column += [blank] * (height * across - len(column))
    gap: TextLine = ((" " * GAP, "value"),)
    found = []
    for at in range(height):
        line = column[at]
        for further in column[at + height :: height]:
            line = (*line, *gap, *further)
        found.append(line)
    return found


def _title(record: RecordFields, now: float) -> str:
    """Return the TR of a record, its time, and its age where the arrival is known."""
    title = f"{record.tr_id} {t(f'fields.{record.tr_id}')} · {times.clock(record.record.time)}"
    age = now - record.at
    return f"{title} · {t('board.age', age=times.span(age))}" if isfinite(age) else title


def _texts(field: FieldValue, decimals: int) -> tuple[str, str, str]:
    return t(f"field.{field.element}"), field.element, field_text(field, decimals)


def _line(texts: tuple[str, str, str], sizes: list[int], tone: str) -> TextLine:
    term, element, value = texts
    return (
        (f"{cells.fit(term, sizes[0])} ", "label"),
        (f"{cells.fit(element, sizes[1])} ", "old"),
        (cells.fit(value, sizes[2], right=True), tone if value != cells.MISSING else "old"),
    )


def field_text(field: FieldValue, decimals: int) -> str:
    """Return a field's value with all its digits; `decimals` are those of the contract's prices."""
    value = field.value
    if value is None:
        return cells.MISSING
    if isinstance(value, str):
        if field.name.endswith("time"):
            return times.clock(value) if value.strip("0") else value
        if field.name.endswith("sign") and value in _SIGNS:
            return f"{value} {t(f'fields.sign_{value}')}"
        return value
    if not isfinite(value):
        return str(value)
    least = 0 if any(part in field.name for part in _COUNTED) else decimals
    whole, _, rest = f"{Decimal(repr(value)):,f}".partition(".")
    rest = rest.rstrip("0").ljust(least, "0")
    return f"{whole}.{rest}" if rest else whole
