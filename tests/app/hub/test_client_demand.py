"""The union of what clients and the owner want, and who gets the slots."""

from app.feed.demand import RankedRegistration, WatchRequest, count_reserved
from app.feed.registration_state import RegistrationKey
from app.feed.slots import SlotPlanner
from app.hub.client_demand import LINGER, ClientDemand


def key(number: int) -> RegistrationKey:
    return RegistrationKey("H0MFCNT0", f"A{number:05}")


def owned(*ranks: int) -> list[RankedRegistration]:
    return [RankedRegistration(key(100 + at), rank) for at, rank in enumerate(ranks)]


def held(demand: ClientDemand, own: list[RankedRegistration], reserved: int, limit: int) -> set:  # type: ignore[type-arg]
    wants = demand.merge(own, reserved, limit, 0.0)
    planner = SlotPlanner()
    planner.plan(wants, limit, 0.0, at_once=True)
    return set(planner.held)


def test_a_client_takes_the_slot_of_an_unseen_row_and_not_of_the_focused_one() -> None:
    demand, own = ClientDemand(), owned(0, 1, 2, 4)
    assert held(demand, own, 2, 4) == {want.key for want in own}
    assert demand.register("bot", key(1))
    assert held(demand, own, 2, 4) == {key(100), key(101), key(102), key(1)}
    assert demand.register("bot", key(2))
    assert held(demand, own, 2, 4) == {key(100), key(101), key(1), key(2)}
    assert not demand.register("bot", key(3))


def test_a_registration_that_the_owner_or_another_client_has_takes_no_slot() -> None:
    demand, own = ClientDemand(), owned(0, 1)
    demand.merge(own, 2, 3, 0.0)
    assert demand.register("bot", key(1))
    assert demand.register("other", key(1))
    assert demand.register("other", key(100))
    assert not demand.register("other", key(2))
    assert demand.keys_of("other") == (key(1), key(100))


def test_a_granted_registration_is_kept_when_the_owner_wants_more() -> None:
    demand = ClientDemand()
    demand.merge([], 0, 3, 0.0)
    assert all(demand.register("bot", key(n)) for n in range(3))
    assert held(demand, owned(0, 1), 2, 3) == {key(0), key(1), key(2)}


def test_what_a_client_left_lingers_behind_everything_else() -> None:
    demand, own = ClientDemand(), owned(0, 1)
    demand.merge(own, 2, 4, 0.0)
    demand.register("bot", key(1))
    demand.register("bot", key(2))
    demand.register("other", key(2))
    demand.leave("bot", 5.0)
    wants = demand.merge(own, 2, 4, 5.0 + LINGER - 0.1)
    assert [want.key for want in wants] == [key(2), key(100), key(101), key(1)]
    assert wants[-1].rank > max(want.rank for want in wants[:-1])
    assert key(1) not in {want.key for want in demand.merge(own, 2, 4, 5.0 + LINGER)}
    assert demand.keys_of("bot") == ()


def test_what_lingers_is_taken_up_again_when_its_client_returns() -> None:
    demand = ClientDemand()
    demand.register("bot", key(1))
    demand.leave("bot", 0.0)
    demand.register("bot again", key(1))
    assert [want.key for want in demand.merge([], 0, 41, LINGER * 2)] == [key(1)]


def test_release_says_whether_there_was_anything_to_release() -> None:
    demand = ClientDemand()
    assert not demand.release("bot", key(1))
    demand.register("bot", key(1))
    assert demand.release("bot", key(1))
    assert not demand.release("bot", key(1))
    assert demand.merge([], 0, 41, 0.0) == []


def test_the_focused_row_is_reserved_and_all_rows_where_no_screen_is_known() -> None:
    own = owned(0, 1, 2, 3)
    assert count_reserved(WatchRequest(("A",), "A", frozenset("A")), own) == 2
    assert count_reserved(WatchRequest(("A",)), own) == 4
