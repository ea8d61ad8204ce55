"""The tape's format byte by byte, and times, sizes and states of its parts at their bounds."""

import os
import zlib
from datetime import UTC, date, datetime, time, timedelta
from math import inf
from pathlib import Path

import pytest

from app.feed.link_step import LinkStep
from app.feed.phase import LinkPhase
from app.system.clock import KST, ManualClock
from app.tape import tape_clock
from app.tape.backlog import Backlog, StateNote
from app.tape.entry import (
    EntryKind,
    Header,
    TapeEntry,
    pack,
    pack_header,
    pack_segment,
    unpack,
    unpack_header,
    unpack_segment,
)
from app.tape.json_entries import read_gap
from app.tape.outages import OutageFinder
from app.tape.retention import Retention, make_room
from app.tape.tape_clock import PlaybackPace, bounded
from app.tape.times import moment, nanoseconds, on
from app.tape.trade_session import label_at
from specs.catalog import Session

MIB = 1024 * 1024
MARKER = b"\x00\xffKIS-SEGMENT\xff\x00\n"
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def checked(body: bytes, length: int) -> bytes:
    """Length and checksum before a body."""
    return length.to_bytes(4, "little") + zlib.crc32(body).to_bytes(4, "little") + body


@pytest.mark.parametrize(("kind", "letter"), zip(EntryKind, b"FBLGKE", strict=True))
def test_an_entry_is_packed_as_documented(kind: EntryKind, letter: int) -> None:
    entry = TapeEntry(kind, 5, -7, b"payload")
    body = bytes([letter]) + (5).to_bytes(8, "little") + (-7).to_bytes(8, "little", signed=True)
    packed = checked(body + b"payload", 7)
    assert pack(entry) == packed
    assert unpack(b"xx" + packed + b"yy", 2) == (entry, 2 + len(packed))


def test_an_entry_that_is_cut_damaged_or_too_long_is_not_read() -> None:
    packed = pack(TapeEntry(EntryKind.FRAME, 1, 2, b"payload"))
    for length in range(len(packed)):
        with pytest.raises(IndexError):
            unpack(packed[:length], 0)
    for place in range(4, len(packed)):
        broken = bytearray(packed)
        broken[place] ^= 1
        assert unpack(broken, 0) == (None, len(packed))
    longest = TapeEntry(EntryKind.FRAME, 1, 2, bytes(MIB))
    assert unpack(pack(longest), 0)[0] == longest
    with pytest.raises(ValueError, match=str(MIB + 1)):
        pack(TapeEntry(EntryKind.FRAME, 1, 2, bytes(MIB + 1)))
    with pytest.raises(ValueError, match=str(MIB + 1)):
        unpack((MIB + 1).to_bytes(4, "little") + bytes(MIB + 100), 0)


def test_a_marker_is_taken_out_of_binary_messages_alone() -> None:
    payload = b"a" + MARKER + b"b"
    [binary, _], [text, _] = (
        unpack(pack(TapeEntry(kind, 1, 2, payload)), 0)
        for kind in (EntryKind.BINARY, EntryKind.FRAME)
    )
    assert binary is not None
    assert text is not None
    assert (binary.payload, text.payload) == (b"a" + bytes(16) + b"b", payload)


def test_a_segment_head_is_packed_as_documented() -> None:
    rest = b"".join(number.to_bytes(8, "little", signed=True) for number in (9, -3, 4))
    packed = MARKER + zlib.crc32(rest).to_bytes(4, "little") + rest
    assert pack_segment(9, -3, 4) == packed
    assert unpack_segment(packed + b"zstd") == (9, -3, 4)
    assert unpack_segment(packed) == (9, -3, 4)
    assert unpack_segment(packed[:-1]) is None
    for place in range(len(MARKER), len(packed)):
        broken = bytearray(packed)
        broken[place] ^= 1
        assert unpack_segment(bytes(broken)) is None, place


