"""The page of a smile: what it registers, shows and keeps, and where its keys lead."""

import re
import subprocess
import sys
from datetime import date, timedelta
from math import isfinite

from harness.dashboard import DashboardHarness, at, run_dashboard
from msgspec import json

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.instruments.option_chain import Chain, Product
from app.pricing.smile_file import SavedSmile, SmileFile
from app.screens.smile_screen import SmileScreen
from app.system.files import ProgramFolders
from specs.catalog import Session
from specs.codes import Right
from specs.market.smile import Curve, SmilePoint
from widgets.sparkline import LEVELS

CODES = ("A01612", "B01612A31", "C01612A31")
MANY = ("A01612", *(f"{right}01612A{n}" for right in "BC" for n in range(20, 40)))
KEY = Product("KOSPI200"), "202612"
EXPIRY = date(2026, 12, 10)


def page(stage: DashboardHarness) -> SmileScreen:
    found = stage.app.page
    assert isinstance(found, SmileScreen)
    return found


def chain(stage: DashboardHarness) -> Chain:
    found = page(stage)._chain
    assert found is not None
    return found


def kept_file() -> SmileFile:
    return SmileFile(ProgramFolders.find().state / "smiles-demo.json")


def keep_a_close() -> None:
    """A smile of the day session before the night."""
    points = tuple(SmilePoint(1040.0 + 5 * n, middle=24.0 - 0.2 * n) for n in range(17))
    curve = Curve(points, 1079.0, 22.4, -2.0, 0.1)
    file = kept_file()
    file.save([SavedSmile(*KEY, EXPIRY, date(2026, 11, 20), Session.DAY, at(15, 34), curve)])


async def opened(stage: DashboardHarness) -> None:
    """The page open with everything registered, and the market gone on a little."""
    await stage.step_to(at(18, 1))
    await stage.press("down", "6")
    stage.app.tick()
    await stage.wait_registered()
    await stage.step_to(at(18, 6))
    # The picture follows once a second.
    await stage.step_to(at(18, 6, 2))


async def test_quotes_become_a_smile_with_numbers_at_every_size() -> None:
    keep_a_close()
    async with run_dashboard(CODES, size=(80, 24)) as stage:
        await opened(stage)
        assert chain(stage).key == KEY
        held = {code for _, code in stage.simulator.registrations}
        assert set(page(stage).codes) <= held
        assert stage.simulator.oracle.most_registered <= 41
        instruments = [stage.app.program.contracts.instrument(c) for c in page(stage).codes]
        forward = page(stage)._curve.forward
        rights = [(i.right, i.strike) for i in instruments if abs(i.strike - forward) > 5]
        assert all((right is Right.CALL) is (strike > forward) for right, strike in rights)
        curve = page(stage)._curve
        assert curve.why == ""
        assert sum(not point.old for point in curve.points) >= 15
        assert 15 < curve.money < 30
        assert curve.reversal < 0
        for point in curve.points:
            assert point.old or not point.bid > point.ask
        for size in ((80, 24), (120, 40), (200, 50)):
            await stage.resize(size)
            await stage.wait_layout()
            text = stage.text
            for word in ("ATM IV", "25Δ RR", "25Δ BF", "전 마감", "11/20(금) 15:34", "1,100"):
                assert word in text
            assert f"{curve.money:.1f}"[:-1] in text
        for minute in (7, 8, 9):
            await stage.step_to(at(18, minute))
        assert len(stage.app.workspace.smiles.path(KEY, "money")) >= 4
        assert any(level in stage.text for level in LEVELS)
        # A market that is quiet leaves the picture alone.
        await stage.pass_time(2)
        drawn = page(stage).plot.drawn
        await stage.pass_time(2)
        await stage.wait_layout()
        assert page(stage).plot.drawn == drawn
    sessions = {kept.session: kept for kept in kept_file().load()}
    assert set(sessions) == {Session.DAY, Session.NIGHT}
    night = sessions[Session.NIGHT]
    assert (night.key, night.expiry) == (KEY, EXPIRY)
    assert 15 < night.curve.money < 30


