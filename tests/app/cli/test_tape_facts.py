"""``kis-tui tape`` for other programs: names and counts, JSON, a table on standard output."""

import csv
import json
from pathlib import Path

import pytest
from harness.command_line import CommandLine
from harness.tape_samples import FUTURE, OPTION, link, trades, with_end, write_tape

from app.feed.phase import LinkPhase
from app.system.files import ProgramFolders
from app.tape import library
from app.tape.entry import Header
from app.tape.keyframe import KeyframeBuilder
from app.tape.writer import TapeWriter


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.ktape"
    write_tape(path, with_end([link(0, LinkPhase.LIVE), *trades(300, every=100)]), every=50)
    return path


def own(name: str) -> Path:
    """Return the path of a tape in the user's folder."""
    folder = library.folder(ProgramFolders.find())
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.ktape"


def test_the_list_as_json_has_what_the_ends_of_the_tapes_tell(kis_tui: CommandLine) -> None:
    assert json.loads(kis_tui("tape", "list", "--json").out) == []
    write_tape(own("20261123-night"), with_end(trades(20), "session"))
    own("20261126-day").write_text("text")
    night, other = json.loads(kis_tui("tape", "list", "--json").out)
    assert (night["name"], night["trade_date"], night["ended"]) == (
        *("20261123-night", "2026-11-23", "session"),
    )
    assert (night["from"], night["size"]) == (
        *("2026-11-20T18:00:00.000+09:00", own("20261123-night").stat().st_size),
    )
    assert (night["recording"], night["damage"]) == (False, [])
    assert other["name"] == "20261126-day"
    assert "테이프" in other["state"]


def test_attempts_are_told_beside_the_connections_that_came_up(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "a.ktape"
    steps = [link(0, LinkPhase.LIVE), link(5, LinkPhase.BACKOFF, "silence")]
    steps += [link(epoch * 10, LinkPhase.DIAL, epoch=epoch) for epoch in range(2, 8)]
    write_tape(path, with_end([*steps, link(90, LinkPhase.LIVE, epoch=8)]))
    assert "2 of 8 attempts" in kis_tui("--lang", "en", "tape", "info", path).out
    found = json.loads(kis_tui("tape", "info", path, "--json").out)
    assert (found["connections"], found["dials"]) == (2, 8)


def test_names_are_told_of_a_tape_of_one_segment(kis_tui: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    heads, writer = KeyframeBuilder(), TapeWriter(path, Header("2026-11-23", "night"))
    heads.name({FUTURE: "선물 202612"})
    first, *others = trades(20)
    writer.begin_segment(heads.pack(), first.monotonic, first.wall)
    for one in (first, *others):
        writer.write(one)
    writer.close()
    found = json.loads(kis_tui("tape", "info", path, "--json").out)
    told = {one["code"]: one for one in found["codes"]}
    assert told[FUTURE]["name"] == "선물 202612"
    assert told[OPTION]["name"] is None
    assert all(isinstance(one["missed"], int) for one in told.values())


def test_a_cut_of_a_code_that_is_not_on_the_tape_says_so(
    kis_tui: CommandLine, night: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.ktape"
    told = kis_tui("--lang", "en", "tape", "cut", night, out, "--codes", "A01703")
    assert told.code == 2
    assert "nothing recorded of A01703" in told.err
    told = kis_tui("--lang", "en", "tape", "cut", night, out, "--codes", FUTURE, "--to", "18:00")
    assert not out.exists() or told.code == 0
    assert "nothing recorded of A01612" not in told.err


def test_a_table_goes_to_standard_output_or_to_a_file_of_one_tr(
    kis_tui: CommandLine, night: Path, tmp_path: Path
) -> None:
    told = kis_tui("tape", "export", night, "-", "--format", "csv", "--tr", "H0MFCNT0")
    assert told.code == 0
    heading, *rows = csv.reader(told.out.splitlines())
    assert heading[:2] == ["received", "code"]
    assert {row[1] for row in rows} == {FUTURE}
    one = tmp_path / "one.csv"
    assert kis_tui("tape", "export", night, one, "--format", "csv", "--tr", "H0MFCNT0").code == 0
    assert one.read_text() == told.out
    one.unlink()
    for out in ("-", one):
        told = kis_tui("--lang", "en", "tape", "export", night, out, "--format", "csv")
        assert (told.code, told.out) == (2, "")
        assert "--tr" in told.err
    assert not one.exists()
    told = kis_tui("tape", "export", night, "-", "--format", "parquet", "--tr", "H0MFCNT0")
    assert told.code == 2
    assert "Parquet" in told.err
