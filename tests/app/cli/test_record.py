"""``kis-tui record`` and ``--record``: tapes without a screen, and what is refused beforehand."""

import signal
import sys
from pathlib import Path

import msgspec
import pytest
from harness.command_line import CommandLine, run_process
from harness.live_simulator import LiveSimulator

from app.tape.entry import EntryKind
from app.tape.gap import EndEntry
from app.tape.keyframe import read
from app.tape.reader import Tape
from app.tape.summary import summarise

DEMO = ("--demo", "--start", "18:00", "--speed", "20")


def tapes(home: Path) -> list[Path]:
    return sorted((home / ".local" / "share" / "kis-tui" / "tapes").iterdir())


def ending(path: Path) -> str:
    """Check that a tape holds data and is not torn; return the reason of its end."""
    with Tape(path) as tape:
        entries = list(tape.entries())
        assert tape.torn() == 0
    assert any(e.kind == EntryKind.FRAME and e.payload.startswith(b"0|") for e in entries)
    assert entries[-1].kind == EntryKind.END
    return msgspec.json.decode(entries[-1].payload, type=EndEntry).why


def messages(path: Path) -> int:
    """Return the number that ``tape info`` gives as messages."""
    with Tape(path) as tape:
        return summarise(tape).frames


def test_a_file_of_its_own_holds_what_came_and_the_names(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "mine.ktape"
    told = kis_tui("record", "A01612", "B01612A33", *DEMO, "--timeout", "2", "--out", path)
    assert told.code == 0, told.err
    assert told.out == ""
    for words in ("기록 시작: mine.ktape", "실시간", "기록 종료: mine.ktape"):
        assert words in told.err
    assert ending(path) == "asked"
    names: dict[str, str] = {}
    with Tape(path) as tape:
        assert tape.header.demo
        for entry in tape.entries():
            if entry.kind == EntryKind.KEYFRAME:
                names |= read(entry.payload).names
    assert names["A01612"] == "F 202612"
    with Tape(path) as tape:
        found = summarise(tape)
    assert found.first is not None
    assert found.last is not None
    # The demo's wall hurries, and the tape's seconds with it.
    assert found.seconds == pytest.approx((found.last - found.first) / 1e9, abs=1.0)
    assert found.seconds > 20
    assert found.holes == []


def test_a_session_that_ends_ends_its_tape_and_the_next_one_goes_on(
    kis_tui: CommandLine, home: Path
) -> None:
    words = ("--demo", "--start", "05:58", "--speed", "60", "--timeout", "6")
    told = kis_tui("record", "A01612", *words)
    assert told.code == 0, told.err
    day, night = tapes(home)
    assert (day.name, night.name) == ("20261123-day-demo.ktape", "20261123-night-demo.ktape")
    assert ending(night) == "session"
    assert f"새 기록 파일: {day.name}" in told.err
    for path in (night, day):
        assert f"기록 종료: {path.name} · {messages(path):,}건\n" in told.err


ENDING = [signal.SIGTERM, signal.SIGINT]
if sys.platform != "win32":
    ENDING.append(signal.SIGHUP)


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_ends_it_with_the_tape_in_order(
    live: LiveSimulator, home: Path, number: signal.Signals
) -> None:
    with run_process("--lang", "en", "record", "A01612", "--session", "night") as process:
        assert process.stderr is not None
        for line in process.stderr:
            # By the clock of this machine the session may be closed.
            if "LIVE" in line or "connected" in line:
                break
        [path] = tapes(home)
        with Tape(path) as tape:
            began = len(list(tape.entries()))
        while began == 0 or not _has_data(path):
            assert process.poll() is None
        process.send_signal(number)
        assert process.wait(30) == 128 + number
        assert "recording ended: " in process.stderr.read()
    assert ending(path) == "asked"


def _has_data(path: Path) -> bool:
    with Tape(path) as tape:
        return any(e.payload.startswith(b"0|") for e in tape.entries())


def test_what_cannot_be_recorded_into_is_refused_before_anything_is_dialled(
    kis_tui: CommandLine, live: LiveSimulator, tmp_path: Path
) -> None:
    kept, link, blocked = (tmp_path / name for name in ("kept", "link", "blocked"))
    kept.write_text("mine")
    link.symlink_to(tmp_path / "nowhere")
    blocked.write_text("")
    for out in ("-", "/etc/passwd", kept, link, f"{blocked}/x.ktape", f"{kept}/", "/dev/full"):
        told = kis_tui("record", "A01612", "--session", "night", "--out", out)
        assert (told.code, told.out) == (2, "")
        assert str(out).rstrip("/") in told.err
        assert "--record" not in told.err
    told = kis_tui("record", "A01612", "--session", "night", "--out", tmp_path / "no" / "a.ktape")
    assert told.code == 2
    assert not (tmp_path / "no").exists()
    assert live.thread.simulator.approvals == 0
    assert kept.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_codes_that_no_tr_carries_are_no_recording(kis_tui: CommandLine, home: Path) -> None:
    told = kis_tui("record", "A11612", "--session", "night", "--demo", "--timeout", "1")
    assert told.code == 2
    assert "A11612" in told.err
    assert not (home / ".local" / "share" / "kis-tui" / "tapes").exists()


def test_a_time_that_is_over_without_a_connection_is_exit_code_3(
    kis_tui: CommandLine, live: LiveSimulator, home: Path
) -> None:
    live.stop()
    told = kis_tui("record", "A01612", "--session", "night", "--timeout", "0.3")
    assert told.code == 3
    [path] = tapes(home)
    with Tape(path) as tape:
        assert [*tape.entries()][-1].kind == EntryKind.END
