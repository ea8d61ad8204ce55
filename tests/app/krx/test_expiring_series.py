"""Series that expire on a day, and ex-dividend days."""

from datetime import date, timedelta

import pytest

from app.krx import corrections
from app.krx.corrections import Corrections
from app.krx.dividends import ex_dividend_between, ex_dividend_days
from app.krx.expiring_series import expiring_on


@pytest.mark.parametrize(
    ("day", "series"),
    [
        ("2026-12-10", {"코스피200 202612", "미니코스피 202612", "코스닥150 202612"}),
        ("2026-12-03", {"위클리 2612W1", "코스닥위클리 2612W1"}),
        ("2026-12-07", {"위클리M 2612W1", "코스닥위클리M 2612W1"}),
        ("2026-12-14", {"위클리M 2612W2", "코스닥위클리M 2612W2"}),
        ("2026-12-15", {"코스피200변동성지수 202612", "3년국채 202612", "10년국채 202612"}),
        ("2026-12-21", {"미국달러 202612", "위클리M 2612W3", "코스닥위클리M 2612W3"}),
        ("2026-11-17", set()),
        ("2026-11-10", {"코스피200변동성지수 202611"}),
        ("2027-01-14", {"코스피200 202701", "미니코스피 202701", "코스닥150 202701"}),
        ("2026-12-31", set()),
        # 2026-12-31 is closed: the last Thursday's weekly moves before it.
        ("2026-12-30", {"위클리 2612W5", "코스닥위클리 2612W5"}),
        # 2025-12-31 and 2026-01-01 are closed: the week of January ends in December.
        ("2025-12-30", {"위클리 2601W1", "코스닥위클리 2601W1"}),
        ("2025-10-02", {"코스피200 202510", "미니코스피 202510", "코스닥150 202510",
                        "위클리 2510W1"}),
        ("2025-10-10", {"위클리M 2510W1"}),
        ("2019-09-26", {"위클리 1909W4"}),
        ("2023-07-31", {"위클리M 2307W5"}),
        ("2023-07-24", set()),
    ],
)  # fmt: skip
def test_expiring_on_names_every_series_of_a_day(day: str, series: set[str]) -> None:
    assert {found.series for found in expiring_on(date.fromisoformat(day))} == series


def closed(first: str, last: str) -> Corrections:
    """Return corrections that close all days from one to another."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return Corrections(closed_days=frozenset(days))


@pytest.mark.parametrize(
    ("days", "day", "series"),
    [
        # Mondays move behind two closed weeks, Thursdays and the third Monday and Tuesday before.
        (("2027-03-15", "2027-03-26"), "2027-03-29",
         ["위클리M 2703W3", "위클리M 2703W4", "위클리M 2703W5",
          "코스닥위클리M 2703W3", "코스닥위클리M 2703W4", "코스닥위클리M 2703W5"]),
        (("2027-03-15", "2027-03-26"), "2027-03-12",
         ["미국달러 202703", "3년국채 202703", "10년국채 202703", "위클리 2703W3",
          "위클리 2703W4", "코스닥위클리 2703W3", "코스닥위클리 2703W4"]),
        # January's contracts expire in December.
        (("2027-01-01", "2027-01-17"), "2026-12-30",
         ["코스피200 202701", "미니코스피 202701", "코스닥150 202701",
          "코스피200변동성지수 202701", "위클리 2612W5", "위클리 2701W1",
          "코스닥위클리 2612W5", "코스닥위클리 2701W1"]),
    ],
)  # fmt: skip
def test_series_of_closed_weeks_expire_beside_them(
    days: tuple[str, str], day: str, series: list[str]
) -> None:
    corrections.use(closed(*days))
    assert [found.series for found in expiring_on(date.fromisoformat(day))] == series


def test_every_series_of_a_year_expires_exactly_once() -> None:
    first = date(2025, 11, 1)
    found = [s for n in range(500) for s in expiring_on(first + timedelta(days=n))]
    names = [one.series for one in found if " 2026" in one.series or " 26" in one.series]
    assert len(names) == len(set(names))
    months = {name.split()[1][4:] for name in names if name.startswith("3년국채")}
    assert months == {"03", "06", "09", "12"}
    assert sum(name.startswith("코스피200 ") for name in names) == 12
    # Every Monday and Thursday of 2026 but the twelve second Thursdays.
    assert sum(name.startswith("위클리M ") for name in names) == 52
    assert sum(name.startswith("위클리 ") for name in names) == 53 - 12


@pytest.mark.parametrize(
    ("one", "other", "day"),
    [
        ("2026-12-10", "2027-01-14", "2026-12-29"),
        ("2027-01-14", "2026-12-10", "2026-12-29"),
        ("2026-12-28", "2026-12-29", "2026-12-29"),
        ("2026-12-29", "2027-01-14", None),
        ("2026-03-12", "2026-06-11", "2026-03-30"),
        ("2026-04-09", "2026-05-14", None),
        ("2026-01-08", "2027-03-11", "2026-03-30"),
    ],
)
def test_ex_dividend_between_is_after_the_first_and_up_to_the_second_expiry(
    one: str, other: str, day: str | None
) -> None:
    found = ex_dividend_between(date.fromisoformat(one), date.fromisoformat(other))
    assert found == (date.fromisoformat(day) if day else None)


def test_ex_dividend_days_are_the_second_last_trading_days_of_the_quarters() -> None:
    assert ex_dividend_days(2026) == (
        date(2026, 3, 30), date(2026, 6, 29), date(2026, 9, 29), date(2026, 12, 29),
    )  # fmt: skip
    assert ex_dividend_days(2025)[-1] == date(2025, 12, 29)
