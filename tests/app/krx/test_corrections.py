"""The user's corrections reach every rule of the calendar that rests on trading days."""

from datetime import date, datetime, timedelta

from app.feed.demand import turn_at
from app.krx import corrections
from app.krx.calendar import KRX, Schedule, at
from app.krx.corrections import Corrections
from app.krx.expiry import last_trading_day, weekly_expiry
from app.krx.hours import held
from app.krx.trading_days import next_trading_day
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
