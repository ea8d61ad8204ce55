"""The records of a tape between two wall times, without a screen."""

from pathlib import Path

import pytest
from harness.player_harness import write_segments
from harness.tape_samples import BEGIN, FUTURE, entry, link, trade

from app.feed.phase import LinkPhase
from app.tape.entry import EntryKind
from app.tape.reader import Tape
from app.tape.records import TimeSpan, records_of
from app.tape.tape_index import TapeIndex
from app.tape.times import nanoseconds


def at(seconds: float) -> int:
    return nanoseconds(BEGIN) + int(seconds * 1e9)


@pytest.mark.parametrize(
    ("span", "volumes"),
    [
        (TimeSpan(), [0, 1, 2, 3, 4, 5, 6, 7]),
        (TimeSpan(at(2), at(5)), [2, 3, 4, 5]),
        (TimeSpan(begin=at(3)), [3, 4, 5, 6, 7]),
        (TimeSpan(end=at(4)), [0, 1, 2, 3, 4]),
        (TimeSpan(at(8), at(9)), []),
        (TimeSpan(at(-9), at(-1)), []),
        (TimeSpan(-(2**63), 2**63 - 1), [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)
@pytest.mark.parametrize("segment", [1, 2, 3, 100])
def test_records_are_those_of_the_span_with_both_its_ends(
    tmp_path: Path, span: TimeSpan, volumes: list[int], segment: int
) -> None:
    entries = [entry(second, trade(FUTURE, second, second)) for second in range(8)]
    with Tape(write_segments(tmp_path / "a.ktape", entries, segment=segment)) as tape:
        found = list(records_of(TapeIndex(tape), span))
    assert [records[0].accumulated_volume for _, records, _ in found] == volumes  # type: ignore[attr-defined]
    assert {tr_id for tr_id, _, _ in found} <= {"H0MFCNT0"}
    assert [nanoseconds(when) for _, _, when in found] == [at(volume) for volume in volumes]


def test_a_span_without_limits_holds_every_time() -> None:
    assert (TimeSpan().begin, TimeSpan().end) == (-(2**63), 2**63 - 1)


def test_records_pass_over_other_entries_and_refused_frames(tmp_path: Path) -> None:
    text = trade(FUTURE, 1, 7)
    entries = [
        link(0, LinkPhase.LIVE),
        entry(1, "0|H0MFCNT0|001|damaged"),
        entry(2, b"\xff\xfe", EntryKind.BINARY),
        entry(3, text, EntryKind.BINARY),
        entry(4, text, EntryKind.GAP),
        entry(5, '{"header":{"tr_id":"PINGPONG"}}'),
        entry(6, text),
    ]
    with Tape(write_segments(tmp_path / "a.ktape", entries)) as tape:
        found = list(records_of(TapeIndex(tape), TimeSpan()))
    assert [nanoseconds(when) for _, _, when in found] == [at(3), at(6)]
