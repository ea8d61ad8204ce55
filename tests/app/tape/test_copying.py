"""New tapes of old ones: repaired after damage or a kill, and cut out by time and code."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from harness.command_line import ROOT
from harness.tape_samples import BEGIN, FUTURE, OPTION, entry, link, trades, with_end, write_tape

from app.feed.phase import LinkPhase
from app.system.errors import UsageError
from app.tape.check import DamageKind, check
from app.tape.copying import CopyResult, cut, repair
from app.tape.entry import MARKER, EntryKind, TapeEntry
from app.tape.json_entries import read_gap
from app.tape.keyframe import Keyframe, read
from app.tape.reader import Tape
from app.tape.summary import summarise
from app.tape.times import nanoseconds


def heard(path: Path) -> list[TapeEntry]:
    with Tape(path) as tape:
        return [one for one in tape.entries() if one.kind == EntryKind.FRAME]


def keyframe(path: Path) -> Keyframe:
    with Tape(path) as tape:
        return read(next(tape.entries()).payload)


def repaired(path: Path) -> tuple[CopyResult, Path]:
    out = path.with_name("repaired.ktape")
    out.unlink(missing_ok=True)
    with Tape(path) as tape:
        copied = repair(tape, out)
    with Tape(out) as tape:
        assert check(tape) == []
        assert [one.kind for one in tape.entries()][-1] == EntryKind.END
    return copied, out


def test_a_tape_cut_off_anywhere_is_repaired_with_all_its_whole_records(tmp_path: Path) -> None:
    path, wanted = tmp_path / "a.ktape", list(trades(300))
    sizes, draw = write_tape(path, wanted, every=50), Random(4)
    content = path.read_bytes()
    for place in sorted(draw.sample(range(sizes[0], len(content)), 60)):
        path.write_bytes(content[:place])
        copied, out = repaired(path)
        whole = sum(size <= place for size in sizes)
        assert heard(out) == wanted[:whole]
        assert (copied.entries, copied.holes) == (whole, [])
        with Tape(out) as tape:
            assert summarise(tape).frames == copied.messages > 0
    assert path.read_bytes() == content[:place]


def test_where_entries_are_missing_a_gap_says_how_many(tmp_path: Path) -> None:
    path, wanted = tmp_path / "a.ktape", list(trades(300))
    sizes = write_tape(path, with_end(wanted), every=50)
    content = bytearray(path.read_bytes())
    content[sizes[120]] ^= 0xFF
    path.write_bytes(content)
    copied, out = repaired(path)
    assert heard(out)[:121] == wanted[:121]
    assert heard(out)[-150:] == wanted[-150:]
    with Tape(out) as tape:
        [gap] = [read_gap(one.payload) for one in tape.entries() if one.kind == EntryKind.GAP]
    assert gap is not None
    assert gap.missed == copied.lost == 300 - len(heard(out))
    [hole] = copied.holes
    assert gap.seconds == hole.seconds == 150 - len(heard(out)[:-150]) + 1
    assert hole.wall == heard(out)[-151].wall


def test_where_nothing_follows_nobody_knows_how_many_are_missing(tmp_path: Path) -> None:
    path, wanted = tmp_path / "a.ktape", list(trades(250))
    sizes = write_tape(path, with_end(wanted))
    content = bytearray(path.read_bytes())
    content[sizes[120]] ^= 0xFF
    path.write_bytes(content)
    copied, out = repaired(path)
    [hole] = copied.holes
    assert (hole.count, hole.seconds, copied.lost) == (None, None, 0)
    assert hole.size == len(content) - sizes[120]
    assert heard(out) == wanted[:121]
    assert hole.wall == wanted[120].wall
    with Tape(out) as tape:
        [gap] = [read_gap(one.payload) for one in tape.entries() if one.kind == EntryKind.GAP]
    assert gap is not None
    assert gap.missed is None


def test_segments_are_put_in_their_order(tmp_path: Path) -> None:
    path, wanted = tmp_path / "a.ktape", list(trades(300))
    write_tape(path, with_end(wanted), every=50)
    head, *segments = path.read_bytes().split(MARKER)
    Random(1).shuffle(segments)
    path.write_bytes(MARKER.join([head, *segments]))
    copied, out = repaired(path)
    assert heard(out) == wanted
    assert copied.holes == []


def test_two_tapes_in_one_file_stay_two(tmp_path: Path) -> None:
    path, wanted, others = tmp_path / "a.ktape", list(trades(100)), list(trades(120, seed=1))
    write_tape(path, with_end(wanted), every=50)
    first = path.read_bytes()
    path.unlink()
    write_tape(path, with_end(others), every=50)
    for whole in (first, first[:-30]):
        path.with_name("both.ktape").write_bytes(whole + path.read_bytes())
        with Tape(path.with_name("both.ktape")) as tape:
            begin = tape.second
            assert begin == len(whole)
            assert DamageKind.SECOND in [one.what for one in check(tape)]
            assert len(list(tape.entries())) <= 104
        with Tape(path.with_name("both.ktape"), begin) as tape:
            assert check(tape) == []
            assert [one for one in tape.entries() if one.kind == EntryKind.FRAME] == others
        _, out = repaired(path.with_name("both.ktape"))
        assert heard(out) == wanted


def test_a_second_tape_without_its_header_is_no_clean_one(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, with_end(trades(100)), every=50)
    content = path.read_bytes()
    path.write_bytes(content + content[content.index(MARKER) :])
    with Tape(path) as tape:
        repair(tape, tmp_path / "b.ktape")
    with Tape(tmp_path / "b.ktape") as tape:
        assert [one.what for one in check(tape)] == [DamageKind.BACK]


def test_a_damaged_header_is_made_anew(tmp_path: Path) -> None:
    path, wanted = tmp_path / "a.ktape", list(trades(100))
    write_tape(path, wanted)
    content = bytearray(path.read_bytes())
    content[2] ^= 1
    path.write_bytes(content)
    _, out = repaired(path)
    with Tape(out) as tape:
        assert (tape.header.trade_date, tape.header.session) == ("2026-11-23", "night")
    assert heard(out) == wanted


_RECORDER = """
import sys
from pathlib import Path
from harness.tape_samples import trades, write_tape
def told():
    for number, one in enumerate(trades(10_000_000)):
        yield one
        print(number, flush=True)
