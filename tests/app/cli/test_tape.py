"""``kis-tui tape``: what it prints, what it writes, and which exit code it leaves."""

import csv
import json
import os
import stat
from pathlib import Path

import pytest
from harness.command_line import CommandLine, run_process
from harness.tape_samples import FUTURE, OPTION, entry, link, trade, trades, with_end, write_tape

from app.feed.phase import LinkPhase
from app.system.clock import KST
from app.system.files import ProgramFolders
from app.tape import library
from app.tape.entry import Header
from app.tape.reader import Tape
from app.tape.times import moment

NIGHT = [
    link(0, LinkPhase.LIVE),
    *trades(300, every=100),
    link(30_000, LinkPhase.BACKOFF, "silence"),
    link(30_090, LinkPhase.LIVE, epoch=2),
    entry(30_100, trade(FUTURE, 30_100, 9000)),
]


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.ktape"
    write_tape(path, with_end(NIGHT), every=50)
    return path


def own(name: str) -> Path:
    """Return the path of a tape in the user's folder."""
    folder = library.folder(ProgramFolders.find())
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.ktape"


def torn(path: Path, name: str) -> Path:
    out = path.with_name(f"{name}.ktape")
    sizes = write_tape(out, NIGHT, every=50)
    os.truncate(out, sizes[-1] - 4)
    return out


def test_info_tells_what_a_tape_holds(kis_tui: CommandLine, night: Path) -> None:
    told = kis_tui("--lang", "en", "tape", "info", night)
    assert (told.code, told.err) == (0, "")
    assert "2026-11-23 night" in told.out
    assert "2026-11-20 18:00:00 – 2026-11-21 02:21:40 KST · 8:21:40" in told.out
    assert "connections  2 of 2 attempts" in told.out
    assert "closed (by the user)" in told.out
    assert "2026-11-21 02:20:00    1:30  no data received" in told.out
    [line] = [line for line in told.out.splitlines() if line.startswith(FUTURE)]
    assert int(line.split()[-1].replace(",", "")) > 1000


def test_info_as_json_has_all_of_it(kis_tui: CommandLine, night: Path) -> None:
    told = kis_tui("tape", "info", night, "--json")
    found = json.loads(told.out)
    assert (found["trade_date"], found["session"], found["demo"]) == ("2026-11-23", "night", False)
    assert found["from"] == "2026-11-20T18:00:00.000+09:00"
    assert sum(found["records"].values()) == 301
    assert {one["code"] for one in found["codes"]} == {FUTURE, OPTION}
    assert sum(one["records"] for one in found["codes"]) == 301
    [gap] = found["gaps"]
    assert (gap["of"], gap["reason"], gap["seconds"]) == ("connection", "silence", 90.0)
    assert (found["connections"], found["ended"], found["damage"]) == (2, "asked", [])
    assert found["size"] == night.stat().st_size
    assert found["bytes_per_entry"] == round(found["size"] / found["entries"], 1)


def test_info_of_a_damaged_tape_says_so(kis_tui: CommandLine, night: Path) -> None:
    told = kis_tui("--lang", "en", "tape", "info", torn(night, "torn"))
    assert told.code == 0
    assert told.out.count("the last entry is incomplete") == 2


def test_the_auctions_of_a_tape_are_those_of_its_hours(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, [entry(-300, "{}"), entry(12 * 3600 - 60, "{}")])
    found = json.loads(kis_tui("tape", "info", path, "--json").out)
    assert [(one["phase"], one["from"][11:16], one["to"][11:16]) for one in found["auctions"]] == [
        ("opening_auction", "17:50", "18:00"),
        ("closing_auction", "05:50", "06:00"),
    ]


def test_verify_says_what_is_damaged_and_where(kis_tui: CommandLine, night: Path) -> None:
    told = kis_tui("--lang", "en", "tape", "verify", night)
    assert (told.code, told.err) == (0, "")
    hurt = torn(night, "torn")
    told = kis_tui("--lang", "en", "tape", "verify", hurt)
    assert told.code == 1
    assert told.out.startswith("byte ")
    assert "the last entry is incomplete" in told.out
    assert f"kis-tui tape repair {hurt}" in told.err


