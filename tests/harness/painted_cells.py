"""The text and the tone (component class) of painted cells and strips."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from rich.style import Style
from textual.strip import Strip

from specs.market.ticker import Ticker
from widgets.board_column import BoardColumn, Freshness
from widgets.line_view import Tones

Painted = tuple[str, str]
"""A text and its tones, the lowest layer first."""


def cells_of(
    columns: Sequence[BoardColumn], row: Ticker, age: Freshness = Freshness.FRESH
) -> dict[str, Painted]:
    """Return text and tone of every column's cell of a row."""
    found = {column.id: column.cell(row, age) for column in columns}
    return {which: (cell.text, cell.tone) for which, cell in found.items()}


def tone_style(*tones: str) -> Style:
    """Return a style that holds nothing but the names of its tones."""
    return Style.from_meta({"tones": " ".join(tones)})


@contextmanager
def named_tones() -> Iterator[None]:
    """Have every widget paint styles that hold the names of their tones."""
    with patch.object(Tones, "__call__", lambda self, *tones: tone_style(*tones)):
        yield


def spans(strip: Strip) -> list[Painted]:
    """Return the texts of a strip and the tones of each, neighbours of one tone joined."""
    return [(segment.text, _tones(segment.style)) for segment in strip.simplify()]


def columns_of(strip: Strip, widths: Iterable[tuple[BoardColumn, int]]) -> dict[str, Painted]:
    """Return text and tones of each column's cells of a strip, blanks at the ends left out."""
    found = {}
    left = 0
    for column, width in widths:
        parts = spans(strip.crop(left, left + width))
        text = "".join(text for text, _ in parts).strip()
        found[column.id] = (text, " | ".join(dict.fromkeys(tones for _, tones in parts)))
        left += width + 1
    return found


def _tones(style: Style | None) -> str:
    return str(style.meta.get("tones", "")) if style is not None else ""
