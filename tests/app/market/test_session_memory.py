"""The trades of the session: order, gaps, bars, and what leaves first."""

from array import array
from itertools import pairwise
from math import isnan, nan

from hypothesis import given
from hypothesis import strategies as st

from app.market.session_memory import SessionMemory
from specs.market.bars import Bar
from specs.market.trade_print import AUCTION, BUY, FIELDS, NIGHT, SELL

NIGHT_START = 1_767_603_600
"""2026-01-05 18:00:00 KST."""

Trade = tuple[float, ...]


def trade(
    second: int,
    price: float,
    size: float,
    volume: float,
    *,
    marks: int = BUY,
    iv: float = nan,
    delta: float = 0.0,
) -> Trade:
    return (NIGHT_START + second, price, size, volume, 1000 + volume, iv, delta, marks | NIGHT)


def memory_of(*trades: Trade, limit: int = 100) -> SessionMemory:
    memory = SessionMemory(limit)
    memory.apply({"A": array("d", [value for one in trades for value in one])})
    return memory


def test_prints_say_side_tick_and_open_interest() -> None:
    memory = memory_of(
        trade(0, 100.0, 5, 5, marks=BUY | AUCTION),
        trade(1, 100.5, 2, 7),
        trade(1, 100.5, 1, 8, marks=SELL),
        trade(2, 100.25, 3, 11, marks=0),
    )
    prints = memory.prints("A")
    assert [one.side for one in prints] == [1, 1, -1, 0]
    assert [one.tick for one in prints] == [0, 1, 1, -1]
    assert [one.is_auction for one in prints] == [True, False, False, False]
    assert isnan(prints[0].open_interest_change)
    assert [one.open_interest_change for one in prints[1:]] == [2, 1, 3]
    assert [one.missed for one in prints] == [0, 0, 0, 0]


def test_a_gap_is_closed_by_the_late_trades_that_fill_it() -> None:
    memory = memory_of(trade(0, 1.0, 1, 1), trade(9, 1.1, 1, 5))
    assert [one.missed for one in memory.prints("A")] == [0, 3]
    memory.apply({"A": array("d", trade(5, 1.2, 2, 3))})
    assert [(one.price, one.missed) for one in memory.prints("A")] == [(1.0, 0), (1.2, 0), (1.1, 1)]
    assert [one.tick for one in memory.prints("A")] == [0, 1, -1]


def test_a_trade_that_comes_twice_is_kept_once() -> None:
    memory = memory_of(trade(0, 1.0, 1, 1), trade(1, 1.0, 1, 2), trade(0, 1.0, 1, 1))
    assert [one.time - NIGHT_START for one in memory.prints("A")] == [0, 1]
    assert memory.bars("A", 60)[0].volume == 2


def test_the_day_after_a_night_begins_its_own_volume() -> None:
    day = NIGHT_START + 15 * 3600
    memory = memory_of(trade(0, 1.0, 50, 50), (day, 2.0, 5, 90, 10, nan, 0.0, BUY))
    assert [one.missed for one in memory.prints("A")] == [0, 0]
    assert isnan(memory.prints("A")[1].open_interest_change)


def test_the_next_trade_date_discards_the_last_one() -> None:
    memory = memory_of(trade(0, 1.0, 1, 1), trade(24 * 3600, 2.0, 1, 1))
    assert [one.price for one in memory.prints("A")] == [2.0]
    assert [bar.close for bar in memory.bars("A", 60)] == [2.0]
    assert memory.count == 1


def test_the_oldest_of_the_busiest_leave_first_and_are_counted() -> None:
    memory = SessionMemory(limit=64)
    busy = [trade(n, 100.0 + n, 1, n + 1) for n in range(64)]
    memory.apply({"B": array("d", [v for one in busy[:4] for v in one])})
    memory.apply({"A": array("d", [v for one in busy for v in one])})
    assert memory.count <= 64
    assert memory.first("B") == 0
    assert memory.first("A") == 64 + 4 - memory.count
    prints = memory.prints("A")
    assert prints[0].number == memory.first("A")
    assert prints[-1].price == 163.0
    assert memory.end("A") == 64
    assert sum(bar.volume for bar in memory.bars("A", 60)) == 64


