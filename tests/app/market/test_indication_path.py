"""The path of an auction's expected prices: in order, prepended, and with gaps."""

from math import isnan, nan

from hypothesis import given
from hypothesis import strategies as st

from app.market.indication_path import LONGEST, IndicationPath
from specs.market.indication import SLOT

BEGIN = 1_795_164_600
"""2026-11-20 17:50 KST."""

Moments = list[tuple[float, float, float]]


def moments(steps: list[int]) -> Moments:
    found, at = [], float(BEGIN)
    for number, step in enumerate(steps):
        at += step
        found.append((at, 20 + (number * 7) % 13 / 10, float(number + 1)))
    return found


def path_of(some: Moments) -> IndicationPath:
    path = IndicationPath()
    for one in some:
        path.add(*one)
    return path


@given(st.lists(st.integers(1, 20), min_size=2, max_size=60), st.data())
def test_a_prepended_part_gives_the_path_of_all(steps: list[int], data: st.DataObject) -> None:
    whole = moments(steps)
    at = data.draw(st.integers(1, len(whole) - 1))
    late = path_of(whole[at:])
    late.prepend(whole[:at])
    straight = path_of(whole).indication(is_running=True)
    found = late.indication(is_running=True)
    # A slot in which both parts have prices ends with the later one.
    assert found.path == straight.path
    for name in ("first", "first_price", "last", "last_price", "quantity", "count", "high", "low"):
        assert getattr(found, name) == getattr(straight, name), name


def test_a_price_lasts_until_the_next_one_and_a_lost_connection_leaves_a_gap() -> None:
    path = path_of([(BEGIN, 20.0, 1.0), (BEGIN + 3 * SLOT, 21.0, 1.0)])
    assert path.indication(is_running=True).path == (20.0, 20.0, 20.0, 21.0)
    path.mark_lost()
    path.add(BEGIN + 6 * SLOT, 22.0)
    found = path.indication(is_running=True).path
    assert found[:4] == (20.0, 20.0, 20.0, 21.0)
    assert all(isnan(one) for one in found[4:6])
    assert found[6] == 22.0


def test_a_price_that_goes_is_a_gap_and_not_counted() -> None:
    path = path_of([(BEGIN, 20.0, 1.0), (BEGIN + SLOT, nan, 0.0), (BEGIN + 2 * SLOT, 21.0, 2.0)])
    found = path.indication(is_running=True)
    assert found.count == 2
    assert (found.high, found.low) == (21.0, 20.0)
    assert isnan(found.path[1])


def test_a_moment_long_after_the_first_is_left_out() -> None:
    path = path_of([(BEGIN, 20.0, 1.0), (BEGIN + 2 * LONGEST, 21.0, 1.0)])
    assert path.indication(is_running=True).count == 1


def test_a_path_goes_on_after_it_was_restored() -> None:
    whole = moments([3, 4, 9, 2, 5, 5, 1])
    path = IndicationPath.restored(path_of(whole[:4]).indication(is_running=True))
    for one in whole[4:]:
        path.add(*one)
    assert path.indication(is_running=True) == path_of(whole).indication(is_running=True) or (
        path.indication(is_running=True).path == path_of(whole).indication(is_running=True).path
    )
