"""A board's first line, the column titles, and what stands in its middle when it has no rows."""

from rich.segment import Segment
from textual.strip import Strip

from widgets import cells
from widgets.line_view import centred_lines
from widgets.row_strip import Styles, Widths
from widgets.texts import t


def titles(widths: Widths, sort: tuple[str, bool] | None, styles: Styles, size: int) -> Strip:
    """The titles, the sorted column's marked with its direction."""
    segments: list[Segment] = []
    for column, width in widths:
        title, tone = t(f"column.{column.id}"), "header"
        if sort is not None and sort[0] == column.id:
            title, tone = title.rstrip() + ("↓" if sort[1] else "↑"), "sorted"
        segments.append(Segment(cells.fit(title, width, right=column.right), styles(tone)))
        segments.append(Segment(" ", styles("header")))
    return Strip(segments).adjust_cell_length(size, styles("header"))


def column_at(widths: Widths, x: int) -> str | None:
    """The column whose title is at a cell."""
    left = 0
    for column, width in widths:
        if left <= x < left + width:
            return column.id
        left += width + 1
    return None


def placeholder(text: str, y: int, styles: Styles, size: tuple[int, int]) -> Strip:
    """Return line `y` of a text that stands in the middle of a size (columns, rows)."""
    width, height = size
    lines = centred_lines(text, width, height)
    line = lines[y] if 0 <= y < len(lines) else ""
    return Strip([Segment(cells.fit(line, width), styles("note"))])
