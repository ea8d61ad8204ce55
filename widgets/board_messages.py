"""What a board posts when its cursor moves or a title is clicked."""

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from widgets.board import Board


class _OfBoard(Message):
    def __init__(self, board: "Board") -> None:
        super().__init__()
        self.board = board

    @property
    def control(self) -> "Board":
        return self.board


class CursorMoved(_OfBoard):
    """The cursor is on another code."""

    def __init__(self, board: "Board", code: str) -> None:
        super().__init__(board)
        self.code = code


class HeaderClicked(_OfBoard):
    """A column's title was clicked."""

    def __init__(self, board: "Board", column: str) -> None:
        super().__init__(board)
        self.column = column