def test_verify_of_a_tape_without_an_end_says_so_and_is_whole(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, NIGHT)
    for seconds, words, grows in ((0, "or just interrupted", True), (600, "or interrupted", False)):
        written = path.stat().st_mtime - seconds
        os.utime(path, (written, written))
        told = kis_tui("--lang", "en", "tape", "verify", path)
        assert told.code == 0
        assert "no end mark" in told.err
        assert words in told.err
        found = json.loads(kis_tui("tape", "verify", path, "--json").out)
        assert (found["recording"], found["ended"], found["damage"]) == (grows, False, [])


def test_repair_writes_beside_it_and_never_over_anything(kis_tui: CommandLine, night: Path) -> None:
    hurt = torn(night, "torn")
    before = hurt.read_bytes()
    told = kis_tui("tape", "repair", hurt)
    assert (told.code, told.out) == (0, "")
    made = hurt.with_name("torn-repaired.ktape")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert kis_tui("tape", "verify", made).code == 0
    assert hurt.read_bytes() == before
    told = kis_tui("tape", "repair", hurt)
    assert told.code == 2
    assert str(made) in told.err


def test_repair_of_a_tape_by_its_name_lies_among_the_tapes(kis_tui: CommandLine) -> None:
    sizes = write_tape(own("20261123-night"), NIGHT)
    os.truncate(own("20261123-night"), sizes[-1] - 1)
    assert kis_tui("tape", "repair", "20261123-night").code == 0
    assert kis_tui("tape", "verify", "20261123-night-repaired").code == 0


def test_the_tape_that_is_built_in_is_repaired_into_this_folder(
    kis_tui: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert kis_tui("tape", "repair", "demo").code == 0
    assert [one.name for one in Path().iterdir()] == ["demo-repaired.ktape"]
    assert kis_tui("tape", "verify", "demo-repaired.ktape").code == 0


def span(path: Path) -> tuple[str, str]:
    with Tape(path) as tape:
        moments = [moment(one.wall) for one in tape.entries()]
    ends = [one.astimezone(KST) for one in moments if one is not None]
    return f"{ends[0]:%d %H:%M:%S}", f"{ends[-1]:%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        (("--from", "19:00", "--to", "20:00:00"), "20 19:00:00", "20 20:00:00"),
        (("--from", "23:59:59", "--to", "01:30"), "21 00:00:00", "21 01:30:00"),
        (("--to", "18:05"), "20 18:00:00", "20 18:05:00"),
        (("--from", "02:20"), "21 02:20:00", "21 02:21:40"),
    ],
)
def test_cut_takes_hours_before_noon_for_the_next_morning(
    kis_tui: CommandLine, night: Path, words: tuple[str, ...], first: str, last: str
) -> None:
    out = night.with_name("cut.ktape")
    assert kis_tui("tape", "cut", night, out, *words).code == 0
    assert span(out) == (first, last)
    assert kis_tui("tape", "verify", out).code == 0