def test_a_header_is_packed_as_documented_and_read_up_to_64_kib() -> None:
    header = Header("2026-12-01", "night", True, "kis-tui 1")
    packed = pack_header(header)
    assert packed[:8] == b"KISTAPE\x01"
    body = packed[16:]
    assert packed[8:16] == checked(body, len(body))[:8]
    assert unpack_header(packed + b"more") == (header, len(packed))
    for length in range(len(packed)):
        assert unpack_header(packed[:length]) is None
    for place in range(len(packed)):
        broken = bytearray(packed)
        broken[place] ^= 1
        assert unpack_header(bytes(broken)) is None, place
    length = len(pack_header(Header("", "", program="x"))) - 16
    longest = pack_header(Header("", "", program="x" * (64 * 1024 - length + 1)))
    assert len(longest) - 16 == 64 * 1024
    assert unpack_header(longest) is not None
    beyond = pack_header(Header("", "", program="x" * (64 * 1024 - length + 2)))
    assert unpack_header(beyond) is None


def kept(folder: Path, *ages: float, size: int = 100) -> list[Path]:
    """Tapes in a folder that were last written to so many seconds ago, oldest first."""
    paths = []
    for number, age in enumerate(ages, 1):
        path = folder / f"202611{number:02}-night.ktape"
        path.write_bytes(bytes(size))
        os.utime(path, (NOW.timestamp() - age,) * 2)
        paths.append(path)
    return paths


@pytest.mark.parametrize(
    ("keep", "gone"),
    [
        (Retention(), 0), (Retention(days=3), 1), (Retention(days=2), 2), (Retention(days=1), 3),
        (Retention(bytes=500), 0), (Retention(bytes=499), 1), (Retention(bytes=400), 1),
        (Retention(bytes=399), 2), (Retention(bytes=1), 4), (Retention(days=2, bytes=200), 3),
    ],
)  # fmt: skip
def test_retention_removes_the_oldest_beyond_its_days_and_bytes(
    tmp_path: Path, keep: Retention, gone: int
) -> None:
    """Ages 3 days and a second, 2 days and a second, just 1 day and a second, 600 s and 599 s."""
    day = 86_400.0
    paths = kept(tmp_path, 3 * day + 1, 2 * day + 1, day + 1, 600.0, 599.0)
    assert make_room(tmp_path, keep, NOW, tmp_path / "none") == paths[:gone]
    assert [path.exists() for path in paths] == [n >= gone for n in range(5)]


def test_a_tape_of_exactly_its_days_stays(tmp_path: Path) -> None:
    [path] = kept(tmp_path, 86_400.0)
    assert make_room(tmp_path, Retention(days=1), NOW, tmp_path / "none") == []
    assert make_room(tmp_path, Retention(bytes=1), NOW, path) == []
    assert make_room(tmp_path, Retention(bytes=1), NOW, tmp_path / "none") == [path]


@pytest.mark.parametrize(
    ("session", "hour", "begun", "day"),
    [
        ("night", 18, "2026-11-20T18:00", 20), ("night", 12, "2026-11-20T18:00", 20),
        ("night", 11, "2026-11-20T18:00", 21), ("night", 3, "2026-11-20T18:00", 21),
        ("night", 18, "2026-11-21T02:00", 20), ("night", 3, "2026-11-21T02:00", 21),
        ("night", 3, "2026-11-21T11:59", 21), ("night", 3, "2026-11-21T12:00", 22),
        ("day", 3, "2026-11-20T18:00", 20), ("day", 15, "2026-11-20T02:00", 20),
    ],
)  # fmt: skip
def test_a_time_of_day_is_of_the_evening_or_the_morning_after(
    session: str, hour: int, begun: str, day: int
) -> None:
    first = datetime.fromisoformat(begun).replace(tzinfo=KST)
    assert on(session, time(hour), first) == datetime(2026, 11, day, hour, tzinfo=KST)


