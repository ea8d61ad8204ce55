"""Lines of a view that are selected by dragging the mouse over them, to be copied."""

from textual.geometry import Offset
from textual.message import Message

FARTHEST_CLICK = 2
"""Cells that the mouse may move within a line between press and release of a click."""


class LinesSelected(Message):
    """Lines were selected: the mouse button was released over them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class LineSelection:
    """The lines between where the button went down and where the mouse is, from the top."""

    def __init__(self) -> None:
        self._pressed: Offset | None = None
        self.lines = range(0)
        """The selected lines; empty for none."""
        self.text = ""
        """What they showed when the button was released."""
        self.was_dragged = False
        """Whether the last press was a drag, so that its release is no click."""

    @property
    def is_pressed(self) -> bool:
        """Whether the button is down."""
        return self._pressed is not None

    def press(self, position: Offset) -> None:
        """Begin at a position; what was selected is so no longer."""
        self.clear()
        self._pressed, self.was_dragged = position, False

    def drag(self, position: Offset) -> bool:
        """Select the lines up to a position and return whether others were selected."""
        start = self._pressed
        if start is None:
            return False
        is_near = position.y == start.y and abs(position.x - start.x) <= FARTHEST_CLICK
        if is_near and not self.was_dragged:
            return False
        before, self.was_dragged = self.lines, True
        self.lines = range(min(start.y, position.y), max(start.y, position.y) + 1)
        return self.lines != before

    def release(self, text: str) -> None:
        """Keep the text of what is selected; the button is up."""
        self._pressed, self.text = None, text

    def clear(self) -> bool:
        """Select nothing; return False if nothing was selected."""
        had, self.lines, self.text, self._pressed = bool(self.lines), range(0), "", None
        return had
