"""Several kis-tui with one app key: one session, one plan, and one owner after another."""

import asyncio
from functools import partial
from pathlib import Path

from harness.shared_sources import SharedProgram, SharedPrograms, run_programs

from app.feed.batch import HUB_SILENT
from app.feed.demand import WatchRequest
from app.feed.phase import LinkPhase
from app.market.session_memory import SessionMemory
from app.simulator.faults import Faults
from specs.record import BookRecord

FUTURE, MINI, CALL, PUT = "A01612", "A05612", "B01612A33", "C01612A33"
TRADE, BOOK = "H0MFCNT0", "H0MFASP0"
PAIRS = {(TRADE, FUTURE), (BOOK, FUTURE)}
MINI_PAIRS = {(TRADE, MINI), (BOOK, MINI)}


def never_two_sessions(stage: SharedPrograms, limit: int = 41) -> None:
    """Check that KIS saw one session at a time, within its limit, and nothing strange."""
    oracle = stage.simulator.oracle
    assert (oracle.most_open, oracle.overlaps) == (1, 0)
    assert oracle.most_registered <= limit
    assert (oracle.strangers, oracle.secrets) == (0, [])


def has_reached(joined: SharedProgram, owner: SharedProgram, count: int) -> bool:
    """Return whether a program has what the owner had at a count, or later records."""
    return joined.tapped[-1] in owner.tapped[count - 1 :]


async def test_a_second_start_gets_its_data_through_the_first(tmp_path: Path) -> None:
    async with run_programs(tmp_path, speed=5) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: first.active == PAIRS)
        second = stage.begin(WatchRequest((MINI, FUTURE)))
        await stage.until(lambda: second.active == PAIRS | MINI_PAIRS)
        await stage.until(lambda: {record.code for _, record in second.tapped} == {FUTURE, MINI})
        assert second.link.via_hub
        assert not first.link.via_hub
        assert second.link.phase is LinkPhase.LIVE
        assert (second.link.used, second.link.limit) == (4, 41)
        # The first program hears of its own rows alone.
        assert {record.code for _, record in first.tapped} == {FUTURE}
        never_two_sessions(stage)
        assert (stage.simulator.dials, stage.simulator.approvals) == (1, 1)
        await stage.until(lambda: first.link.sharers and second.link.sharers)
        [client], [owner] = first.link.sharers, second.link.sharers
        assert (client.name, client.codes, client.registrations) == ("kis-tui", (MINI, FUTURE), 4)
        assert (owner.name, owner.codes, owner.registrations) == ("kis-tui", (FUTURE,), 2)


async def test_joined_programs_miss_no_frame_that_the_owner_gets(tmp_path: Path) -> None:
    async with run_programs(tmp_path, speed=20) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: first.active == PAIRS)
        joined = [stage.begin(WatchRequest((FUTURE,))) for _ in range(2)]
        await stage.until(lambda: all(one.tapped for one in joined))
        await stage.until(lambda: len(first.tapped) > 400)
        ended = len(first.tapped)
        for one in joined:
            await stage.until(partial(has_reached, one, first, ended))
            # The first record is the last known one of the owner; from there on it has them all.
            begin = first.tapped.index(one.tapped[2])
            common = first.tapped[begin:ended]
            assert [r for r in one.tapped if r in common][: len(common)] == common


async def test_the_owner_that_quits_is_followed_by_one_that_dials_once(tmp_path: Path) -> None:
    async with run_programs(tmp_path) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: first.active == PAIRS)
        others = [stage.begin(WatchRequest((MINI,))) for _ in range(3)]
        await stage.until(lambda: all(one.active == MINI_PAIRS for one in others))
        await first.stop()
        await stage.until(lambda: [one.link.via_hub for one in others].count(False) == 1)
        await stage.until(lambda: all(one.link.phase is LinkPhase.LIVE for one in others))
        await stage.until(lambda: all(one.active == MINI_PAIRS for one in others))
        assert stage.simulator.dials == 2
        never_two_sessions(stage)


async def test_the_owner_that_is_killed_is_followed_although_kis_holds_its_session(
    tmp_path: Path,
) -> None:
    # The simulator's clock hurries, so that the wait for the old session is short.
    async with run_programs(tmp_path, faults=Faults(hold=1.0)) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: first.active == PAIRS)
        second = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: second.active == PAIRS)
        for client in stage.simulator.clients:
            client.disconnect(reset=True)
        await first.kill()
        await stage.until(lambda: not second.link.via_hub)
        assert second.link.phase is not LinkPhase.FATAL
        never_two_sessions(stage)


async def test_a_late_program_gets_the_trades_that_came_before_it(tmp_path: Path) -> None:
    async with run_programs(tmp_path, speed=20) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: len(first.trades_of(FUTURE)) > 20)
        before = first.trades_of(FUTURE)
        second = stage.begin(WatchRequest((FUTURE, MINI)))
        await stage.until(lambda: second.link.via_hub and second.has_earlier(FUTURE))
        memory = SessionMemory()
        for batch in second.batches:
            memory.apply(batch.trades)
            for records in batch.earlier:
                memory.prepend(records.trades)
        kept = [(one.time, one.price, one.size) for one in memory.prints(FUTURE)]
        assert kept[: len(before)] == before
        # Each trade once, and none left out between memory and live trades.
        late = first.trades_of(FUTURE)
        assert kept == late[: len(kept)]
        # What only others watch is no trade of the owner's screen, but its gateway has it.
        await stage.until(lambda: second.trades_of(MINI))
        assert not first.trades_of(MINI)
        third = stage.begin(WatchRequest((MINI,)))
        await stage.until(lambda: third.has_earlier(MINI))


