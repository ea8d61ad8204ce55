"""The cells that the terminal shows, and the shortest output that turns them into others.

Only cells that differ are written.  A move costs about six bytes and a colour twenty, so up to
`BRIDGE` equal cells of the same style are written again instead of jumped over, and a style is
reached by what differs from the one before, without a reset.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.cells import get_character_cell_size
from rich.segment import Segment

from app.screens.textual_compat.style_codes import StyleCodes

BRIDGE = 4
"""Equal cells between two changes that are written again."""

RESET = "\x1b[0m"

_RESETS = {
    "1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28",
    "9": "29", "21": "24", "51": "54", "52": "54", "53": "55",
}  # fmt: skip
"""The code that ends each attribute."""


class ShownCells:
    """What each cell of the terminal shows; a wide character leaves the cell after it empty."""

    def __init__(self) -> None:
        self._texts: list[list[str]] = []
        self._codes: list[list[str | None]] = []
        self._code = ""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return len(self._texts[0]) if self._texts else 0, len(self._texts)

    def clear(self, width: int, height: int) -> None:
        """Discard what is known, so that all cells are written."""
        self._texts = [[""] * width for _ in range(height)]
        self._codes = [[None] * width for _ in range(height)]

    def write(self, y: int, x: int, segments: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Yield the output that shows texts with their style codes from a cell on.

        Codes are the parameters of SGR, such as ``1;38;2;255;255;255``.  Cells beyond the right
        edge are left out.  The style that was set last stays set, see `finish`.
        """
        if not 0 <= y < len(self._texts):
            return
        shown, shown_codes = self._texts[y], self._codes[y]
        texts: list[str] = []
        codes: list[str] = []
        for text, code in segments:
            cells = text if text.isascii() else _cells(text)
            texts.extend(cells)
            codes.extend((code,) * len(cells))
        end = min(len(shown), x + len(texts))
        count = end - x
        if count <= 0 or (shown[x:end] == texts and shown_codes[x:end] == codes):
            return
        last = None
        for at in range(count):
            if shown[x + at] == texts[at] and shown_codes[x + at] == codes[at]:
                continue
            # The second cell of a wide character is written with its first.
            first = at - 1 if not texts[at] and at else at
            code = codes[first]
            if last is None:
                yield f"\x1b[{y + 1};{x + first + 1}H"
            elif first > last + 1:
                gap = codes[last + 1 : first]
                if len(gap) <= BRIDGE and all(one == self._code for one in gap):
                    yield "".join(texts[last + 1 : first])
                else:
                    # An absolute column holds where a terminal draws a sign wider than expected.
                    yield f"\x1b[{x + first + 1}G"
            if code != self._code:
                yield transition(self._code, code)
                self._code = code
            if last is None or first > last:
                yield texts[first]
            last = at
        shown[x:end] = texts[:count]
        shown_codes[x:end] = codes[:count]

    def finish(self) -> str:
        """Return the output that ends the style that was set last."""
        if not self._code:
            return ""
        self._code = ""
        return RESET


class _Style(NamedTuple):
    attributes: tuple[str, ...]
    foreground: str
    background: str


@lru_cache(maxsize=4096)
def transition(before: str, after: str) -> str:
    """Return the shortest SGR sequence that turns one style into another; both are codes."""
    old, new = _parse(before), _parse(after)
    ended = dict.fromkeys(_RESETS[one] for one in old.attributes if one not in new.attributes)
    codes = list(ended)
    # 22 ends bold and dim alike.
    codes += [one for one in new.attributes if one not in old.attributes or _RESETS[one] in ended]
    if new.foreground != old.foreground:
        codes.append(new.foreground or "39")
    if new.background != old.background:
        codes.append(new.background or "49")
    changed, whole = ";".join(codes), f"0;{after}" if after else "0"
    return f"\x1b[{min(changed, whole, key=len)}m" if codes else ""


@lru_cache(maxsize=4096)
def _parse(codes: str) -> _Style:
    attributes: list[str] = []
    foreground = background = ""
    parts = iter(codes.split(";") if codes else ())
    for part in parts:
        if part in ("38", "48"):
            kind = next(parts)
            color = ";".join((part, kind, *(next(parts) for _ in range(3 if kind == "2" else 1))))
        else:
            color = part
        if part in _RESETS:
            attributes.append(part)
        elif part.startswith(("3", "9")):
            foreground = color
        else:
            background = color
    return _Style(tuple(attributes), foreground, background)


@lru_cache(maxsize=4096)
def _cells(text: str) -> tuple[str, ...]:
    cells: list[str] = []
    for character in text:
        width = get_character_cell_size(character)
        if width:
            cells.append(character)
            cells.extend([""] * (width - 1))
        elif cells:
            # A mark belongs to the character before it.
            base = max(at for at, cell in enumerate(cells) if cell)
            cells[base] += character
    return tuple(cells)


def codes_of(segments: Iterable[Segment], style_codes: StyleCodes) -> Iterator[tuple[str, str]]:
    """Yield text and SGR codes of segments; control segments are left out, links are not kept."""
    known = style_codes.known
    for text, style, control in segments:
        if not control and text:
            # Without a call for a style that was written before: this runs for every segment.
            found = known.get(id(style))
            yield text, style_codes(style) if found is None else found[0]
