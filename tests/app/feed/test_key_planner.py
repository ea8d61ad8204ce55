"""The planner of registrations over several app keys: sticky, by priority, each on one key."""

from hypothesis import given
from hypothesis import strategies as st

from app.feed.key_planner import KeyPlanner, KeyRoom
from app.feed.registration_state import RegistrationKey

LIMIT = 41


def pairs(count: int, start: int = 0) -> list[RegistrationKey]:
    return [RegistrationKey("H0EUCNT0", f"B01612A{at:02d}") for at in range(start, start + count)]


def rooms(*sizes: int) -> list[KeyRoom]:
    return [KeyRoom(size, is_open=size > 0) for size in sizes]


def test_second_key_takes_what_the_first_has_no_slot_for() -> None:
    planner, wanted = KeyPlanner(), pairs(57)
    assert planner.plan(wanted, rooms(41, 41)) == [wanted[:41], wanted[41:]]


def test_registration_stays_on_its_key_when_others_leave() -> None:
    planner, wanted = KeyPlanner(), pairs(82)
    first, second = planner.plan(wanted, rooms(41, 41))
    left = [pair for pair in wanted if pair not in first[:4]]
    assert planner.plan(left, rooms(41, 41)) == [first[4:], second]


def test_registration_stays_on_its_key_when_more_wanted_ones_come() -> None:
    planner, wanted, fresh = KeyPlanner(), pairs(41), pairs(5, start=50)
    planner.plan(wanted, rooms(41, 41))
    assert planner.plan([*fresh, *wanted], rooms(41, 41)) == [wanted, fresh]


def test_dead_key_hands_on_what_fits() -> None:
    planner, wanted = KeyPlanner(), pairs(60)
    planner.plan(wanted, rooms(41, 41))
    # The slots of the dead key are gone, so the list of what has a slot is shorter.
    assert planner.plan(wanted[:41], rooms(0, 41)) == [[], wanted[:41]]


def test_key_that_comes_back_gets_what_waits_and_nothing_else() -> None:
    planner, wanted = KeyPlanner(), pairs(60)
    planner.plan(wanted[:41], rooms(0, 41))
    assert planner.plan(wanted, rooms(41, 41)) == [wanted[41:], wanted[:41]]


def test_open_session_comes_before_one_that_is_not() -> None:
    planner, wanted = KeyPlanner(), pairs(2)
    keys = [KeyRoom(41, is_open=False), KeyRoom(41, is_open=True)]
    assert planner.plan(wanted, keys) == [[], wanted]


def test_registration_that_is_being_released_waits_for_its_key() -> None:
    planner, (released, other) = KeyPlanner(), pairs(2)
    full = [KeyRoom(1, is_open=True, held=frozenset([released])), KeyRoom(1, is_open=True)]
    # The first key's one slot goes to another registration, and then the first is wanted again.
    assert planner.plan([other], full) == [[other], []]
    assert planner.plan([other, released], full) == [[other], []]
    free = [KeyRoom(1, is_open=True), KeyRoom(1, is_open=True)]
    assert planner.plan([other, released], free) == [[other], [released]]


def test_registration_that_a_session_holds_goes_back_to_it() -> None:
    planner, wanted = KeyPlanner(), pairs(1)
    keys = [KeyRoom(41, is_open=True), KeyRoom(41, is_open=True, held=frozenset(wanted))]
    assert planner.plan(wanted, keys) == [[], wanted]


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[list[RegistrationKey], list[int]]]:
    """Draw wishes, in their order, and the room of three keys, one after another."""
    known = pairs(12)
    wishes = st.lists(st.sampled_from(known), unique=True)
    sizes = st.lists(st.sampled_from([0, 1, 2, 3, 4]), min_size=3, max_size=3)
    return draw(st.lists(st.tuples(wishes, sizes), min_size=1, max_size=8))


@given(steps())
def test_plan_is_sticky_complete_and_within_every_room(
    drawn: list[tuple[list[RegistrationKey], list[int]]],
) -> None:
    planner = KeyPlanner()
    before: dict[RegistrationKey, int] = {}
    for wishes, sizes in drawn:
        wanted = wishes[: sum(sizes)]
        planned = planner.plan(wanted, rooms(*sizes))
        flat = [pair for one in planned for pair in one]
        assert sorted(flat) == sorted(wanted)  # Each has a slot, and on one key alone.
        for one, size in zip(planned, sizes, strict=True):
            assert len(one) <= size
            assert one == [pair for pair in wanted if pair in one]
        now = {pair: at for at, one in enumerate(planned) for pair in one}
        for at, size in enumerate(sizes):
            stayed = [pair for pair in wanted if before.get(pair) == at]
            # The most wanted ones of a key stay, as many as it has room for.
            assert [pair for pair in stayed if now[pair] == at] == stayed[:size]
        before = now


@given(steps(), st.data())
def test_plan_never_moves_what_a_living_session_still_holds(
    drawn: list[tuple[list[RegistrationKey], list[int]]], data: st.DataObject
) -> None:
    planner = KeyPlanner()
    held: list[frozenset[RegistrationKey]] = [frozenset()] * 3
    for wishes, sizes in drawn:
        alive = [one if size else frozenset() for one, size in zip(held, sizes, strict=True)]
        keys = [KeyRoom(s, is_open=s > 0, held=one) for s, one in zip(sizes, alive, strict=True)]
        planned = planner.plan(wishes[: sum(sizes)], keys)
        for at, one in enumerate(planned):
            others = frozenset().union(*(alive[i] for i in range(3) if i != at))
            assert others.isdisjoint(one)
        # A session lets go of some of what it no longer has to hold, at any time.
        lingering = [frozenset(pair for pair in old if data.draw(st.booleans())) for old in alive]
        held = [
            frozenset(new) | (old - frozenset(p for other in planned for p in other))
            for new, old in zip(planned, lingering, strict=True)
        ]
