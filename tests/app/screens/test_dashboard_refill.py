"""A start within a session with a first picture: the chart knows what was traded before."""

from datetime import timedelta

from harness.dashboard import at, run_dashboard

from app.storage.settings import Settings

CODES = ("A01612", "B01612A33")


async def test_minutes_before_the_start_come_over_rest_and_join_those_of_trades() -> None:
    start = at(20, 10, 30)
    async with run_dashboard(CODES, start=start, settings=Settings(first_picture=True)) as stage:
        memory = stage.app.market.memory
        opened = int(at(18, 0).timestamp())
        await stage.until(lambda: (bars := memory.bars("A01612", 60)) and bars[0].start == opened)
        # The clock stands still, and calls keep their distance by it.
        for _ in range(20):
            await stage.pass_time(1.0)
        await stage.until(lambda: memory.bars("B01612A33", 60)[:1])
        await stage.step_to(start + timedelta(minutes=3))
        bars = memory.bars("A01612", 60)
        minutes = [(bar.start - opened) // 60 for bar in bars]
        assert minutes == sorted(set(minutes))
        assert set(range(130)) <= set(minutes)
        assert minutes[-1] >= 132
        assert memory.prints("A01612")[0].time >= start.timestamp() - 1


async def test_without_a_first_picture_only_trades_since_the_start_are_known() -> None:
    start = at(20, 10, 30)
    async with run_dashboard(CODES, start=start) as stage:
        await stage.step_to(start + timedelta(minutes=3))
        bars = stage.app.market.memory.bars("A01612", 60)
        assert bars[0].start >= start.timestamp() - 60
