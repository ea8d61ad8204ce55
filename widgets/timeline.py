"""The timeline of a tape in two lines: phases, marks, and the playback position."""

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from rich.cells import cell_len
from textual import events
from textual.message import Message

from widgets import cells
from widgets.sheet import Piece, TextLine, TextSheet

ASIDE = 16
"""Cells on the left, for the playback time and state."""

_END = 6
_PLAYED, _AHEAD, _HEAD = "━", "─", "●"


class TimelineShade(Struct, frozen=True):
    """A part of the bar, by its ends from 0 to 1."""

    begin: float
    end: float
    names: tuple[str, ...]
    """Its names, the longest first; the first that fits is shown."""
    tone: str
    """A component class such as ``open``."""


class TimelineMark(Struct, frozen=True):
    """A mark on the bar, at a position from 0 to 1."""

    position: float
    sign: str
    tone: str


class TimelinePicture(Struct, frozen=True):
    """The part of the timeline that does not change during playback."""

    begin: str
    end: str
    shades: tuple[TimelineShade, ...]
    marks: tuple[TimelineMark, ...]


class PlaybackHead(Struct, frozen=True):
    """The playback position from 0 to 1, its time and state."""

    position: float
    time: str
    state: str


class TimelineBar(TextSheet):
    """Draws both lines; a click requests a position."""

    TONE_PREFIX = "timeline"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "timeline--time",
        "timeline--state",
        "timeline--label",
        "timeline--closed",
        "timeline--auction",
        "timeline--open",
        "timeline--played",
        "timeline--ahead",
        "timeline--head",
        "timeline--gap",
        "timeline--mark",
    }

    class Chosen(Message):
        """A position from 0 to 1 was clicked."""

        def __init__(self, place: float) -> None:
            super().__init__()
            self.place = place

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self._course = TimelinePicture("", "", (), ())
        self._head = PlaybackHead(0.0, "", "")

    def show(self, course: TimelinePicture, head: PlaybackHead) -> None:
        """Show a timeline and the playback head."""
        if (course, head) != (self._course, self._head):
            self._course, self._head = course, head
            self.rewrite()

    @property
    def text(self) -> str:
        """Both lines."""
        return "\n".join(self.render_line(y).text for y in (0, 1))

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        left, room = self._bar()
        if at is not None and room > 1 and left <= at.x < left + room:
            self.post_message(self.Chosen((at.x - left) / (room - 1)))

    def lines(self, width: int, height: int) -> list[TextLine]:
        above: list[Piece] = [(cells.fit(self._head.time, ASIDE), "time")]
        below: list[Piece] = [(cells.fit(self._head.state, ASIDE), "state")]
        _, room = self._bar()
        if room > 1:
            ends = self._course.begin, self._course.end
            for line, (begin, end), bar in (
                (above, ends, self._shaded(room)),
                (below, ("", ""), self._line(room)),
            ):
                line.append((cells.fit(begin, _END), "label"))
                line += bar
                line.append((" " + cells.fit(end, _END - 1), "label"))
        return [tuple(above), tuple(below)]

    def _bar(self) -> tuple[int, int]:
        """Return the first column of the bar, and its width."""
        left = ASIDE + _END
        return left, max(0, self.size.width - left - _END)

    def _shaded(self, room: int) -> list[Piece]:
        pieces: list[Piece] = []
        done = 0
        for shade in self._course.shades:
            until = room if shade.end >= 1 else min(room, round(shade.end * room))
            if until > done:
                size = until - done
                name = next((one for one in shade.names if cell_len(one) <= size), "")
                # Separated from the shade on its left if there is room.
                name = f" {name}" if cell_len(name) < size else name
                pieces.append((cells.fit(name, size), shade.tone))
                done = until
        if done < room:
            pieces.append((" " * (room - done), "closed"))
        return pieces

    def _line(self, room: int) -> list[Piece]:
        head = self._cell(self._head.position, room)
        signs: list[tuple[str, str]] = [
            (_PLAYED, "played") if x < head else (_AHEAD, "ahead") for x in range(room)
        ]
        for mark in self._course.marks:
            signs[self._cell(mark.position, room)] = mark.sign, mark.tone
        signs[head] = _HEAD, "head"
        return _joined(signs)

    def _cell(self, place: float, room: int) -> int:
        return max(0, min(room - 1, round(place * (room - 1))))


def _joined(signs: Sequence[Piece]) -> list[Piece]:
    """Join neighbours of one tone."""
    pieces: list[Piece] = []
    text, tone = "", ""
    for sign, its in (*signs, ("", "")):
        if its != tone and text:
            pieces.append((text, tone))
            text = ""
        text, tone = text + sign, its
    return pieces
