"""Split a program's output into text, control characters and escape sequences.

`foreign` names everything that Textual itself does not send, `Modes` follows what is switched on.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKENS = re.compile(
    r"(?P<csi>\x1b\[[0-?]*[ -/]*[@-~])"
    r"|(?P<osc>\x1b\][^\x07\x1b]*(?:\x07|\x1b\\))"
    r"|(?P<string>\x1b[PX^_][^\x1b]*\x1b\\)"
    r"|(?P<esc>\x1b[ -/]*[0-OQ-WYZ\\`-~])"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f\udc80-\udcff])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f\udc80-\udcff]+)"
)

# What Textual's Linux driver and compositor send, one pattern for each purpose.
_OWN = re.compile(
    r"\x1b\["
    r"(?:"
    r"[0-9;:]*m"  # colours and attributes
    r"|[0-9]*;?[0-9]*H"  # to a place
    r"|[0-9]*G"  # to a column
    r"|[0-9]*[ABCDJK]"  # steps and erasures
    r"|\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
    r"|\?(?:2026|2048)\$p"  # asks for synchronised output, for resizes in band
    r"|6n"  # asks where the cursor is, which tells how wide a sign was drawn
    r"|>[0-9]+u|<[0-9]*u"  # keys of kitty, on and off
    r")"
)
# The mouse pointer's shape; no other command to the operating system is ever sent.
_POINTER = re.compile(r"\x1b\]22;[a-z-]*\x07")
_MODE = re.compile(r"\x1b\[\?([0-9;]+)([hl])")
_PUSH, _POP = re.compile(r"\x1b\[>[0-9]*u"), re.compile(r"\x1b\[<([0-9]*)u")
_LINES = frozenset("\r\n")

AT_REST = {"7": True, "25": True}
"""Modes that a terminal has before a program starts: lines wrap, the cursor shows."""

OF_A_SCREEN = ("7", "25", "1000", "1002", "1003", "1004", "1006", "1049", "2004", "2048")
"""Line wrap, cursor, mouse, focus, alternate screen, bracketed paste, resizes in band."""


class Token(NamedTuple):
    """A piece of the stream; `kind` is csi, osc, string, esc, control, text, or broken."""

    kind: str
    text: str


def decoded(stream: bytes) -> str:
    """Decode the stream; bytes that are not UTF-8 become lone surrogates."""
    return stream.decode("utf-8", "surrogateescape")


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a stream, in order; nothing is left out."""
    end = 0
    for match in _TOKENS.finditer(text):
        if match.start() > end:
            yield Token("broken", text[end : match.start()])
        end = match.end()
        yield Token(match.lastgroup or "", match.group())
    if end < len(text):
        yield Token("broken", text[end:])


def whole(stream: bytes) -> int:
    """Return the end of the last complete piece of a stream."""
    last = max(stream.rfind(b"\x1b"), 0)
    rest = decoded(stream[last:])
    pieces = [token.text for token in tokens(rest)]
    return last if "\x1b" in pieces or "\udc80" <= rest[-1:] <= "\udcff" else len(stream)


def foreign(stream: bytes) -> list[Token]:
    """Return the pieces of a stream that are neither Textual's nor line ends."""
    return [token for token in tokens(decoded(stream)) if not _is_own(token)]


def _is_own(token: Token) -> bool:
    match token.kind:
        case "osc":
            return _POINTER.fullmatch(token.text) is not None
        case "text":
            return token.text.isprintable()
        case "control":
            return token.text in _LINES
        case "csi":
            return _OWN.fullmatch(token.text) is not None
    return False


class Modes:
    """The state of a terminal that was at rest before it read a stream."""

    def __init__(self, stream: bytes) -> None:
        self.on = dict(AT_REST)
        self.keyboards = 0
        """Kitty keyboard modes on the stack."""
        for token in tokens(decoded(stream)):
            if token.kind == "csi":
                self._take(token.text)

    def _take(self, text: str) -> None:
        if mode := _MODE.fullmatch(text):
            for number in mode[1].split(";"):
                self.on[number] = mode[2] == "h"
        elif _PUSH.fullmatch(text):
            self.keyboards += 1
        elif pop := _POP.fullmatch(text):
            self.keyboards = max(0, self.keyboards - int(pop[1] or 1))

    @property
    def left_on(self) -> list[str]:
        """The modes that differ from a terminal at rest; empty where all was put back."""
        left = [n for n in OF_A_SCREEN if self.on.get(n, False) != AT_REST.get(n, False)]
        return left + ["kitty keyboard"] * self.keyboards
