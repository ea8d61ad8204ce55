"""The feed against answers and frames that are late, wrong, repeated or missing (F25 to F40)."""

from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from msgspec.structs import astuple
from rig.hurried import holds, hurried, until
from rig.watched_feed import CALL, DAY, FEW, FUTURE, MINI, PUT, Rig, rig

from app.feed.connection import LinkPhase
from app.feed.registrations import RegistrationState
from app.feed.session import BRISK
from app.simulator.faults import LIMIT, Faults
from specs.record import Record


def wishes(faulty: Rig, code: str) -> list[float]:
    """Return the times at which the newest session requested a code."""
    asked = faulty.oracle.visits[-1].requests if faulty.oracle.visits else []
    return [at for at, register, (_, wanted) in asked if register and wanted == code]


@hurried
async def test_forty_one_rows_are_registered_in_their_order_and_no_more() -> None:
    async with rig(()) as full:
        rates = full.simulator.market.instruments
        codes = sorted((c for c in rates if c[1:3] in ("01", "05")), key=lambda c: -rates[c].rate)
        full.watch(codes[: LIMIT + 5])
        await full.reach(LinkPhase.LIVE)
        assert full.link.waiting == 5
        await until(lambda: len(full.registered) == LIMIT, 10)
        assert full.registered == codes[:LIMIT]
        assert full.standing(codes[LIMIT])[0] is RegistrationState.NO_SLOT
        asked = [at for at, _, _ in full.oracle.visits[0].requests]
        assert len(asked) == LIMIT
        # A delayed request can arrive close to the next one, so gaps are of the sending side.
        assert all(b - a > BRISK - 1e-9 for a, b in pairwise(full.sent_at))
        assert asked[-1] - asked[0] > 0.095 * (LIMIT - 1)
        full.watch(codes[5 : LIMIT + 5])
        await until(lambda: set(full.registered) == set(full.codes), 20, "the new list")
        await full.reach(LinkPhase.LIVE)
    assert full.oracle.most_registered == LIMIT


@hurried
async def test_a_limit_below_forty_one_is_learned_and_not_run_against() -> None:
    async with rig(faults=Faults(limit=3)) as capped:
        await capped.reach(LinkPhase.LIVE)
        await until(lambda: capped.link.limit == 3, 10)
        assert (capped.link.used, capped.link.waiting) == (3, 1)
        assert capped.registered == list(FEW[:3])
        assert capped.standing(PUT)[0] is RegistrationState.NO_SLOT
        await holds(lambda: len(wishes(capped, PUT)) == 1, 120)
        capped.watch((FUTURE, CALL, PUT))
        await capped.live()


@hurried
async def test_a_list_that_empties_while_it_is_registered_leaves_the_link_live() -> None:
    async with rig() as emptied:
        await emptied.reach(LinkPhase.RESTORE)
        emptied.watch(())
        await emptied.reach(LinkPhase.LIVE)
        await until(lambda: emptied.registered == [], 10)


@hurried
async def test_a_row_without_an_answer_is_asked_for_twice_and_then_left() -> None:
    async with rig(faults=Faults(ack_never={CALL}, mute={CALL})) as mute:
        await mute.reach(LinkPhase.DEGRADED)
        assert mute.standing(CALL)[0] is RegistrationState.UNCONFIRMED
        first, second = wishes(mute, CALL)
        assert second - first == pytest.approx(5, abs=1.1)
        assert [mute.standing(code)[0] for code in (FUTURE, MINI, PUT)] == [
            RegistrationState.ACTIVE
        ] * 3
        mute.faults.mute.clear()
        await until(
            lambda: mute.standing(CALL)[0] is RegistrationState.ACTIVE, 120, "data confirm it"
        )
        await mute.live()
        assert len(mute.oracle.dials) == 1


@hurried
async def test_answers_three_seconds_late_are_waited_for() -> None:
    async with rig(faults=Faults(ack_after=3, no_data=True)) as late:
        await late.live(within=40)
        assert [len(wishes(late, code)) for code in FEW] == [1] * 4


@hurried
async def test_answers_after_their_second_asking_still_count() -> None:
    async with rig(faults=Faults(ack_after=7, no_data=True)) as late:
        await late.live(within=60)
        assert all(len(wishes(late, code)) <= 2 for code in FEW)
        assert len(late.oracle.dials) == 1


@hurried
async def test_answers_of_an_earlier_session_confirm_nothing() -> None:
    async with rig() as stale:
        await stale.stable()
        stale.faults.ack_stale = True
        stale.faults.ack_never = stale.faults.mute = {MINI, CALL, PUT}
        stale.proxy.rst()
        await until(lambda: len(stale.oracle.visits) == 2, 8)
        await until(lambda: wishes(stale, PUT), 40, "the last registration")
        assert stale.registered == list(FEW)
        await stale.reach(LinkPhase.DEGRADED, within=40)
        assert stale.standing(PUT)[0] is RegistrationState.UNCONFIRMED


@pytest.mark.parametrize(
    "code", ["OPSP8991", "OPSP8992", "OPSP8993", "OPSP8997", "OPSP9990", "OPSP4711"]
)
@hurried
async def test_a_row_that_is_refused_is_not_asked_for_again(code: str) -> None:
    async with rig(faults=Faults(refuse={MINI: code})) as refused:
        await refused.reach(LinkPhase.DEGRADED)
        assert refused.standing(MINI) == (RegistrationState.REFUSED, code)
        await holds(lambda: len(wishes(refused, MINI)) == 1, 200)
        assert refused.registered == [FUTURE, CALL, PUT]
        assert len(refused.oracle.dials) == 1


