"""The user's corrections reach every rule of the calendar that rests on trading days."""

from datetime import date, datetime, timedelta

import pytest

from app.feed.demand import turn_at
from app.krx import corrections
from app.krx.calendar import KRX, Schedule, at
from app.krx.corrections import BadDate, Corrections, read_dates, weekends
from app.krx.expiry import last_trading_day, weekly_expiry
from app.krx.hours import held
from app.krx.trading_days import next_trading_day
from app.krx.unexpected_session import Correction, UnexpectedSession
from app.system.clock import KST
from app.tape.trade_session import label_at
from specs.catalog import Session

THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
CHRISTMAS = date(2026, 12, 25)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, datetime.min.time(), KST) + timedelta(hours=hour, minutes=minute)


def test_a_closed_day_moves_trade_dates_expiries_and_tape_names() -> None:
    assert at(moment(THURSDAY, 20)).trade_date == FRIDAY
    corrections.use(Corrections(closed_days=frozenset([FRIDAY])))
    monday = date(2026, 11, 30)
    assert next_trading_day(THURSDAY) == monday
    assert at(moment(THURSDAY, 20)).trade_date == monday
    assert label_at(moment(THURSDAY, 20)).trade_date == monday
    assert at(moment(FRIDAY, 10)).day_off
    assert not held(Session.NIGHT, FRIDAY)
    corrections.use(Corrections(closed_days=frozenset([date(2026, 12, 10), date(2026, 12, 7)])))
    assert last_trading_day(2026, 12) == date(2026, 12, 9)
    assert weekly_expiry(2026, 12, 1, 0) == date(2026, 12, 8)


def test_corrections_that_are_withdrawn_have_no_effect_any_more() -> None:
    corrections.use(Corrections(closed_days=frozenset([FRIDAY])))
    assert at(moment(FRIDAY, 10)).session is None
    corrections.use(Corrections())
    assert at(moment(FRIDAY, 10)).session is Session.DAY


def test_an_open_day_has_a_day_and_a_night() -> None:
    corrections.use(Corrections(open_days=frozenset([CHRISTMAS])))
    assert at(moment(CHRISTMAS, 10)).session is Session.DAY
    assert at(moment(CHRISTMAS, 20)).session is Session.NIGHT
    assert at(moment(date(2026, 12, 24), 20)).trade_date == CHRISTMAS


def test_an_open_day_has_the_night_that_was_announced_as_closed() -> None:
    announced = date(2026, 2, 13)
    assert not held(Session.NIGHT, announced)
    corrections.use(Corrections(open_days=frozenset([announced])))
    assert held(Session.NIGHT, announced)


def test_a_closed_night_leaves_the_day_and_is_registered_all_the_same() -> None:
    corrections.use(Corrections(closed_nights=frozenset([THURSDAY])))
    assert held(Session.DAY, THURSDAY)
    evening = moment(THURSDAY, 20)
    assert (at(evening).session, at(evening).next_session) == (None, Session.DAY)
    # Its TRs are registered in its hours, so that data show where the announcement was wrong.
    assert turn_at(evening) == (Session.NIGHT, False)
    assert turn_at(moment(THURSDAY, 17)) == (Session.DAY, False)
    assert turn_at(moment(FRIDAY, 7)) == (Session.DAY, False)


def test_the_setting_that_has_a_session_closed_is_named_in_its_hours() -> None:
    evening, morning = moment(THURSDAY, 20), moment(THURSDAY, 10)
    assert KRX.setting_against(Session.NIGHT, evening) is None
    corrections.use(Corrections(closed_nights=frozenset([THURSDAY])))
    assert KRX.setting_against(Session.NIGHT, evening) == ("closed_nights", THURSDAY)
    assert KRX.setting_against(Session.NIGHT, moment(FRIDAY, 3)) == ("closed_nights", THURSDAY)
    assert KRX.setting_against(Session.NIGHT, morning) is None
    assert KRX.setting_against(Session.DAY, morning) is None
    corrections.use(Corrections(closed_days=frozenset([THURSDAY])))
    assert KRX.setting_against(Session.DAY, morning) == ("closed_days", THURSDAY)
    assert KRX.setting_against(Session.NIGHT, evening) == ("closed_days", THURSDAY)
    corrections.use(Corrections())
    assert KRX.setting_against(Session.DAY, moment(CHRISTMAS, 10)) == ("open_days", CHRISTMAS)
    announced = date(2026, 2, 13)
    assert KRX.setting_against(Session.NIGHT, moment(announced, 20)) == ("open_days", announced)
    assert KRX.setting_against(Session.NIGHT, moment(date(2026, 11, 28), 20)) is None


def test_a_schedule_of_nights_has_no_auction_of_the_day() -> None:
    nights = Schedule(Session.NIGHT)
    closing = moment(FRIDAY, 15, 40)
    assert KRX.state_at(closing).auction is not None
    market = nights.state_at(closing)
    assert (market.session, market.auction, market.next_session) == (None, None, Session.NIGHT)
    assert market.trade_date == date(2026, 11, 30)
    assert turn_at(closing) == (Session.DAY, True)
    assert turn_at(closing, nights) == (Session.NIGHT, False)
    assert label_at(closing, nights).session is Session.NIGHT
    assert nights.trading_since(closing) is None
    assert nights.state_at(moment(FRIDAY, 20)) == KRX.state_at(moment(FRIDAY, 20))