async def test_a_program_that_takes_over_hands_on_what_came_before(tmp_path: Path) -> None:
    async with run_programs(tmp_path, speed=20) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: len(first.trades_of(FUTURE)) > 20)
        second = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: second.has_earlier(FUTURE) and second.trades_of(FUTURE))
        before = first.trades_of(FUTURE)
        await stage.until(lambda: before[-1] in second.trades_of(FUTURE))
        await first.kill()
        await stage.until(lambda: not second.link.via_hub and second.link.phase is LinkPhase.LIVE)
        third = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: third.has_earlier(FUTURE))
        memory = SessionMemory()
        for batch in third.batches:
            for records in batch.earlier:
                memory.prepend(records.trades)
        kept = [(one.time, one.price, one.size) for one in memory.prints(FUTURE)]
        assert kept[: len(before)] == before


async def test_a_late_program_gets_the_quotes_that_its_smiles_are_made_of(tmp_path: Path) -> None:
    async with run_programs(tmp_path, speed=60) as stage:
        first = stage.begin(WatchRequest((FUTURE, CALL)))
        began = stage.simulator.clock.now().timestamp()
        await stage.until(lambda: stage.simulator.clock.now().timestamp() > began + 150)
        second = stage.begin(WatchRequest((CALL,)))

        def sampled() -> list[float]:
            lanes = [lane for batch in second.batches for lane in batch.earlier]
            return [value for lane in lanes for value in lane.quotes.get(CALL, ())]

        await stage.until(sampled)
        times, bids, asks = (sampled()[at::3] for at in range(3))
        # One in each slot of half a minute.
        assert [int(time // 30) for time in times] == [
            int(times[0] // 30) + number for number in range(len(times))
        ]
        assert len(times) >= 4
        seen = {(r.bid, r.ask) for _, r in first.tapped if isinstance(r, BookRecord)}
        assert set(zip(bids, asks, strict=True)) <= seen


async def test_a_silent_owner_dims_the_joined_program_within_two_seconds(tmp_path: Path) -> None:
    async with run_programs(tmp_path) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: first.active == PAIRS)
        second = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: second.link.phase is LinkPhase.LIVE)
        gateway = first.source._feed._sharing  # type: ignore[union-attr]
        [screen] = gateway.clients  # type: ignore[union-attr]
        screen.output._transport.pause_reading()
        forward, screen.output.forward = screen.output.forward, lambda key, framed: None
        answer, screen.output.answer = screen.output.answer, lambda raw: None
        began = asyncio.get_running_loop().time()
        await stage.until(lambda: second.link.reason == HUB_SILENT)
        assert asyncio.get_running_loop().time() - began < 2.0
        assert second.link.phase is LinkPhase.SUSPECT
        screen.output.forward, screen.output.answer = forward, answer
        await stage.until(lambda: second.link.phase is LinkPhase.LIVE)
        assert second.link.reason == ""


async def test_prices_do_not_look_live_while_nobody_has_the_session(tmp_path: Path) -> None:
    async with run_programs(tmp_path) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: first.active == PAIRS)
        second = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: second.link.phase is LinkPhase.LIVE)
        first.source.stop()
        # The first one still holds the lock, as a program does that writes its files.
        await stage.until(lambda: second.link.phase is LinkPhase.BACKOFF)
        assert stage.simulator.dials == 1
        first.key.release()
        await stage.until(lambda: second.link.phase is LinkPhase.LIVE)
        assert not second.link.via_hub
        never_two_sessions(stage)


async def test_the_focused_rows_of_all_screens_come_before_unseen_ones(tmp_path: Path) -> None:
    async with run_programs(tmp_path) as stage:
        seen = WatchRequest((FUTURE, MINI), FUTURE, frozenset((FUTURE, MINI)))
        first = stage.begin(seen, limit=4)
        await stage.until(lambda: first.active == PAIRS | MINI_PAIRS)
        second = stage.begin(WatchRequest((CALL, PUT), CALL, frozenset((CALL, PUT))), limit=4)
        option = {("H0EUCNT0", CALL), ("H0EUASP0", CALL)}
        await stage.until(lambda: stage.simulator.registrations == PAIRS | option)
        await stage.until(lambda: second.active == option)
        await second.stop()
        await stage.until(lambda: first.active == PAIRS | MINI_PAIRS)
        never_two_sessions(stage, limit=4)


async def test_a_joined_program_follows_its_users_changes_and_has_the_owner_reconnect(
    tmp_path: Path,
) -> None:
    async with run_programs(tmp_path) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: first.active == PAIRS)
        second = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: second.active == PAIRS)
        second.source.watch(WatchRequest((MINI,)))
        await stage.until(lambda: second.active == MINI_PAIRS)
        second.source.retry()
        await stage.until(lambda: stage.simulator.dials == 2)
        await stage.until(lambda: second.active == MINI_PAIRS and first.active == PAIRS)
        never_two_sessions(stage)
