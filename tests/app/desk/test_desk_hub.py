"""A hub on a real NATS server: what it publishes, what is kept of it, and who may do what."""

import asyncio
import os
from pathlib import Path

import msgspec
import pytest
from harness.desk_harness import HUB, DeskHubProgram, run_desk

from app.desk.desk_messages import DeskAnswer, DeskRequest, read_stamp
from app.desk.frame_publisher import split_records
from app.desk.nats_server import NatsServer, started_server
from app.desk.record_streams import direct_get
from app.feed.phase import LinkPhase
from app.hub.screen_messages import read_state
from app.system.errors import OccupiedError, UsageError
from app.system.platform_files import is_running
from specs.frame import decode

FUTURE, MINI = "A01612", "A05612"
TRADE, BOOK = "H0MFCNT0", "H0MFASP0"


def is_live(hub: DeskHubProgram) -> bool:
    """Return whether a hub has its session."""
    return hub.link.phase is LinkPhase.LIVE


def singles(raws: list[str], tr_id: str) -> list[str]:
    """Return the records of the frames of a TR, each as a frame."""
    frames = [decode(raw) for raw in raws if raw.split("|")[1] == tr_id]
    found = [raw for raw in raws if raw.split("|")[1] == tr_id]
    return [
        single
        for frame, raw in zip(frames, found, strict=True)
        for _, single in split_records(raw, tr_id, frame.records)
    ]


async def test_a_hub_publishes_each_record_as_it_came_with_time_number_and_epoch(
    tmp_path: Path,
) -> None:
    async with run_desk(tmp_path, speed=20) as stage, stage.client() as client:
        await client.subscribe("kis.raw.>")
        hub = stage.begin_hub(FUTURE)
        await stage.until(lambda: len(client.messages) > 200)
        books = [m for m in client.messages if m.subject == f"kis.raw.{BOOK}.{FUTURE}"]
        sent = singles(hub.raw, BOOK)
        assert [m.data.decode() for m in books] == sent[: len(books)]
        assert len(books) > 20
        stamps = [read_stamp(m.headers) for m in client.messages]
        numbers = [stamp.sequence for stamp in stamps if stamp is not None]
        assert len(numbers) == len(client.messages)
        assert len(set(numbers)) == len(numbers)
        assert {stamp.epoch for stamp in stamps if stamp} == {hub.session.publisher.epoch}


async def test_a_hub_states_itself_each_second(tmp_path: Path) -> None:
    async with run_desk(tmp_path) as stage, stage.client() as client:
        hub = stage.begin_hub(FUTURE)
        await stage.until(lambda: is_live(hub))
        await client.subscribe("kis.state.>")
        await asyncio.sleep(2.5)
        assert len(client.messages) >= 2
        assert {m.subject for m in client.messages} == {f"kis.state.{HUB}"}
        state = read_state(client.messages[-1].data.decode())
        assert state is not None
        assert (state.phase, state.used, state.limit) == (LinkPhase.LIVE, 2, 41)
        assert {(one.tr_id, one.code) for one in state.statuses} == {
            (TRADE, FUTURE),
            (BOOK, FUTURE),
        }


async def test_the_last_frame_of_a_registration_is_got_directly_by_a_screen(
    tmp_path: Path,
) -> None:
    async with run_desk(tmp_path, speed=5) as stage, stage.client() as client:
        hub = stage.begin_hub(FUTURE)
        await stage.until(lambda: len(singles(hub.raw, BOOK)) > 10)
        answer = await client.nats.request(direct_get(f"kis.raw.{BOOK}.{FUTURE}"), timeout=2)
        assert answer.data.decode() in singles(hub.raw, BOOK)
        assert read_stamp(answer.headers) is not None


async def test_a_screen_can_neither_forge_frames_nor_read_requests(tmp_path: Path) -> None:
    async with run_desk(tmp_path) as stage, stage.client() as client, stage.client() as other:
        await other.subscribe("kis.raw.>")
        forbidden = (f"kis.raw.{TRADE}.{FUTURE}", f"kis.state.{HUB}", f"kis.lease.{HUB}")
        api = ("$JS.API.STREAM.CREATE.X", "$JS.API.CONSUMER.CREATE.KIS_DAY", "_INBOX.x")
        for subject in (*forbidden, *api):
            await client.nats.publish(subject, b"forged")
        for subject in ("kis.ctl.wish", "$JS.API.>", ">"):
            await client.nats.subscribe(subject)
        await client.nats.flush()
        await stage.until(lambda: len(client.errors) == 9)
        assert all("permissions violation" in error for error in client.errors)
        await other.nats.flush()
        assert other.messages == []


