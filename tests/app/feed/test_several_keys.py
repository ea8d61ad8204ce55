"""A feed with several app keys over the simulator, whose oracle sees every session and pair."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random

import pytest
from harness.dashboard import BEAT, at

from app.feed.batch import Batch, KeyState
from app.feed.demand import WatchRequest
from app.feed.feed import Feed
from app.feed.feed_settings import AppKey, FeedSettings
from app.feed.phase import LinkPhase
from app.feed.registration_state import RegistrationState
from app.simulator.simulator import Simulator
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import ScaledClock
from app.system.secret import Secret
from specs.catalog import Channel, Session

NAMES = ("first", "second", "third", "fourth")
PATIENCE = 30.0
BOTH = frozenset((Channel.TRADE, Channel.BOOK))


def key_of(name: str) -> str:
    return f"PSkey-{name}-0123456789"


class KeyedFeed:
    """A feed with several keys, its batches, and the server that it talks to."""

    def __init__(self, server: Simulator, count: int, channels: frozenset[Channel]) -> None:
        self.server = server
        self.batches: list[Batch] = []
        keys = [
            AppKey(Credentials(Secret(key_of(name)), Secret(f"sign-{name}-98765"), "test", name))
            for name in NAMES[:count]
        ]
        settings = FeedSettings(
            Endpoints(server.rest_url, server.ws_url),
            keys[0].credentials,
            beat=BEAT,
            channels=channels,
            more_keys=tuple(keys[1:]),
        )
        self.feed = Feed(settings, ScaledClock(at(18, 1)), self._take)
        self._come = asyncio.Event()

    def _take(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.feed.acknowledge_batch()
        self._come.set()

    @property
    def keys(self) -> dict[str, KeyState]:
        """The state of each key in the last batch."""
        return {one.name: one for one in self.batches[-1].link.keys}

    @property
    def on(self) -> Counter[str]:
        """How many registrations are active on each key, by the last batch."""
        return Counter(
            one.app_key
            for one in self.batches[-1].registrations.values()
            if one.state is RegistrationState.ACTIVE
        )

    def held(self, name: str) -> frozenset[tuple[str, str]]:
        """The pairs that the server has for a key."""
        client = self.server.session_of(key_of(name))
        return client.registrations if client is not None else frozenset()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not self.batches or not condition():
                self._come.clear()
                await self._come.wait()

    async def active(self, **counts: int) -> None:
        """Wait until so many registrations are active on each key, as the server sees it too."""
        await self.until(
            lambda: (
                self.on == Counter(counts)
                and all(len(self.held(name)) == count for name, count in counts.items())
            )
        )


@asynccontextmanager
async def keyed_feed(
    count: int, codes: int, channels: frozenset[Channel] = frozenset((Channel.TRADE,))
) -> AsyncIterator[KeyedFeed]:
    """A feed with `count` keys that watches so many options, the most wanted one first."""
    clock = ScaledClock(at(18, 1))
    server = Simulator(session=Session.NIGHT, start=at(18, 1), clock=clock)
    await server.start()
    driven = KeyedFeed(server, count, channels)
    watched = options(server, codes)
    driven.feed.watch(WatchRequest(watched))
    running = asyncio.create_task(driven.feed.run())
    try:
        yield driven
        assert server.oracle.most_registered <= 41
        assert server.oracle.overlaps == 0
        assert server.oracle.twice == 0
        assert server.oracle.secrets == []
    finally:
        driven.feed.stop()
        await asyncio.wait_for(running, PATIENCE)
        await server.stop()


def options(server: Simulator, count: int) -> tuple[str, ...]:
    """Return codes of index options that the simulator trades at night."""
    codes = [code for code in server.market.instruments if code[0] in "BC"]
    assert len(codes) >= count
    return tuple(codes[:count])


async def test_registrations_beyond_a_session_go_to_the_next_key() -> None:
    async with keyed_feed(2, 57) as driven:
        await driven.active(first=41, second=16)
        assert (driven.keys["first"].used, driven.keys["second"].used) == (41, 16)
        assert driven.batches[-1].link.limit == 82
        assert driven.batches[-1].link.phase is LinkPhase.LIVE
        await driven.until(lambda: any(batch.received for batch in driven.batches))


async def test_second_session_is_not_opened_while_one_is_enough() -> None:
    async with keyed_feed(2, 41) as driven:
        await driven.active(first=41)
        assert driven.server.dials == 1
        assert driven.keys["second"].phase is LinkPhase.OFF


async def test_registration_stays_on_its_key_when_others_leave_and_come() -> None:
    async with keyed_feed(2, 57) as driven:
        await driven.active(first=41, second=16)
        codes, second = options(driven.server, 70), driven.held("second")
        driven.feed.watch(WatchRequest(codes[10:57]))
        await driven.active(first=31, second=16)
        driven.feed.watch(WatchRequest(codes[10:70]))
        await driven.active(first=41, second=19)
        assert second < driven.held("second")


async def test_key_in_use_elsewhere_hands_its_registrations_on_by_priority() -> None:
    async with keyed_feed(2, 57) as driven:
        await driven.active(first=41, second=16)
        client = driven.server.session_of(key_of("first"))
        assert client is not None
        await client.refuse("OPSP8996")
        await driven.active(second=41)
        wanted = list(driven.batches[-1].registrations)
        assert {(key.tr_id, key.code) for key in wanted[:41]} == driven.held("second")
        await driven.until(lambda: driven.keys["first"].phase is LinkPhase.OCCUPIED)
        assert driven.batches[-1].link.phase is LinkPhase.LIVE
        assert driven.batches[-1].link.waiting == 16
        # The user has the key again: what waits goes back to it, and nothing else moves.
        second = driven.held("second")
        driven.feed.retry()
        await driven.active(first=16, second=41)
        assert driven.held("second") == second


async def test_key_that_is_cut_off_hands_on_and_takes_back_what_waits() -> None:
    async with keyed_feed(2, 60) as driven:
        await driven.active(first=41, second=19)
        driven.server.faults.approval_status = 500
        client = driven.server.session_of(key_of("second"))
        assert client is not None
        client.disconnect(reset=True)
        await driven.until(lambda: driven.on["second"] == 0)
        await driven.until(lambda: driven.on["second"] == 19)
        assert len(driven.held("first")) == 41


async def test_three_keys_hold_123_registrations_and_lose_one() -> None:
    async with keyed_feed(3, 123) as driven:
        await driven.active(first=41, second=41, third=41)
        client = driven.server.session_of(key_of("second"))
        assert client is not None
        await client.refuse("OPSP8996")
        await driven.active(first=41, third=41)
        wanted = list(driven.batches[-1].registrations)
        held = driven.held("first") | driven.held("third")
        assert {(key.tr_id, key.code) for key in wanted[:82]} == held


async def test_key_with_a_lower_limit_hands_the_rest_to_the_next() -> None:
    async with keyed_feed(3, 50) as driven:
        driven.server.faults.limit = 20
        await driven.active(first=20, second=20, third=10)


async def test_code_that_is_refused_by_one_key_is_not_tried_on_the_other() -> None:
    async with keyed_feed(2, 44) as driven:
        bad = options(driven.server, 44)[0]
        driven.server.faults.refuse[bad] = "OPSP8992"
        await driven.active(first=40, second=3)
        [status] = [one for key, one in driven.batches[-1].registrations.items() if key.code == bad]
        assert (status.state, status.code) == (RegistrationState.REFUSED, "OPSP8992")
        asked = [pair for visit in driven.server.oracle.visits for _, _, pair in visit.requests]
        assert [code for _, code in asked].count(bad) == 1


async def test_chain_of_80_strikes_is_live_with_its_books() -> None:
    async with keyed_feed(4, 80, BOTH) as driven:
        await driven.until(lambda: sum(driven.on.values()) == 160)
        assert [len(driven.held(name)) for name in NAMES] == [41, 41, 41, 37]
        await driven.until(
            lambda: (
                len(
                    {
                        (one.tr_id, one.record.code)
                        for batch in driven.batches
                        for one in batch.received
                        if "ASP" in one.tr_id
                    }
                )
                >= 60
            )
        )


@pytest.mark.parametrize("seed", range(2))
async def test_every_registration_is_held_once_after_random_faults(seed: int) -> None:
    draw = Random(seed)
    async with keyed_feed(3, 100) as driven:
        await driven.until(lambda: sum(driven.on.values()) == 100)
        count = 100
        for _ in range(6):
            client = driven.server.session_of(key_of(draw.choice(NAMES[:3])))
            match draw.choice(("list", "taken", "cut")):
                case "list":
                    count = draw.randint(20, 123)
                    driven.feed.watch(WatchRequest(options(driven.server, count)))
                case "taken" if client is not None:
                    await client.refuse("OPSP8996")
                case "cut" if client is not None:
                    client.disconnect(reset=True)
            await asyncio.sleep(draw.uniform(0.0, 2.5))
        await asyncio.sleep(0.5)
        closing = LinkPhase.CLOSING
        await driven.until(lambda: closing not in [one.phase for one in driven.keys.values()])
        driven.feed.retry()
        wanted = {("H0EUCNT0", code) for code in options(driven.server, count)}
        await driven.until(lambda: driven.server.registrations == wanted)
        assert sum(len(driven.held(name)) for name in NAMES) == count
