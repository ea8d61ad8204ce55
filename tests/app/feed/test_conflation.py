"""Conflation: newest wins, one batch in flight, nothing when nothing changed."""

import asyncio

import pytest
from harness.sample_frames import frame, record

from app.feed.batch import Received
from app.feed.conflation import Conflation
from specs.frame import decode
from specs.record import Record


def trades(*prices: str, code: str = "B01612A31") -> list[Record]:
    records = [record("H0EUCNT0", code=code, price=price) for price in prices]
    return decode(frame("H0EUCNT0", *records)).records


class Screen:
    """Takes batches and remembers them."""

    def __init__(self) -> None:
        self.batches: list[tuple[Received, ...]] = []
        self.came = asyncio.Event()
        self.conflation = Conflation(self._take, beat=0.01)

    def _take(self, batch: tuple[Received, ...]) -> None:
        self.batches.append(batch)
        self.came.set()

    async def next(self) -> tuple[Received, ...]:
        async with asyncio.timeout(5):
            await self.came.wait()
        self.came.clear()
        return self.batches[-1]


async def test_a_beat_brings_the_newest_record_of_each_code() -> None:
    screen = Screen()
    first, second = trades("1.00", "2.00")
    screen.conflation.accept("H0EUCNT0", [first], 1.0)
    screen.conflation.accept("H0EUCNT0", [second], 2.0)
    other = trades("9.00", code="C01612A31")
    screen.conflation.accept("H0EUCNT0", other, 3.0)
    batch = await screen.next()
    assert [(heard.record, heard.at) for heard in batch] == [(second, 2.0), (other[0], 3.0)]


async def test_no_batch_is_sent_while_the_last_one_has_not_been_taken() -> None:
    screen = Screen()
    screen.conflation.accept("H0EUCNT0", trades("1.00"), 1.0)
    await screen.next()
    for price in range(200):
        screen.conflation.accept("H0EUCNT0", trades(f"{price}.00"), 2.0)
        await asyncio.sleep(0)
    assert len(screen.batches) == 1
    screen.conflation.acknowledge_batch()
    (heard,) = await screen.next()
    assert heard.record == trades("199.00")[0]
    assert len(screen.batches) == 2


async def test_a_quiet_feed_costs_no_beat() -> None:
    screen = Screen()
    screen.conflation.accept("H0EUCNT0", trades("1.00"), 1.0)
    await screen.next()
    screen.conflation.acknowledge_batch()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await screen.came.wait()
    assert len(screen.batches) == 1


async def test_a_changed_link_arms_a_beat_without_records() -> None:
    screen = Screen()
    screen.conflation.touch()
    assert await screen.next() == ()
