"""The queue of entries: its times, its limit, and the gap that tells of what found no room."""

from datetime import datetime, timedelta
from time import monotonic

import msgspec
import pytest

from app.system.clock import KST, ManualClock
from app.tape.backlog import MOST, Backlog, StateNote
from app.tape.entry import EntryKind
from app.tape.gap import Gap
from app.tape.times import nanoseconds

NIGHT = datetime(2026, 11, 20, 18, tzinfo=KST)
FRAME = EntryKind.FRAME


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NIGHT)


def messages(backlog: Backlog) -> list[object]:
    return [message for _, message, _, _ in backlog.waiting]


def test_a_new_backlog_is_empty(clock: ManualClock) -> None:
    backlog = Backlog(clock)
    assert (len(backlog.waiting), backlog.dropped, backlog.trouble) == (0, 0, "")
    assert MOST == 64 * 1024 * 1024


def test_an_entry_waits_with_its_times(clock: ManualClock) -> None:
    backlog = Backlog(clock)
    backlog.add(FRAME, "a", 1.5)
    backlog.add(EntryKind.BINARY, b"b", 1.505)
    ahead = nanoseconds(NIGHT) - 1_500_000_000
    assert list(backlog.waiting) == [
        (FRAME, "a", 1.5, ahead),
        (EntryKind.BINARY, b"b", 1.505, ahead),
    ]


@pytest.mark.parametrize(
    ("monotonic", "is_asked"), [(1.0, False), (1.009, False), (1.011, True), (0.999, True)]
)
def test_the_wall_clock_is_asked_after_ten_milliseconds_or_before_the_last_time(
    clock: ManualClock, monotonic: float, is_asked: bool
) -> None:
    backlog = Backlog(clock)
    backlog.add(FRAME, "a", 1.0)
    clock.move_to(NIGHT + timedelta(hours=1))
    backlog.add(FRAME, "b", monotonic)
    first, second = (ahead for _, _, _, ahead in backlog.waiting)
    assert (second != first) is is_asked


@pytest.mark.parametrize(("speed", "ticks"), [(1.0, 1_500_000_000), (60.0, 90_000_000_000)])
def test_ticks_run_as_the_wall_time_does(clock: ManualClock, speed: float, ticks: int) -> None:
    assert Backlog(clock, speed=speed).ticks(1.5) == ticks


# A message costs its bytes and 250 more: one of 250 characters takes 500.
LONG = "x" * 250


def test_a_backlog_takes_what_it_has_room_for(clock: ManualClock) -> None:
    backlog = Backlog(clock, most=1000)
    for number in range(5):
        backlog.add(FRAME, LONG, float(number))
    # The third one goes beyond the limit, which the next one finds.
    assert (len(backlog.waiting), backlog.dropped) == (3, 2)
    backlog = Backlog(clock, most=999)
    for number in range(5):
        backlog.add(FRAME, LONG, float(number))
    assert (len(backlog.waiting), backlog.dropped) == (2, 3)


def test_after_a_drop_a_quarter_of_the_room_has_to_be_free(clock: ManualClock) -> None:
    backlog = Backlog(clock, most=1000)
    backlog.trouble = "record.why_full"
    for number in range(4):
        backlog.add(FRAME, LONG, float(number))
    # What is in trouble later is not the reason.
    backlog.trouble = ""
    backlog.drop_first()
    backlog.add(FRAME, "no room", 4.0)
    assert (len(backlog.waiting), backlog.dropped) == (2, 2)
    backlog.drop_first()
    backlog.add(FRAME, "room", 5.0004)
    kind, gap, seconds, _ = backlog.waiting[1]
    assert (kind, seconds) == (EntryKind.GAP, 5.0004)
    assert isinstance(gap, bytes)
    assert msgspec.json.decode(gap, type=Gap) == Gap("record.why_full", 2.0, 2)
    assert messages(backlog)[2:] == ["room"]
    assert backlog.dropped == 2


def test_a_gap_of_a_slow_disk_says_so_and_is_told_once(clock: ManualClock) -> None:
    backlog = Backlog(clock, most=100)
    for number in range(3):
        backlog.add(FRAME, LONG, float(number))
    backlog.drop_first()
    for number in range(3):
        backlog.add(FRAME, "", 3.0 + number)
    # The limit is the whole one again: the gap takes more than it.
    assert [kind for kind, *_ in backlog.waiting] == [EntryKind.GAP, FRAME]
    [gap] = [one for one in messages(backlog) if isinstance(one, bytes)]
    assert msgspec.json.decode(gap, type=Gap) == Gap("record.why_slow", 2.0, 2)
    assert backlog.dropped == 2 + 2


def test_the_limit_is_the_whole_one_after_a_gap(clock: ManualClock) -> None:
    backlog = Backlog(clock, most=2000)
    while not backlog.dropped:
        backlog.add(FRAME, LONG, 0.0)
    while backlog.waiting:
        backlog.drop_first()
    for _ in range(10):
        backlog.add(FRAME, LONG, 1.0)
    # The gap, and messages up to the limit and one beyond it.
    assert len(backlog.waiting) == 1 + 4
    assert backlog.dropped == 1 + 6


def test_a_note_for_the_keyframe_costs_250(clock: ManualClock) -> None:
    backlog = Backlog(clock, most=999)
    for _ in range(9):
        backlog.add(EntryKind.KEYFRAME, StateNote(lambda _: None), 0.0)
    assert (len(backlog.waiting), backlog.dropped) == (4, 5)
    assert not StateNote(lambda _: None).at_once
    while backlog.waiting:
        backlog.drop_first()
    backlog.add(FRAME, "", 1.0)
    assert [kind for kind, *_ in backlog.waiting] == [EntryKind.GAP, FRAME]


def test_the_last_thing_waits_though_there_is_no_room(clock: ManualClock) -> None:
    backlog = Backlog(clock, most=1)
    for number in range(3):
        backlog.add(FRAME, LONG, float(number))
    backlog.close(EntryKind.END, b"{}", 3.0)
    backlog.add(FRAME, LONG, 4.0)
    assert [kind for kind, *_ in backlog.waiting] == [FRAME, EntryKind.GAP, EntryKind.END, FRAME]


def waits(backlog: Backlog) -> bool:
    """Return whether the backlog waits for something to come."""
    begun = monotonic()
    backlog.wait(0.05)
    return monotonic() - begun >= 0.04


def test_the_first_message_ends_a_wait_until_all_is_settled(clock: ManualClock) -> None:
    backlog = Backlog(clock)
    assert waits(backlog)
    backlog.add(FRAME, "a", 1.0)
    assert not waits(backlog)
    backlog.add(FRAME, "b", 2.0)
    assert waits(backlog)
    backlog.settle()
    backlog.add(FRAME, "c", 3.0)
    assert not waits(backlog)
    backlog.close(EntryKind.END, b"{}", 4.0)
    assert not waits(backlog)