def test_bars_have_no_bar_where_nothing_was_traded() -> None:
    memory = memory_of(
        trade(0, 10.0, 1, 1, iv=20.0, delta=0.4),
        trade(59, 12.0, 3, 4, iv=21.0, delta=0.5),
        trade(180, 8.0, 2, 6),
    )
    first, second = memory.bars("A", 60)
    assert (first.start, second.start) == (NIGHT_START, NIGHT_START + 180)
    assert (first.open, first.high, first.low, first.close) == (10.0, 12.0, 10.0, 12.0)
    assert (first.volume, first.vwap, first.iv) == (4, 11.5, 21.0)
    assert first.delta == 0.5
    assert isnan(second.iv)
    assert isnan(second.delta)
    [five] = memory.bars("A", 300)
    assert (five.open, five.high, five.low, five.close, five.volume) == (10.0, 12.0, 8.0, 8.0, 6)
    assert [bar.start - NIGHT_START for bar in memory.bars("A", 1)] == [0, 59, 180]


def test_nothing_is_known_of_an_unknown_code() -> None:
    memory = SessionMemory()
    assert memory.prints("X") == []
    assert memory.bars("X", 60) == []
    assert (memory.first("X"), memory.end("X")) == (0, 0)


@given(st.permutations(range(12)), st.sets(st.integers(0, 11)))
def test_order_and_missed_contracts_are_independent_of_the_order_of_arrival(
    order: list[int], lost: set[int]
) -> None:
    """A trade may overtake others by less than a second; what never comes is missed."""
    night = [trade(0, 100.0 + n % 3, n + 1, (n + 1) * (n + 2) // 2) for n in range(12)]
    came = [night[n] for n in order if n not in lost]
    prints = memory_of(*came).prints("A")
    kept = [n for n in range(12) if n not in lost]
    assert [one.size for one in prints] == [n + 1 for n in kept]
    assert sum(one.missed for one in prints) == sum(
        n + 1 for n in lost if kept and kept[0] < n < kept[-1]
    )


def test_a_handed_over_trade_has_as_many_values_as_declared() -> None:
    assert len(trade(0, 1.0, 1, 1)) == FIELDS


def test_older_trades_go_before_those_that_are_kept() -> None:
    night = [trade(n * 20, 100.0 + n % 4, n + 1, (n + 1) * (n + 2) // 2) for n in range(12)]
    straight, late = memory_of(*night), memory_of(*night[8:])
    seen = late.prints("A")
    # The last of the older trades is known already.
    late.prepend({"A": array("d", [v for one in night[4:9] for v in one])})
    late.prepend({"A": array("d", [v for one in night[:4] for v in one])})
    assert [one.number for one in late.prints("A")] == list(range(-8, 4))
    assert [one.number for one in seen] == [0, 1, 2, 3]
    assert [(p.time, p.tick, p.missed) for p in late.prints("A")] == [
        (p.time, p.tick, p.missed) for p in straight.prints("A")
    ]
    for seconds in (1, 60, 300):
        assert [(b.start, b.open, b.close, b.high, b.low, b.volume, b.vwap)
                for b in late.bars("A", seconds)] == [
            (b.start, b.open, b.close, b.high, b.low, b.volume, b.vwap)
            for b in straight.bars("A", seconds)
        ]  # fmt: skip
    assert late.count == straight.count


def test_the_edge_of_a_trade_is_its_price_minus_own_theory_when_it_came() -> None:
    memory = memory_of(trade(0, 1.0, 1, 1), trade(9, 1.5, 1, 5))
    memory.apply({"A": array("d", trade(10, 2.0, 1, 6))}, {"A": 1.75}.__getitem__)
    # A late trade that fills the gap goes to its place with its own edge.
    memory.apply({"A": array("d", trade(5, 1.25, 2, 3))}, {"A": 2.0}.__getitem__)
    edges = [one.edge for one in memory.prints("A")]
    assert isnan(edges[0])
    assert edges[1] == -0.75
    assert isnan(edges[2])
    assert edges[3] == 0.25
    memory.prepend({"A": array("d", trade(-1, 1.0, 1, 0.5))})
    late = memory_of(trade(10, 2.0, 1, 6))
    late.prepend({"A": array("d", [*trade(0, 1.0, 1, 1), *trade(5, 1.25, 2, 3)])})
    late.apply({"A": array("d", trade(11, 2.5, 1, 7))}, {"A": 2.25}.__getitem__)
    assert [one.edge for one in late.prints("A")][-1] == 0.25
    late.prepend({"A": array("d", trade(-2, 1.0, 1, 0.5))})
    assert all(isnan(one.edge) for one in late.prints("A")[:-1])
    assert late.prints("A")[-1].edge == 0.25


def bar(minute: int, volume: float, price: float = 50.0) -> Bar:
    start = NIGHT_START + 60 * minute
    return Bar(start, price, price + 2, price - 2, price + 1, volume, price)


def test_fill_adds_bars_of_minutes_without_trades_and_leaves_gaps() -> None:
    memory = memory_of(trade(600, 100.0, 5, 905), trade(640, 101.0, 2, 907))
    memory.fill("A", [bar(0, 10.0), bar(1, 20.0), bar(7, 30.0)])
    minutes = {(one.start - NIGHT_START) // 60: one for one in memory.bars("A", 60)}
    assert list(minutes) == [0, 1, 7, 10]
    assert (minutes[1].open, minutes[1].close, minutes[1].vwap) == (50.0, 51.0, 50.0)
    assert minutes[10].volume == 7
    [first, second] = memory.bars("A", 300)[:2]
    assert (first.volume, first.high, first.low, first.close) == (30.0, 52.0, 48.0, 51.0)
    assert second.volume == 30.0
    # Bars of seconds and the trades themselves are those that came.
    assert len(memory.bars("A", 1)) == 2
    assert memory.count == 2


def test_fill_replaces_a_minute_of_which_trades_are_missing_and_no_other() -> None:
    memory = memory_of(trade(0, 100.0, 5, 5), trade(70, 101.0, 9, 30), trade(90, 102.0, 9, 39))
    memory.fill("A", [bar(0, 5.0), bar(1, 24.0)])
    first, second = memory.bars("A", 60)
    assert (first.close, first.volume) == (100.0, 5)
    assert (second.close, second.volume) == (51.0, 24.0)
    memory.apply({"A": array("d", trade(95, 103.0, 1, 40))})
    assert memory.bars("A", 60)[1].close == 103.0
    assert memory.bars("A", 60)[1].volume == 25.0


def test_fill_ignores_bars_of_an_earlier_trade_date_and_begins_a_later_one() -> None:
    memory = memory_of(trade(0, 100.0, 5, 5))
    memory.fill("A", [bar(-24 * 60, 9.0)])
    assert len(memory.bars("A", 60)) == 1
    memory.fill("A", [bar(24 * 60, 9.0)])
    assert [one.volume for one in memory.bars("A", 60)] == [9.0]
    assert memory.count == 0
    memory.fill("B", [bar(3, 1.0)])
    assert [one.volume for one in memory.bars("B", 60)] == [1.0]


PRICES = st.one_of(
    st.integers(-(10**9), 10**9).map(lambda hundredths: hundredths / 100),
    st.floats(-1e12, 1e12, allow_nan=False),
)


@given(st.lists(PRICES, min_size=1, max_size=30), st.lists(PRICES, max_size=10))
def test_prices_are_kept_exactly_whatever_their_decimals(
    prices: list[float], earlier: list[float]
) -> None:
    count = len(earlier)
    memory = memory_of(*(trade(90 + n, price, 1, 100 + n) for n, price in enumerate(prices)))
    older = [value for n, price in enumerate(earlier) for value in trade(n, price, 1, 1 + n)]
    memory.prepend({"A": array("d", older)})
    found = memory.prints("A")
    assert [one.price for one in found] == [*earlier, *prices]
    for before, one in pairwise(found):
        if one.price != before.price:
            assert one.tick == (1 if one.price > before.price else -1)
    assert found[0].number == -count


def test_trades_take_at_most_25_bytes() -> None:
    """The memory's limit of 64 MiB is 2 million of them and bars."""
    memory = SessionMemory()
    count = 20_000
    flat = [value for n in range(count) for value in trade(n, 1081.35, 1, n + 1)]
    memory.apply({"A": array("d", flat)}, lambda code: 1080.0)
    prints = memory._contracts["A"].prints
    columns = (*prints._columns, prints._edge)
    assert sum(column.itemsize * len(column) for column in columns) <= 25 * count
