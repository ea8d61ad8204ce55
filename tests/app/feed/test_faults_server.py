"""The feed against a server that refuses sessions (F12 to F14, F26, F28 to F34)."""

from math import inf

import pytest
from rig.hurried import holds, hurried, until
from rig.watched_feed import FUTURE, TRADING, rig

from app.feed.connection import LinkPhase
from app.simulator.faults import Faults


@hurried
async def test_a_server_that_closes_at_once_is_asked_ever_more_seldom() -> None:
    async with rig(faults=Faults(accept_close=True)) as refused:
        await refused.reach(LinkPhase.BLOCKED, within=300)
        assert len(refused.oracle.dials) == 5
        assert refused.link.next_at - refused.clock.monotonic() >= 700
        with refused.clock.hurry(4000):
            await holds(lambda: len(refused.oracle.dials) <= 9, 3600)
        refused.faults.accept_close = False
        refused.feed.retry()
        await refused.live()


@hurried
async def test_a_handshake_that_hangs_is_given_up_after_ten_seconds() -> None:
    async with rig() as hung:
        hung.proxy.verbs.hang = True
        await hung.reach(LinkPhase.BACKOFF, within=12)
        assert hung.link.detail == "timeout"
        assert hung.link.failures == 1
        hung.proxy.verbs.hang = False
        await hung.live()


@pytest.mark.parametrize("status", [200, 301, 403, 503])
@hurried
async def test_what_is_no_websocket_is_a_reason_and_no_redirect_is_followed(status: int) -> None:
    async with rig(faults=Faults(handshake=status)) as refused:
        await refused.reach(LinkPhase.BACKOFF)
        assert refused.link.detail == f"HTTP {status}"
        assert len(refused.oracle.dials) == 1
        refused.faults.handshake = 0
        await refused.live()


@pytest.mark.parametrize("fault", ["oversize", "fragments"])
@hurried
async def test_a_message_without_an_end_closes_the_session_and_waits_grow(fault: str) -> None:
    async with rig() as flooded:
        await flooded.live()
        setattr(flooded.faults, fault, 600_000)
        waits = []
        for _ in range(3):
            await flooded.reach(LinkPhase.BACKOFF, within=60)
            assert flooded.link.detail == "1009"
            waits.append(flooded.link.next_at - flooded.clock.monotonic())
            await until(lambda: flooded.link.phase is not LinkPhase.BACKOFF, 100)
        assert waits[2] > waits[0]
        setattr(flooded.faults, fault, 0)
        flooded.feed.retry()
        await flooded.live(within=60)


@hurried
async def test_a_restart_of_the_server_is_waited_out() -> None:
    async with rig() as restarted:
        await restarted.stable()
        moment = restarted.clock.monotonic()
        await restarted.proxy.refuse()
        restarted.simulator.restart(90)
        await restarted.reach(LinkPhase.BACKOFF, within=2)
        assert restarted.link.reason == "closed"
        await holds(lambda: restarted.link.failures <= 9, 90)
        assert {link.phase for link in restarted.shown_since(moment)} <= {
            LinkPhase.LIVE,
            LinkPhase.BACKOFF,
            LinkPhase.DIAL,
        }
        await restarted.proxy.listen()
        await restarted.live(within=60)


@hurried
async def test_a_key_in_use_elsewhere_is_dialled_once_and_never_fought_for() -> None:
    async with rig(faults=Faults(busy=True)) as second:
        await second.reach(LinkPhase.OCCUPIED)
        assert second.link.reason == "occupied"
        with second.clock.hurry(4000):
            await holds(lambda: len(second.oracle.dials) == 1, 1800)
        assert second.link.next_at == inf
        assert (len(second.oracle.dials), second.simulator.approvals) == (1, 1)
        second.faults.busy = False
        second.feed.retry()
        await second.live()


@hurried
async def test_the_ghost_of_our_own_session_is_waited_for() -> None:
    async with rig(faults=Faults(hold=90)) as ghost:
        await ghost.stable()
        moment = ghost.clock.monotonic()
        ghost.proxy.rst()
        await ghost.reach(LinkPhase.OCCUPIED, within=5)
        assert ghost.link.next_at - ghost.clock.monotonic() <= 35
        await ghost.live(within=160)
        assert len(ghost.oracle.dials) - 1 <= 5
        assert ghost.clock.monotonic() - moment - 90 <= 63
        assert ghost.simulator.approvals == 1


