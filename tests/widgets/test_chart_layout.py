"""The columns of a chart: pauses are empty, long ones are cut, labels are at round times."""

from hypothesis import given
from hypothesis import strategies as st

from specs.market.bars import Bar
from widgets.chart_layout import (
    LONGEST_PAUSE,
    ChartColumn,
    chart_columns,
    clock_of,
    first_shown,
    pitch_of,
    time_ticks,
)

SIX = 1_795_251_600
"""2026-11-21 18:00 KST, by ``date -d '2026-11-21 18:00 +0900' +%s``."""


def bar(start: int, price: float = 10.0) -> Bar:
    return Bar(start, price, price, price, price, 1.0, price)


def test_span_without_trades_is_an_empty_column() -> None:
    bars = [bar(SIX), bar(SIX + 180)]
    found = chart_columns(bars, 60, since=SIX - 60, until=SIX + 245)
    assert [column.start - SIX for column in found] == [-60, 0, 60, 120, 180, 240]
    assert [column.bar for column in found] == [None, bars[0], None, None, bars[1], None]


def test_long_pause_is_cut_to_one_marked_column() -> None:
    late = SIX + 60 * (LONGEST_PAUSE + 2)
    found = chart_columns([bar(SIX), bar(late)], 60, since=SIX, until=late)
    assert [(c.start, c.end) for c in found] == [(SIX, 0), (SIX + 60, late), (late, 0)]
    whole = chart_columns([bar(SIX), bar(late - 60)], 60, since=SIX, until=late - 60)
    assert len(whole) == LONGEST_PAUSE + 2
    assert not any(column.end for column in whole)


def test_no_bars_have_no_columns() -> None:
    assert chart_columns([], 60, since=SIX, until=SIX + 600) == []


@given(st.lists(st.integers(0, 3_000), unique=True, min_size=1), st.sampled_from([1, 60, 300]))
def test_every_bar_has_one_column_and_time_is_neither_lost_nor_double(
    minutes: list[int], seconds: int
) -> None:
    bars = [bar(SIX + seconds * minute) for minute in sorted(minutes)]
    until = bars[-1].start + 7 * seconds
    found = chart_columns(bars, seconds, since=bars[0].start, until=until)
    assert [column.bar for column in found if column.bar is not None] == bars
    ends = [column.end or column.start + seconds for column in found]
    assert [column.start for column in found[1:]] == ends[:-1]
    assert ends[-1] == until + seconds


def test_the_newest_columns_are_shown_unless_an_older_one_is_marked() -> None:
    assert first_shown(100, 30, None) == 70
    assert first_shown(100, 30, 80) == 70
    assert first_shown(100, 30, 12) == 12
    assert first_shown(10, 30, None) == 0


def test_few_columns_are_further_apart() -> None:
    assert [pitch_of(count, 90) for count in (1, 30, 31, 45, 46, 500)] == [3, 3, 2, 2, 1, 1]


def test_ticks_are_at_round_times_with_room_for_their_labels() -> None:
    columns = [ChartColumn(SIX + 60 * at) for at in range(-3, 40)]
    marks = time_ticks(columns, 60, pitch=2, label_width=5)
    assert [clock_of(columns[at].start, 60) for at in marks] == [
        f"18:{minute:02}" for minute in range(0, 37, 5)
    ]
    hours = [ChartColumn(SIX + 3600 * at) for at in range(24)]
    labels = [clock_of(hours[at].start, 3600) for at in time_ticks(hours, 3600, 1, 5)]
    assert labels == ["00:00", "12:00"]


def test_clock_is_that_of_the_exchange() -> None:
    assert clock_of(SIX, 60) == "18:00"
    assert clock_of(SIX + 6 * 3600 + 61, 1) == "00:01:01"
