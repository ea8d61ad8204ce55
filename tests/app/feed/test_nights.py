"""The long proofs of `tests/rig`, each as short as a run of all tests allows."""

import asyncio
from pathlib import Path

import pytest
from rig import kills, night, reconnects, silences, storms
from rig.client import Client
from rig.figures import kept_seeds, percentile
from rig.fuzz import Fuzz
from rig.kis import Kis
from rig.soak import soak
from rig.world import Machine, World

from app.feed.connection import LinkPhase, step
from app.feed.connection_state import Connection
from app.feed.events import (
    KeyIssued,
    RegistrationAcknowledged,
    SocketClosed,
    SocketOpened,
    TimePassed,
)
from app.feed.registrations import RegistrationKey
from app.feed.session import LinkSession
from specs.catalog import CATALOG, Channel
from specs.control import Ack

HALF_AN_HOUR = 1800.0
"""Seconds; `rig.silences` runs three hours."""

CODES = ("A01612", *(f"B01612A{number:02d}" for number in range(12)))


@pytest.mark.parametrize("seed", [*range(8), *kept_seeds("reconnects")])
def test_after_every_reconnect_the_server_holds_each_row_once_and_in_order(seed: int) -> None:
    assert len(reconnects.history(seed).lags) == 10


@pytest.mark.parametrize("seed", [0, *kept_seeds("night")])
def test_a_night_of_two_hundred_faults_ends_with_everything_registered(seed: int) -> None:
    through = night.history(seed)
    assert through.compared > 2000
    assert through.kis.pings > 300


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [((5, 9, 19, 22), [0, 12, 12, 0]), ((722, 727, 729, 735), [0, 0, 12, 12])],
)
def test_expected_executions_are_registered_around_the_auctions_alone(
    minutes: tuple[int, ...], expected: list[int]
) -> None:
    """Minutes after 17:40: around the opening auction, and on to the closing one."""
    world = World(1)
    world.time = minutes[0] * 60.0 - 120
    kis = Kis(world)
    client = Client(world, kis, CODES, machine=Machine(world))
    held = []
    for minute in minutes:
        world.run(minute * 60 - world.time)
        channels = [CATALOG[key.tr_id].channel for key in kis.registered]
        held.append(channels.count(Channel.EXPECTED))
        assert channels.count(Channel.TRADE) == len(CODES)
    assert held == expected
    assert (client.phase, kis.opened, kis.overlaps) == (LinkPhase.LIVE, 1, 0)


def test_twelve_hours_of_accept_then_close_cost_twenty_dials_at_most() -> None:
    assert len(storms.slammed(0)) <= 20


def test_a_server_that_refuses_for_twelve_hours_is_dialled_within_the_budget() -> None:
    dials = storms.refused(0)
    assert len(dials) <= 150
    assert storms.peak(dials, 600.0) <= 12


def test_a_program_that_crashes_and_starts_again_keeps_to_the_budget() -> None:
    dials = storms.crashing(0, hours=3)
    assert storms.within_budget(dials)
    assert len(dials) > 30


def test_the_ghost_of_our_own_session_costs_five_dials_at_most() -> None:
    assert max(storms.ghost(seed)[0] for seed in range(8)) <= 5


@pytest.mark.parametrize(("outage", "limit"), [("10-60 s", 60.0), ("1-5 min", 60.0)])
def test_after_a_short_outage_we_are_back_within_a_minute(outage: str, limit: float) -> None:
    low, high = storms.OUTAGES[outage]
    assert max(storms.outage(seed, low, high)[1] for seed in range(8)) <= limit


def test_a_clean_cut_of_a_stable_session_is_mended_in_three_and_in_eight_seconds() -> None:
    cuts = [storms.clean_cut(seed) for seed in range(8)]
    assert percentile([first for first, _ in cuts], 0.99) <= 3.0
    assert percentile([whole for _, whole in cuts], 0.99) <= 8.0


@pytest.mark.parametrize("interval", [10.0, 100.0])
def test_feed_closes_no_socket_in_half_an_hour_of_pingpong_alone(interval: float) -> None:
    assert silences.quiet_night(0, interval, seconds=HALF_AN_HOUR) == (0, 0)


@pytest.mark.parametrize("interval", [60.0, 100.0])
def test_feed_closes_no_quiet_socket_when_probes_are_not_answered(interval: float) -> None:
    assert silences.quiet_night(0, interval, probes=False, seconds=HALF_AN_HOUR) == (0, 0)


@pytest.mark.parametrize(("row", "code"), [("C01612999", "OPSP0000"), ("B01612A00", "OPSP4711")])
def test_an_answer_that_says_nothing_of_ours_acknowledges_nothing(row: str, code: str) -> None:
    pilot = LinkSession(lambda: 0.5)
    pilot.request([RegistrationKey("H0EUCNT0", "B01612A00")], 0.0, brisk=True)
    for event in (KeyIssued(), SocketOpened()):
        pilot.event(event, 0.0)
    pilot.poll(TimePassed(0.0), 0.1)
    before = pilot.connection
    pilot.answer(Ack("H0EUCNT0", row, code, ""), 0.2)
    assert pilot.connection == before


def test_a_session_that_says_nothing_after_its_acknowledgement_resets_no_count() -> None:
    state = Connection(is_wanted=True, failures=3, phase=LinkPhase.PROBE, opened_at=0.0)
    for event, now in (
        (RegistrationAcknowledged(), 1.0),
        (TimePassed(1.0), 119.0),
        (SocketClosed("1006"), 119.5),
    ):
        state, _ = step(state, event, now, 0.5)
    assert state.failures == 4


@pytest.mark.parametrize("interval", [10.0, 60.0])
@pytest.mark.parametrize("path", [True, False])
def test_a_dead_socket_is_found(interval: float, path: bool) -> None:
    limit = min(121.0, max(45.0, 2 * interval + 13.0))
    assert silences.found(0, interval, path=path, known=True, probes=True) <= limit
    assert silences.found(0, interval, path=path, known=False, probes=True) <= 121.0


def test_a_hundred_thousand_mutated_frames_raise_nothing_and_change_nothing_by_refusal() -> None:
    run = Fuzz(1)
    run.run(100_000, run.frames)
    assert min(run.taken, run.refused) > 10_000
    known = run.taken
    run.run(10_000, run.messages)
    assert run.taken > known + 2000


def test_a_minute_at_five_hundred_frames_a_second_leaves_nothing_behind() -> None:
    async def minute() -> None:
        run, _, still = await soak(1 / 60, 500, warm_up=5)
        assert still
        assert run.frames == 30_000
        assert run.painted > 10_000

    asyncio.run(minute())


def test_a_kill_during_a_layout_save_leaves_the_old_layout_or_the_new(tmp_path: Path) -> None:
    found = kills.run(25, tmp_path / "home")
    assert found["old"] + found["new"] == 25