def test_a_schedule_of_days_stays_with_the_days_at_night() -> None:
    days = Schedule(Session.DAY)
    evening = moment(FRIDAY, 20)
    assert days.state_at(evening).next_session is Session.DAY
    assert days.format_clock(moment(FRIDAY, 27)) == "03:00:00"
    assert turn_at(evening, days) == (Session.DAY, False)
    assert label_at(evening, days).trade_date == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("session", "day", "minutes", "found"),
    [
        # In the hours of a session from the first moment to the last.
        (Session.DAY, FRIDAY, 8 * 60 + 29, None),
        (Session.DAY, FRIDAY, 8 * 60 + 30, ("closed_days", FRIDAY)),
        (Session.DAY, FRIDAY, 15 * 60 + 44, ("closed_days", FRIDAY)),
        (Session.DAY, FRIDAY, 15 * 60 + 45, None),
        (Session.NIGHT, FRIDAY, 17 * 60 + 49, None),
        (Session.NIGHT, FRIDAY, 17 * 60 + 50, ("closed_days", FRIDAY)),
        (Session.NIGHT, FRIDAY, 29 * 60 + 59, ("closed_days", FRIDAY)),
        (Session.NIGHT, FRIDAY, 30 * 60, None),
        (Session.NIGHT, THURSDAY, 20 * 60, ("closed_nights", THURSDAY)),
        (Session.DAY, THURSDAY, 10 * 60, None),
        # No setting has a session on a weekend, nor one outside of its hours.
        (Session.DAY, date(2026, 11, 28), 10 * 60, None),
        (Session.NIGHT, date(2026, 11, 28), 20 * 60, None),
        (Session.DAY, date(2026, 11, 29), 10 * 60, None),
        (Session.NIGHT, THURSDAY, 12 * 60, None),
        (Session.DAY, CHRISTMAS, 10 * 60, ("open_days", CHRISTMAS)),
        (Session.NIGHT, CHRISTMAS, 20 * 60, ("open_days", CHRISTMAS)),
    ],
)
def test_setting_against_names_the_setting_only_in_the_hours_it_closes(
    session: Session, day: date, minutes: int, found: tuple[str, date] | None
) -> None:
    corrections.use(
        Corrections(closed_days=frozenset([FRIDAY]), closed_nights=frozenset([THURSDAY]))
    )
    assert KRX.setting_against(session, moment(day, 0, minutes)) == found


@pytest.mark.parametrize(
    ("minutes", "session"),
    [
        (17 * 60 + 49, Session.DAY),
        (17 * 60 + 50, Session.NIGHT),
        (29 * 60 + 59, Session.NIGHT),
        (30 * 60, Session.DAY),
    ],
)
def test_session_to_register_is_a_closed_night_in_its_hours_alone(
    minutes: int, session: Session
) -> None:
    corrections.use(Corrections(closed_nights=frozenset([THURSDAY])))
    now = moment(THURSDAY, 0, minutes)
    assert KRX.session_to_register(now) is session
    assert Schedule(Session.DAY).session_to_register(now) is Session.DAY
    # On a Saturday no night begins, so none is registered.
    saturday = moment(date(2026, 11, 28), 20)
    assert KRX.session_to_register(saturday) is Session.DAY


def test_a_schedule_holds_extra_sessions_beside_the_calendars() -> None:
    saturday = date(2026, 11, 28)
    schedule = Schedule(extra=frozenset([(Session.NIGHT, saturday)]))
    assert schedule.state_at(moment(saturday, 20)).session is Session.NIGHT
    assert schedule.state_at(moment(saturday, 10)).session is None
    assert schedule.holds(Session.DAY, FRIDAY)
    assert not Schedule(Session.DAY, schedule.extra).holds(Session.NIGHT, saturday)


def test_unexpected_session_is_remembered_until_its_hours_end() -> None:
    corrections.use(Corrections(closed_nights=frozenset([THURSDAY])))
    noticed = UnexpectedSession(KRX)
    evening = moment(THURSDAY, 20)
    assert noticed.correction(evening) is None
    noticed.note([Session.DAY], evening)
    assert noticed.correction(evening) is None
    noticed.note([Session.NIGHT, Session.DAY], evening)
    for now in (evening, moment(FRIDAY, 3), moment(FRIDAY, 5, 59)):
        assert noticed.correction(now) == Correction("closed_nights", THURSDAY)
    assert noticed.correction(moment(FRIDAY, 6)) is None
    # The next night has data of its own to be noticed by.
    assert noticed.correction(evening) is None


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-26,2026-11-27", " 2026-11-26  2026-11-27 ", ["2026-11-26", FRIDAY],
        [THURSDAY, FRIDAY, FRIDAY],
    ],
)  # fmt: skip
def test_read_dates_reads_lists_and_texts(value: object) -> None:
    assert read_dates(value) == {THURSDAY, FRIDAY}


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (["20261126"], "20261126"), (["2026-11-31"], "2026-11-31"), ([1], "1"), (1, "1"),
        ([datetime(2026, 11, 26, tzinfo=KST)], "2026-11-26 00:00:00+09:00"),
        ("2026-11-26,x\x1b", "x·"), ("y" * 60, "y" * 40), ({"z" * 60: 1}, "{'" + "z" * 38),
    ],
)  # fmt: skip
def test_read_dates_refuses_what_is_no_date_by_its_text(value: object, fault: str) -> None:
    with pytest.raises(BadDate) as caught:
        read_dates(value)
    assert str(caught.value) == fault


def test_read_dates_of_nothing_are_none() -> None:
    assert read_dates("") == read_dates([]) == read_dates(" , ") == frozenset()


def test_weekends_are_the_saturdays_and_sundays_in_order() -> None:
    saturday, sunday = date(2026, 11, 28), date(2026, 11, 29)
    assert list(weekends([sunday, FRIDAY, saturday, THURSDAY])) == [saturday, sunday]
