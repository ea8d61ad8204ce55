"""What a board posts when its cursor moves or a title is clicked."""

from textual.message import Message

from widgets.line_view import CursorView


class _OfBoard(Message):
    def __init__(self, board: CursorView) -> None:
        super().__init__()
        self.board = board

    @property
    def control(self) -> CursorView:
        return self.board


class CursorMoved(_OfBoard):
    """The cursor is on another code."""

    def __init__(self, board: CursorView, code: str) -> None:
        super().__init__(board)
        self.code = code


class HeaderClicked(_OfBoard):
    """A column's title was clicked."""

    def __init__(self, board: CursorView, column: str) -> None:
        super().__init__(board)
        self.column = column
