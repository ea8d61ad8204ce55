"""The pace of batches: a beat apart, none under way, and none after the end."""

import asyncio
from collections.abc import Callable

import pytest

from app.feed.batch import Received
from app.feed.conflation import Conflation
from specs.record import Record
from specs.trs.night_option_trade import NightOptionTrade

BEAT = 10.0


class TimedLoop:
    """Stands for the clock and the timers of the event loop."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.cancelled = 0
        monkeypatch.setattr("app.feed.conflation.asyncio.get_running_loop", lambda: self)

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, call: Callable[[], None]) -> "TimedLoop":
        self.timers.append((when, call))
        return self

    def cancel(self) -> None:
        self.cancelled += 1

    def go_to(self, now: float) -> None:
        """Let the timers go off that are due until a moment."""
        self.now = now
        due = [call for when, call in self.timers if when <= now]
        self.timers = [timer for timer in self.timers if timer[0] > now]
        for call in due:
            call()


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> TimedLoop:
    return TimedLoop(monkeypatch)


def trade(code: str, price: float = 1.0) -> list[Record]:
    return [NightOptionTrade(code=code, price=price)]


class Batches:
    """A conflation with a beat of ten seconds, and what it sent."""

    def __init__(self) -> None:
        self.sent: list[list[str]] = []
        self.conflation = Conflation(self._take, BEAT)

    def _take(self, received: tuple[Received, ...]) -> None:
        self.sent.append([one.record.code for one in received])


def test_the_first_change_is_sent_at_once_and_the_next_a_beat_later(loop: TimedLoop) -> None:
    one = Batches()
    one.conflation.accept("H0EUCNT0", trade("a"), 1.0)
    assert [when for when, _ in loop.timers] == [100.0]
    loop.go_to(100.5)
    assert one.sent == [["a"]]
    one.conflation.acknowledge_batch()
    assert loop.timers == []
    one.conflation.accept("H0EUCNT0", trade("b"), 1.0)
    assert [when for when, _ in loop.timers] == [110.5]
    loop.go_to(110.4)
    assert one.sent == [["a"]]
    loop.go_to(110.5)
    assert one.sent == [["a"], ["b"]]


def test_one_timer_serves_all_changes_of_a_beat(loop: TimedLoop) -> None:
    one = Batches()
    for code in "abca":
        one.conflation.accept("H0EUCNT0", trade(code), 1.0)
    one.conflation.touch()
    assert len(loop.timers) == 1
    loop.go_to(101.0)
    assert one.sent == [["a", "b", "c"]]


def test_nothing_is_sent_until_the_last_batch_was_taken(loop: TimedLoop) -> None:
    one = Batches()
    one.conflation.touch()
    loop.go_to(101.0)
    one.conflation.accept("H0EUCNT0", trade("a"), 1.0)
    assert loop.timers == []
    loop.go_to(150.0)
    one.conflation.acknowledge_batch()
    assert [when for when, _ in loop.timers] == [150.0]
    # Taken twice, as after a jump of the player.
    one.conflation.acknowledge_batch()
    assert len(loop.timers) == 1
    loop.go_to(150.0)
    assert one.sent == [[], ["a"]]


def test_what_is_cleared_is_not_sent(loop: TimedLoop) -> None:
    one = Batches()
    one.conflation.accept("H0EUCNT0", trade("a"), 1.0)
    one.conflation.clear()
    one.conflation.accept("H0EUCNT0", trade("b"), 1.0)
    loop.go_to(101.0)
    assert one.sent == [["b"]]


def test_after_the_end_nothing_is_sent(loop: TimedLoop) -> None:
    one = Batches()
    one.conflation.close()
    assert loop.cancelled == 0
    one.conflation.accept("H0EUCNT0", trade("a"), 1.0)
    assert loop.timers == []
    other = Batches()
    other.conflation.touch()
    other.conflation.close()
    assert loop.cancelled == 1
    loop.timers.clear()
    other.conflation.touch()
    assert loop.timers == []


async def test_the_loop_that_runs_carries_the_timer() -> None:
    came = asyncio.Event()
    conflation = Conflation(lambda received: came.set(), 0.01)
    conflation.touch()
    await asyncio.wait_for(came.wait(), 5.0)