write_tape(Path(sys.argv[1]), told(), every=200)
"""


def test_a_tape_of_a_killed_recorder_is_repaired_to_a_clean_one(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    folders = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    with subprocess.Popen(
        [sys.executable, "-c", _RECORDER, str(path)],
        env={**os.environ, "PYTHONPATH": folders},
        stdout=subprocess.PIPE,
        text=True,
    ) as recorder:
        assert recorder.stdout is not None
        acknowledged = 0
        while acknowledged < 1500:
            acknowledged = int(recorder.stdout.readline())
        recorder.kill()
        *_, last = [acknowledged, *(int(line) for line in recorder.stdout if line.endswith("\n"))]
    _, out = repaired(path)
    found = heard(out)
    assert len(found) >= last
    assert found == list(trades(len(found)))


def test_nothing_is_overwritten_and_nothing_half_made_is_left(tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    write_tape(path, trades(20))
    out.write_bytes(b"mine")
    with Tape(path) as tape, pytest.raises(UsageError):
        repair(tape, out)
    assert out.read_bytes() == b"mine"
    out.unlink()

    def interrupted(_: int) -> None:
        out.with_name("seen").touch()
        raise KeyboardInterrupt

    with Tape(path) as tape, pytest.raises(KeyboardInterrupt):
        repair(tape, out, interrupted)
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["a.ktape", "seen"]


def test_somebody_who_takes_the_name_meanwhile_keeps_it(tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    write_tape(path, trades(20))
    with Tape(path) as tape, pytest.raises(UsageError):
        repair(tape, out, lambda _: out.touch())
    assert out.read_bytes() == b""


def test_a_tape_without_entries_is_not_repaired(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, [])
    with Tape(path) as tape, pytest.raises(UsageError):
        repair(tape, tmp_path / "b.ktape")
    assert not (tmp_path / "b.ktape").exists()


def ns(after: float) -> int:
    return nanoseconds(BEGIN) + round(after * 1e9)


def test_a_cut_holds_its_time_and_begins_with_the_state_before(tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    wanted = [link(0, LinkPhase.LIVE), *trades(300)]
    write_tape(path, wanted, every=40)
    with Tape(path) as tape:
        copied = cut(tape, out, ns(100), ns(200), ())
    inside = [one for one in wanted if ns(100) <= one.wall <= ns(200)]
    assert heard(out) == inside
    assert copied.entries == len(inside)
    with Tape(out) as tape:
        assert summarise(tape).frames == copied.messages > 0
    state = keyframe(out)
    newest = {}
    for one in wanted[1:]:
        if one.wall < ns(100):
            newest[b"A01612" in one.payload] = one.payload.decode()
    assert {told.frame for told in state.frames} == set(newest.values())
    assert b'"live"' in bytes(state.link)
    with Tape(out) as tape:
        assert check(tape) == []
        found = summarise(tape)
    assert {told.missed for told in found.contracts.values()} == {0}
    assert found.ended == "cut"


def test_a_cut_of_some_codes_has_no_others(tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    wanted = [*trades(300), link(301, LinkPhase.BACKOFF, "silence"), entry(302, "{}")]
    write_tape(path, wanted, every=40)
    with Tape(path) as tape:
        cut(tape, out, ns(100), 2**63 - 1, (OPTION,))
    assert heard(out) == [
        one
        for one in wanted
        if one.wall >= ns(100) and one.kind == EntryKind.FRAME and b"A01612" not in one.payload
    ]
    assert all(FUTURE not in told.frame for told in keyframe(out).frames)
    with Tape(out) as tape:
        assert [one.kind for one in tape.entries()].count(EntryKind.LINK) == 1


def test_a_cut_of_nothing_is_refused(tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    write_tape(path, trades(30))
    with Tape(path) as tape, pytest.raises(UsageError):
        cut(tape, out, ns(100), ns(200), ())
    assert not out.exists()


@pytest.mark.parametrize(
    ("begin", "end"), [(0, 400), (100, 200), (150, 400), (120, 200), (-10, 400)]
)
def test_cut_reports_the_bytes_of_each_segment(tmp_path: Path, begin: int, end: int) -> None:
    path, ticks = tmp_path / "a.ktape", list[int]()
    write_tape(path, list(trades(300)), every=40)
    with Tape(path) as tape:
        cut(tape, tmp_path / "b.ktape", ns(begin), ns(end), (), tick=ticks.append)
        earlier = [one for one in tape.segments if one.wall <= ns(begin)]
        last = [one for one in tape.segments if one.wall <= ns(end)]
        copied = last[max(0, len(earlier) - 1) :]
    assert len(copied) > 2
    assert ticks == [copied[0].start, *(one.end - one.start for one in copied)]