@pytest.mark.parametrize(
    ("now", "session", "until"),
    [
        ("11-20T15:45:59", Session.DAY, "11-20T15:46"),
        ("11-20T15:46", Session.NIGHT, "11-21T06:01"),
        ("11-21T06:00:59", Session.NIGHT, "11-21T06:01"),
        ("11-21T06:01", Session.DAY, "11-23T15:46"),
    ],
)
def test_a_tape_is_of_a_session_up_to_a_minute_after_its_end(
    now: str, session: Session, until: str
) -> None:
    found = label_at(datetime.fromisoformat(f"2026-{now}").replace(tzinfo=KST))
    assert (found.session, found.until) == (
        session,
        datetime.fromisoformat(f"2026-{until}").replace(tzinfo=KST),
    )
    trade_date = date(2026, 11, 20) if now < "11-20T15:46" else date(2026, 11, 23)
    assert found.trade_date == trade_date


@pytest.mark.parametrize(
    ("steps", "outages"),
    [
        ("dial live", []), ("live backoff live", [(1, 2)]), ("live backoff", [(1, 9)]),
        ("live suspect live", []), ("live closing backoff dial probe live", [(1, 5)]),
        ("live off dial live", []), ("live backoff off dial live", []),
        ("live backoff degraded backoff live", [(1, 2), (3, 4)]), ("backoff dial live", []),
        ("live backoff stopped", []),
    ],
)  # fmt: skip
def test_outages_last_from_the_first_step_down_to_the_next_settled_one(
    steps: str, outages: list[tuple[int, int]]
) -> None:
    finder = OutageFinder[int]()
    found = [finder.apply(LinkStep(LinkPhase(step)), at) for at, step in enumerate(steps.split())]
    found.append(finder.end(9))
    assert [(one.begin, one.end) for one in found if one is not None] == outages


@pytest.mark.parametrize(
    ("phase", "outages"),
    [("live", []), ("suspect", []), ("degraded", []), ("backoff", [(0, 1)]), ("off", []),
     ("dial", [(0, 1)]), ("stopped", [])],
)  # fmt: skip
def test_a_tape_may_begin_within_an_outage(phase: str, outages: list[tuple[int, int]]) -> None:
    finder = OutageFinder[int]()
    finder.begin(LinkStep(LinkPhase(phase)), 0)
    found = [finder.apply(LinkStep(LinkPhase.LIVE), 1), finder.end(9)]
    assert [(one.begin, one.end) for one in found if one is not None] == outages
    fresh = OutageFinder[int]()
    fresh.begin(None, 0)
    assert fresh.apply(LinkStep(LinkPhase.LIVE), 1) is None


def test_a_full_backlog_counts_what_it_drops_and_says_so_when_it_has_room() -> None:
    clock = ManualClock(NOW)
    backlog = Backlog(clock, most=1000)
    for second in range(7):
        backlog.add(EntryKind.FRAME, "x" * 50, float(second))
    # A message costs its bytes and 250: the fourth one is the first above 1000.
    assert (len(backlog.waiting), backlog.dropped) == (4, 3)
    backlog.drop_first()
    backlog.add(EntryKind.FRAME, "late", 7.0)
    assert backlog.dropped == 4
    backlog.drop_first()
    backlog.add(EntryKind.FRAME, "later", 8.0)
    kinds = [kind for kind, *_ in backlog.waiting]
    assert kinds == [EntryKind.FRAME, EntryKind.FRAME, EntryKind.GAP, EntryKind.FRAME]
    payload = backlog.waiting[2][1]
    assert isinstance(payload, bytes)
    gap = read_gap(payload)
    assert gap is not None
    assert (gap.why, gap.seconds, gap.missed) == ("record.why_slow", 4.0, 4)
    backlog.trouble = "record.why_full"
    assert backlog.dropped == 4


