"""Registrations by focus and visible rows, their dialog (b), expiries and dead codes."""

from datetime import datetime, timedelta

from harness.dashboard import DEMO_CODES, at, run_dashboard
from textual.widgets import Static

from app.feed.registrations import LIMIT
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.system.clock import KST
from specs.catalog import CATALOG, Channel
from widgets.message_text import message_text

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


async def test_what_is_in_sight_has_trades_and_books_and_the_rest_what_is_left() -> None:
    async with run_dashboard(MANY, start=at(18, 1)) as stage:
        held, sight = stage.simulator.registrations, stage.app.request.visible or frozenset()
        assert len(held) == LIMIT
        assert 10 < len(sight) < len(MANY)
        assert trades(held) > sight
        assert books(held) == sight
        assert stage.app.link.waiting == 2 * len(MANY) - LIMIT
        assert f"등록 {LIMIT}/{LIMIT}  등록 대기 {stage.app.link.waiting}건" in stage.status


async def test_the_cursor_brings_trades_and_book_of_its_row_a_second_each() -> None:
    async with run_dashboard(MANY, start=at(18, 1)) as stage:
        await stage.press("end")
        stage.app.tick()
        last = MANY[-1]
        assert stage.app.request.focus == last
        before, begun = stage.simulator.registrations, stage.clock.monotonic()

        def time_brings_it() -> bool:
            stage.clock.move_to(stage.clock.now() + timedelta(seconds=0.31))
            stage.wake_feed()
            return {("H0EUCNT0", last), ("H0EUASP0", last)} <= stage.simulator.registrations

        await stage.until(time_brings_it)
        given_up = before - stage.simulator.registrations
        assert len(given_up) <= stage.clock.monotonic() - begun + 1
        assert stage.simulator.oracle.most_registered == LIMIT


async def test_b_shows_who_has_a_slot_and_why_another_waits() -> None:
    async with run_dashboard((*MANY, "A11612"), start=at(18, 1)) as stage:
        await stage.press("b")
        said = str(stage.app.screen.query_one("#slots", Static).render())
        lines = said.splitlines()
        waiting = 2 * len(MANY) - LIMIT
        assert lines[0] == f"등록 {LIMIT}/{LIMIT} · 대기 {waiting}건"
        [asleep] = [line for line in lines if line.startswith("A11612")]
        assert "야간 거래 없음" in asleep
        assert sum(line.count("○") for line in lines) == waiting
        assert [line for line in lines if "체결 등록 대기" in line]
        assert [line for line in lines if "호가 등록 대기" in line]
        await stage.press("escape")
        assert stage.app.screen is stage.app.main


async def test_a_refused_row_shows_the_code_and_the_words_of_kis() -> None:
    """The simulator refuses a code that the portal does not list, in words of its own."""
    async with run_dashboard(FEW, start=at(18, 1)) as stage:
        stage.simulator.faults.refuse["A05612"] = "OPSP4711"
        await stage.add("A05612")
        said = "등록 거부 (OPSP4711 undocumented code)"
        await stage.pass_time(2)
        await stage.until(lambda: said in stage.text)
        assert all(f"{code} " in stage.text for code in FEW)
        await stage.press("b")
        dialog = str(stage.app.screen.query_one("#slots", Static).render())
        [line] = [line for line in dialog.splitlines() if line.startswith("A05612")]
        assert said in line


async def test_a_code_that_no_master_lists_says_so_when_it_stays_silent() -> None:
    async with run_dashboard(("A01612", "B01612Z99"), start=at(18, 1)) as stage:
        await stage.pass_time(75)
        [line] = [line for line in stage.text.splitlines() if line.startswith("│ B01612Z99 B")]
        assert "등록됨 · 1:00 동안 데이터 없음 — " in line
        assert "종목마스터에 없는 종목" in line


async def test_an_expired_contract_costs_nothing_and_rolls_to_the_next_expiry() -> None:
    after = datetime(2026, 12, 10, 18, 1, tzinfo=KST)
    async with run_dashboard(FEW, start=at(18, 1), notifications=True) as stage:
        stage.clock.move_to(after)
        stage.app.tick()
        await stage.pilot.pause()
        assert "3개" in stage.toasts[-1]
        assert stage.app.request.codes == ()
        [line] = [line for line in stage.text.splitlines() if line.startswith("│ B01612A31")]
        assert "만기 26/12/10" in line


async def test_n_puts_the_next_expiry_in_the_place_of_a_row_and_u_takes_it_back() -> None:
    async with run_dashboard(DEMO_CODES, start=at(18, 1), notifications=True) as stage:
        await stage.press("down", "down", "n")
        before, after = DEMO_CODES[2], stage.codes[2]
        assert after == before.replace("612", "701", 1)
        assert stage.toasts[-1].startswith(f"{before} → C 202701")
        assert stage.app.main.grid.watchlist.code == after
        await stage.press("u")
        assert stage.codes == list(DEMO_CODES)


async def test_a_contract_without_a_later_expiry_is_not_rolled() -> None:
    async with run_dashboard(("A06703",), start=at(18, 1), notifications=True) as stage:
        await stage.press("n")
        assert "다음 월물" in stage.toasts[-1]
        assert stage.codes == ["A06703"]


async def test_a_code_without_a_slot_and_a_master_says_what_is_unknown() -> None:
    bare = Contracts(Master())
    async with run_dashboard(
        ("A01612", "B06612083"), start=at(18, 1), limit=1, contracts=bare
    ) as stage:
        await stage.until(lambda: "모름" in stage.text)
        row = stage.app.market.book.row("B06612083")
        assert row is not None
        assert message_text(row.note) == "등록 한도 초과 · 이름·행사가 모름"
        await stage.press("b")
        said = str(stage.app.screen.query_one("#slots", Static).render())
        [line] = [line for line in said.splitlines() if line.startswith("B06612083")]
        assert "이름·행사가 모름" in line
        await stage.press("escape", "a")
        await stage.fill_field("B09FMWA33")
        assert "이름·행사가·만기 모름" in stage.dialog_message
