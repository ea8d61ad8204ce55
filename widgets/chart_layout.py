"""The columns of a chart: one for each span of time, with empty ones where nothing traded.

Pauses that are longer than `LONGEST_PAUSE` columns are cut to one column, which is marked.
"""

from collections.abc import Sequence

from msgspec import Struct

from specs.market.bars import Bar

LONGEST_PAUSE = 20
"""Empty columns beside each other; a longer pause is cut."""

MINUTE = 60
_HOUR = 3600
_DAY = 24 * _HOUR
_KST = 9 * _HOUR
"""Seconds by which the exchange's time is before UTC."""

_STEPS = (
    5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    _HOUR, 2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY,
)  # fmt: skip

WIDEST_PITCH = 3
"""Cells from one column to the next at most."""


class ChartColumn(Struct, frozen=True):
    """A span of time; `bar` is None where nothing traded."""

    start: int
    """Seconds since 1970."""
    bar: Bar | None = None
    end: int = 0
    """The end of a pause that was cut, in seconds since 1970; else 0."""


def chart_columns(bars: Sequence[Bar], seconds: int, since: int, until: int) -> list[ChartColumn]:
    """Return the columns from `since` to `until`, bars of so many `seconds` in their order.

    Both are extended to what the bars need.
    """
    if not bars:
        return []
    found: list[ChartColumn] = []
    following = min(since - since % seconds, bars[0].start)
    for bar in bars:
        found += _pause(following, bar.start, seconds)
        found.append(ChartColumn(bar.start, bar))
        following = bar.start + seconds
    return found + _pause(following, until - until % seconds + seconds, seconds)


def _pause(begin: int, end: int, seconds: int) -> list[ChartColumn]:
    if (end - begin) // seconds > LONGEST_PAUSE:
        return [ChartColumn(begin, end=end)]
    return [ChartColumn(start) for start in range(begin, end, seconds)]


def pitch_of(count: int, width: int) -> int:
    """Return the cells from one of `count` columns to the next in a room of `width` cells."""
    return max(1, min(WIDEST_PITCH, width // max(1, count)))


def first_shown(count: int, room: int, marked: int | None) -> int:
    """Return the index of the first of `room` columns that are shown: the newest ones.

    A column that is `marked` is always among them.
    """
    newest = max(0, count - room)
    return newest if marked is None else min(newest, marked)


def time_ticks(
    columns: Sequence[ChartColumn], seconds: int, pitch: int, label_width: int
) -> list[int]:
    """Return the indices of columns at round times of day, with room for labels between them."""
    least = seconds * (label_width + 2) / pitch
    step = next((step for step in _STEPS if step >= least and step % seconds == 0), _DAY)
    found = [at for at, one in enumerate(columns) if not one.end and not (one.start + _KST) % step]
    return found or [0] * bool(columns)


def clock_of(start: int, seconds: int) -> str:
    """Return the time of day in Korea, with seconds where bars are shorter than a minute."""
    of_day = (start + _KST) % _DAY
    text = f"{of_day // _HOUR:02}:{of_day % _HOUR // MINUTE:02}"
    return f"{text}:{of_day % MINUTE:02}" if seconds % MINUTE else text
