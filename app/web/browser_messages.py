"""Messages of the page's script: a JSON array of a name and a value.

``["stdin", TEXT]``, ``["resize", {"width": 120, "height": 40}]``, ``["ping", TEXT]``, ``["focus"]``
and ``["blur"]``, as textual-serve's script sends them.
"""

from typing import Any

import msgspec
from msgspec import Struct

LARGEST_MESSAGE = 8 << 20
"""Bytes of the largest message; the page sends no text of more than 2**20 characters."""

LARGEST_SIZE = (1000, 500)
"""Columns and rows of the largest terminal; one of millions of cells would take all memory."""

_LONGEST_PING = 64
_DEFAULT_SIZE = (80, 24)


class BrowserInput(Struct, frozen=True):
    """What the user typed or pasted, or what the terminal answered."""

    data: bytes


class BrowserResize(Struct, frozen=True):
    """The size of the terminal in cells."""

    width: int
    height: int


class BrowserPing(Struct, frozen=True):
    """A text that is to be sent back."""

    text: str


class BrowserFocus(Struct, frozen=True):
    """Whether the page has the focus."""

    is_focused: bool


BrowserMessage = BrowserInput | BrowserResize | BrowserPing | BrowserFocus


def read_browser_message(text: str) -> BrowserMessage | None:
    """Return a message, None for one that is malformed."""
    try:
        message: Any = msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    match message:
        case ["stdin", str(typed)]:
            return BrowserInput(typed.encode("utf-8", "replace"))
        case ["resize", {"width": width, "height": height}]:
            if _is_number(width) and _is_number(height):
                return BrowserResize(*terminal_size(width, height))
        case ["ping", str(echo)] if len(echo) <= _LONGEST_PING:
            return BrowserPing(echo)
        case ["focus" | "blur" as name, *_]:
            return BrowserFocus(name == "focus")
    return None


def terminal_size(width: int, height: int) -> tuple[int, int]:
    """Return the nearest size that a dashboard is drawn in."""
    widest, highest = LARGEST_SIZE
    return min(max(width, 1), widest), min(max(height, 1), highest)


def requested_size(width: str, height: str) -> tuple[int, int]:
    """Return the size in a websocket's address; 80x24 where it is none."""
    if not all(text.isascii() and text.isdigit() and len(text) <= 6 for text in (width, height)):
        return _DEFAULT_SIZE
    return terminal_size(int(width), int(height))


def _is_number(value: object) -> bool:
    return type(value) is int
