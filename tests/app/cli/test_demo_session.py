"""Sessions of a demo: by the calendar, or as given on the command line."""

import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from harness.command_line import CommandLine
from rig.terminal import COMMAND, Terminal

from app.cli.demo_options import Demo
from app.cli.options import demo_of
from app.cli.run_setup import start
from app.krx.calendar import KRX, MarketPhase
from app.storage.settings import Settings
from app.system.clock import KST
from app.system.files import ProgramFolders
from specs.catalog import Session
from specs.codes import Family

RUN = {"demo": True, "session": "auto", "paper": False}
SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "demo",
    [
        Demo(),
        Demo(session=Session.NIGHT, start=time(5, 58)),
        Demo(session=Session.DAY),
        Demo(session=Session.DAY, start=time(15, 44)),
    ],
)
def test_a_demo_follows_the_clock_from_one_session_to_the_next(demo: Demo) -> None:
    with start(Settings(), ProgramFolders.find(), demo, demo.session) as begun:
        now, schedule = begun.clock.now(), begun.feed.schedule
        assert schedule.state_at(now) == KRX.state_at(now)
        assert schedule.state_at(now).session is demo.session
        after = schedule.state_at(now + timedelta(hours=13))
        assert after.next_session is not demo.session or after.session is not demo.session


def test_a_demo_of_a_day_without_a_session_has_the_one_it_is_asked_for_and_then_the_calendars() -> (
    None
):
    with start(Settings(), ProgramFolders.find(), Demo(day=SATURDAY)) as begun:
        now, schedule = begun.clock.now(), begun.feed.schedule
        assert KRX.state_at(now).session is None
        market = schedule.state_at(now)
        assert (market.session, market.phase) == (Session.NIGHT, MarketPhase.OPENING_AUCTION)
        assert market.trade_date == date(2026, 11, 23)
        after = schedule.state_at(now + timedelta(hours=13))
        assert (after.session, after.next_session) == (None, Session.DAY)


@pytest.mark.parametrize(
    ("options", "session"),
    [
        ({}, Session.NIGHT),
        ({"start": datetime(1900, 1, 1, 10, tzinfo=KST)}, Session.DAY),
        ({"start": datetime(1900, 1, 1, 10, tzinfo=KST), "session": None}, Session.DAY),
        ({"start": datetime(1900, 1, 1, 10, tzinfo=KST), "session": "night"}, Session.NIGHT),
        ({"start": datetime(1900, 1, 1, 18, 1, tzinfo=KST)}, Session.NIGHT),
        ({"session": "day"}, Session.DAY),
    ],
)
def test_demo_of_takes_the_session_from_its_start(
    options: dict[str, object], session: Session
) -> None:
    demo = demo_of(RUN | options)
    assert demo is not None
    assert demo.session is session


@pytest.mark.parametrize("day", [None, datetime(2026, 11, 21, tzinfo=KST)])
def test_demo_that_starts_by_day_is_in_the_day_session_of_its_date(day: datetime | None) -> None:
    demo = demo_of(RUN | {"start": datetime(1900, 1, 1, 10, tzinfo=KST), "day": day})
    assert demo is not None
    with start(Settings(), ProgramFolders.find(), demo) as begun:
        now = begun.clock.now()
        assert now.date() == demo.day
        market = begun.feed.schedule.state_at(now)
        assert (market.session, market.phase) == (Session.DAY, MarketPhase.CONTINUOUS)
        reader = begun.contracts.code
        families = {found.family for code in begun.codes if (found := reader(code)) is not None}
        assert families == set(Family)
        assert not any(begun.contracts.expired(code, now) for code in begun.codes)


def test_a_demo_of_christmas_eve_is_a_night_of_the_trade_date_after_the_holiday() -> None:
    demo = Demo(day=date(2026, 12, 24), start=time(18, 30))
    with start(Settings(), ProgramFolders.find(), demo) as begun:
        market = begun.feed.schedule.state_at(begun.clock.now())
    assert (market.session, market.phase) == (Session.NIGHT, MarketPhase.CONTINUOUS)
    assert market.trade_date == date(2026, 12, 28)


def test_without_keys_the_first_line_says_how_to_go_on(kis_tui: CommandLine) -> None:
    outcome = kis_tui("--lang", "en", "stream", "A01612")
    assert outcome.code == 4
    first = outcome.err.splitlines()[0]
    assert all(way in first for way in ("kis-tui --demo", "kis-tui help live", "kis-tui help"))


def test_stream_of_a_demo_begins_in_trading(kis_tui: CommandLine) -> None:
    outcome = kis_tui("stream", "A01612", "--demo", "--count", "1")
    assert json.loads(outcome.out)["received"].startswith("2026-11-20T18:01:")


def test_stream_of_expected_prices_begins_in_the_auction(kis_tui: CommandLine) -> None:
    words = ("--demo", "--channel", "expected", "--count", "1")
    outcome = kis_tui("stream", "B01612A34", *words)
    assert json.loads(outcome.out)["received"].startswith("2026-11-20T17:59:")


def test_the_dashboards_demo_begins_15_seconds_before_the_uncross(home: Path) -> None:
    with Terminal((COMMAND, "--demo", "--lang", "en"), home) as terminal:
        terminal.until(lambda: re.search(r"night opening auction  17:59:[45]", terminal.text), 60)
        # Rows show expected prices first, then prices.
        terminal.until(lambda: re.search(r"C 202612 .* e\d\d\.\d\d ", terminal.text), 60)
        terminal.until(lambda: re.search(r"18:00:.*", terminal.text), 60)
        terminal.until(lambda: re.search(r"C 202612 1,0[\d.]+ +\d\d\.\d\d ", terminal.text), 60)
