"""Input that the terminal garbles costs its own key, never the program."""

import os
import threading
from pathlib import Path

import pytest
from rig.kis_host import KisHost
from rig.runs import run
from textual.message import Message

from app.screens.textual_compat.terminal_driver import TerminalDriver

PRESSED = "\x1b[<0;5;5M\x1b[<0;5;5m"
NO_PIXELS = "\x1b[48;40;120;0;0t"
"""A window size in band (mode 2048) as terminals send it that do not know their pixels."""

HELP = "─ 도움말 ─"

GARBLED = {
    "a Hangul key of a terminal set to EUC-KR": "\udca4\udcb1",
    "half a character": "\udce3",
    "a key code beyond Unicode": "\x1b[1114112u",
    "a huge key code": f"\x1b[{'9' * 25}u",
    "a click in a window of no pixels": NO_PIXELS + PRESSED * 2,
    "a sequence without an end": "\x1b[" + "1;" * 60,
}


@pytest.mark.parametrize("name", GARBLED)
def test_the_next_keys_work_after_garbled_input(name: str, home: Path) -> None:
    with KisHost() as host, run(host, home) as running:
        running.goes_live()
        running.type(GARBLED[name])
        # Its own key, for what follows half a character could belong to it.
        running.type("  ?")
        running.shows(HELP)
        running.type("\x1b")
        running.hides(HELP)
        running.type("q")
        assert running.ends() == 0
        running.lets_go()
        assert running.reports == []


def test_keys_of_one_read_have_one_time_however_long_each_takes() -> None:
    times: list[float] = []

    class Collecting(TerminalDriver):
        def __init__(self, fileno: int) -> None:
            self.fileno = fileno
            self.exit_event = threading.Event()
            self._debug = False

        def process_message(self, message: Message) -> None:
            times.append(message.time)
            assert Message().time > message.time
            if len(times) == 2:
                self.exit_event.set()

    reading, writing = os.pipe()
    try:
        os.write(writing, b"\x03\x03")
        Collecting(reading).run_input_thread()
    finally:
        os.close(reading)
        os.close(writing)
    assert times[0] == times[1]
