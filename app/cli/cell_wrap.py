"""Wraps text by the cells of a terminal, where a Korean letter takes two."""

from collections.abc import Iterator
from unicodedata import east_asian_width


def cell_width(text: str) -> int:
    """Return how many cells a text takes."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def wrap_cells(text: str, width: int, indent: str = "") -> Iterator[str]:
    """Yield the lines of a text, broken between words; nothing for an empty one."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and len(indent) + cell_width(longer) > width:
            yield indent + line
            line = word
        else:
            line = longer
    if line:
        yield indent + line
