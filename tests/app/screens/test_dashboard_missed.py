"""Missed trades on the dashboard: marked on the row, counted in the registrations."""

from datetime import timedelta

from harness.dashboard import DashboardHarness, at, run_dashboard
from textual.widgets import Static

from app.feed.batch import Batch, Counters, LinkState
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.market.book import Book

CODES = ("A01612", "B01612A31")


def line(stage: DashboardHarness, code: str) -> str:
    [found] = [text for text in stage.text.splitlines() if text.startswith(f"│ {code}")]
    return found


async def test_trades_that_were_missed_are_said_on_the_row_and_counted_in_the_dialog() -> None:
    async with run_dashboard(CODES, start=at(18, 1)) as stage:
        await stage.step_to(stage.clock.now() + timedelta(seconds=20))
        before = stage.app.market.book.rows[0].trade
        assert before is not None
        assert "≠" not in stage.text
        stage.simulator.faults.mute.add("A01612")
        await stage.step_to(stage.clock.now() + timedelta(seconds=20))
        assert stage.app.market.book.rows[0].trade is before
        stage.simulator.faults.mute.clear()
        await stage.step_to(stage.clock.now() + timedelta(seconds=20))
        await stage.wait_layout()
        row, other = stage.app.market.book.rows
        assert row.trade is not None
        grown = row.trade.accumulated_volume - before.accumulated_volume
        assert 0 < row.missed < grown
        assert f"≠{row.trade.accumulated_volume:,.0f} " in line(stage, "A01612")
        assert other.missed == 0
        assert "≠" not in line(stage, "B01612A31")
        await stage.press("b")
        said = str(stage.app.screen.query_one("#slots", Static).render()).splitlines()
        assert [text for text in said if text.endswith(f"체결 누락 {row.missed:,.0f}계약")] == [
            text for text in said if text.startswith("A01612")
        ]


def test_a_row_that_comes_back_knows_what_was_missed() -> None:
    book = Book(Contracts(Master()).instrument)
    book.watch(CODES)
    missed = {"A01612": 12.0}
    batch = Batch((), LinkState(), Counters(), {}, (), {}, missed=missed)
    assert [(row.code, row.missed) for row in book.apply(batch)][:1] == [("A01612", 12.0)]
    assert book.apply(batch) == []
    book.watch(())
    book.watch(("A01612",))
    assert [row.missed for row in book.rows] == [12.0]
    book.apply(Batch((), LinkState(), Counters(), {}, (), {}, missed={}))
    assert [row.missed for row in book.rows] == [0.0]
