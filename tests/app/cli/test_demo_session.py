"""Which session a demo's feed registers: the clock's, unless KRX holds none that day."""

from datetime import date, time

import pytest

from app.cli.start import Demo, start
from app.files import Places
from app.session import session_for
from app.settings import Settings
from specs.catalog import Session

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
    with start(Settings(), Places.find(), demo, demo.session) as begun:
        assert begun.feed.session is None
        assert session_for(begun.clock.now()) is demo.session


def test_a_demo_of_a_day_without_a_session_keeps_to_the_one_it_is_asked_for() -> None:
    with start(Settings(), Places.find(), Demo(day=SATURDAY)) as begun:
        assert begun.feed.session is Session.NIGHT