def test_a_night_that_was_recorded_after_midnight_is_of_the_evening_before(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    write_tape(path, [entry(8 * 3600 + n, "{}") for n in range(60)])
    assert kis_tui("tape", "cut", path, out, "--from", "02:00:30", "--to", "02:00:40").code == 0
    assert span(out) == ("21 02:00:30", "21 02:00:40")


def test_a_day_has_its_mornings_on_its_own_date(kis_tui: CommandLine, tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    write_tape(
        path, [entry(n - 8 * 3600, "{}") for n in range(60)], header=Header("2026-11-20", "day")
    )
    assert kis_tui("tape", "cut", path, out, "--from", "10:00:30").code == 0
    assert span(out) == ("20 10:00:30", "20 10:00:59")


def test_cut_refuses_what_makes_no_sense(kis_tui: CommandLine, night: Path) -> None:
    out = night.with_name("cut.ktape")
    for words, code in (
        ((), 2),
        (("--from", "01:00", "--to", "19:00"), 2),
        (("--from", "04:00"), 2),
        (("--from", "25:00"), 2),
        (("--codes", "nonsense"), 2),
        (("--codes", "B01612A31"), 2),
    ):
        told = kis_tui("tape", "cut", night, out, *words)
        assert (told.code, told.out) == (code, ""), words
        assert not out.exists() or words == ("--codes", "B01612A31")
        out.unlink(missing_ok=True)
    out.write_bytes(b"mine")
    assert kis_tui("tape", "cut", night, out, "--from", "19:00").code == 2
    assert out.read_bytes() == b"mine"


def test_export_names_tables_by_their_tr(kis_tui: CommandLine, night: Path) -> None:
    out = night.with_name("out")
    told = kis_tui("tape", "export", night, out, "--format", "csv")
    assert (told.code, told.out) == (0, "")
    assert sorted(one.name for one in out.iterdir()) == ["night-H0EUCNT0.csv", "night-H0MFCNT0.csv"]
    assert kis_tui("tape", "export", night, out, "--format", "csv").code == 2
    assert kis_tui("tape", "export", night, out, "--format", "csv", "--force").code == 0


def test_export_of_one_tr_may_name_its_file(kis_tui: CommandLine, night: Path) -> None:
    out = night.with_name("futures.csv")
    words = ("--format", "csv", "--tr", "h0mfcnt0", "--codes", "a01612")
    assert kis_tui("tape", "export", night, out, *words).code == 0
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["code"] for row in rows} == {FUTURE}
    told = kis_tui("tape", "export", night, out, "--format", "csv", "--tr", "H0XXCNT0")
    assert told.code == 2
    assert "H0XXCNT0" in told.err


def test_export_without_a_place_goes_here(
    kis_tui: CommandLine, night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert kis_tui("tape", "export", night, "--format", "parquet").code == 0
    assert len(list(Path().iterdir())) == 2


def test_list_shows_the_tapes_of_the_user(kis_tui: CommandLine) -> None:
    told = kis_tui("tape", "list")
    assert (told.code, told.out) == (0, "")
    write_tape(own("20261123-night"), with_end(NIGHT, "session"))
    write_tape(own("20261124-night"), NIGHT)
    own("20261125-night").write_bytes(b"")
    own("20261126-day").write_text("text")
    told = kis_tui("--lang", "en", "tape", "list")
    heading, *rows = told.out.splitlines()
    assert heading.split() == ["name", "from", "to", "size", "state"]
    assert [row.split()[0] for row in rows] == [
        "20261123-night", "20261124-night", "20261125-night", "20261126-day",
    ]  # fmt: skip
    assert "2026-11-20 18:00:00  2026-11-21 02:21:40" in rows[0]
    assert rows[0].endswith("closed (end of the session)")
    assert "no end mark" in rows[1]
    assert "is empty" in rows[2]
    assert "not a tape" in rows[3]


def test_path_says_where_tapes_lie(kis_tui: CommandLine) -> None:
    assert kis_tui("tape", "path").out.strip() == str(library.folder(ProgramFolders.find()))
    write_tape(own("x"), NIGHT[:3])
    assert kis_tui("tape", "path", "x").out.strip() == str(own("x"))
    assert kis_tui("tape", "path", "y").code == 2


@pytest.mark.parametrize("command", ["info", "verify", "repair"])
@pytest.mark.parametrize("name", ["/dev/zero", "/dev/null", "/", "nowhere", "text"])
def test_what_is_no_tape_is_refused_in_one_line(
    kis_tui: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text").write_text("hello\n" * 1000)
    told = kis_tui("tape", command, name)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("kis-tui: ")
    assert len(told.err.splitlines()) <= 2


def test_hostile_names_come_out_printable(kis_tui: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    header = Header("\x1b[2J", "\u202e", program="\x07")
    hostile = '{"phase":"backoff","reason":"\\u001b[2J","detail":"\\u001b]0;x"}'
    write_tape(path, [link(0, LinkPhase.LIVE), *trades(3), entry(5, hostile)], header=header)
    for words in (("info",), ("info", "--json"), ("verify",)):
        told = kis_tui("tape", words[0], path, *words[1:])
        assert told.code == 0
        assert told.out.replace("\n", "").isprintable()


def test_a_closed_pipe_ends_quietly(night: Path) -> None:
    with run_process("tape", "info", str(night)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(30) == 0
        assert "Traceback" not in process.stderr.read()