@pytest.mark.parametrize("code", ["OPSP0007", "OPSP0009", "OPSP8999"])
@hurried
async def test_a_row_with_an_inner_error_is_tried_three_times_more(code: str) -> None:
    async with rig(faults=Faults(refuse={MINI: code})) as shaky:
        await until(lambda: len(wishes(shaky, MINI)) == 4, 220, "four tries")
        tries = wishes(shaky, MINI)
        gaps = [later - earlier for earlier, later in pairwise(tries)]
        assert gaps == pytest.approx([15, 45, 120], abs=1.5)
        await until(lambda: shaky.standing(MINI) == (RegistrationState.REFUSED, code), 2)
        with shaky.clock.hurry(4000):
            await holds(lambda: len(wishes(shaky, MINI)) == 4, 300)
        assert shaky.link.phase is LinkPhase.DEGRADED


@pytest.mark.parametrize("code", ["OPSP0007", "OPSP8992", "OPSP4711"])
@hurried
async def test_a_first_row_that_is_refused_does_not_keep_the_others_waiting(code: str) -> None:
    async with rig(faults=Faults(refuse={FUTURE: code})) as first:
        await until(lambda: first.registered == [MINI, CALL, PUT], 10, f"{first.registered}")
        await first.reach(LinkPhase.DEGRADED, LinkPhase.LIVE)
        assert len(first.oracle.dials) == 1


@hurried
async def test_what_nobody_documents_is_counted_and_changes_nothing() -> None:
    odd = (
        '{"header":{"tr_id":"(null)","tr_key":""},"body":{"rt_cd":"9","msg_cd":"OPSP1234"}}',
        '{"header":{"tr_id":"H0MFCNT0","tr_key":"A01612"},"body":{"msg_cd":"OPSP1234"}}',
        '{"header":{"tr_id":"H0MFCNT0","tr_key":"A01612"}}',
        '{"header":{"tr_id":"(null)","tr_key":""},"body":{}}',
        '{"header":{"tr_id":"(null)"},"body":{"msg_cd":null}}',
        "",
    )
    async with rig() as strange:
        await strange.live()
        [client] = strange.simulator.clients
        shown = {code: strange.standing(code) for code in FEW}
        for raw in odd:
            await client.send_text(raw)
        await until(lambda: strange.counters.refused.get("control", 0) >= 1, 5)
        await holds(lambda: {code: strange.standing(code) for code in FEW} == shown, 5)
        await strange.live()
        assert len(strange.oracle.dials) == 1


@hurried
async def test_garbage_is_counted_and_changes_no_value() -> None:
    async with rig(faults=Faults(garbage=0.5)) as noisy:
        await noisy.live()
        await holds(lambda: len(noisy.oracle.dials) == 1, 60)
        assert sum(noisy.counters.refused.values()) > 50
        assert len(noisy.counters.refused) >= 6
        await noisy.live()
        assert len(noisy.oracle.dials) == 1
        noisy.faults.garbage, noisy.faults.no_data = 0.0, True
        ended = noisy.clock.now() + timedelta(seconds=1)
        await noisy.clock.until(ended)
        heard = list(noisy.records)
    async with rig() as clean:
        await clean.live()
        await clean.clock.until(ended + timedelta(seconds=1))
        truth = {repr(record) for _, record in clean.records}
    assert len(heard) > 100
    strange = [record for _, record in heard if repr(record) not in truth]
    sent = [record for _, record in clean.records]
    assert [repr(one) for one in strange if not any(map(partial(lacks_only, one), sent))] == []


def lacks_only(record: Record, sent: Record) -> bool:
    """Return whether a record differs from one that was sent by nothing but missing fields."""
    return type(record) is type(sent) and all(
        value in (sent_value, "", None) or value != value
        for value, sent_value in zip(astuple(record), astuple(sent), strict=True)
    )


@hurried
async def test_old_frames_that_come_again_are_noticed() -> None:
    async with rig(faults=Faults(repeat=0.5)) as replayed:
        await replayed.live()
        await holds(lambda: len(replayed.oracle.dials) == 1, 60)
        await replayed.live()
        assert replayed.counters.backwards > 0


@hurried
async def test_a_burst_delays_no_echo_and_leaves_the_newest_value() -> None:
    async with rig(start=DAY) as burst:
        await burst.live()
        burst.faults.burst, burst.faults.ping_every = 2000.0, 1.0
        before = burst.counters.frames
        await holds(lambda: burst.counters.refused == {}, 5)
        assert burst.counters.frames - before > 5000
        await burst.live()
    assert sum(visit.pings for visit in burst.oracle.visits) >= 4


@hurried
async def test_every_pingpong_is_back_once_and_on_its_own_session() -> None:
    async with rig(faults=Faults(ping_every=2.0, no_data=True)) as echoed:
        await echoed.stable()
        echoed.proxy.rst()
        await until(lambda: len(echoed.oracle.visits) == 2, 8)
        await echoed.live()
        first, second = echoed.oracle.visits
        await until(lambda: second.pings >= 25, 61)
        await until(lambda: second.pings == len(second.echoes), 3)
        assert first.pings - len(first.echoes) <= 1
        assert echoed.oracle.strangers == 0


@hurried
async def test_more_pingpongs_than_any_server_sends_are_not_all_answered() -> None:
    async with rig() as flooded:
        await flooded.live()
        [client] = flooded.simulator.clients
        for _ in range(100):
            await client.ping()
        await holds(lambda: len(flooded.oracle.echoes) <= 15, 3)
        await flooded.live()
