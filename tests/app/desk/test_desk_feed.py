"""Screens without a key over a real NATS server: what they join, miss and never show as live."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from harness.desk_harness import DeskHarness, DeskHubProgram, DeskScreen, run_desk

from app.desk.desk_address import DeskAddress
from app.feed.batch import HUB_SILENT
from app.feed.demand import WatchRequest
from app.feed.phase import LinkPhase
from app.system.secret import Secret

FUTURE, MINI = "A01612", "A05612"
TRADE, BOOK = "H0MFCNT0", "H0MFASP0"
PAIRS = {(TRADE, FUTURE), (BOOK, FUTURE)}
MINI_PAIRS = {(TRADE, MINI), (BOOK, MINI)}


async def begin(stage: DeskHarness) -> tuple[DeskHubProgram, DeskScreen]:
    """Start a hub and a screen of the future, and wait until data come."""
    hub = stage.begin_hub(FUTURE)
    await stage.until(lambda: hub.link.phase is LinkPhase.LIVE)
    screen = stage.begin_screen(WatchRequest((FUTURE,)))
    await stage.until(lambda: screen.is_live and screen.active == PAIRS and screen.tapped)
    return hub, screen


def now() -> float:
    """Return the time of the loop, in seconds."""
    return asyncio.get_running_loop().time()


async def test_a_screen_gets_the_session_of_the_hub_and_registers_through_it(
    tmp_path: Path,
) -> None:
    async with run_desk(tmp_path, speed=5) as stage:
        hub, screen = await begin(stage)
        assert screen.link.via_hub
        screen.feed.watch(WatchRequest((FUTURE, MINI)))
        await stage.until(lambda: screen.active == PAIRS | MINI_PAIRS)
        assert (screen.link.used, screen.link.limit) == (4, 41)
        await stage.until(lambda: {r.code for _, r, _ in screen.tapped} == {FUTURE, MINI})
        assert hub.session.sharers[0].codes == (FUTURE, MINI)
        # The screen's list of programs leaves itself out.
        assert [one.name for one in screen.link.sharers] == ["kis-tui"]
        screen.feed.watch(WatchRequest((MINI,)))
        await stage.until(lambda: screen.active == MINI_PAIRS)
        await screen.stop()
        assert hub.session.sharers == ()
        oracle = stage.simulator.oracle
        assert (stage.simulator.dials, oracle.most_open, oracle.strangers) == (1, 1, 0)


async def test_a_screen_misses_no_frame_and_gets_none_twice(tmp_path: Path) -> None:
    async with run_desk(tmp_path, speed=20) as stage:
        _, screen = await begin(stage)
        other = stage.begin_screen(WatchRequest((FUTURE,)))
        await stage.until(lambda: len(screen.tapped) > 400)
        await stage.until(lambda: len(other.tapped) > 200)
        for one in (screen, other):
            books = [record for tr_id, record, _ in one.tapped if tr_id == BOOK]
            mine = [record for tr_id, record, _ in screen.tapped if tr_id == BOOK]
            begin_at = mine.index(books[1])
            common = mine[begin_at:][: len(books) - 1]
            assert books[1 : len(common) + 1] == common


async def test_a_late_screen_begins_with_the_last_values_and_the_session_so_far(
    tmp_path: Path,
) -> None:
    async with run_desk(tmp_path, speed=20) as stage:
        _, known = await begin(stage)
        await stage.until(lambda: len(known.tapped) > 100)
        # KIS falls silent: all that a joiner can get is what the desk has.
        stage.simulator.faults.silent = True
        await asyncio.sleep(0.5)
        late = stage.begin_screen(WatchRequest((FUTURE,)))
        await stage.until(lambda: {tr_id for tr_id, _, _ in late.tapped} == {TRADE, BOOK})
        latest = {tr_id: record for tr_id, record, _ in known.tapped}
        assert {tr_id: record for tr_id, record, _ in late.tapped} == latest
        await stage.until(lambda: any(batch.earlier for batch in late.batches))
        remembered = [one for batch in late.batches for one in batch.earlier]
        assert remembered[0].trades[FUTURE]


async def test_a_stopped_server_dims_within_two_seconds_and_delivers_nothing_late_as_live(
    tmp_path: Path,
) -> None:
    if sys.platform == "win32":
        pytest.skip("SIGSTOP is POSIX")
    async with run_desk(tmp_path, speed=5) as stage:
        hub, screen = await begin(stage)
        stage.signal_server(signal.SIGSTOP)
        began, seen = now(), stage.clock.monotonic()
        try:
            await stage.until(lambda: screen.link.reason == HUB_SILENT)
            assert now() - began < 2.0
            assert not screen.is_live
            await asyncio.sleep(6.0)
            assert not screen.is_live
            # KIS is not affected.
            assert hub.link.phase is LinkPhase.LIVE
            before = len(screen.tapped)
        finally:
            stage.signal_server(signal.SIGCONT)
        resumed, woken = now(), stage.clock.monotonic()
        await stage.until(lambda: screen.is_live)
        assert now() - resumed < 2.0
        await stage.until(lambda: any(at > woken for _, _, at in screen.tapped[before:]))
        # What came while the server stood still was dropped, but for the last of each pair and
        # what was in its socket; all of it bears the time at which the hub received it.
        late = [at for _, _, at in screen.tapped[before:] if at < woken - 0.3]
        assert hub.session.publisher.dropped > len(late)
        assert all(seen - 2.0 < at < woken for at in late)
        assert stage.simulator.dials == 1


async def test_a_killed_server_is_back_within_two_seconds_of_its_return(tmp_path: Path) -> None:
    async with run_desk(tmp_path, speed=5) as stage:
        hub, screen = await begin(stage)
        await stage.kill_server()
        returned, woken = now(), stage.clock.monotonic()
        await stage.until(lambda: any(at > woken for _, _, at in screen.tapped))
        await stage.until(lambda: screen.is_live)
        assert now() - returned < 2.0
        assert hub.link.phase is LinkPhase.LIVE
        await stage.until(lambda: screen.active == PAIRS)
        # Each record once, though last values were sent anew.
        books = [record for tr_id, record, _ in screen.tapped if tr_id == BOOK]
        assert len({(r.time, r.code, repr(r)) for r in books}) >= len(books) - 3
        assert stage.simulator.dials == 1


async def test_a_stalled_screen_shows_ages_by_the_hubs_time_and_catches_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with run_desk(tmp_path, speed=5) as stage:
        _, screen = await begin(stage)
        link = screen.feed._link_to_hub
        assert link is not None
        transport = link._connection.client._transport._io_writer.transport  # type: ignore[union-attr]
        # The screen's process stands still: nothing is read, and its clock goes on.
        transport.pause_reading()
        monkeypatch.setattr("app.desk.nats_connection.GIVEN_UP_AFTER", 60)
        stalled, before = stage.clock.monotonic(), len(screen.tapped)
        await asyncio.sleep(2.5)
        transport.resume_reading()
        woken = stage.clock.monotonic()
        await stage.until(lambda: any(at > woken for _, _, at in screen.tapped[before:]))
        late = [at for _, _, at in screen.tapped[before:] if at <= woken]
        # They came together, and their ages are spread over the stall.
        assert max(late) - min(late) > 1.5
        assert min(late) < stalled + 0.7
        await stage.until(lambda: screen.is_live)


async def test_another_epoch_is_a_resync(tmp_path: Path) -> None:
    async with run_desk(tmp_path, speed=5) as stage:
        first, screen = await begin(stage)
        followed = screen.feed.followed.name
        assert followed == first.session.publisher.epoch
        await first.stop()
        await stage.until(lambda: not screen.is_live)
        second = stage.begin_hub()
        # The new hub has no codes of its own: what it registers is the screen's.
        await stage.until(lambda: screen.is_live and screen.active == PAIRS)
        assert screen.feed.followed.name == second.session.publisher.epoch
        before = len(screen.tapped)
        await stage.until(lambda: len(screen.tapped) > before + 5)
        assert stage.simulator.oracle.most_open == 1


async def test_wrong_credentials_end_in_a_clear_word_and_a_retry_tries_again(
    tmp_path: Path,
) -> None:
    async with run_desk(tmp_path) as stage:
        address = DeskAddress(stage.screen_address.url, "screen", Secret("not-the-password"))
        screen = stage.begin_screen(WatchRequest((FUTURE,)), address)
        await stage.until(lambda: screen.link.phase is LinkPhase.FATAL)
        assert (screen.link.reason, screen.link.detail) == (
            "desk",
            f"desk.refused(url={address.url!r})",
        )


async def test_a_screen_waits_for_a_server_that_is_not_there_yet(tmp_path: Path) -> None:
    async with run_desk(tmp_path) as stage:
        nowhere = DeskAddress("nats://127.0.0.1:1")
        screen = stage.begin_screen(WatchRequest((FUTURE,)), nowhere)
        await stage.until(lambda: screen.link.phase is LinkPhase.BACKOFF)
        await screen.stop()
