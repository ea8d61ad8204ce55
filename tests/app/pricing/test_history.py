"""The paths of price, volatility and delta: their spacing, their gaps, what they cost."""

import tracemalloc
from collections.abc import Sequence
from datetime import date
from math import isnan, nan

import pytest
from msgspec.structs import replace

from app.pricing.history import EVERY, MOST, PATHS, History
from specs.codes import Right
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.night_option_trade import NightOptionTrade

DAY = date(2026, 11, 23)
CODE = "B01612A31"


def option(
    price: float,
    delta: float = 0.5,
    code: str = CODE,
    own: TheoreticalValues | None = None,
    at: float = 0.0,
) -> Ticker:
    trade = NightOptionTrade(
        code, "031200", price=price, delta=delta, gamma=0.1, vega=1.0, theta=-1.0, rho=0.0,
        implied_volatility=15.0,
    )  # fmt: skip
    return Ticker(Instrument(code, right=Right.CALL), trade, at, theoretical=own)


def values(path: Sequence[float]) -> list[float | None]:
    return [None if isnan(value) else round(value, 4) for value in path]


def test_a_point_is_taken_each_ten_seconds_whenever_it_is_asked() -> None:
    history = History()
    taken = [history.sample([option(10 + at)], 100.0 + at / 2, DAY) for at in range(50)]
    assert taken.count(True) == 3
    assert values(history.path(CODE, "price")) == [10.0, 30.0, 50.0]


def test_a_future_has_a_price_alone_and_an_unknown_code_nothing() -> None:
    history = History()
    future = Ticker(Instrument("A01612"), NightFuturesTrade("A01612", "031200", price=1081.35), 0.0)
    history.sample([future], 0.0, DAY)
    assert values(history.path("A01612", "price")) == [1081.35]
    assert [len(history.path("A01612", which)) for which in PATHS] == [1, 0, 0]
    assert list(history.path("X", "price")) == []


def test_moments_that_nobody_saw_are_missing() -> None:
    history = History()
    history.sample([option(1.0)], 0.0, DAY)
    history.sample([option(2.0)], 3.5 * EVERY, DAY)
    assert values(history.path(CODE, "price")) == [1.0, None, None, 2.0]
    assert history.sample([option(3.0)], 4 * EVERY, DAY)


def test_a_value_that_goes_missing_leaves_a_gap_and_one_that_never_was_no_path() -> None:
    history = History()
    for at, delta in enumerate((nan, 0.4, nan, 0.6)):
        history.sample([option(1.0, delta)], at * EVERY, DAY)
    assert values(history.path(CODE, "delta")) == [0.4, None, 0.6]


def test_our_own_is_followed_where_it_is_and_kis_where_it_alone_is_wanted() -> None:
    history = History()
    own = TheoreticalValues(delta=0.55, volatility=14.5)
    history.sample([option(1.0, own=own)], 0.0, DAY)
    history.sample([replace(option(1.0, own=own), source="kis")], EVERY, DAY)
    history.sample([option(1.0, own=TheoreticalValues(why="no_future", seen=True))], 2 * EVERY, DAY)
    assert values(history.path(CODE, "delta")) == [0.55, 0.5, None]
    assert values(history.path(CODE, "volatility")) == [14.5, 15.0, None]


@pytest.mark.parametrize(
    ("now", "day"), [(100.0, date(2026, 11, 24)), (-50.0, DAY), (MOST * EVERY + 100.0, DAY)]
)
def test_another_trade_date_and_a_clock_that_was_moved_begin_anew(now: float, day: date) -> None:
    history = History()
    history.sample([option(1.0)], 0.0, DAY)
    assert history.sample([option(2.0)], now, day)
    assert values(history.path(CODE, "price")) == [2.0]


def test_a_code_that_is_watched_no_longer_is_forgotten() -> None:
    history = History()
    history.sample([option(1.0), option(2.0, code="B01612A32")], 0.0, DAY)
    history.sample([option(1.0)], EVERY, DAY)
    assert list(history.path("B01612A32", "price")) == []
    assert len(history.path(CODE, "price")) == 2


def test_clearing_begins_anew_at_once() -> None:
    history = History()
    history.sample([option(1.0)], 0.0, DAY)
    history.clear()
    assert list(history.path(CODE, "price")) == []
    assert history.sample([option(2.0)], 1.0, DAY)


def test_41_rows_over_twelve_hours_and_more_stay_far_below_30_mib() -> None:
    codes = [f"B01612A{at:02}" for at in range(41)]
    rows = [
        option(at + 1, 0.5, code, TheoreticalValues(delta=0.5, volatility=15.0))
        for at, code in enumerate(codes)
    ]
    history = History()
    points = MOST + MOST // 4
    tracemalloc.start()
    for at in range(points):
        history.sample(rows, at * EVERY, DAY)
    size, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 2**20 < 30 * 2**20
    assert size < 3 * 2**20
    lengths = {len(history.path(code, which)) for code in codes for which in PATHS}
    assert len(lengths) == 1
    assert MOST <= lengths.pop() < MOST + MOST // 8
