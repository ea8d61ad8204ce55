"""The dashboard and its calendar: sessions announced as held, one phase for all."""

from harness.dashboard import at, run_dashboard

from app.cli.demo_options import DEMO_DAY
from app.krx import corrections
from app.krx.calendar import Schedule
from app.krx.corrections import Corrections
from specs.catalog import Session

CODES = ("A01612", "B01612A31")
WIDE = (200, 40)
CLOSED = Corrections(closed_nights=frozenset([DEMO_DAY]))


async def test_the_status_line_names_the_setting_where_data_come_of_a_closed_night() -> None:
    corrections.use(CLOSED)
    async with run_dashboard(CODES, start=at(18, 5), size=WIDE) as stage:
        await stage.step_to(at(18, 6))
        await stage.wait_layout()
        assert stage.app.market.book.rows[0].trade is not None
        status = stage.text.splitlines()[0]
        assert "거래시간 아님" in status
        assert "● 실시간" in status
        assert "휴장인데 시세 수신 중 → [calendar] closed_nights  2026-11-20 삭제" in status


async def test_a_narrow_status_line_still_names_the_setting() -> None:
    corrections.use(CLOSED)
    async with run_dashboard(CODES, start=at(18, 5), size=(80, 24)) as stage:
        await stage.step_to(at(18, 6))
        await stage.wait_layout()
        assert "closed_nights" in stage.text.splitlines()[0]


async def test_the_status_line_says_nothing_of_a_night_that_is_held() -> None:
    async with run_dashboard(CODES, start=at(18, 5), size=WIDE) as stage:
        await stage.step_to(at(18, 6))
        await stage.wait_layout()
        assert "calendar" not in stage.text.splitlines()[0]


async def test_a_night_that_is_asked_for_by_day_has_no_closing_auction_of_the_day() -> None:
    nights = Schedule(Session.NIGHT)
    async with run_dashboard(
        CODES, start=at(15, 40), size=WIDE, session=Session.DAY, schedule=nights
    ) as stage:
        registered = {tr_id for tr_id, _ in stage.simulator.registrations}
        assert registered == {"H0MFCNT0", "H0MFASP0", "H0EUCNT0", "H0EUASP0"}
        status = stage.text.splitlines()[0]
        assert "거래시간 아님" in status
        assert "● 연결됨" in status
        assert "실시간" not in status
        assert "거래일 11/23(월)" in status
        assert "야간 17:50 시가 단일가까지" in status


async def test_without_it_the_day_has_its_closing_auction() -> None:
    async with run_dashboard(CODES, start=at(15, 40), size=WIDE, session=Session.DAY) as stage:
        registered = {tr_id for tr_id, _ in stage.simulator.registrations}
        assert {"H0IFCNT0", "H0IOCNT0"} <= registered
        status = stage.text.splitlines()[0]
        assert "주간 종가 단일가" in status
        assert "거래일 11/20(금)" in status
