"""Slots: never above the limit, the most wanted rows always in, and no flapping."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feed.demand import RankedRegistration, WatchRequest, rank_registrations
from app.feed.registrations import LIMIT, RegistrationKey
from app.feed.slots import SWAP_EVERY, SlotPlanner
from specs.catalog import Session

CODES = tuple(f"B01612A{number:02d}" for number in range(60))
CALM = 100.0
"""Seconds after which every swap that is due has been made."""


def of(
    codes: Sequence[str], *, focus: str = "", sight: slice | None = None
) -> tuple[RankedRegistration, ...]:
    visible = None if sight is None else frozenset(codes[sight])
    return rank_registrations(
        WatchRequest(tuple(codes), focus, visible), Session.NIGHT, auction=False
    ).registrations


def settle(
    planner: SlotPlanner, wanted: Sequence[RankedRegistration], room: int, now: float
) -> float:
    """Plan until nothing is due any more; when that was."""
    planner.plan(wanted, room, now)
    while planner.next_at < now + CALM:
        now = max(now, planner.next_at)
        planner.plan(wanted, room, now)
    return now


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[float, tuple[RankedRegistration, ...], int, bool]]:
    """Moments at which something else is wanted, in focus, in sight, or taken by the server."""
    steps = []
    now = 0.0
    for _ in range(draw(st.integers(1, 25))):
        now += draw(st.sampled_from((0.0, 0.05, 0.3, 1.0, 7.0)))
        first, count = draw(st.integers(0, 20)), draw(st.integers(0, 40))
        codes = CODES[first : first + count]
        top = draw(st.integers(0, 30))
        focus = draw(st.sampled_from(codes)) if codes else ""
        auction, at_once = draw(st.booleans()), draw(st.integers(0, 9)) == 0
        request = WatchRequest(codes, focus, frozenset(codes[top : top + 12]))
        found = rank_registrations(request, Session.NIGHT, auction=auction).registrations
        steps.append((now, found, draw(st.sampled_from((1, 7, 30, LIMIT))), at_once))
    return steps


@given(histories())
def test_slots_are_never_above_the_limit_and_never_idle_while_something_waits(
    history: list[tuple[float, tuple[RankedRegistration, ...], int, bool]],
) -> None:
    planner = SlotPlanner()
    for now, wanted, room, at_once in history:
        keys = planner.plan(wanted, room, now, at_once=at_once)
        assert len(keys) == len(set(keys))
        assert set(keys) == {want.key for want in wanted}
        assert planner.held == frozenset(keys[: len(planner.held)])
        assert len(planner.held) == min(room, len(wanted))


@given(histories())
def test_at_rest_the_most_wanted_have_the_slots(
    history: list[tuple[float, tuple[RankedRegistration, ...], int, bool]],
) -> None:
    planner = SlotPlanner()
    for now, wanted, room, at_once in history:
        planner.plan(wanted, room, now, at_once=at_once)
    settle(planner, wanted, room, now)
    ranks = {want.key: want.rank for want in wanted}
    held = sorted(ranks[key] for key in planner.held)
    assert held == sorted(ranks.values())[:room]


@given(histories())
def test_a_slot_changes_hands_once_a_second_at_the_most(
    history: list[tuple[float, tuple[RankedRegistration, ...], int, bool]],
) -> None:
    planner = SlotPlanner()
    last_swap, before = -SWAP_EVERY, frozenset[RegistrationKey]()
    for now, wanted, room, at_once in history:
        keys = planner.plan(wanted, room, now, at_once=at_once)
        still_wanted = before & set(keys)
        given_up = still_wanted - planner.held
        shrunk = len(still_wanted) - room
        if given_up and not at_once and shrunk <= 0:
            assert len(given_up) == 1
            assert now - last_swap >= SWAP_EVERY - 1e-9
        if given_up:
            last_swap = now if not at_once and shrunk <= 0 else last_swap
        before = planner.held


def test_what_fits_is_never_touched_however_one_scrolls() -> None:
    planner = SlotPlanner()
    codes = CODES[:20]
    planner.plan(of(codes, sight=slice(0, 8)), LIMIT, 0.0)
    first = planner.held
    for step in range(200):
        top = step % 13
        wanted = of(codes, focus=codes[top], sight=slice(top, top + 8))
        planner.plan(wanted, LIMIT, step * 0.05)
        assert planner.held == first
        assert planner.next_at == float("inf")


def test_scrolling_to_and_fro_for_a_minute_costs_sixty_swaps_at_the_most() -> None:
    planner = SlotPlanner()
    settle(planner, of(CODES, sight=slice(0, 15)), LIMIT, -CALM)
    changes, before = 0, planner.held
    for step in range(1200):
        top = 0 if step % 2 else 40
        planner.plan(of(CODES, focus=CODES[top], sight=slice(top, top + 15)), LIMIT, step * 0.05)
        changes += len(before - planner.held)
        before = planner.held
    assert changes <= 61
    now = settle(planner, of(CODES, focus=CODES[40], sight=slice(40, 55)), LIMIT, 60.0)
    assert now < 60 + LIMIT
    assert {key.code for key in planner.held} >= set(CODES[40:55])


def test_a_session_or_an_auction_moves_everything_at_once() -> None:
    planner = SlotPlanner()
    request = WatchRequest(CODES[:30], CODES[0], frozenset(CODES[:15]))
    settle(
        planner, rank_registrations(request, Session.NIGHT, auction=False).registrations, LIMIT, 0.0
    )
    auction = rank_registrations(request, Session.NIGHT, auction=True).registrations
    planner.plan(auction, LIMIT, 1.0, at_once=True)
    assert planner.held == {want.key for want in auction[:LIMIT]}
    assert planner.next_at == float("inf")


def test_what_the_server_refused_takes_no_slot_and_is_not_forgotten() -> None:
    planner = SlotPlanner()
    wanted = of(CODES[:30])
    refused = [want.key for want in wanted[:5]]
    keys = planner.plan(wanted, LIMIT, 0.0, refused=refused)
    assert not planner.held & set(refused)
    assert keys[-5:] == tuple(refused)
    assert len(planner.held) == LIMIT


@pytest.mark.parametrize("room", [1, 10, 30])
def test_a_limit_that_is_learned_drops_the_least_wanted_at_once(room: int) -> None:
    planner = SlotPlanner()
    wanted = of(CODES[:30], focus=CODES[3], sight=slice(0, 15))
    planner.plan(wanted, LIMIT, 0.0)
    planner.plan(wanted, room, 0.1)
    assert planner.held == {want.key for want in wanted[:room]}