async def test_a_wish_is_granted_with_a_lease_and_ends_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.desk.screen_leases.LEASE_SECONDS", 1.0)
    monkeypatch.setattr("app.hub.client_demand.LINGER", 0.5)
    async with run_desk(tmp_path) as stage, stage.client() as client:
        hub = stage.begin_hub(FUTURE, limit=3)
        await stage.until(lambda: is_live(hub))
        wanted = ((TRADE, MINI, 0), (BOOK, MINI, 1))
        body = msgspec.json.encode(DeskRequest(wanted, 1, screen="a", name="desk-1"))
        raw = await client.nats.request("kis.ctl.wish", body, timeout=3)
        answer = msgspec.json.decode(raw.data, type=DeskAnswer)
        # The hub's own two are not taken away, so that one of the screen's waits.
        assert answer.granted == ((TRADE, MINI),)
        assert answer.waiting == ((BOOK, MINI, "no_slot"),)
        assert (answer.hub, answer.epoch) == (HUB, hub.session.publisher.epoch)
        await stage.until(lambda: (TRADE, MINI) in stage.simulator.registrations)
        [sharer] = hub.session.sharers
        assert (sharer.name, sharer.codes, sharer.waiting) == ("desk-1", (MINI,), 1)
        await stage.until(lambda: (TRADE, MINI) not in stage.simulator.registrations)
        assert hub.session.sharers == ()
        assert stage.simulator.oracle.most_registered == 3


async def test_of_two_hubs_on_one_key_one_dials_and_the_other_follows(tmp_path: Path) -> None:
    async with run_desk(tmp_path) as stage:
        first = stage.begin_hub(FUTURE)
        await stage.until(lambda: is_live(first))
        second = stage.begin_hub(FUTURE)
        await stage.until(lambda: second.reported == ["standing_by"])
        await asyncio.sleep(2.0)
        assert stage.simulator.dials == 1
        await first.stop()
        await stage.until(lambda: is_live(second))
        assert (stage.simulator.dials, stage.simulator.oracle.most_open) == (2, 1)
        assert first.reported == ["published"]
        assert second.reported == ["standing_by", "published"]


async def test_a_hub_keeps_its_session_while_the_server_is_away_and_the_lease_after(
    tmp_path: Path,
) -> None:
    async with run_desk(tmp_path) as stage:
        first = stage.begin_hub(FUTURE)
        await stage.until(lambda: is_live(first))
        second = stage.begin_hub(FUTURE)
        await stage.until(lambda: second.reported == ["standing_by"])
        await stage.kill_server()
        await stage.until(lambda: first.reported == ["published", "unreachable", "published"])
        await asyncio.sleep(4.0)
        assert stage.simulator.dials == 1
        assert is_live(first)
        assert "published" not in second.reported


async def test_a_hub_that_lost_its_lease_ends_with_a_sentence(tmp_path: Path) -> None:
    async with run_desk(tmp_path) as stage, stage.client(stage.server.address) as thief:
        hub = stage.begin_hub(FUTURE)
        await stage.until(lambda: is_live(hub))
        await thief.nats.request(f"kis.lease.{HUB}", b"{}", timeout=2)
        assert hub.running is not None
        with pytest.raises(OccupiedError) as raised:
            await asyncio.wait_for(hub.running, 10)
        assert raised.value.key == "desk.lease_lost"


async def test_a_server_ends_with_its_hub_and_leaves_no_address(tmp_path: Path) -> None:
    async with run_desk(tmp_path) as stage:
        pid = stage.server.pid
        assert is_running(pid)
        assert started_server(tmp_path) == stage.screen_address
        assert os.stat(tmp_path / "nats" / "server.conf").st_mode & 0o077 == 0
        assert os.stat(tmp_path / "nats.json").st_mode & 0o077 == 0
    assert not is_running(pid)
    assert started_server(tmp_path) is None


async def test_a_server_is_not_started_on_a_port_that_is_taken(tmp_path: Path) -> None:
    async with run_desk(tmp_path) as stage:
        port = int(stage.server.address.url.rpartition(":")[2])
        with pytest.raises(UsageError) as raised:
            async with NatsServer(tmp_path / "other", port).run():
                pass
        assert raised.value.key == "desk.server_ended"
