"""Ended tapes made smaller in their place, and what happens to those that must stay as they are."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random
from time import sleep

import pytest
from harness.command_line import ROOT, CommandLine
from harness.tape_samples import trades, with_end, write_tape

from app.system.errors import KisTuiError, UsageError
from app.tape import packing
from app.tape.check import check
from app.tape.entry import TapeEntry
from app.tape.packing import PASSES, PackResult, pack_tape
from app.tape.reader import Tape
from app.tape.writer import TapeWriter


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.ktape"
    write_tape(path, with_end(trades(400)), every=100)
    return path


def content(path: Path) -> tuple[object, ...]:
    with Tape(path) as tape:
        assert check(tape) == []
        heads = [(one.number, one.monotonic, one.wall) for one in tape.segments]
        return tape.header, heads, list(tape.entries())


def others(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir() if one != path)


def test_a_packed_tape_has_the_same_entries_name_mode_and_time(night: Path) -> None:
    before = content(night)
    os.chmod(night, 0o640)
    os.utime(night, ns=(1_000_000_000, 2_000_000_000))
    size, done = night.stat().st_size, list[int]()
    result = pack_tape(night, done.append)
    about = night.stat()
    assert result == PackResult(size, about.st_size)
    assert about.st_size < 0.8 * size
    assert content(night) == before
    assert (about.st_mode & 0o777, about.st_mtime_ns) == (0o640, 2_000_000_000)
    assert 0.9 * PASSES * size < sum(done) <= PASSES * size
    assert others(night) == []


def test_a_tape_that_is_packed_already_stays_the_same_file(night: Path) -> None:
    pack_tape(night)
    inode, size = night.stat().st_ino, night.stat().st_size
    assert pack_tape(night) == PackResult(size, size)
    assert night.stat().st_ino == inode
    assert others(night) == []


def test_a_link_stays_and_the_tape_that_it_leads_to_is_packed(night: Path) -> None:
    link, size = night.with_name("link.ktape"), night.stat().st_size
    link.symlink_to(night)
    assert pack_tape(link).after < size
    assert link.is_symlink()
    assert night.stat().st_size < size


def test_a_damaged_tape_is_not_packed(night: Path) -> None:
    damaged = bytearray(night.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    night.write_bytes(damaged)
    with pytest.raises(UsageError) as caught:
        pack_tape(night)
    assert caught.value.key == "tape.pack_damaged"
    assert night.read_bytes() == damaged
    assert others(night) == []


def test_a_tape_without_an_end_is_not_packed(tmp_path: Path) -> None:
    path = tmp_path / "open.ktape"
    write_tape(path, trades(50))
    before = path.read_bytes()
    with pytest.raises(UsageError) as caught:
        pack_tape(path)
    assert caught.value.key == "tape.pack_open"
    assert path.read_bytes() == before


def test_a_packed_tape_that_is_not_the_same_replaces_nothing(
    night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forgetful(TapeWriter):
        def write(self, entry: TapeEntry) -> None:
            if entry.monotonic % 50:
                super().write(entry)

    before = night.read_bytes()
    monkeypatch.setattr(packing, "TapeWriter", Forgetful)
    with pytest.raises(KisTuiError) as caught:
        pack_tape(night)
    assert caught.value.key == "tape.pack_differs"
    assert night.read_bytes() == before
    assert others(night) == []


def test_a_tape_that_grows_meanwhile_is_not_replaced(night: Path) -> None:
    def grow(_: int) -> None:
        with night.open("ab") as file:
            file.write(b"x")

    with pytest.raises(UsageError) as caught:
        pack_tape(night, grow)
    assert caught.value.key == "tape.pack_changed"
    assert others(night) == []


_ENDLESSLY = """
import sys
from pathlib import Path
from app.tape.packing import pack_tape
path = Path(sys.argv[1])
whole = path.read_bytes()
print(flush=True)
while True:
    pack_tape(path)
    beside = path.with_name("again")
    beside.write_bytes(whole)
    beside.replace(path)
"""


def test_a_kill_leaves_one_whole_tape_at_any_moment(night: Path) -> None:
    before, draw, sizes = content(night), Random(7), set[int]()
    for _ in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", _ENDLESSLY, str(night)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            sleep(draw.uniform(0.0, 0.1))
            child.kill()
        assert content(night) == before
        sizes.add(night.stat().st_size)
    night.with_name("again").unlink(missing_ok=True)
    write_tape(night.with_name("b.ktape"), with_end(trades(5)))
    pack_tape(night.with_name("b.ktape"))
    # What the killed ones left is swept.
    assert others(night) == ["b.ktape"]


def test_the_command_packs_each_file_and_names_those_it_left(
    kis_tui: CommandLine, night: Path, tmp_path: Path
) -> None:
    open_tape = tmp_path / "open.ktape"
    write_tape(open_tape, trades(50))
    size = night.stat().st_size
    told = kis_tui("--lang", "en", "tape", "pack", open_tape, "demo", "nowhere", night, night)
    assert told.code == 2
    assert told.out == ""
    assert night.stat().st_size < size
    assert told.err.count(str(night)) == 1
    assert "open.ktape: no end mark" in told.err
    assert "demo is built in" in told.err
    assert "nowhere" in told.err
    again = kis_tui("--lang", "en", "tape", "pack", night)
    assert (again.code, "already packed" in again.err) == (0, True)
