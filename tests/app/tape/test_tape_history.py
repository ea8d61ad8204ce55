"""A start in the middle of a night knows what was recorded of it before."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from harness.player_harness import run_player

from app.feed.trade_lane import Trades
from app.market.session_memory import SessionMemory
from app.system.clock import ManualClock
from app.system.files import ProgramFolders
from app.tape.library import find
from app.tape.reader import Tape
from app.tape.tape_clock import moment
from app.tape.tape_history import TapeHistory
from app.tape.tape_index import TapeIndex


@pytest.fixture
def demo_clock() -> ManualClock:
    """Return a clock that stands at the end of the built-in tape."""
    with Tape(find("demo", ProgramFolders.find())) as tape:
        index = TapeIndex(tape)
        return ManualClock(moment(index.wall_at(index.length)))


def tape_name(clock: ManualClock, mark: str = "") -> str:
    return f"{clock.now() + timedelta(days=3):%Y%m%d}-night{mark}.ktape"


async def delivered(folder: Path, clock: ManualClock) -> list[Trades]:
    found: list[Trades] = []
    await TapeHistory(folder, clock).run(lambda records: found.append(records.trades))
    return found


async def test_a_restart_knows_every_trade_of_tonights_tape(
    tmp_path: Path, demo_clock: ManualClock
) -> None:
    shutil.copy(find("demo", ProgramFolders.find()), tmp_path / tape_name(demo_clock))
    memory = SessionMemory()
    for trades in await delivered(tmp_path, demo_clock):
        memory.prepend(trades)
    straight = SessionMemory()
    async with run_player(speed=float("inf")) as one:
        await one.until(lambda: one.clock.pace.ended)
        await one.settle()
        for batch in one.batches:
            straight.apply(batch.trades)
        codes = one.tape_index.codes
    assert straight.count > 1000
    assert memory.count == straight.count
    for code in codes:
        expected = [(p.time, p.price, p.side, p.missed) for p in straight.prints(code)]
        assert [(p.time, p.price, p.side, p.missed) for p in memory.prints(code)] == expected


async def test_another_date_and_the_demos_tapes_bring_nothing(
    tmp_path: Path, demo_clock: ManualClock
) -> None:
    shutil.copy(find("demo", ProgramFolders.find()), tmp_path / tape_name(demo_clock, "-demo"))
    assert await delivered(tmp_path, demo_clock) == []
    shutil.copy(find("demo", ProgramFolders.find()), tmp_path / tape_name(demo_clock))
    demo_clock.move_to(demo_clock.now() + timedelta(days=1))
    assert await delivered(tmp_path, demo_clock) == []


async def test_unreadable_tapes_are_left_out(tmp_path: Path, demo_clock: ManualClock) -> None:
    (tmp_path / tape_name(demo_clock)).write_bytes(b"nothing of a tape")
    (tmp_path / tape_name(demo_clock, "-2")).mkdir()
    assert await delivered(tmp_path, demo_clock) == []
    assert await delivered(tmp_path / "missing", demo_clock) == []
