"""The axes of pictures: round numbers at even distances around the values."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets import cells
from widgets.axis import upright


@given(
    low=st.floats(0.5, 400.0),
    span=st.floats(0.05, 300.0),
    rows=st.integers(4, 60),
)
def test_ticks_are_evenly_apart_in_rows_and_told_by_one_decimal(
    low: float, span: float, rows: int
) -> None:
    axis = upright(low, low + span, rows)
    assert axis.low <= low + 1e-9
    assert axis.high >= low + span - 1e-9
    row = (axis.high - axis.low) / (rows - 1)
    places = [(tick - axis.low) / row for tick in axis.ticks]
    assert places == pytest.approx([round(place) for place in places], abs=1e-6)
    assert len({round(b) - round(a) for a, b in pairwise(places)}) <= 1
    told = [float(cells.number(tick, 1).replace(",", "")) for tick in axis.ticks]
    assert told == pytest.approx(list(axis.ticks))


def test_no_more_room_is_left_than_rows_ask_for() -> None:
    axis = upright(20.1, 22.3, 12)
    assert axis.high - axis.low < 1.6 * 2.2
    assert len(axis.ticks) >= 2
