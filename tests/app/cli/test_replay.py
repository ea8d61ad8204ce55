"""``--replay`` on the command line: what is refused, what is printed, what is never imported."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ROOT, Commands
from played import frame, write
from sample_frames import frame as text
from sample_frames import record


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--replay", "nosuch"], "nosuch"),
        (["--replay", "demo", "--demo"], "--demo"),
        (["--replay", "demo", "--seed", "3"], "--seed"),
        (["--replay", "demo", "--date", "2026-11-20"], "--date"),
        (["--replay", "demo", "--record"], "--record"),
        (["--replay", "demo", "--session", "day"], "--session"),
        (["--replay", "demo", "--speed", "0.1"], "0.1"),
        (["--replay", "demo", "--speed", "fast"], "fast"),
        (["--replay", "demo", "--at", "25:00:99"], "25:00:99"),
        (["--replay", "demo", "--at", "23:00"], "테이프는 17:49:"),
        (["--replay", "demo", "--at", "17:48"], "17:48: 이 테이프에 없는"),
        (["--replay", "demo", "--at", "01:30"], "19:00"),
        (["--at", "18:00"], "--at"),
        (["--demo", "--speed", "max"], "max"),
        (["stream", "--replay", "demo", "--demo"], "--demo"),
        (["stream", "--replay", "demo", "--timeout", "3"], "--timeout"),
        (["stream", "--replay", "demo", "--count", "100000000"], "테이프가 끝났습니다"),
    ],
)
def test_what_does_not_go_together_is_said(kis_tui: Commands, words: list[str], told: str) -> None:
    run = kis_tui(*words)
    assert run.code != 0
    assert told in run.err
    assert "Traceback" not in run.err


def test_a_replay_wants_a_terminal_and_no_keys(kis_tui: Commands) -> None:
    run = kis_tui("--replay", "demo")
    assert run.code == 2
    assert "터미널이 아닙니다" in run.err


def test_a_tape_without_an_entry_is_told(kis_tui: Commands, tmp_path: Path) -> None:
    path = write(tmp_path / "empty.ktape", [])
    assert "기록된 것이 없는" in kis_tui("--replay", path).err
    assert "기록된 것이 없는" in kis_tui("stream", "--replay", path).err


def test_stream_prints_the_records_of_a_tape_with_their_own_times(
    kis_tui: Commands, tmp_path: Path
) -> None:
    option = "H0EUCNT0"
    entries = [
        frame(text(option, record(option, "B01612A18"), record(option, "B01612A18")), 0, 1.8e9),
        frame("0|damaged", 1),
        frame(text("H0EUASP0", record("H0EUASP0", "B01612A18")), 2, 1.8e9 + 2),
        frame(text(option, record(option, "C01612A18")), 3, 1.8e9 + 3.5),
    ]
    path = write(tmp_path / "a.ktape", entries)
    told = [json.loads(line) for line in kis_tui("stream", "--replay", path).out.splitlines()]
    assert [(one["code"], one["received"]) for one in told] == [
        ("B01612A18", "2027-01-15T17:00:00.000+09:00"),
        ("B01612A18", "2027-01-15T17:00:00.000+09:00"),
        ("C01612A18", "2027-01-15T17:00:03.500+09:00"),
    ]
    one = kis_tui("stream", "C01612A18", "--replay", path).out.splitlines()
    assert len(one) == 1
    books = kis_tui("stream", "--replay", path, "--channel", "book").out.splitlines()
    assert len(books) == 1
    assert kis_tui("stream", "--replay", path, "--session", "day").out == ""
    two = kis_tui("stream", "--replay", path, "--count", "2", "--format", "csv").out.splitlines()
    assert len(two) == 3


def test_nothing_that_dials_is_imported_for_a_replay() -> None:
    program = """
import sys
import app.cli.replay, app.replay.replay_tui
assert not {"aiohttp", "app.feed.socket", "app.simulator.simulator"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
