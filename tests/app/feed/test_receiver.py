"""The receiver: no message makes it raise, and only registered data reach the screen."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

import pytest
from harness.sample_frames import frame, record
from hypothesis import given
from hypothesis import strategies as st

from app.feed.conflation import Conflation
from app.feed.receiver import ECHOES_PER_SECOND, LONGEST_ECHO, Receiver
from app.feed.registrations import RegistrationKey
from app.feed.session import LinkSession
from app.system.clock import KST, ManualClock
from specs.control import Ack
from specs.record import Record

NOW = datetime(2026, 11, 21, 3, 12, 44, tzinfo=KST)
NOW = datetime(2026, 11, 21, 3, 12, 44, tzinfo=KST)
PINGPONG = '{"header":{"tr_id":"PINGPONG","datetime":"20261121031244"}}'


class Bench:
    """An intake with one registered option, and what came out of it."""

    def __init__(self) -> None:
        pilot = LinkSession(lambda: 0.5)
        pilot.registrations.request([RegistrationKey("H0EUCNT0", "B01612A31")])
        pilot.registrations.next_order(0.0)
        self.registrations = pilot.registrations
        self.seen: list[Record] = []
        conflation = Conflation(lambda heard: None)
        self.receiver = Receiver(
            pilot,
            conflation,
            lambda tr_id, records, at: self.seen.extend(records),
            ManualClock(NOW),
        )

    def take(self, data: str | bytes, now: float = 1.0) -> str | Ack | None:
        return self.receiver.accept(data, now)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with asyncio.Runner() as runner:

        async def build() -> Bench:
            return Bench()

        built = runner.run(build())
        built.receiver._conflation.close()
        yield built


def test_data_of_a_registration_comes_through_and_confirms_it(bench: Bench) -> None:
    raw = frame("H0EUCNT0", record("H0EUCNT0", code="B01612A31", price="24.85"))
    assert bench.take(raw) is None
    assert [r.code for r in bench.seen] == ["B01612A31"]
    assert bench.receiver.counters().frames == 1


def test_binary_text_is_read_and_binary_rubbish_counted(bench: Bench) -> None:
    raw = frame("H0EUCNT0", record("H0EUCNT0", code="B01612A31"))
    bench.take(raw.encode())
    bench.take(b"\xff\xfe\x00")
    assert len(bench.seen) == 1
    assert bench.receiver.counters().refused == {"unprintable": 1}


def test_data_that_nobody_asked_for_is_counted_and_dropped(bench: Bench) -> None:
    bench.take(frame("H0EUCNT0", record("H0EUCNT0", code="C01612A31")))
    bench.take(frame("H0MFCNT0", record("H0MFCNT0", code="A01612")))
    assert not bench.seen
    assert bench.receiver.counters().unasked == 2


def test_a_frame_of_several_codes_keeps_those_that_were_asked_for(bench: Bench) -> None:
    records = [record("H0EUCNT0", code=code) for code in ("B01612A31", "C01612A31", "B01612A31")]
    bench.take(frame("H0EUCNT0", *records))
    assert [r.code for r in bench.seen] == ["B01612A31", "B01612A31"]
    assert bench.receiver.counters().unasked == 1


def test_pingpong_is_sent_back_as_it_came(bench: Bench) -> None:
    assert bench.take(PINGPONG) == PINGPONG


def test_a_flood_or_a_giant_of_pingpong_is_not_echoed(bench: Bench) -> None:
    echoes = [bench.take(PINGPONG, now=7.5) for _ in range(50)]
    assert sum(echo is not None for echo in echoes) == ECHOES_PER_SECOND
    giant = PINGPONG.replace("2026", "2" * LONGEST_ECHO)
    assert bench.take(giant, now=9.0) is None


def test_appended_fields_are_noticed(bench: Bench) -> None:
    fields = [*record("H0EUCNT0", code="B01612A31"), "0", "0"]
    bench.take(frame("H0EUCNT0", fields))
    assert len(bench.seen) == 1
    assert bench.receiver.counters().appended == {"H0EUCNT0": 2}


def test_a_bad_record_is_counted_and_costs_no_other(bench: Bench) -> None:
    good = record("H0EUCNT0", code="B01612A31")
    bad = record("H0EUCNT0", code="B01612A31", price="inf")
    bench.take(frame("H0EUCNT0", bad, good, good))
    assert len(bench.seen) == 2
    counters = bench.receiver.counters()
    assert (counters.refused, counters.dropped) == ({}, {"number": 1})
    assert "^inf^" in counters.samples["number"][0]


def test_an_unreadable_field_is_counted_by_its_name(bench: Bench) -> None:
    odd = record("H0EUCNT0", code="B01612A31", disparity_percent="inf", delta="1.#INF")
    bench.take(frame("H0EUCNT0", odd, odd))
    assert len(bench.seen) == 2
    counters = bench.receiver.counters()
    assert counters.unreadable == {"H0EUCNT0": {"DPRT": 2, "DELTA": 2}}
    assert (counters.refused, counters.dropped) == ({}, {})


def test_a_code_that_was_released_is_asked_about_again_after_forget(bench: Bench) -> None:
    raw = frame("H0EUCNT0", record("H0EUCNT0", code="B01612A31"))
    bench.take(raw)
    bench.registrations.request([])
    assert bench.registrations.next_order(1.0) is not None
    bench.registrations.acknowledge(Ack("H0EUCNT0", "B01612A31", "OPSP0001", ""))
    bench.receiver.reset()
    bench.take(raw)
    assert len(bench.seen) == 1
    assert bench.receiver.counters().unasked == 1


@pytest.mark.parametrize(
    "message", ["{", "", b"\xff", "0|H0EUCNT0|001|", PINGPONG, PINGPONG.replace("2026", "x")]
)
async def test_every_message_that_changes_a_counter_brings_a_beat(message: str | bytes) -> None:
    """Nothing else may come for a long time, and the count of refused frames would be stale."""
    came = asyncio.Event()
    conflation = Conflation(lambda heard: came.set(), beat=0.01)
    receiver = Receiver(LinkSession(lambda: 0.5), conflation, None, ManualClock(NOW))
    receiver.accept(message, 1.0)
    await asyncio.wait_for(came.wait(), 5.0)
    conflation.close()


@given(st.one_of(st.text(), st.binary()))
def test_nothing_that_the_server_sends_raises(data: str | bytes) -> None:
    async def feed() -> None:
        bench = Bench()
        bench.receiver._conflation.close()
        said = bench.take(data)
        assert said is None or isinstance(said, Ack) or said == data
        assert bench.receiver.last_message == 1.0

    asyncio.run(feed())


def test_a_registration_is_confirmed_by_its_first_record_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed: list[str] = []
    gate = bench.receiver._gate
    confirm = gate.confirm

    def counted(tr_id: str, code: str, now: float) -> bool:
        confirmed.append(code)
        return confirm(tr_id, code, now)

    monkeypatch.setattr(gate, "confirm", counted)
    raw = frame("H0EUCNT0", record("H0EUCNT0", code="B01612A31"))
    for _ in range(3):
        bench.take(raw)
    assert confirmed == ["B01612A31"]
    assert len(bench.seen) == 3
