"""The products of the KRX night session, from the simulator to the board, by night and by day.

Source: kis-protocol, section 6 (KRX night derivatives market, 2025-06-09) and the TR table of
section 7.
"""

from datetime import datetime, timedelta

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard

from app.cli.demo_options import DEMO_DAY
from app.system.clock import KST
from specs.catalog import Session
from widgets.message_text import message_text

PRODUCTS = {
    "KOSPI200 futures": "A01612",
    "mini futures": "A05612",
    "KOSDAQ150 futures": "A06612",
    "KOSPI200 options": "B01612A33",
    "mini options": "C05612A33",
    "weekly options, Thursday": "B09FMWA33",
    "weekly options, Monday": "CAFC7WA33",
    "KOSDAQ150 options": "B06612060",
    "USD futures": "A75612",
    "3-year KTB futures": "A65612",
    "10-year KTB futures": "A67612",
}
MORE = {"KOSDAQ150 weekly": "BAJFMW060", "USD spread": "D7561201", "KOSPI200 spread": "D0161203"}
CODES = (*PRODUCTS.values(), *MORE.values())
COMMODITIES = ("A75612", "A65612", "A67612", "D7561201")
MINUTES = timedelta(minutes=8)


def trs(code: str, session: Session) -> set[str]:
    """Return the TRs of trade and book of a code in a session."""
    if code[0] in "BC":
        stem = "H0EU" if session is Session.NIGHT else "H0IO"
    elif session is Session.NIGHT:
        stem = "H0MF"
    else:
        stem = "H0CF" if code in COMMODITIES else "H0IF"
    return {f"{stem}CNT0", f"{stem}ASP0"}


def last_price(stage: DashboardHarness, code: str) -> str:
    """Return the simulator's last price of a code as the board should write it."""
    market = stage.simulator.market
    instrument = market.instruments[code]
    tape = market.tape(instrument)
    tape.advance(market.hours.seconds(stage.clock.now()))
    assert tape.count
    return f"{tape.price * instrument.unit:,.2f}"


@pytest.mark.parametrize("session", list(Session))
async def test_every_night_product_is_registered_and_shown_in_a_session(session: Session) -> None:
    day = datetime(DEMO_DAY.year, DEMO_DAY.month, DEMO_DAY.day, 10, tzinfo=KST)
    start = at(18, 30) if session is Session.NIGHT else day
    async with run_dashboard(CODES, start=start, session=session, size=(150, 50)) as stage:
        wanted = {(tr_id, code) for code in CODES for tr_id in trs(code, session)}
        assert stage.simulator.registrations == wanted
        await stage.step_to(start + MINUTES)
        await stage.wait_layout()
        lines = stage.text.splitlines()
        for code in CODES:
            row = stage.app.market.book.row(code)
            assert row is not None
            assert row.trade is not None, code
            assert row.book is not None, code
            assert row.note is row.badge is None
            # The greeks board lists options too, without a price.
            shown = [line for line in lines if code in line]
            assert any(f" {last_price(stage, code)} " in line for line in shown), code


async def test_what_does_not_trade_at_night_is_said_and_takes_no_slot() -> None:
    codes = ("A76612", "A88612", "A04612", "A11612", "A99612")
    async with run_dashboard(codes, start=at(18, 30), live=False, size=(120, 40)) as stage:
        await stage.until(
            lambda: all("—" not in message_text(row.note) for row in stage.app.market.book.rows)
        )
        await stage.pass_time(5)
        assert stage.simulator.registrations == set()
        notes = {
            code: message_text(row.note)
            for code in codes
            if (row := stage.app.market.book.row(code))
        }
        assert all("야간 거래 없음" in notes[code] for code in codes[:4])
        assert "TR을 알 수 없는 상품" in notes["A99612"]
        assert "야간" not in notes["A99612"]
