"""A terminal's cells with their styles, and the least output that one frame after another needs."""

import re

from rich.cells import get_character_cell_size
from rig.escapes import tokens

JUMP, BRIDGE, COLOUR, ATTRIBUTE = 6, 4, 20, 4
"""Bytes of a jump, cells that are passed over for less, bytes of a colour and of an attribute."""

Cell = tuple[str, frozenset[str]]
"""A character, empty in the second cell of a wide one, and the codes of its style."""

_PLACE = re.compile(r"\x1b\[(\d+);(\d+)H")
_COLUMN = re.compile(r"\x1b\[(\d+)G")
_ENDS = {"22": "12", "23": "3", "24": "4", "27": "7", "29": "9"}
"""The attributes that a code ends."""


class StyledScreen:
    """The cells of a terminal, painted by escape sequences."""

    def __init__(self, width: int, height: int) -> None:
        blank: Cell = ("", frozenset())
        self.rows = [[blank] * width for _ in range(height)]
        self._x = self._y = 0
        self._style: dict[str, str] = {}

    def feed(self, output: str) -> None:
        """Paint; sequences other than moves and styles are ignored."""
        for kind, text in tokens(output):
            if kind == "text":
                for character in text:
                    self._put(character)
            elif place := _PLACE.fullmatch(text):
                self._y, self._x = int(place[1]) - 1, int(place[2]) - 1
            elif column := _COLUMN.fullmatch(text):
                self._x = int(column[1]) - 1
            elif kind == "csi" and text.endswith("m"):
                self._set((text[2:-1] or "0").split(";"))

    def _put(self, character: str) -> None:
        row, style = self.rows[self._y], frozenset(self._style.values())
        width = get_character_cell_size(character)
        for x in range(self._x, min(len(row), self._x + width)):
            row[x] = (character if x == self._x else "", style)
        self._x += width

    def _set(self, codes: list[str]) -> None:
        style = self._style
        at = 0
        while at < len(codes):
            code = codes[at]
            if code in ("38", "48"):
                length = 5 if codes[at + 1] == "2" else 3
                style["fg" if code == "38" else "bg"] = ";".join(codes[at : at + length])
                at += length
                continue
            if code == "0":
                style.clear()
            elif code in ("39", "49"):
                style.pop("fg" if code == "39" else "bg", None)
            elif code in _ENDS:
                for ended in _ENDS[code]:
                    style.pop(ended, None)
            elif len(code) == 1:
                style[code] = code
            else:
                style["fg" if code[0] in "39" else "bg"] = code
            at += 1


def least_output(before: list[list[Cell]], after: list[list[Cell]]) -> int:
    """Return the bytes of a minimal diff by cells: jumps, changes of style, and the text."""
    size = 0
    style: frozenset[str] = frozenset()
    for old, new in zip(before, after, strict=True):
        last = None
        for x, (was, cell) in enumerate(zip(old, new, strict=True)):
            if was == cell:
                continue
            gap = 0 if last is None else x - last - 1
            size += JUMP if last is None or gap > BRIDGE else gap
            changed = cell[1] ^ style
            size += COLOUR * len({code[0] for code in changed if len(code) > 1})
            size += ATTRIBUTE * any(len(code) == 1 for code in changed)
            size += len(cell[0].encode())
            style, last = cell[1], x
    return size
