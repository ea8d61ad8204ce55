"""A page of the manual as widgets: Textual's Markdown with tables that are one widget each.

Textual gives each cell of a table a widget of its own; a page of keys would take most of a second.
"""

from markdown_it import MarkdownIt
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Markdown
from textual.widgets._markdown import MarkdownFence, MarkdownTable

_GAP = 2
_NARROWEST = 10
"""Cells that a column keeps."""


class ManualTable(MarkdownTable):
    """A table whose last column takes the rest of the width; texts are wrapped."""

    def compose(self) -> ComposeResult:
        self._headers, self._rows = self._get_headers_and_rows()
        yield from ()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(table_lines(self._headers, self._rows, width))

    def render(self) -> Content:
        lines = table_lines(self._headers, self._rows, self.content_size.width)
        return Content("\n").join(lines)


class ManualFence(MarkdownFence):
    """A block of commands or data in one colour: highlighting costs more than all the rest."""

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        return Content(code)


class ManualPage(Markdown):
    """A page of the manual; links are left to `Markdown.LinkClicked`."""

    BLOCKS = {**Markdown.BLOCKS, "table_open": ManualTable, "fence": ManualFence}  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__(id="page", open_links=False, parser_factory=_parser)


def table_lines(headers: list[Content], rows: list[list[Content]], width: int) -> list[Content]:
    """Return the lines of a table in a width of cells."""
    widths = column_widths([headers, *rows], width)
    lines = _row_lines([header.stylize("bold") for header in headers], widths)
    lines.append(Content("─" * max(0, min(width, sum(widths) + _GAP * (len(widths) - 1)))))
    for row in rows:
        lines += _row_lines(row, widths)
    return lines


def column_widths(rows: list[list[Content]], width: int) -> list[int]:
    """Return the widths of columns, of which the widest give way until all fit."""
    widths = [max(cell.cell_length for cell in column) for column in zip(*rows, strict=True)]
    room = width - _GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row_lines(row: list[Content], widths: list[int]) -> list[Content]:
    cells = [cell.wrap(width) for cell, width in zip(row, widths, strict=True)]
    gap = Content(" " * _GAP)
    return [
        gap.join(
            (lines[at] if at < len(lines) else Content("")).truncate(width, pad=True)
            for lines, width in zip(cells, widths, strict=True)
        )
        for at in range(max(map(len, cells)))
    ]


def _parser() -> MarkdownIt:
    # Without the recognition of bare addresses: nothing of the manual opens a browser.
    return MarkdownIt("commonmark").enable("table")
