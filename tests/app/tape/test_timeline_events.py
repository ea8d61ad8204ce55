"""A timeline by itself: its phases by the calendar, and the events before and after a place."""

from datetime import datetime
from pathlib import Path

import pytest
from harness.player_harness import write_segments
from harness.tape_samples import BEGIN, entry

from app.krx.calendar import MarketPhase
from app.system.clock import KST
from app.tape import timeline as timeline_module
from app.tape.check import DamageKind, Finding
from app.tape.entry import TapeEntry
from app.tape.gap import Gap
from app.tape.reader import Tape
from app.tape.tape_index import TapeIndex
from app.tape.timeline import (
    EventKind,
    PhaseSpan,
    PriceMove,
    Timeline,
    TimelineEvent,
    gap_message,
)
from specs.catalog import Session
from specs.user_message import UserMessage

GAP = Gap("record.why_full", 5.0, 12)
MOVE = PriceMove("A01612", 100.0, 101.0, 2)


def of_calendar(path: Path, *moments: str, segment: int = 1) -> Timeline:
    """Return the timeline of a tape with a message at each of some moments."""
    entries = []
    for moment in moments:
        at = datetime.strptime(f"2026-11-{moment}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=KST)
        entries.append(entry((at - BEGIN).total_seconds(), "{}"))
    with Tape(write_segments(path, entries, segment=segment)) as tape:
        return Timeline.from_calendar(TapeIndex(tape))


def spans(line: Timeline) -> list[tuple[float, float, Session | None, MarketPhase]]:
    return [(one.begin, one.end, one.session, one.phase) for one in line.stretches]


OPENING, TRADING, CLOSING = (
    MarketPhase.OPENING_AUCTION,
    MarketPhase.CONTINUOUS,
    MarketPhase.CLOSING_AUCTION,
)


def test_a_timeline_has_the_phases_of_its_time(tmp_path: Path) -> None:
    line = of_calendar(tmp_path / "a.ktape", "20 17:49:30", "20 18:10:00")
    assert spans(line) == [
        (0.0, 30.0, None, MarketPhase.CLOSED),
        (30.0, 630.0, Session.NIGHT, OPENING),
        (630.0, 1230.0, Session.NIGHT, TRADING),
    ]
    assert line.events == (TimelineEvent(30.0, EventKind.AUCTION, OPENING, 630.0),)
    assert (line.length, line.complete) == (1230.0, False)


def test_a_phase_goes_on_from_one_segment_to_the_next(tmp_path: Path) -> None:
    moments = ("20 18:10:00", "20 18:20:00", "21 05:40:00", "21 05:55:00", "21 06:05:00")
    line = of_calendar(tmp_path / "a.ktape", *moments)
    night = 11 * 3600 + 40 * 60
    assert spans(line) == [
        (0.0, night, Session.NIGHT, TRADING),
        (night, night + 600, Session.NIGHT, CLOSING),
        (night + 600, night + 900, None, MarketPhase.CLOSED),
    ]
    assert [one.cause for one in line.events] == [CLOSING]


def test_a_wall_that_jumps_between_segments_begins_another_phase(tmp_path: Path) -> None:
    first, second = datetime(2026, 11, 20, 19, tzinfo=KST), datetime(2026, 11, 23, 9, tzinfo=KST)
    entries = [
        TapeEntry(one.kind, int(at * 1e9), one.wall, one.payload)
        for at, one in (
            (0, entry((first - BEGIN).total_seconds(), "{}")),
            (60, entry((second - BEGIN).total_seconds(), "{}")),
            (120, entry((second - BEGIN).total_seconds() + 60, "{}")),
        )
    ]
    with Tape(write_segments(tmp_path / "a.ktape", entries, segment=1)) as tape:
        line = Timeline.from_calendar(TapeIndex(tape))
    assert [(one.begin, one.session) for one in line.stretches][-1][1] is Session.DAY
    assert line.stretches[-1].end == line.length


def test_a_timeline_has_100_phases_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert timeline_module.MOST_STRETCHES == 100
    moments = ("20 17:49:30", "20 18:10:00", "20 18:20:00", "21 05:55:00", "21 06:05:00")
    whole = of_calendar(tmp_path / "whole.ktape", *moments)
    assert len(whole.stretches) == 5
    for most in (1, 2, 3, 4, 5):
        monkeypatch.setattr(timeline_module, "MOST_STRETCHES", most)
        line = of_calendar(tmp_path / f"{most}.ktape", *moments)
        assert len(line.stretches) == most
        assert line.stretches[: most - 1] == whole.stretches[: most - 1]
        assert line.stretches[-1].begin == whole.stretches[most - 1].begin
        assert line.stretches[-1].end == line.length


EVENTS = (
    TimelineEvent(10.0, EventKind.AUCTION, OPENING, 20.0),
    TimelineEvent(30.0, EventKind.GAP, GAP, 40.0),
    TimelineEvent(50.0, EventKind.MOVE, MOVE, 60.0, 1.0),
    TimelineEvent(70.0, EventKind.DAMAGE, Finding(DamageKind.LOST, 7), 80.0),
    TimelineEvent(90.0, EventKind.MOVE, MOVE, 95.0, -2.0),
)
LINE = Timeline(100.0, (PhaseSpan(0.0, 100.0, None, MarketPhase.CLOSED),), EVENTS)


@pytest.mark.parametrize(
    ("place", "kinds", "after", "before"),
    [
        (0.0, (), 10.0, None),
        (9.9995, (), 30.0, None),
        (9.998, (), 10.0, None),
        (10.0005, (), 30.0, None),
        (10.002, (), 30.0, 10.0),
        (50.0, (), 70.0, 30.0),
        (100.0, (), None, 90.0),
        (50.0, (EventKind.MOVE,), 90.0, None),
        (70.0, (EventKind.AUCTION, EventKind.GAP), None, 30.0),
    ],
)
def test_the_events_beside_a_place(
    place: float, kinds: tuple[EventKind, ...], after: float | None, before: float | None
) -> None:
    found = LINE.after(place, *kinds), LINE.before(place, *kinds)
    assert [one and one.position for one in found] == [after, before]


@pytest.mark.parametrize(
    ("place", "begin"),
    [(29.9, None), (30.0, 30.0), (39.9, 30.0), (40.0, None), (55.0, None), (70.0, 70.0)],
)
def test_the_gap_at_a_place_is_one_or_damage(place: float, begin: float | None) -> None:
    found = LINE.gap_at(place)
    assert (found and found.position) == begin


def test_the_biggest_move_is_the_one_of_the_most_percent() -> None:
    assert LINE.biggest == EVENTS[4]
    assert Timeline(1.0, ()).biggest is None
    assert LINE.of_kind() == list(EVENTS)
    assert LINE.of_kind(EventKind.MOVE) == [EVENTS[2], EVENTS[4]]


def test_other_events_take_the_place_of_all_but_the_auctions() -> None:
    gap = TimelineEvent(5.0, EventKind.GAP, GAP, 6.0)
    found = LINE.having([EVENTS[4], gap], complete=True)
    assert found == Timeline(100.0, LINE.stretches, (gap, EVENTS[0], EVENTS[4]), complete=True)
    assert not LINE.having([]).complete
    assert TimelineEvent(5.0, EventKind.GAP, GAP) == TimelineEvent(
        5.0, EventKind.GAP, GAP, 0.0, 0.0
    )


@pytest.mark.parametrize(
    ("gap", "key", "values"),
    [
        (Gap("record.why_full", 5.0, 1234), "replay.gap_missed", {"count": "1,234"}),
        (Gap("record.why_full", 5.0, 0), "replay.gap", {}),
        (Gap("record.why_full", 5.0, None), "replay.gap", {}),
    ],
)
def test_a_gap_says_how_many_are_missing_where_that_is_known(
    gap: Gap, key: str, values: dict[str, str]
) -> None:
    why = UserMessage("record.why_full", "record.why_full")
    assert gap_message(gap) == UserMessage(key, why=why, **values)
    assert Gap() == Gap("", 0.0, None)
    long = gap_message(Gap("x" * 99)).values["why"]
    assert str(UserMessage("x" * 99, "x" * 60)) == str(long)
