"""The feed against a link that fails: cuts, silence, damage (F01 to F07, F21 to F24)."""

from datetime import timedelta

import pytest
from rig.hurried import holds, hurried, until
from rig.watched_feed import DAY, FEW, FUTURE, MINI, Rig, rig

from app.feed.connection import LinkPhase
from app.simulator.oracle import ClientVisit


async def back_after(faulty: Rig, moment: float, within: float = 8.0) -> None:
    """Live again, everything registered in order, data on every row that trades."""
    await until(lambda: len(faulty.oracle.visits) == 2, within, "a second session")
    await faulty.live(within)
    await until(lambda: FUTURE in faulty.heard_since(moment), within, "data again")


async def ended(visit: ClientVisit) -> None:
    await until(lambda: visit.closed_at is not None, 30, "the end of a session")


@pytest.mark.parametrize(
    ("how", "why"),
    [("close 1000", "1000"), ("close 1001", "1001"), ("fin", "1006"), ("rst", "1006")],
)
@hurried
async def test_a_stable_session_that_is_cut_is_back_within_seconds(how: str, why: str) -> None:
    async with rig() as cut:
        await cut.stable()
        moment = cut.clock.monotonic()
        [client] = cut.simulator.clients
        if how.startswith("close"):
            await client.close(int(how.split()[1]))
        elif how == "fin":
            cut.proxy.fin()
        else:
            cut.proxy.rst()
        await cut.reach(LinkPhase.BACKOFF, within=1)
        assert (cut.link.reason, cut.link.detail) == ("closed", why)
        assert 0 < cut.link.next_at - cut.clock.monotonic() <= 2
        assert not cut.link.is_live(cut.clock.monotonic())
        await back_after(cut, moment)
        assert len(cut.oracle.dials) == 2


@hurried
async def test_a_frame_that_is_cut_anywhere_is_never_shown() -> None:
    async with rig() as cut:
        await cut.live()
        for after in (1, 2, 4, 5, 60, 200, 300, 340):
            records, visit = cut.counters.records, cut.oracle.visits[-1]
            cut.faults.cut_after = after
            await ended(visit)
            await cut.reach(LinkPhase.BACKOFF, LinkPhase.BLOCKED, within=2)
            assert cut.link.detail == "1006"
            assert cut.counters.records >= records
            cut.feed.retry()
            await cut.reach(LinkPhase.RESTORE, LinkPhase.LIVE, within=5)
            await cut.live()
        assert cut.counters.refused == {}
        assert all(len(str(getattr(record, "time", ""))) == 6 for _, record in cut.records)


@pytest.mark.parametrize("fault", ["blackhole_down", "silent", "opcodes_only"])
@hurried
async def test_a_server_without_a_word_is_noticed_asked_and_replaced(fault: str) -> None:
    """Control frames do not count as messages."""
    async with rig() as dead:
        await dead.stable()
        moment = dead.clock.monotonic()
        switches = dead.proxy.verbs if fault == "blackhole_down" else dead.faults
        setattr(switches, fault, True)
        await dead.reach(LinkPhase.SUSPECT, within=32)
        assert dead.clock.monotonic() - moment > 20
        assert not dead.link.is_live(dead.clock.monotonic())
        await dead.reach(LinkPhase.BACKOFF, within=15)
        assert dead.link.reason == "silence"
        assert dead.clock.monotonic() - moment <= 45
        setattr(switches, fault, False)
        await back_after(dead, dead.clock.monotonic())
        assert len(dead.oracle.dials) == 2


@hurried
async def test_before_anything_is_learned_silence_is_borne_for_two_minutes() -> None:
    async with rig() as dead:
        await dead.live()
        dead.faults.silent = True
        await holds(lambda: len(dead.oracle.dials) == 1, 100)
        await dead.reach(LinkPhase.BACKOFF, within=30)
        assert dead.link.reason == "silence"


@hurried
async def test_by_day_data_that_stop_bring_one_registration_anew_then_one_reconnect() -> None:
    async with rig(start=DAY) as dry:
        await dry.stable()
        dry.faults.no_data = True
        wishes = len(dry.oracle.visits[0].requests)
        await holds(lambda: len(dry.oracle.visits[0].requests) == wishes, 115)
        await until(lambda: len(dry.oracle.dials) == 2, 80, "a reconnect")
        again = [
            (register, pair[1]) for _, register, pair in dry.oracle.visits[0].requests[wishes:]
        ]
        assert again == [(False, FUTURE), (True, FUTURE)]
        await dry.live()
        with dry.clock.hurry(4000):
            await holds(lambda: len(dry.oracle.dials) == 2, 700)


@hurried
async def test_at_night_data_that_stop_are_the_market() -> None:
    async with rig() as quiet:
        await quiet.stable()
        quiet.faults.no_data = True
        with quiet.clock.hurry(4000):
            await holds(lambda: len(quiet.oracle.dials) == 1, 1200)
        assert quiet.link.is_live(quiet.clock.monotonic())
        assert len(quiet.oracle.visits[0].requests) == len(FEW)


@hurried
async def test_one_silent_row_brings_nothing_about() -> None:
    async with rig() as muted:
        await muted.live()
        muted.faults.mute.add(FUTURE)
        await holds(lambda: len(muted.oracle.dials) == 1, 200)
        moment = muted.clock.monotonic()
        await until(lambda: MINI in muted.heard_since(moment), 30)
        assert muted.link.phase is LinkPhase.LIVE
        assert len(muted.oracle.dials) == 1
        assert len(muted.oracle.visits[0].requests) == len(FEW)


@hurried
async def test_data_without_pingpong_are_life() -> None:
    async with rig() as pingless:
        pingless.faults.ping_every = 0
        await pingless.live()
        await holds(lambda: len(pingless.oracle.dials) == 1, 200)
        assert pingless.link.is_live(pingless.clock.monotonic())


@hurried
async def test_two_seconds_of_latency_cost_nothing_but_two_seconds() -> None:
    async with rig() as late:
        late.slowest_echo = 3.0
        late.proxy.verbs.delay = 1.0
        await late.live()
        await holds(lambda: len(late.oracle.dials) == 1, 60)
        assert late.link.phase is LinkPhase.LIVE
        assert all(register for _, register, _ in late.oracle.visits[0].requests)


@hurried
async def test_single_bytes_make_up_every_frame() -> None:
    async with rig((FUTURE, MINI)) as sliced:
        sliced.proxy.verbs.slice_size = 1
        await sliced.live()
        await until(lambda: sliced.counters.frames >= 20, 60, "twenty frames")
        sliced.faults.no_data = True
        await until(lambda: sliced.counters.frames == sliced.simulator.frames_sent, 10, "the rest")
        assert sliced.counters.refused == {}
        assert len(sliced.oracle.dials) == 1


@hurried
async def test_a_byte_turned_over_anywhere_costs_a_frame_or_a_session_and_never_the_feed() -> None:
    async with rig((FUTURE,)) as flipped:
        await flipped.live()
        for at in (0, 1, 3, 4, 6, 9, 14, 18, 25, 40):
            flipped.proxy.verbs.flip_at = at
            await until(lambda: flipped.proxy.verbs.flip_at < 0, 30, "a flip")
            await flipped.clock.until(flipped.clock.now() + timedelta(seconds=1))
            if flipped.link.phase is not LinkPhase.LIVE:
                assert flipped.link.phase in (LinkPhase.BACKOFF, LinkPhase.CLOSING), flipped.link
                flipped.feed.retry()
            await flipped.live()
        assert sum(flipped.counters.refused.values()) >= 1
        assert len(flipped.oracle.dials) <= 11
