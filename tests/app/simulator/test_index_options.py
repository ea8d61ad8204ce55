"""The simulated chains of index options: months, Thursdays, Mondays, minis, KOSDAQ150."""

from datetime import date, timedelta

import pytest

from app.simulator.instruments import universe
from app.simulator.weekly import MONDAYS
from specs.codes import Family

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("expiry", "characters", "name"),
    [
        (date(2026, 7, 6), "BL", "2607W1"),
        (date(2026, 7, 13), "BM", "2607W2"),
        (date(2026, 9, 28), "BZ", "2609W4"),
        # Monday the 5th is a holiday: its contract expires on Tuesday, under its own name.
        (date(2026, 10, 6), "C0", "2610W1"),
        (date(2026, 11, 23), "C7", "2611W4"),
    ],
)
def test_a_monday_expiry_is_counted_as_krx_counts(expiry: date, characters: str, name: str) -> None:
    assert MONDAYS.expiries(expiry, 1) == (expiry,)
    assert MONDAYS.counter(expiry) == characters
    assert MONDAYS.week_name(expiry) == name


def test_codes_names_and_products_are_those_of_the_code_master() -> None:
    listed = {instrument.code: instrument for instrument in universe(FRIDAY)}
    for code, product, name in (
        ("BAFC7WA33", "N", "위클리M C 2611W4 1,080.0"),
        ("CAFC7W832", "O", "위클리M P 2611W4   832.5"),
        ("B05612A33", "D", "미니C 202612 1,080.0"),
        ("C05612A33", "E", "미니P 202612 1,080.0"),
        ("B06612060", "J", "코스닥150C 202612 1,500"),
        ("C06612061", "K", "코스닥150P 202612 1,525"),
        ("B01702A33", "5", "C 202702 1,080.0"),
        ("BAJFMW060", "P", "코스닥150위클리C 2611W4 1,500"),
        ("CAKC7W061", "S", "코스닥150위클리M P 2611W4 1,525"),
    ):
        assert (listed[code].product, listed[code].name) == (product, name)


def test_every_kind_has_the_expiries_that_are_listed_together() -> None:
    expiries: dict[str, set[date]] = {}
    for instrument in universe(FRIDAY):
        expiries.setdefault(instrument.product, set()).add(instrument.expiry)
    months = [date(2026, 12, 10), date(2027, 1, 14), date(2027, 2, 11)]
    assert sorted(expiries["6"])[:3] == months
    assert sorted(expiries["D"]) == sorted(expiries["K"]) == months[:2]
    assert expiries["N"] == {date(2026, 11, 23)}
    assert expiries["L"] == {date(2026, 11, 26)}
    assert expiries["P"] == expiries["Q"] == expiries["L"]
    assert expiries["R"] == expiries["S"] == expiries["N"]


def test_what_expires_on_a_day_is_listed_beside_its_successor() -> None:
    for day, product in ((date(2026, 11, 23), "N"), (date(2026, 12, 10), "D")):
        kind = [i for i in universe(day) if i.product == product]
        assert kind[0].expiry == day
        assert any(i.expiry > day and i.rank == 1 for i in kind)


def test_prices_of_small_options_move_by_their_own_ticks() -> None:
    listed = {instrument.code: instrument for instrument in universe(FRIDAY)}
    mini, kosdaq = listed["B05612A33"].grid, listed["B06612060"].grid
    assert [mini.tick_size(units) for units in (299, 300, 999, 1000)] == [1, 2, 2, 5]
    assert [kosdaq.tick_size(units) for units in (4999, 5000)] == [10, 50]
    assert listed["B05612A33"].multiplier == 50_000
    assert listed["B06612060"].multiplier == 10_000


def test_every_option_of_an_index_is_of_one_family_for_two_years() -> None:
    for weeks in range(0, 104, 9):
        day = FRIDAY + timedelta(weeks=weeks)
        options = [i for i in universe(day) if i.underlying.at_night and i.right is not None]
        assert {i.family for i in options} == {Family.INDEX_OPTION}
        assert len({i.product for i in options}) == 14
