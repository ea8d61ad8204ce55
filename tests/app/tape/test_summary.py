"""The figures of a tape: contracts, connections, gaps and times, within bounds."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from harness.tape_samples import (
    BEGIN,
    BOOTED,
    FUTURE,
    HEADER,
    OPTION,
    entry,
    link,
    trade,
    write_tape,
)

from app.feed.link_step import LinkStep
from app.feed.phase import LinkPhase
from app.tape import summary as summary_module
from app.tape.entry import EntryKind, TapeEntry
from app.tape.gap import Gap
from app.tape.keyframe import KeyframeBuilder
from app.tape.reader import Tape
from app.tape.summary import RecordedContract, RecordingGap, Summary, summarise, why_of
from app.tape.times import nanoseconds
from app.tape.writer import TapeWriter


def summed(path: Path, *entries: TapeEntry, heads: KeyframeBuilder | None = None) -> Summary:
    """Return the summary of a tape of one segment that begins with a state."""
    writer, state = TapeWriter(path, HEADER), heads or KeyframeBuilder()
    for number, one in enumerate(entries):
        if number == 0:
            writer.begin_segment(state.pack(), one.monotonic, one.wall)
        writer.write(one)
    writer.close()
    with Tape(path) as tape:
        return summarise(tape)


def steps(*steps: tuple[float, LinkPhase, int]) -> list[TapeEntry]:
    return [link(after, phase, epoch=epoch) for after, phase, epoch in steps]


def test_the_summary_of_a_tape_without_entries_counts_nothing(tmp_path: Path) -> None:
    write_tape(tmp_path / "a.ktape", [])
    with Tape(tmp_path / "a.ktape") as tape:
        assert summarise(tape) == Summary(
            HEADER, tape.size, [], 0, 0, 0, {}, {}, 0, 0, [], None, None, 0.0, None, False
        )


def test_the_summary_begins_with_the_state_of_the_first_keyframe(tmp_path: Path) -> None:
    heads = KeyframeBuilder()
    heads.name({FUTURE: "F 202612", "A05612": "mini"})
    heads.apply(entry(-1, trade(FUTURE, -1, 100)))
    heads.apply(entry(-1, "0|H0MFCNT0|001|damaged"))
    heads.apply(entry(-1, trade(OPTION, -1, 40)))
    heads.apply(link(-1, LinkPhase.LIVE, epoch=4))
    # Volumes 100 and 40 were known: seven and nothing were missed.
    found = summed(
        tmp_path / "a.ktape",
        entry(0, trade(FUTURE, 0, 109, 2)),
        entry(1, trade(OPTION, 1, 43, 3)),
        heads=heads,
    )
    assert found.contracts == {
        FUTURE: RecordedContract("F 202612", 1, 7.0),
        OPTION: RecordedContract("", 1, 0.0),
    }
    assert (found.dialled, found.connected, found.holes) == (1, 1, [])


@pytest.mark.parametrize(
    ("phase", "dialled", "connected"),
    [
        (LinkPhase.LIVE, 1, 1),
        (LinkPhase.BACKOFF, 1, 0),
        (LinkPhase.OFF, 0, 0),
        (LinkPhase.STOPPED, 0, 0),
    ],
)
def test_the_connection_of_the_first_keyframe_counts_unless_the_user_left(
    tmp_path: Path, phase: LinkPhase, dialled: int, connected: int
) -> None:
    heads = KeyframeBuilder()
    heads.apply(link(-1, phase, epoch=2))
    found = summed(tmp_path / "a.ktape", entry(0, trade(FUTURE, 0, 1)), heads=heads)
    assert (found.dialled, found.connected) == (dialled, connected)


def test_connections_are_counted_by_their_epochs(tmp_path: Path) -> None:
    found = summed(
        tmp_path / "a.ktape",
        *steps(
            (0, LinkPhase.OFF, 0),
            (1, LinkPhase.DIAL, 1),
            (2, LinkPhase.BACKOFF, 1),
            (3, LinkPhase.DIAL, 2),
            (4, LinkPhase.LIVE, 2),
            (5, LinkPhase.LIVE, 2),
            (6, LinkPhase.DIAL, 3),
        ),
    )
    assert (found.dialled, found.connected) == (3, 1)


def test_a_session_settles_what_was_missed_and_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    night, day = (0.0, 1.0, 2.0), 15 * 3600.0
    volumes = [entry(at, trade(FUTURE, at, 100 + 10 * number)) for number, at in enumerate(night)]
    # The volume of the day begins at nothing, 15 hours later.
    by_day = [
        TapeEntry(e.kind, e.monotonic + int(day * 1e9), e.wall + int(day * 1e9), e.payload)
        for e in (entry(0, trade(FUTURE, 0, 50)), entry(1, trade(FUTURE, 1, 55)))
    ]
    writer = TapeWriter(path, HEADER)
    for part in (volumes[:2], volumes[2:], by_day):
        writer.begin_segment(b"{}", part[0].monotonic, part[0].wall)
        for one in part:
            writer.write(one)
    writer.close()
    with Tape(path) as tape:
        found = summarise(tape)
    # 9 and 9 within the night, whose second segment goes on with it, and 4 by day.
    assert found.contracts[FUTURE].missed == 22


@pytest.mark.parametrize(
    ("told", "begin", "seconds"),
    [(4.0, 6.0, 4.0), (0.0, 10.0, 0.0), (-3.0, 10.0, -3.0), (1e12, 10.0 - 1e9, 1e12)],
)
def test_a_gap_begins_its_seconds_before_its_entry(
    tmp_path: Path, told: float, begin: float, seconds: float
) -> None:
    body = msgspec.json.encode(Gap("record.why_full", told, 3))
    found = summed(tmp_path / "a.ktape", link(0, LinkPhase.LIVE), entry(10, body, EntryKind.GAP))
    wall = nanoseconds(BEGIN) + int(begin * 1e9)
    assert found.holes == [RecordingGap(wall, seconds, None, "record.why_full", 3)]


def test_a_gap_without_a_loss_and_a_damaged_one_are_none(tmp_path: Path) -> None:
    entries = [entry(at, body, EntryKind.GAP) for at, body in ((1, '{"missed":0}'), (2, "[]"))]
    assert summed(tmp_path / "a.ktape", *entries).holes == []


def test_an_outage_lasts_to_the_end_and_not_less_than_nothing(tmp_path: Path) -> None:
    live, down = steps((0, LinkPhase.LIVE, 1), (50, LinkPhase.BACKOFF, 1))
    for last, seconds in ((80, 30.0), (20, 0.0)):
        path = tmp_path / f"{last}.ktape"
        found = summed(path, live, down, entry(last, trade(FUTURE, last, 1)))
        step = LinkStep(LinkPhase.BACKOFF, epoch=1)
        assert found.holes == [RecordingGap(down.wall, seconds, step)]
        assert found.seconds == last


def test_the_times_are_those_of_the_first_and_the_last_entry(tmp_path: Path) -> None:
    found = summed(tmp_path / "a.ktape", link(3, LinkPhase.LIVE), entry(5, "{}"))
    assert (found.first, found.last) == (
        nanoseconds(BEGIN) + 3 * 10**9,
        nanoseconds(BEGIN) + 5 * 10**9,
    )
    assert found.seconds == 2.0
    back = [TapeEntry(EntryKind.FRAME, BOOTED - at, nanoseconds(BEGIN), b"{}") for at in (0, 5)]
    assert summed(tmp_path / "b.ktape", *back).seconds == 0.0


def test_messages_are_text_and_binary_ones(tmp_path: Path) -> None:
    found = summed(
        tmp_path / "a.ktape",
        entry(0, trade(FUTURE, 0, 1)),
        entry(1, "{}"),
        entry(2, b"\xff", EntryKind.BINARY),
        entry(3, b"0|\xff"),
        link(4, LinkPhase.LIVE),
    )
    assert (found.entries, found.frames, found.refused) == (6, 4, 1)


@pytest.mark.parametrize(
    ("limit", "value", "field", "count"),
    [
        ("MOST_HOLES", 1000, "holes", 3),
        ("MOST_CONTRACTS", 10_000, "contracts", 3),
        ("MOST_AUCTIONS", 100, "auctions", 3),
    ],
)
def test_a_summary_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, field: str, count: int
) -> None:
    assert getattr(summary_module, limit) == value
    monkeypatch.setattr(summary_module, limit, count)
    days = 86_400.0
    entries: Iterable[TapeEntry] = [
        part
        for number in range(5)
        for part in (
            entry(number * days, trade(f"A0{number}612", 0, 1)),
            entry(number * days, '{"missed":1}', EntryKind.GAP),
            link(number * days, LinkPhase.LIVE, epoch=number + 1),
        )
    ]
    found = summed(tmp_path / "a.ktape", *entries)
    assert len(getattr(found, field)) == count
    if limit == "MOST_HOLES":
        assert (found.dialled, found.connected) == (count, count)


def test_contracts_beyond_the_limit_are_counted_by_their_tr_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary_module, "MOST_CONTRACTS", 1)
    codes = (FUTURE, "A05612", FUTURE)
    found = summed(
        tmp_path / "a.ktape", *(entry(at, trade(code, at, at + 1)) for at, code in enumerate(codes))
    )
    assert found.records == {"H0MFCNT0": 3}
    assert {code: one.records for code, one in found.contracts.items()} == {FUTURE: 2}


@pytest.mark.parametrize(
    ("payload", "why"),
    [(b'{"why":"session"}', "session"), (b"{}", ""), (b"[]", ""), (b"\xff", ""), (b"[" * 9999, "")],
)
def test_why_of_reads_the_reason_of_an_end(payload: bytes, why: str) -> None:
    assert why_of(payload) == why


def test_only_an_end_that_is_last_ends_a_recording(tmp_path: Path) -> None:
    end = entry(1, '{"why":"asked"}', EntryKind.END)
    assert summed(tmp_path / "a.ktape", entry(0, "{}"), end).ended == "asked"
    assert summed(tmp_path / "b.ktape", end, entry(2, "{}")).ended is None
    assert summed(tmp_path / "c.ktape", end).seconds == 0.0
