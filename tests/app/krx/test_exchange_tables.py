"""Every night and every expiry of 2025-06 to 2028-12 against tables that are written by hand.

The tables list what is exceptional; all else follows from the rule that a weekday trades, that a
night is held on each trading day, and that a contract expires on its own weekday.  Sources: KRX
global pages GLB0201041004 (nights), GLB0201040210 and GLB0201040301T1 (expiries), KRX notice of
2023-06-15 (Monday weeklies).
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from app.krx.calendar import at
from app.krx.expiry import last_trading_day, weekly_expiry
from app.krx.hours import held, last_trade_moment
from app.simulator import exchange_days
from app.simulator.expiries import month_before_options, month_expiry, third_monday, third_tuesday
from app.simulator.weekly import MONDAYS, THURSDAYS
from app.system.clock import KST
from specs.catalog import Session

DATA = Path(__file__).parents[2] / "data"
FIRST, LAST = date(2025, 6, 9), date(2028, 12, 31)
MONTHS = [(y, m) for y in range(2025, 2029) for m in range(1, 13) if (y, m) >= (2025, 7)]
SIMULATED = {"01": month_expiry, "75": third_monday, "65": third_tuesday, "67": third_tuesday}
WEEKDAYS = {"AF": 0, "09": 3}


def table(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return list(csv.reader((line for line in lines if line[:1] != "#"), delimiter="\t"))


EXCEPTIONS = {date.fromisoformat(day): kind for day, kind, _ in table("exceptional_days.tsv")}
MOVED = {
    (product, name): date.fromisoformat(d) for product, name, _, d in table("moved_expiries.tsv")
}


def days() -> Iterator[date]:
    return (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))


def test_every_day_session_is_held_on_weekdays_that_are_not_closed() -> None:
    for day in days():
        expected = day.isoweekday() <= 5 and EXCEPTIONS.get(day) != "closed"
        assert held(Session.DAY, day) is expected, day
        assert exchange_days.has_session(Session.DAY, day) is expected, day


def test_every_night_is_held_where_the_day_it_starts_on_trades() -> None:
    for day in days():
        expected = day.isoweekday() <= 5 and day not in EXCEPTIONS
        assert held(Session.NIGHT, day) is expected, day
        assert exchange_days.has_session(Session.NIGHT, day) is expected, day


def test_every_night_counts_for_the_next_day_that_trades() -> None:
    open_days = [d for d in days() if d.isoweekday() <= 5 and EXCEPTIONS.get(d) != "closed"]
    for day, following in pairwise(open_days):
        if day in EXCEPTIONS:
            continue
        for hours in (20, 27):
            market = at(datetime.combine(day, datetime.min.time(), KST) + timedelta(hours=hours))
            assert (market.session, market.trade_date) == (Session.NIGHT, following), day


@pytest.mark.parametrize(("start", "answer", "why"), table("nights.tsv"))
def test_a_night_is_held_as_krx_announced(start: str, answer: str, why: str) -> None:
    assert held(Session.NIGHT, date.fromisoformat(start)) is (answer == "yes"), why


def test_no_night_was_held_before_the_night_market_began() -> None:
    assert not held(Session.NIGHT, date(2025, 6, 5))
    assert held(Session.NIGHT, date(2025, 6, 9))


@pytest.mark.parametrize("product", WEEKDAYS)
def test_every_weekly_expires_on_its_weekday_or_where_the_table_moves_it(product: str) -> None:
    seen = set()
    for year, month in MONTHS:
        first = date(year, month, 1)
        named = [first + timedelta(days=n) for n in range(31)]
        named = [d for d in named if d.month == month and d.weekday() == WEEKDAYS[product]]
        for nth, day in enumerate(named, 1):
            if (product, nth) == ("09", 2):
                continue  # not listed: the month's options expire on the second Thursday
            name = f"{day:%y%m}W{nth}"
            seen.add((product, name))
            expected = MOVED.get((product, name), day)
            assert weekly_expiry(year, month, nth, WEEKDAYS[product]) == expected, name
            check_simulated(product, name, expected)
    assert {key for key in MOVED if key[0] == product} <= seen


def check_simulated(product: str, name: str, expected: date) -> None:
    weekly = MONDAYS if product == "AF" else THURSDAYS
    assert weekly.expiries(expected, 1) == (expected,), name
    assert weekly.week_name(expected) == name


@pytest.mark.parametrize(("name", "monday", "expiry"), table("monday_weeklies.tsv"))
def test_a_monday_weekly_moves_forward_over_a_closed_monday(
    name: str, monday: str, expiry: str
) -> None:
    week = name.removeprefix("위클리M ")
    found = weekly_expiry(2000 + int(week[:2]), int(week[2:4]), int(week[5]), 0)
    assert found == date.fromisoformat(expiry) > date.fromisoformat(monday)


@pytest.mark.parametrize(
    ("product", "weekday", "nth"), [("01", 3, 2), ("75", 0, 3), ("65", 1, 3), ("67", 1, 3)]
)
def test_every_month_expires_on_its_weekday_or_the_trading_day_before(
    product: str, weekday: int, nth: int
) -> None:
    bonds = product in ("65", "67")
    for year, month in MONTHS:
        if bonds and month % 3:
            continue
        days = [date(year, month, n) for n in range(1, 29)]
        own = [day for day in days if day.weekday() == weekday][nth - 1]
        expected = MOVED.get((product, f"{year}{month:02}"), own)
        assert last_trading_day(year, month, product) == expected, (year, month)
        assert SIMULATED[product](year, month) == expected


@pytest.mark.parametrize(
    ("product", "month", "expiry"),
    [
        ("04", (2026, 12), "2026-12-15"),  # A04612, KRX page GLB0201040301T1
        ("04", (2026, 11), "2026-11-10"),
        ("04", (2025, 9), "2025-09-02"),  # the options of October 2025 expired on 10-02
        ("04", (2027, 9), "2027-09-13"),
        ("75", (2026, 12), "2026-12-21"),  # A75612
        ("65", (2026, 12), "2026-12-15"),
        ("67", (2026, 12), "2026-12-15"),
        ("05", (2026, 12), "2026-12-10"),
        ("06", (2026, 12), "2026-12-10"),
    ],
)
def test_a_product_expires_by_its_own_rule(
    product: str, month: tuple[int, int], expiry: str
) -> None:
    assert last_trading_day(*month, product) == date.fromisoformat(expiry)
    if product == "04":
        assert month_before_options(*month) == date.fromisoformat(expiry)


@pytest.mark.parametrize(
    ("product", "day", "last"),
    [
        ("01", "2026-12-10", "15:20"),
        ("AF", "2026-12-07", "15:20"),
        ("04", "2026-12-15", "15:35"),
        ("75", "2026-12-21", "11:30"),
        ("65", "2026-12-15", "11:30"),
        ("67", "2026-12-15", "11:30"),
        ("01", "2026-11-19", "16:20"),
        ("75", "2026-11-19", "12:30"),
    ],
)
def test_a_contract_stops_at_the_hour_of_its_product(product: str, day: str, last: str) -> None:
    found = last_trade_moment(date.fromisoformat(day), product)
    assert f"{found:%Y-%m-%d %H:%M}" == f"{day} {last}"


def test_two_weeklies_of_one_index_can_expire_on_one_day() -> None:
    assert weekly_expiry(2027, 9, 3, 3) == weekly_expiry(2027, 9, 2, 0) == date(2027, 9, 13)