async def test_a_long_watchlist_gives_its_slots_to_the_wings_within_seconds() -> None:
    async with run_dashboard(MANY, start=at(18, 3)) as stage:
        await stage.wait_registered()
        assert len(stage.simulator.registrations) == 41
        await stage.press("6")
        stage.app.tick()
        assert not isfinite(page(stage)._curve.reversal)
        waited, told = 0.0, set()
        while not isfinite(page(stage)._curve.reversal):
            stage.wake_feed()
            await stage.step_to(stage.clock.now() + timedelta(seconds=0.5))
            await stage.wait_layout()
            told |= set(re.findall("25Δ 호가 수신 중|3개 미만", stage.text))
            waited += 0.5
            assert waited < 15
        assert "25Δ 호가 수신 중" in told
        assert stage.simulator.oracle.most_registered <= 41


async def test_another_expiry_and_another_product_are_shown() -> None:
    async with run_dashboard(CODES, start=at(18, 0)) as stage:
        await stage.press("down", "6")
        before = chain(stage)
        await stage.press("left_square_bracket")
        assert chain(stage).expiry < before.expiry
        assert "위클리" in stage.text
        await stage.press("right_square_bracket")
        assert chain(stage) is before
        await stage.press("p", "down", "enter")
        await stage.pilot.pause()
        assert chain(stage).product != before.product
        await stage.press("escape")
        assert stage.app.page is None
        assert stage.codes == list(CODES)


async def test_before_there_are_quotes_it_says_so() -> None:
    async with run_dashboard(CODES, start=at(18, 0), live=False) as stage:
        await stage.press("down", "6")
        stage.app.tick()
        await stage.wait_layout()
        assert "선물 없음" in stage.text


async def test_a_damaged_file_is_told_once_and_does_no_harm() -> None:
    path = ProgramFolders.find().state / "smiles-demo.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(json.encode({"smiles": [{"points": "none"}]}))
    async with run_dashboard(CODES, start=at(18, 0), live=False, notifications=True) as stage:
        await stage.press("down", "6")
        for _ in range(3):
            stage.clock.move_to(stage.clock.now() + timedelta(seconds=2))
            stage.app.tick()
        assert sum("스마일 파일" in toast for toast in stage.toasts) == 1
        assert "ATM IV" in stage.text


def test_what_draws_is_loaded_when_the_page_opens_and_not_before() -> None:
    program = (
        "import sys, app.screens.app, app.cli.dashboard; "
        "raise SystemExit(bool({'widgets.smile', 'app.pricing.smile_tracker'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


async def test_without_a_master_there_are_no_strikes_and_a_word() -> None:
    async with run_dashboard(
        CODES, start=at(18, 0), live=False, contracts=Contracts(Master.from_lines([], []))
    ) as stage:
        await stage.press("down", "6")
        stage.app.tick()
        await stage.wait_layout()
        assert "종목마스터가 없어" in stage.text
        assert page(stage).codes == ()
        await stage.press("left_square_bracket", "p", "escape")
        assert stage.app.page is None


async def test_without_room_for_a_picture_there_are_the_numbers_and_below_that_a_sentence() -> None:
    async with run_dashboard(CODES, size=(60, 14)) as stage:
        await opened(stage)
        await stage.wait_layout()
        text = stage.text
        curve = page(stage)._curve
        assert curve.why == ""
        for word in ("ATM IV", "25Δ RR", "25Δ BF", "호가", f"{curve.reversal:+.2f}"[:-1]):
            assert word in text
        assert "행사가" not in text
        await stage.resize((60, 18))
        await stage.wait_layout()
        assert "행사가" in stage.text
        await stage.resize((59, 13))
        await stage.wait_layout()
        assert "창이 작습니다" in stage.text
        assert "25Δ" not in stage.text
        await stage.resize((80, 24))
        await stage.wait_layout()
        assert "체결 IV" in stage.text
