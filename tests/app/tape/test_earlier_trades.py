"""Wound to a place, a tape brings every trade before it, as if it had been played."""

import random

import pytest
from harness.player_harness import PlayerHarness, run_player

from app.market.session_memory import SessionMemory
from app.tape.earlier_trades import EarlierTrades
from specs.market.bars import Bar
from specs.market.trade_print import TradePrint


def memory_of(one: PlayerHarness) -> SessionMemory:
    """Return the memory of a screen that took all batches."""
    memory = SessionMemory()
    for batch in one.batches:
        if batch.is_reset:
            memory.clear()
        memory.apply(batch.trades)
        for records in batch.earlier:
            memory.prepend(records.trades)
    return memory


def known(memory: SessionMemory, codes: list[str]) -> dict[str, tuple[list[TradePrint], list[Bar]]]:
    """Return prints, numbered from 0, and bars of each code; a missing interest is 0."""
    found = {}
    for code in codes:
        prints = [
            (p.time, p.price, p.size, p.side, p.tick, p.missed, p.is_auction)
            for p in memory.prints(code)
        ]
        bars = [(b.start, b.open, b.high, b.low, b.close, b.volume) for b in memory.bars(code, 60)]
        found[code] = prints, bars
    return found  # type: ignore[return-value]


def is_read(reader: EarlierTrades) -> bool:
    """Return whether everything was read and collected."""
    return reader._next < 0 and not reader._found


async def test_wound_to_a_place_the_memory_is_that_of_a_straight_play() -> None:
    draw = random.Random(5)
    async with run_player(playing=False) as straight, run_player(playing=False) as wound:
        length, codes = straight.tape_index.length, straight.tape_index.codes
        straight.player.play(True)
        await straight.settle()
        before = 0.0
        for place in sorted(draw.uniform(0.2 * length, length) for _ in range(4)):
            await straight.play(place - before)
            before = straight.clock.position
            # There and back, so that what was read for another place is discarded.
            wound.player.seek(length)
            wound.player.seek(before)
            await wound.settle()
            await wound.until(lambda: is_read(wound.player._earlier))
            await wound.settle()
            expected = known(memory_of(straight), codes)
            assert sum(len(prints) for prints, _ in expected.values()) > 0
            assert known(memory_of(wound), codes) == expected


@pytest.mark.parametrize("share", [0.3, 0.9])
async def test_what_is_played_on_follows_what_came_before(share: float) -> None:
    async with run_player(playing=False) as one:
        one.player.seek(share * one.tape_index.length)
        await one.settle()
        one.player.play(True)
        await one.settle()
        await one.play(20.0)
        await one.until(lambda: is_read(one.player._earlier))
        await one.settle()
        for code in one.tape_index.codes:
            prints = memory_of(one).prints(code)
            assert [p.number for p in prints] == sorted({p.number for p in prints})
            assert [p.time for p in prints] == sorted(p.time for p in prints)
            # What is missing is what is said beside the row.
            assert sum(p.missed for p in prints) == one.last.missed.get(code, 0.0)