def test_the_last_message_finds_room_and_a_note_has_no_bytes() -> None:
    backlog = Backlog(ManualClock(NOW), most=100)
    backlog.add(EntryKind.FRAME, "x" * 50, 0.0)
    backlog.add(EntryKind.FRAME, "x" * 50, 1.0)
    backlog.close(EntryKind.END, b"{}", 2.0)
    assert [kind for kind, *_ in backlog.waiting] == [
        EntryKind.FRAME, EntryKind.GAP, EntryKind.END,
    ]  # fmt: skip
    for _ in range(3):
        backlog.drop_first()
    assert not backlog.waiting
    notes = Backlog(ManualClock(NOW), most=499)
    for _ in range(4):
        notes.add(EntryKind.KEYFRAME, StateNote(lambda heads: None), 0.0)
    assert (len(notes.waiting), notes.dropped) == (2, 2)


@pytest.mark.parametrize(
    ("pace", "real", "position"),
    [
        (PlaybackPace(10.0, 100.0, until=200.0, speed=2.0, playing=True), 15.0, 110.0),
        (PlaybackPace(10.0, 100.0, until=105.0, speed=2.0, playing=True), 15.0, 105.0),
        (PlaybackPace(10.0, 100.0, until=200.0, speed=2.0, playing=True), 5.0, 100.0),
        (PlaybackPace(10.0, 100.0, until=200.0, speed=2.0), 15.0, 100.0),
        (PlaybackPace(10.0, 100.0, until=200.0, speed=inf, playing=True), 15.0, 100.0),
    ],
)
def test_a_pace_moves_with_its_speed_up_to_its_end(
    pace: PlaybackPace, real: float, position: float
) -> None:
    assert pace.position_at(real) == position


def test_wall_time_of_a_waiting_message_follows_the_clock() -> None:
    clock = ManualClock(NOW)
    backlog = Backlog(clock)
    backlog.add(EntryKind.FRAME, "a", 100.0)
    clock.move_to(NOW + timedelta(seconds=5))
    backlog.add(EntryKind.FRAME, "b", 100.009)
    backlog.add(EntryKind.FRAME, "c", 100.01)
    aheads = [ahead for *_, ahead in backlog.waiting]
    # The wall clock is read at most every 10 ms.
    assert aheads[0] == aheads[1]
    assert aheads[2] - aheads[1] == pytest.approx(
        timedelta(seconds=4.99) / timedelta(microseconds=1) * 1000
    )


@pytest.mark.parametrize(
    ("at", "is_known"),
    [
        (datetime(1999, 12, 31, 23, 59, 59, tzinfo=KST), False),
        (datetime(2000, 1, 1, tzinfo=KST), True),
        (datetime(2099, 12, 31, 23, 59, 59, tzinfo=KST), True),
        (datetime(2100, 1, 1, tzinfo=KST), False),
    ],
)
def test_a_moment_of_a_tape_is_of_this_century(at: datetime, is_known: bool) -> None:
    wall = int(at.timestamp()) * 10**9
    assert nanoseconds(at) == wall
    assert moment(wall) == (at if is_known else None)
    assert moment(wall + 999) == moment(wall)


def test_wall_times_of_a_hostile_tape_are_bounded() -> None:
    """From 2000-01-02 to 2099-12-01 in UTC."""
    first, last = datetime(2000, 1, 2, tzinfo=UTC), datetime(2099, 12, 1, tzinfo=UTC)
    bounds = int(first.timestamp()) * 10**9, int(last.timestamp()) * 10**9
    assert (bounded(-(2**63)), bounded(2**63 - 1)) == bounds
    assert (tape_clock.moment(0), tape_clock.moment(2**63 - 1)) == (first, last)
    assert bounded(bounds[0] + 1) == bounds[0] + 1
    # Rounded to the nearest microsecond.
    assert tape_clock.moment(bounds[0] + 1_499) == first + timedelta(microseconds=1)
    assert tape_clock.moment(bounds[0] + 1_500) == first + timedelta(microseconds=2)
