"""Who has the registrations: focus and sight, the dialog behind b, expiries and dead codes."""

from datetime import datetime

from stage import DEMO_CODES, at, staged
from textual.widgets import Static

from app.clock import KST
from app.feed.ledger import LIMIT
from specs.catalog import CATALOG, Channel

FEW = ("A01612", "B01612A31", "C01612A31")
MANY = (
    "A01612",
    *(f"B01612A{n:02d}" for n in range(26, 41)),
    *(f"C01612A{n:02d}" for n in range(26, 41)),
)


def books(registrations: frozenset[tuple[str, str]]) -> set[str]:
    return {code for tr, code in registrations if CATALOG[tr].channel is Channel.BOOK}


def trades(registrations: frozenset[tuple[str, str]]) -> set[str]:
    return {code for tr, code in registrations if CATALOG[tr].channel is Channel.TRADE}


async def test_books_take_the_slots_that_trades_leave_those_in_sight_first() -> None:
    async with staged(MANY, start=at(18, 1)) as stage:
        held = stage.simulator.registrations
        assert len(held) == LIMIT
        assert trades(held) == set(MANY)
        assert books(held) <= (stage.app.wish.visible or set())
        assert stage.app.desk.watchlist.code in books(held)


async def test_the_cursor_brings_the_book_of_its_row_after_a_second() -> None:
    async with staged(MANY, start=at(18, 1)) as stage:
        await stage.press("end")
        stage.app.tick()
        last = MANY[-1]
        assert stage.app.wish.focus == last
        while last not in books(stage.simulator.registrations):
            await stage.pass_time(1.1)
            stage.nudge()
        assert trades(stage.simulator.registrations) == set(MANY)
        assert stage.simulator.oracle.most_registered == LIMIT


async def test_b_shows_who_has_a_slot_and_why_another_waits() -> None:
    async with staged((*MANY, "A11612"), start=at(18, 1)) as stage:
        await stage.press("b")
        said = str(stage.app.screen.query_one("#slots", Static).render())
        lines = said.splitlines()
        assert lines[0].startswith(f"{LIMIT}자리 중 {LIMIT}자리 사용 · ")
        assert lines[0].endswith(f"{2 * len(MANY) - LIMIT}건 대기")
        [asleep] = [line for line in lines if line.startswith("A11612")]
        assert "주간 종목" in asleep
        waiting = [line for line in lines if "호가 대기" in line]
        assert len(waiting) == 2 * len(MANY) - LIMIT
        await stage.press("escape")
        assert stage.app.screen is stage.app.main


async def test_a_code_that_no_master_lists_says_so_when_it_stays_silent() -> None:
    async with staged(("A01612", "B01612Z99"), start=at(18, 1)) as stage:
        await stage.pass_time(75)
        [line] = [line for line in stage.text.splitlines() if line.startswith("│ B01612Z99 B")]
        assert "등록됨 · 데이터 없음 1:1" in line
        assert "종목마스터에 없는 코드" in line


async def test_an_expired_contract_costs_nothing_and_rolls_to_the_next_expiry() -> None:
    after = datetime(2026, 12, 10, 18, 1, tzinfo=KST)
    async with staged(FEW, start=at(18, 1), notifications=True) as stage:
        stage.clock.move_to(after)
        stage.app.tick()
        await stage.pilot.pause()
        assert "3개" in stage.toasts[-1]
        assert stage.app.wish.codes == ()
        [line] = [line for line in stage.text.splitlines() if line.startswith("│ B01612A31")]
        assert "만기 12/10" in line


async def test_n_puts_the_next_expiry_in_the_place_of_a_row_and_u_takes_it_back() -> None:
    async with staged(DEMO_CODES, start=at(18, 1), notifications=True) as stage:
        await stage.press("down", "down", "n")
        before, after = DEMO_CODES[2], stage.codes[2]
        assert after == before.replace("612", "701", 1)
        assert stage.toasts[-1].startswith(f"{before} → C 202701")
        assert stage.app.desk.watchlist.code == after
        await stage.press("u")
        assert stage.codes == list(DEMO_CODES)


async def test_a_contract_without_a_later_expiry_is_not_rolled() -> None:
    async with staged(("A06703",), start=at(18, 1), notifications=True) as stage:
        await stage.press("n")
        assert "다음 만기" in stage.toasts[-1]
        assert stage.codes == ["A06703"]


