"""What the receiver counts and keeps of every message, and what it passes on."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from math import inf, isnan

import pytest
from harness.sample_frames import frame, record

from app.feed.conflation import BEAT, Conflation
from app.feed.receiver import Receiver
from app.feed.registrations import RegistrationKey
from app.feed.session import LinkSession
from app.system.clock import KST, ManualClock
from specs.control import Ack
from specs.record import Record

NOW = datetime(2026, 11, 21, 3, 12, 44, tzinfo=KST)
TR, CODE = "H0EUCNT0", "B01612A31"
PINGPONG = '{"header":{"tr_id":"PINGPONG","datetime":"20261121031246"}}'


class Heard:
    """A receiver with one registered option, and what it passed on."""

    def __init__(self) -> None:
        self.session = LinkSession(lambda: 0.5)
        self.session.registrations.request([RegistrationKey(TR, CODE)])
        self.session.registrations.next_order(0.0)
        self.tapped: list[tuple[str, list[Record], float]] = []
        self.touched = 0
        conflation = Conflation(lambda heard: None)
        conflation.touch = self._touch  # type: ignore[method-assign]
        self.receiver = Receiver(
            self.session, conflation, lambda *told: self.tapped.append(told), ManualClock(NOW)
        )

    def _touch(self) -> None:
        self.touched += 1


@pytest.fixture
def heard() -> Iterator[Heard]:
    with asyncio.Runner() as runner:

        async def build() -> Heard:
            return Heard()

        yield runner.run(build())


def trades(*codes: str, **changed: str) -> str:
    return frame(TR, *(record(TR, code=code, **changed) for code in codes))


def test_before_the_first_message_nothing_is_counted(heard: Heard) -> None:
    counters = heard.receiver.counters()
    assert isnan(counters.skew)
    assert (counters.frames, counters.records, counters.unasked, counters.backwards) == (0,) * 4
    assert (counters.refused, counters.appended, counters.samples) == ({}, {}, {})
    assert (heard.receiver.last_message, heard.receiver.last_data) == (-inf, -inf)
    assert BEAT == 0.1


def test_frames_and_records_are_counted_and_passed_on_with_their_time(heard: Heard) -> None:
    heard.receiver.accept(trades(CODE), 5.0)
    heard.receiver.accept(trades(CODE, CODE), 6.0)
    counters = heard.receiver.counters()
    assert (counters.frames, counters.records) == (2, 3)
    assert [(tr_id, len(records), at) for tr_id, records, at in heard.tapped] == [
        (TR, 1, 5.0), (TR, 2, 6.0),
    ]  # fmt: skip
    assert (heard.receiver.last_message, heard.receiver.last_data) == (6.0, 6.0)


def test_what_nobody_asked_for_is_counted_as_a_frame_and_no_data(heard: Heard) -> None:
    heard.receiver.accept(trades("C01612A31", "C01612A31"), 5.0)
    counters = heard.receiver.counters()
    assert (counters.frames, counters.records, counters.unasked) == (1, 0, 2)
    assert (heard.receiver.last_message, heard.receiver.last_data) == (5.0, -inf)
    assert heard.tapped == []


def test_answers_that_nobody_asked_for_count_as_well(heard: Heard) -> None:
    heard.receiver.accept(trades("C01612A31"), 5.0)
    heard.session.registrations.acknowledge(Ack(TR, "C01612A31", "OPSP0000", ""))
    assert heard.receiver.counters().unasked == 2


def test_a_late_trade_is_counted_as_one_that_goes_backwards(heard: Heard) -> None:
    for volume in ("10", "12", "11"):
        raw = trades(CODE, accumulated_volume=volume, last_volume="1", time="031200")
        heard.receiver.accept(raw, 5.0)
    assert heard.receiver.counters().backwards == 1
    assert heard.receiver.volumes.missed == {}


def test_three_samples_of_a_reason_are_kept_and_cut(heard: Heard) -> None:
    for number in range(5):
        heard.receiver.accept(f"0|{TR}|001|{number}" + "9.5^" * 99, 5.0 + number)
    heard.receiver.accept(b"\xff", 11.0)
    counters = heard.receiver.counters()
    assert counters.refused == {"layout_mismatch": 5, "unprintable": 1}
    samples = counters.samples["layout_mismatch"]
    assert [one[15] for one in samples] == ["0", "1", "2"]
    assert {len(one) for one in samples} == {256}
    assert counters.samples["unprintable"] == ("b'\\xff'",)
    assert heard.touched == 6


def test_a_pingpong_sets_the_clock_and_comes_back(heard: Heard) -> None:
    assert heard.receiver.accept(PINGPONG, 7.0) == PINGPONG
    assert heard.receiver.counters().skew == 2.0
    assert (heard.touched, heard.receiver.last_message) == (1, 7.0)
    assert heard.receiver.last_data == -inf


def test_five_echoes_a_second_go_out(heard: Heard) -> None:
    times = (7.0, 7.1, 7.2, 7.3, 7.9, 7.95, 7.99, 8.0, 8.1, 8.2, 8.3, 8.4, 8.5)
    echoed = [heard.receiver.accept(PINGPONG, at) is not None for at in times]
    assert echoed == [True] * 5 + [False] * 2 + [True] * 5 + [False]


@pytest.mark.parametrize(("length", "is_echoed"), [(1024, True), (1025, False)])
def test_an_echo_is_of_1024_characters_at_most(heard: Heard, length: int, is_echoed: bool) -> None:
    padded = PINGPONG + " " * (length - len(PINGPONG))
    assert (heard.receiver.accept(padded, 7.0) is not None) is is_echoed


def test_an_answer_is_passed_back_and_counted_nowhere(heard: Heard) -> None:
    said = heard.receiver.accept(
        f'{{"header":{{"tr_id":"{TR}","tr_key":"{CODE}"}},"body":{{"rt_cd":"0",'
        '"msg_cd":"OPSP0000","msg1":"SUBSCRIBE SUCCESS"}}',
        7.0,
    )
    assert said == Ack(TR, CODE, "OPSP0000", "SUBSCRIBE SUCCESS", "0")
    assert heard.receiver.counters().frames == 0
