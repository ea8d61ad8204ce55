"""``kis-tui stream --record``: what is printed is in a tape as well."""

import json
from pathlib import Path

import pytest
from harness.command_line import CommandLine, run_process

from app.tape.entry import EntryKind
from app.tape.keyframe import read
from app.tape.reader import Tape
from specs.frame import decode
from specs.record import TradeRecord

DEMO = ("--demo", "--start", "18:00", "--speed", "20")


def prices(path: Path) -> list[float]:
    """The prices of the trades on a tape that ended in order."""
    with Tape(path) as tape:
        entries = list(tape.entries())
        assert tape.torn() == 0
    assert entries[-1].kind == EntryKind.END
    frames = [e.payload.decode() for e in entries if e.payload.startswith(b"0|")]
    records = [record for frame in frames for record in decode(frame).records]
    return [record.price for record in records if isinstance(record, TradeRecord)]


def test_what_is_printed_is_on_the_tape_and_narrated_beside_it(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "mine.ktape"
    words = ("stream", "B01612A33", *DEMO, "--count", "20", "--timeout", "25", "--record", path)
    told = kis_tui(*words)
    assert told.code == 0, told.err
    printed = [json.loads(line)["price"] for line in told.out.splitlines()]
    assert len(printed) == 20
    assert prices(path)[:20] == printed
    assert "기록 시작: mine.ktape" in told.err
    assert "기록 종료: mine.ktape" in told.err
    with Tape(path) as tape:
        frames = [read(e.payload).names for e in tape.entries() if e.kind == EntryKind.KEYFRAME]
    assert any("B01612A33" in names for names in frames)


def test_without_a_value_it_is_recorded_into_the_data_directory(
    kis_tui: CommandLine, home: Path
) -> None:
    told = kis_tui("stream", "B01612A33", "--record", *DEMO, "--count", "1", "--timeout", "25")
    assert told.code == 0, told.err
    [path] = (home / ".local" / "share" / "kis-tui" / "tapes").iterdir()
    assert path.name == "20261123-night-demo.ktape"
    assert prices(path)


def test_without_the_option_nothing_is_recorded(kis_tui: CommandLine, home: Path) -> None:
    told = kis_tui("stream", "B01612A33", *DEMO, "--count", "1", "--timeout", "25")
    assert told.code == 0, told.err
    assert "기록" not in told.err
    assert not list(home.rglob("*.ktape"))


@pytest.mark.parametrize("value", ["A01612", "b01612a33"])
def test_a_code_where_a_file_belongs_is_refused(
    kis_tui: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    told = kis_tui("stream", "--record", value, "B01612A33", *DEMO, "--count", "1")
    assert (told.code, told.out) == (2, "")
    assert f"--record {value}" in told.err
    assert f"./{value}" in told.err
    assert not (tmp_path / value).exists()


def test_a_place_that_will_not_do_is_refused_before_anything_is_printed(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    where = tmp_path / "missing" / "a.ktape"
    words = ("stream", "B01612A33", *DEMO, "--format", "csv", "--record", where)
    told = kis_tui(*words)
    assert (told.code, told.out) == (2, "")
    assert "폴더가 없습니다" in told.err
    assert not (tmp_path / "missing").exists()


def test_a_tape_that_is_replayed_is_not_recorded(kis_tui: CommandLine, tmp_path: Path) -> None:
    told = kis_tui("stream", "--replay", "demo", "--record", tmp_path / "a.ktape")
    assert (told.code, told.out) == (2, "")
    assert "--record" in told.err
    assert not (tmp_path / "a.ktape").exists()


def test_a_pipe_that_is_closed_ends_the_tape_in_order(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.ktape"
    words = ("stream", "B01612A33", *DEMO, "--timeout", "25", "--record", f"{path}")
    with run_process(*words) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("{")
        process.stdout.close()
        process.wait(30)
    assert prices(path)
