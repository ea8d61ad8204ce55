"""Several kis-tui with several app keys: one session a key, and one owner of all after another."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from harness.dashboard import at
from harness.kis_client import APP_SECRET, connect_client
from harness.shared_sources import SharedProgram

from app.feed.demand import WatchRequest
from app.feed.feed_settings import AppKey, FeedSettings
from app.feed.phase import LinkPhase
from app.feed.registration_state import RegistrationState
from app.hub.key_owner import AdditionalKey, KeyOwnership
from app.krx.calendar import Schedule
from app.simulator.simulator import Simulator
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import ScaledClock
from app.system.files import ProgramFolders
from app.system.secret import Secret
from specs.catalog import Channel, Session

MINE = Credentials(Secret("PSmine-0123456789"), Secret(APP_SECRET), "test", "mine")
OFFICE = Credentials(Secret("PSoffice-0123456789"), Secret(APP_SECRET), "test", "office")
PATIENCE = 40.0


class KeyedProgram(SharedProgram):
    """One kis-tui with the keys of its profiles."""

    def __init__(
        self,
        settings: FeedSettings,
        clock: ScaledClock,
        key: KeyOwnership,
        more: list[AdditionalKey],
    ) -> None:
        super().__init__(settings, clock, key)
        self.more = more

    @property
    def on(self) -> Counter[str]:
        """How many registrations are active on each key, by the last batch."""
        return (
            Counter(
                one.app_key
                for one in self.batches[-1].registrations.values()
                if one.state is RegistrationState.ACTIVE
            )
            if self.batches
            else Counter()
        )

    async def stop(self) -> None:
        await super().stop()
        for one in self.more:
            one.release()

    async def kill(self) -> None:
        """End it as a killed process ends: its locks are free, and its files stay."""
        await super().kill()
        for one in self.more:
            one.lock.release()


class KeyedPrograms:
    """Starts programs; `simulator` is KIS."""

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        self.simulator = simulator
        self.codes = tuple(one for one in simulator.market.instruments if one[0] in "BC")[:50]
        self.programs: list[KeyedProgram] = []
        self._places = ProgramFolders(*(folder / name for name in ("c", "s", "k", "d")))

    def begin(self, *keys: Credentials) -> KeyedProgram:
        """Start a program with these keys that watches the trades of 50 options."""
        key = KeyOwnership(self._places, keys[0].app_key)
        more = [AdditionalKey(self._places, one.app_key, key.file) for one in keys[1:]]
        settings = FeedSettings(
            Endpoints(rest=self.simulator.rest_url, ws=self.simulator.ws_url),
            keys[0],
            beat=0.05,
            schedule=Schedule(Session.NIGHT),
            channels=frozenset((Channel.TRADE,)),
            more_keys=tuple(
                AppKey(one, lock=lock) for one, lock in zip(keys[1:], more, strict=True)
            ),
        )
        clock = ScaledClock(at(18, 1))
        program = KeyedProgram(settings, clock, key, more)
        program.source.watch(WatchRequest(self.codes))
        program.running = asyncio.create_task(program.source.run())
        self.programs.append(program)
        return program

    async def active(self, program: KeyedProgram, **counts: int) -> None:
        """Wait until a program has so many active registrations on each key."""
        async with asyncio.timeout(PATIENCE):
            while program.on != Counter(counts):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


@asynccontextmanager
async def keyed_programs(folder: Path) -> AsyncIterator[KeyedPrograms]:
    """Run a simulator in the night, and check what it saw of all programs."""
    server = Simulator(session=Session.NIGHT, start=at(18, 1), clock=ScaledClock(at(18, 1)))
    await server.start()
    stage = KeyedPrograms(server, folder)
    try:
        yield stage
        oracle = server.oracle
        assert (oracle.overlaps, oracle.twice, oracle.strangers) == (0, 0, 0)
        assert oracle.most_registered <= 41
        assert oracle.most_open <= 2
        assert oracle.secrets == []
    finally:
        for program in stage.programs:
            if program.running is not None and not program.running.done():
                await program.stop()
        await server.stop()


async def test_second_start_gets_all_keys_through_the_first_and_takes_them_over(
    tmp_path: Path,
) -> None:
    async with keyed_programs(tmp_path) as stage:
        first = stage.begin(MINE, OFFICE)
        await stage.active(first, mine=41, office=9)
        second = stage.begin(MINE, OFFICE)
        await stage.active(second, mine=41, office=9)
        assert second.link.via_hub
        assert [(one.name, one.used) for one in second.link.keys] == [("mine", 41), ("office", 9)]
        assert stage.simulator.dials == 2
        await first.stop()
        await stage.active(second, mine=41, office=9)
        async with asyncio.timeout(PATIENCE):
            while second.link.via_hub or second.link.phase is not LinkPhase.LIVE:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await stage.active(second, mine=41, office=9)
        assert stage.simulator.dials == 4


async def test_all_keys_of_a_killed_owner_are_taken_over_by_one_program(tmp_path: Path) -> None:
    async with keyed_programs(tmp_path) as stage:
        first = stage.begin(MINE, OFFICE)
        await stage.active(first, mine=41, office=9)
        second, third = stage.begin(MINE, OFFICE), stage.begin(MINE, OFFICE)
        await stage.active(second, mine=41, office=9)
        await stage.active(third, mine=41, office=9)
        await first.kill()
        async with asyncio.timeout(PATIENCE):
            while second.link.via_hub and third.link.via_hub:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        owner, joined = (third, second) if second.link.via_hub else (second, third)
        await stage.active(owner, mine=41, office=9)
        await stage.active(joined, mine=41, office=9)
        assert joined.link.via_hub
        assert stage.simulator.dials == 4


async def test_start_with_the_second_key_alone_joins_the_program_that_has_both(
    tmp_path: Path,
) -> None:
    async with keyed_programs(tmp_path) as stage:
        first = stage.begin(MINE, OFFICE)
        await stage.active(first, mine=41, office=9)
        second = stage.begin(OFFICE)
        await stage.active(second, mine=41, office=9)
        assert second.link.via_hub
        assert stage.simulator.dials == 2


async def test_any_client_gets_the_slots_that_are_left_on_all_keys(tmp_path: Path) -> None:
    async with keyed_programs(tmp_path) as stage:
        first = stage.begin(MINE, OFFICE)
        await stage.active(first, mine=41, office=9)
        owner = first.key.find_owner()
        assert owner is not None
        key = OFFICE.app_key.reveal()
        async with connect_client(owner.rest, owner.ws, key) as client:
            # The program keeps its 50, and the client gets the other 32 of 82.
            codes = [await client.ask("H0EUASP0", code) for code in stage.codes[:34]]
        assert codes == ["OPSP0000"] * 32 + ["OPSP0008"] * 2


async def test_key_that_another_program_has_is_used_once_that_ends(tmp_path: Path) -> None:
    async with keyed_programs(tmp_path) as stage:
        other = stage.begin(OFFICE)
        async with asyncio.timeout(PATIENCE):
            while len(other.active) < 41:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        # Both want the same, which is of two sessions here, so the second one wants other codes.
        stage.codes = tuple(one for one in stage.simulator.market.instruments if one[0] in "BC")[
            50:100
        ]
        program = stage.begin(MINE, OFFICE)
        await stage.active(program, mine=41)
        held = {one.name: one for one in program.link.keys}["office"]
        assert (held.phase, held.reason) == (LinkPhase.OCCUPIED, "held")
        assert program.link.waiting == 9
        await other.stop()
        await stage.active(program, mine=41, office=9)
