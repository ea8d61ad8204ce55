"""``kis-tui tape`` with damaged tapes: reports the missing entries, their place and times."""

import json
import os
from pathlib import Path

import pytest
from harness.command_line import CommandLine
from harness.tape_samples import link, trades, with_end, write_tape

from app.feed.phase import LinkPhase
from app.tape.entry import MARKER
from app.tape.reader import Tape


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.ktape"
    write_tape(path, with_end([link(0, LinkPhase.LIVE), *trades(300, every=100)]), every=50)
    return path


def test_repair_says_from_when_nobody_knows_how_many_are_gone(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "a.ktape"
    sizes = write_tape(path, with_end(trades(250)))
    content = bytearray(path.read_bytes())
    content[sizes[120]] ^= 0xFF
    path.write_bytes(content)
    told = kis_tui("--lang", "en", "tape", "verify", path)
    assert told.out.startswith(f"byte {sizes[120]:,} (2026-11-20 18:02:00): damaged")
    told = kis_tui("--lang", "en", "tape", "repair", path)
    assert "from 2026-11-20 18:02:00 to the end" in told.err
    assert "0 entries" not in told.err


def test_tapes_one_behind_the_other_are_repaired_into_a_file_each(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path, both = tmp_path / "a.ktape", tmp_path / "both.ktape"
    write_tape(path, with_end(trades(50)))
    both.write_bytes(path.read_bytes() * 3)
    told = kis_tui("--lang", "en", "tape", "verify", both)
    assert told.code == 1
    assert f"byte {path.stat().st_size:,}" in told.out
    assert "another tape begins here" in told.out
    assert kis_tui("tape", "repair", both).code == 0
    for end in ("", "-2", "-3"):
        made = tmp_path / f"both-repaired{end}.ktape"
        assert kis_tui("tape", "verify", made).code == 0
        with Tape(made) as tape:
            assert len(list(tape.entries())) == 52


def test_who_exports_or_cuts_a_damaged_tape_is_told_what_was_passed_over(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "a.ktape"
    sizes = write_tape(path, with_end(trades(250)))
    content = bytearray(path.read_bytes())
    content[sizes[120]] ^= 0xFF
    path.write_bytes(content)
    for words in (
        ("export", path, tmp_path / "tables", "--format", "csv"),
        ("cut", path, tmp_path / "cut.ktape", "--from", "18:00"),
    ):
        told = kis_tui("--lang", "en", "tape", *words)
        assert told.code == 0
        assert f"byte {sizes[120]:,} (2026-11-20 18:02:00): damaged" in told.err
        assert f"kis-tui tape repair {path}" in told.err


def test_verify_as_json_says_what_is_damaged(kis_tui: CommandLine, night: Path) -> None:
    os.truncate(night, night.stat().st_size - 400)
    hurt = night
    told = kis_tui("tape", "verify", hurt, "--json")
    [found] = json.loads(told.out)["damage"]
    assert told.code == 1
    assert (found["what"], found["byte"] + found["count"]) == ("torn", hurt.stat().st_size)


def test_verify_of_a_header_alone_advises_no_repair(kis_tui: CommandLine, night: Path) -> None:
    content = night.read_bytes()
    for size in (20, content.index(MARKER) + 60):
        night.write_bytes(content[:size])
        told = kis_tui("--lang", "en", "tape", "verify", night)
        assert told.code == 1
        assert "nothing can be read" in told.err
        assert "tape repair" not in told.err
        assert "nothing can be read" in kis_tui("--lang", "en", "tape", "repair", night).err
