"""Signs of one cell for terminals that draw ambiguous characters two cells wide.

Unicode calls —, ▲, × and box lines ambiguous (UAX #11): a terminal set up for East Asian text draws
them twice as wide as the layout expects.  One is printed at the start, and behind it the terminal
is asked for the cursor's position (CSI 6n); nothing waits for the answer.  A terminal that draws
wide signs gets ASCII ones in their place, in the output alone: widgets know nothing of it.
"""

from typing import Any
from unicodedata import east_asian_width

from rich.console import Console
from textual.app import App

from app.screens.textual_compat.shown_cells import ShownCells
from specs.preferences import Signs

ROW = 2
"""The row of the question: an answer for row 1 could as well be the key F3 with a modifier."""

QUESTION = f"\x1b[{ROW};1H—\x1b[6n\x1b[{ROW};1H\x1b[2K"

_SIGNS = "¹²⁴⇧—–―−…×÷·•°±≠≈≤≥∞√→←↑↓↔▲△▼▽◀◁▶▷●◉○◎◌◐◑◆◇■□★☆⊥⊤‘’“”ΔΓΘθρσβα█▓▒░"
_ASCII = "124^----~x/.*o+!~<>8v><^v-^^vv<<>>*@ooooo**#o**_T''\"\"dgttrsba##:."
_LINES = dict.fromkeys("│┃║╎╏┆┇┊┋╵╷╹╻╽╿", "|") | dict.fromkeys("─━═╌╍┄┅┈┉╴╶╸╺╼╾", "-")


class _NarrowSigns(dict[int, int | str]):
    """A table for `str.translate`; ambiguous characters that it does not know become ``?``."""

    def __missing__(self, code: int) -> int | str:
        character = chr(code)
        found: int | str = code
        if east_asian_width(character) == "A":
            # Corners and crossings of boxes, and blocks of bars and sparklines.
            is_box, is_block = 0x2500 <= code < 0x2580, 0x2580 <= code < 0x25A0
            found = "+" if is_box else "#" if is_block else "?"
        self[code] = found
        return found


_TABLE = _NarrowSigns(
    {ord(sign): one for sign, one in zip(_SIGNS, _ASCII, strict=True)}
    | {ord(line): one for line, one in _LINES.items()}
)


def narrow(text: str) -> str:
    """Return a text with an ASCII character for each that may be two cells wide."""
    return text if text.isascii() else text.translate(_TABLE)


def choose_signs(console: Console, signs: Signs) -> None:
    """Have a console's terminal drawn with these signs; ``auto`` asks the terminal."""
    console.sign_choice = signs  # type: ignore[attr-defined]


def asks_width(console: Console) -> bool:
    """Return whether the terminal is to be asked."""
    return getattr(console, "sign_choice", "unicode") == "auto"


def is_narrow(console: Console) -> bool:
    """Return whether signs are replaced: as chosen, or as the terminal has answered."""
    choice = getattr(console, "sign_choice", "unicode")
    return choice == "ascii" or (choice == "auto" and getattr(console, "sign_width", 1) == 2)


def accept_width(app: App[Any], width: int) -> None:
    """Accept the answer of the terminal: in how many cells it draws a sign.

    The screen is drawn again where signs are to be replaced; a second answer changes nothing.
    """
    console = app.console
    before = is_narrow(console)
    console.sign_width = width  # type: ignore[attr-defined]
    if is_narrow(console) != before:
        redraw(app)


def redraw(app: App[Any]) -> None:
    """Write all cells of the terminal again."""
    shown: ShownCells | None = getattr(app.console, "shown_cells", None)
    if shown is not None:
        shown.clear(*app.size)
    with app._context():
        app.screen.refresh()
