"""The terminal's cursor at the input box, where an input method draws what it composes."""

import re
from pathlib import Path

from rig.terminal import COMMAND, Terminal

_MOVE = re.compile(rb"\x1b\[(\d+);(\d+)H")


def cursor(running: Terminal) -> tuple[int, int]:
    """Return row and column of the last move of the cursor, from 1."""
    row, column = _MOVE.findall(bytes(running.output))[-1]
    return int(row), int(column)


def box_row(running: Terminal, text: str) -> int:
    """Return the row in which a text is shown, from 1; 0 while it is not."""
    lines = running.text.splitlines()
    return next((at for at, line in enumerate(lines, 1) if text in line), 0)


def test_the_cursor_is_in_the_box_after_its_layout_and_follows_typing_and_resizing(
    home: Path,
) -> None:
    with Terminal([COMMAND, "--demo", "--lang", "ko"], home, size=(120, 40)) as running:
        running.shows("관심종목", "▲")
        running.type("a")
        running.shows("종목 추가")
        placeholder = "코드나 이름"
        running.until(lambda: cursor(running)[0] == box_row(running, placeholder))
        column = cursor(running)[1]
        assert column > 20
        running.type("콜")
        running.until(lambda: cursor(running)[1] == column + 2)
        running.resize(100, 30)
        running.until(lambda: cursor(running)[0] == box_row(running, "콜 "))
