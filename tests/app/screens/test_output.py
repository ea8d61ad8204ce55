"""What the program writes to the terminal while little happens, or under an open dialog."""

import re
import time
from pathlib import Path

import pytest
from rig.kis_host import KisHost
from rig.runs import Run, run
from rig.terminal import COMMAND, SYNC_BEGIN, Terminal

SECONDS = 4.0
QUIET = 2000
"""Bytes that a second may cost in which nothing, or only one price, changes."""

DIALOGS = {"?": "─ 도움말", "a": "─ 종목 추가", "b": "─ 등록 현황", "c": "─ 표시 항목 설정"}
_ROW = re.compile(rb"\x1b\[(\d+);1H")


def written(running: Terminal) -> bytes:
    """Return what is written in some seconds."""
    before = len(running.output)
    time.sleep(SECONDS)
    return bytes(running.output[before:])


def rows_of_largest_paint(output: bytes) -> int:
    """Return how many rows one paint wrote from their first column on."""
    return max(len(set(_ROW.findall(paint))) for paint in output.split(SYNC_BEGIN))


def test_a_quiet_second_costs_little(home: Path) -> None:
    with KisHost() as host, run(host, home) as running:
        running.goes_live()
        _settle(running)
        assert len(written(running)) < QUIET * SECONDS


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_the_first_picture_is_painted_whole_once(home: Path, size: tuple[int, int]) -> None:
    with Terminal([COMMAND, "--demo", "--start", "03:00", "--lang", "ko"], home, size=size) as one:
        one.shows("실시간")
        assert bytes(one.output).count("도움말".encode()) == 1


@pytest.mark.parametrize(("key", "title"), DIALOGS.items())
def test_an_open_dialog_is_not_painted_again_with_the_market(
    home: Path, key: str, title: str
) -> None:
    command = [COMMAND, "--demo", "--start", "03:00", "--lang", "ko"]
    with Terminal(command, home) as running:
        running.shows("실시간")
        running.type(key)
        running.shows(title)
        _settle(running)
        output = written(running)
        assert len(output) < QUIET * SECONDS
        assert rows_of_largest_paint(output) <= 1
        # All that changed meanwhile is painted when the dialog closes.
        before = len(running.output)
        running.type("\x1b")
        running.hides(title)
        running.until(lambda: rows_of_largest_paint(bytes(running.output[before:])) > 20)


def _settle(running: Run | Terminal) -> None:
    """Wait until two seconds cost little, which the first paints, or those of a dialog, do not."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        before = len(running.output)
        time.sleep(2.0)
        if len(running.output) - before < 2 * QUIET:
            return
