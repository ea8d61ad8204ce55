"""The average price of a session, checked against the trades that it is made of."""

from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.bar_columns import BarColumns
from app.market.session_vwap import session_vwap
from specs.market.bars import Bar

TRADES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(900, 1100), st.integers(1, 50)), min_size=1
)
BEGIN = 60_000


@given(TRADES, st.sampled_from([1, 60, 300]), st.integers(0, 200))
def test_average_is_that_of_all_trades_since_the_session_began(
    trades: list[tuple[int, int, int]], seconds: int, dropped: int
) -> None:
    short, minutes = BarColumns(1, 100_000), BarColumns(60, 100_000)
    for offset, price, size in sorted(trades):
        for columns in (short, minutes):
            columns.add(BEGIN + offset, price, size, nan)
    bars = (short if seconds == 1 else minutes).bars(seconds)
    if seconds == 1:
        # Bars of seconds are kept for a while only.
        bars = [bar for bar in bars if bar.start >= BEGIN + dropped]
    found = session_vwap(bars, seconds, minutes.bars(60), [BEGIN])
    for bar, average in zip(bars, found, strict=True):
        until = bar.start + seconds
        counted = [(price, size) for at, price, size in trades if BEGIN + at < until]
        worth = sum(price * size for price, size in counted)
        assert average == pytest.approx(worth / sum(size for _, size in counted))


def test_average_begins_again_with_a_session() -> None:
    bars = [Bar(at, 1.0, 1.0, 1.0, 1.0, 2.0, price) for at, price in ((0, 10.0), (60, 20.0))]
    assert session_vwap(bars, 60, bars, [0]) == (10.0, 15.0)
    assert session_vwap(bars, 60, bars, [0, 60]) == (10.0, 20.0)


def test_average_is_missing_before_any_volume() -> None:
    bars = [Bar(0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0)]
    assert isnan(session_vwap(bars, 60, bars, [])[0])
    assert session_vwap([], 60, [], []) == ()
