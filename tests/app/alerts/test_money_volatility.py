"""Alerts on the volatility at the money: its distance from the last close, and what is watched."""

from datetime import datetime, timedelta
from math import isnan
from pathlib import Path

import pytest
from harness.dashboard import demo_contracts
from harness.sample_frames import frame, record
from msgspec.structs import replace

from app.alerts.alert import FiredAlert
from app.alerts.alert_parser import parse_alert
from app.alerts.monitor import AlertMonitor
from app.feed.batch import Batch, Counters, LinkState, Received
from app.instruments.option_chain import key_of
from app.pricing.black76 import price
from app.pricing.smile_file import SavedSmile, SmileFile
from app.pricing.smile_tracker import SmileTracker
from app.pricing.year_fraction import years_left
from app.storage.settings import Settings
from app.system.clock import KST, ManualClock
from specs.catalog import Session
from specs.codes import Right
from specs.frame import decode
from specs.market.smile import Curve, SmilePoint
from specs.user_message import UserText

CONTRACTS = demo_contracts()
CODE, FUTURE = "B01612A34", "A01612"
EVENING = datetime(2026, 11, 20, 21, 0, tzinfo=KST)
CLOSE = 20.0


def monitor_of(path: Path, text: str) -> tuple[AlertMonitor, ManualClock, list[FiredAlert]]:
    """Return a monitor with one alert, after a day whose smile stood at `CLOSE` at the money."""
    known = CONTRACTS.instrument(CODE)
    assert known.expiry is not None
    product, series = key_of(known)
    day = EVENING.replace(hour=15, minute=45)
    file = SmileFile(path / "smiles.json")
    curve = Curve((SmilePoint(known.strike, middle=CLOSE),), known.strike, CLOSE)
    file.save([SavedSmile(product, series, known.expiry, day.date(), Session.DAY, day, curve)])
    clock, fired, warned = ManualClock(EVENING), list[FiredAlert](), list[UserText]()
    alert = replace(parse_alert(text), id=1)
    monitor = AlertMonitor(
        [alert],
        clock,
        CONTRACTS,
        fired.append,
        settings=Settings(),
        smiles=SmileTracker(file, warned.append),
    )
    return monitor, clock, fired


def quote(monitor: AlertMonitor, clock: ManualClock, volatility: float, level: float) -> None:
    """Quote the future at a level, and the watched options at one volatility; a tick passes."""
    clock.move_to(clock.now() + timedelta(seconds=31))
    now, received = clock.monotonic(), []

    def book(tr_id: str, code: str, middle: float) -> None:
        values = {
            "bid": f"{middle - 0.02:.2f}", "bid_size": "5",
            "ask": f"{middle + 0.02:.2f}", "ask_size": "5",
        }  # fmt: skip
        [one] = decode(frame(tr_id, record(tr_id, code, **values))).records
        received.append(Received(tr_id, one, now))

    book("H0MFASP0", FUTURE, level)
    for code in monitor.codes:
        known = CONTRACTS.instrument(code)
        if known.right is not None and known.expiry is not None:
            years = years_left(known.expiry, clock.now())
            call = known.right is Right.CALL
            middle = price(call, level, known.strike, years, volatility / 100, 0.027)
            book("H0EUASP0", code, middle)
    monitor.apply(Batch(tuple(received), LinkState(), Counters(), {}, (), {}))
    monitor.tick()


def test_the_options_about_the_money_are_watched_and_follow_the_forward(tmp_path: Path) -> None:
    monitor, clock, _ = monitor_of(tmp_path, f"{CODE} atm-iv-change > 2")
    told: list[tuple[str, ...]] = []
    monitor.notify_codes = told.append
    strike = CONTRACTS.instrument(CODE).strike
    quote(monitor, clock, CLOSE, strike)
    quote(monitor, clock, CLOSE, strike)
    strikes = {CONTRACTS.instrument(code).strike for code in monitor.codes}
    assert FUTURE in monitor.codes
    assert len(strikes - {0.0}) >= 4
    before = monitor.codes
    quote(monitor, clock, CLOSE, strike + 15)
    quote(monitor, clock, CLOSE, strike + 15)
    assert monitor.codes != before
    assert told[-1] == monitor.codes
    assert strike + 15 in {CONTRACTS.instrument(code).strike for code in monitor.codes}


@pytest.mark.parametrize(("volatility", "fires"), [(21.5, 0), (22.6, 1), (17.0, 0)])
def test_it_fires_when_the_volatility_is_far_enough_from_the_last_close(
    tmp_path: Path, volatility: float, fires: int
) -> None:
    monitor, clock, fired = monitor_of(tmp_path, f"{CODE} atm-iv-change > 2")
    strike = CONTRACTS.instrument(CODE).strike
    for level in (CLOSE, CLOSE, volatility, volatility, volatility):
        quote(monitor, clock, level, strike)
    assert len(fired) == fires
    assert all(one.value == pytest.approx(volatility - CLOSE, abs=0.15) for one in fired)


def test_without_a_close_there_is_no_distance(tmp_path: Path) -> None:
    monitor, clock, fired = monitor_of(tmp_path, f"{CODE} atm-iv-change > -90")
    (tmp_path / "smiles.json").unlink()
    for _ in range(3):
        quote(monitor, clock, CLOSE, CONTRACTS.instrument(CODE).strike)
    assert fired == []
    assert isnan(monitor._money.change(CODE, clock.now()))