@hurried
async def test_a_session_that_is_taken_from_us_is_not_taken_back() -> None:
    async with rig() as kicked:
        await kicked.stable()
        [client] = kicked.simulator.clients
        await client.refuse("OPSP8996")
        await kicked.reach(LinkPhase.OCCUPIED, within=5)
        with kicked.clock.hurry(4000):
            await holds(lambda: kicked.link.phase is LinkPhase.OCCUPIED, 1200)
        assert len(kicked.oracle.dials) == 1


@hurried
async def test_a_key_that_is_unknown_is_renewed_once() -> None:
    async with rig(faults=Faults(bad_keys=1)) as renewed:
        await renewed.live(within=90)
        assert (renewed.simulator.approvals, len(renewed.oracle.dials)) == (2, 2)


@hurried
async def test_a_key_that_is_unknown_twice_is_not_renewed_again_at_once() -> None:
    async with rig(faults=Faults(bad_keys=2)) as renewed:
        await until(lambda: len(renewed.oracle.dials) == 2, 90)
        await renewed.reach(LinkPhase.BACKOFF, within=5)
        assert (renewed.link.reason, renewed.link.detail) == ("key", "OPSP0011")
        assert renewed.simulator.approvals == 2
        await renewed.live(within=150)
        assert renewed.simulator.approvals == 2


@pytest.mark.parametrize(
    "faults",
    [
        Faults(approval_status=500),
        Faults(approval_status=429),
        Faults(approval_code="EGW00133"),
        Faults(approval_code="EGW00201", approval_status=500),
        Faults(approval_after=60),
        Faults(approval_html=True),
    ],
)
@hurried
async def test_an_approval_that_fails_is_asked_for_once_a_minute(faults: Faults) -> None:
    async with rig(faults=faults) as refused:
        await refused.reach(LinkPhase.BACKOFF, within=15)
        assert refused.link.reason == "key"
        assert refused.link.detail
        assert len(refused.oracle.dials) == 0
        healthy = Faults()
        for name in ("approval_status", "approval_code", "approval_after", "approval_html"):
            setattr(refused.faults, name, getattr(healthy, name))
        moment = refused.clock.monotonic()
        await refused.live(within=80)
        assert refused.clock.monotonic() - moment >= 40


@hurried
async def test_an_approval_that_fails_does_not_keep_a_key_that_holds_from_being_used() -> None:
    async with rig() as cached:
        await cached.stable()
        cached.faults.approval_status = 500
        cached.proxy.rst()
        await cached.reach(LinkPhase.BACKOFF, within=2)
        await cached.live(within=8)


@pytest.mark.parametrize("code", ["EGW00102", "EGW00103", "EGW00104", "EGW00105"])
@hurried
async def test_wrong_credentials_end_all_trying(code: str) -> None:
    async with rig(faults=Faults(approval_code=code)) as wrong:
        await wrong.reach(LinkPhase.FATAL)
        assert (wrong.link.reason, code in wrong.link.detail) == ("credentials", True)
        with wrong.clock.hurry(4000):
            await holds(lambda: len(wrong.oracle.dials) == 0, 1800)


@pytest.mark.parametrize("code", ["OPSP8994", "OPSP8995", "OPSP9994"])
@hurried
async def test_credentials_that_the_session_refuses_end_all_trying(code: str) -> None:
    async with rig(faults=Faults(refuse={FUTURE: code})) as wrong:
        await wrong.reach(LinkPhase.FATAL)
        assert (wrong.link.reason, wrong.link.detail) == ("credentials", code)
        with wrong.clock.hurry(4000):
            await holds(lambda: len(wrong.oracle.dials) == 1, 1800)


@hurried
async def test_a_machine_that_slept_replaces_its_socket_at_once() -> None:
    async with rig(start=TRADING) as slept:
        await slept.stable()
        slept.clock.sleep(600)
        await until(lambda: len(slept.oracle.dials) == 2, 5, "a new dial")
        await slept.reach(
            LinkPhase.AUTH, LinkPhase.DIAL, LinkPhase.PROBE, LinkPhase.RESTORE, within=2
        )
        await slept.live()
        slept.clock.step(3600)
        await holds(lambda: len(slept.oracle.dials) == 2, 30)
