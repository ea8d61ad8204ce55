"""What is copied from the screen to the clipboard of the terminal, as text."""

from textual.widget import Widget

from app.screens.textual_compat import SafeApp
from widgets.board import Board
from widgets.line_view import CursorView, LineView
from widgets.texts import t


def copy_shown(app: SafeApp, focused: Widget | None, board: Board, what: str) -> None:
    """Copy the row under the cursor of the view in focus, or with `what` "panel" all of it.

    `board` stands for a focus that is no view of lines.
    """
    view = focused if isinstance(focused, LineView) else board
    if view.selected_lines.text:
        app.copy_to_clipboard(view.selected_lines.text)
        app.show_toast(t("toast.copied", count=len(view.selected_lines.text.splitlines())))
        return
    row = view.row_text() if what == "row" and isinstance(view, CursorView) else ""
    if text := row or view.shown_text():
        app.copy_to_clipboard(text)
        app.show_toast(t("toast.copied", count=len(text.splitlines())))
