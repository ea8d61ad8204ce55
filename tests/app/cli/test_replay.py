"""``--replay`` on the command line: what is refused, what is printed, what is never imported."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from harness.command_line import ROOT, CommandLine
from harness.player_harness import frame, write_segments
from harness.sample_frames import frame as text
from harness.sample_frames import record
from harness.tape_samples import trades, with_end
from harness.tape_samples import write_tape as recorded


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
        (["--replay", "demo", "--at", "23:00"], "이 기록은 17:49:"),
        (["--replay", "demo", "--at", "17:48"], "17:48: 이 기록에 없는"),
        (["--replay", "demo", "--at", "01:30"], "19:00"),
        (["--at", "18:00"], "--at"),
        (["--demo", "--speed", "max"], "max"),
        (["stream", "--replay", "demo", "--demo"], "--demo"),
        (["stream", "--replay", "demo", "--timeout", "3"], "--count"),
        (["stream", "--replay", "demo", "--session", "day"], "주간"),
        (["stream", "--replay", "demo", "--from", "03:00"], "03:00"),
        (["stream", "--replay", "demo", "--to", "noon"], "noon"),
        (["stream", "--replay", "demo", "--from", "18:10", "--to", "18:05"], "--to"),
        (["stream", "A01612", "--replay", "demo", "--channel", "book", "--to", "17:50"], "조건"),
        (["stream", "A01612", "--demo", "--from", "18:00"], "--replay"),
        (["stream", "--replay", "demo", "--count", "100000000"], "기록이 끝났습니다"),
    ],
)
def test_what_does_not_go_together_is_said(
    kis_tui: CommandLine, words: list[str], told: str
) -> None:
    run = kis_tui(*words)
    assert run.code != 0
    assert told in run.err
    assert "Traceback" not in run.err


def test_a_replay_wants_a_terminal_and_no_keys(kis_tui: CommandLine) -> None:
    run = kis_tui("--replay", "demo")
    assert run.code == 2
    assert "터미널이 아닙니다" in run.err


def test_a_tape_without_an_entry_is_told(kis_tui: CommandLine, tmp_path: Path) -> None:
    path = write_segments(tmp_path / "empty.ktape", [])
    assert "내용이 없는" in kis_tui("--replay", path).err
    assert "내용이 없는" in kis_tui("stream", "--replay", path).err


def test_stream_prints_the_records_of_a_tape_with_their_own_times(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    option = "H0EUCNT0"
    entries = [
        frame(text(option, record(option, "B01612A18"), record(option, "B01612A18")), 0, 1.8e9),
        frame("0|damaged", 1),
        frame(text("H0EUASP0", record("H0EUASP0", "B01612A18")), 2, 1.8e9 + 2),
        frame(text(option, record(option, "C01612A18")), 3, 1.8e9 + 3.5),
    ]
    path = write_segments(tmp_path / "a.ktape", entries)
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
    day = kis_tui("stream", "--replay", path, "--session", "day")
    assert (day.code, day.out) == (2, "")
    two = kis_tui("stream", "--replay", path, "--count", "2", "--format", "csv").out.splitlines()
    assert len(two) == 3


def test_nothing_that_dials_is_imported_for_a_replay() -> None:
    program = """
import sys
import app.cli.replay, app.screens.replay_app
assert not {"aiohttp", "app.feed.socket", "app.simulator.simulator"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_stream_prints_what_lies_between_two_times_of_a_tape(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "a.ktape"
    recorded(path, with_end(trades(600)), every=100)

    def seconds(*words: str) -> list[str]:
        out = kis_tui("stream", "--replay", path, *words).out
        return [json.loads(line)["received"][11:19] for line in out.splitlines()]

    assert len(seconds()) == 600
    found = seconds("--from", "18:02:10", "--to", "18:05")
    assert (found[0], found[-1], len(found)) == ("18:02:10", "18:05:00", 171)
    assert seconds("--from", "18:09:58") == ["18:09:58", "18:09:59"]
    assert seconds("--to", "18:00:01") == ["18:00:00", "18:00:01"]


def test_stream_says_what_of_a_damaged_tape_it_passed_over(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "a.ktape"
    sizes = recorded(path, with_end(trades(250)))
    whole = kis_tui("--lang", "en", "stream", "--replay", path)
    assert whole.err == ""
    content = bytearray(path.read_bytes())
    content[sizes[120]] ^= 0xFF
    path.write_bytes(content)
    told = kis_tui("--lang", "en", "stream", "--replay", path)
    assert (told.code, len(told.out.splitlines())) == (0, 121)
    assert f"byte {sizes[120]:,} (2026-11-20 18:02:00): damaged" in told.err
    assert f"kis-tui tape repair {path}" in told.err


def test_stream_says_that_a_tape_is_still_being_recorded(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "a.ktape"
    recorded(path, trades(10))
    assert "still being recorded" in kis_tui("--lang", "en", "stream", "--replay", path).err
