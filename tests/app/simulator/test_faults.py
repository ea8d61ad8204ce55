"""The simulator's fault switches by name, and the oracle, asked by a client of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from random import Random

import aiohttp
import pytest
from harness.kis_client import KisClient, approve, connect_client
from msgspec.structs import fields
from rig.hurried import LoopClock, holds, hurried, until

from app.simulator.faults import Faults, switches
from app.simulator.garbage import garbage
from app.simulator.simulator import Simulator
from app.simulator.thread import SimulatorThread
from app.simulator.wire import framed
from app.system.clock import KST, ManualClock
from app.system.errors import UsageError
from specs import control
from specs.catalog import Session
from specs.frame import FrameError, decode
from widgets.message_text import message_text
from widgets.texts import speaking

TRADING = datetime(2026, 11, 20, 18, 5, tzinfo=KST)
TR, FUTURE, MINI = "H0MFCNT0", "A01612", "A05612"


@asynccontextmanager
async def serving(faults: Faults | None = None) -> AsyncIterator[Simulator]:
    clock = LoopClock(TRADING)
    simulator = Simulator(session=Session.NIGHT, start=TRADING, clock=clock, faults=faults)
    await simulator.start()
    yield simulator
    await simulator.stop()


@asynccontextmanager
async def talking(faults: Faults | None = None) -> AsyncIterator[tuple[Simulator, KisClient]]:
    async with (
        serving(faults) as simulator,
        connect_client(simulator.rest_url, simulator.ws_url, "an-app-key") as client,
    ):
        yield simulator, client


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("busy", "busy", True),
        ("busy=false", "busy", False),
        ("hold=90", "hold", 90.0),
        ("limit=3", "limit", 3),
        ("mute=A01612,A05612", "mute", {"A01612", "A05612"}),
        ("refuse=A01612:OPSP8992", "refuse", {"A01612": "OPSP8992"}),
        ("approval-code=EGW00103", "approval_code", "EGW00103"),
    ],
)
def test_a_switch_is_turned_on_by_its_name(words: str, name: str, value: object) -> None:
    faults = Faults()
    faults.turn_on(words)
    assert getattr(faults, name) == value


@pytest.mark.parametrize(
    "words", ["no-such", "hold=long", "limit", "refuse=A01612", "busy=perhaps"]
)
def test_a_switch_that_is_none_is_refused_in_words(words: str) -> None:
    with pytest.raises(UsageError) as told:
        Faults().turn_on(words)
    assert told.value.values["name"] == words.partition("=")[0]


def test_every_switch_is_listed_in_both_languages() -> None:
    korean = {name: message_text(meaning) for name, meaning in switches().items()}
    with speaking("en"):
        english = {name: message_text(meaning) for name, meaning in switches().items()}
    assert "ack-after" in korean
    assert all(korean[name] != english[name] for name in korean)


@hurried
async def test_a_busy_server_refuses_and_closes() -> None:
    async with talking(Faults(busy=True)) as (_, client):
        assert await client.ask(TR, FUTURE) == "OPSP8996"
        assert (await client.socket.receive()).type is aiohttp.WSMsgType.CLOSE


@hurried
async def test_a_slot_is_held_after_an_end_without_a_goodbye() -> None:
    async with talking(Faults(hold=30)) as (simulator, client):
        assert await client.ask(TR, FUTURE) == "OPSP0000"
        simulator.clients[0].disconnect(reset=True)
        await until(lambda: simulator.sessions == 0, 5)
        for answer, wait in (("OPSP8996", 31), ("OPSP0000", 0), ("OPSP0000", 0)):
            async with connect_client(simulator.rest_url, simulator.ws_url, "an-app-key") as again:
                assert await again.ask(TR, FUTURE) == answer
            await until(lambda: simulator.sessions == 0, 5)
            await holds(lambda: simulator.sessions == 0, wait)
        assert [visit.polite for visit in simulator.oracle.visits] == [False, True, True, True]


@hurried
async def test_silence_is_of_texts_or_of_everything() -> None:
    async with talking() as (simulator, client):
        assert await client.ask(TR, FUTURE) == "OPSP0000"
        simulator.faults.opcodes_only = True
        simulator.faults.ping_every = 1
        await client.socket.ping()
        with pytest.raises(TimeoutError):
            # The timeout of aiohttp's own `receive` restarts with every ping.
            async with asyncio.timeout(30):
                await client.socket.receive()
        simulator.faults.opcodes_only = False
        await client.echo()


@hurried
async def test_data_are_cut_slowed_and_stopped() -> None:
    async with talking() as (simulator, client):
        simulator.faults.no_data = True
        for code in (FUTURE, MINI):
            assert await client.ask(TR, code) == "OPSP0000"
        with pytest.raises(TimeoutError):
            await client.socket.receive(timeout=5)
        simulator.faults.no_data, simulator.faults.mute = False, {FUTURE}
        simulator.faults.slow = 0.001
        raw = await client.socket.receive_str(timeout=20)
        assert decode(raw).records[0].code == MINI
        simulator.faults.cut_after = 30
        async with asyncio.timeout(20):
            while not (last := await client.socket.receive()).type.name.startswith("CLOS"):
                decode(last.data)
        assert client.socket.close_code == 1006


@hurried
async def test_answers_are_late_missing_or_of_an_earlier_session() -> None:
    async with serving(Faults(no_data=True, ping_every=0)) as simulator:
        urls = simulator.rest_url, simulator.ws_url, "an-app-key"
        async with connect_client(*urls) as first:
            assert await first.ask(TR, MINI) == "OPSP0000"
        await until(lambda: simulator.sessions == 0, 5)
        simulator.faults.ack_stale, simulator.faults.ack_after = True, 3.0
        async with connect_client(*urls) as second:
            begun = simulator.clock.monotonic()
            assert await second.ask(TR, FUTURE) == "OPSP0000"
            assert simulator.clock.monotonic() - begun > 2.9
            assert (await second.answer())["header"]["tr_key"] == FUTURE
            simulator.faults.ack_never.add(MINI)
            with pytest.raises(TimeoutError):
                await second.ask(TR, MINI)
            assert simulator.registrations == {(TR, FUTURE), (TR, MINI)}


@hurried
async def test_a_restart_refuses_connections_and_serves_again_on_the_same_port() -> None:
    async with talking() as (simulator, client):
        assert await client.ask(TR, FUTURE) == "OPSP0000"
        simulator.restart(20)
        await until(lambda: simulator.sessions == 0, 5)
        async with aiohttp.ClientSession() as http:
            with pytest.raises(aiohttp.ClientConnectorError):
                await http.ws_connect(simulator.ws_url)
            await holds(lambda: simulator.sessions == 0, 21)
            await (await http.ws_connect(simulator.ws_url)).close()


@hurried
async def test_the_oracle_sees_overlaps_and_secrets_and_delays() -> None:
    async with talking() as (simulator, client):
        assert await client.ask(TR, FUTURE) == "OPSP0000"
        simulator.faults.ping_every = 1
        await client.echo()
        await client.socket.send_str('{"header":{"tr_id":"secret, or an-app-key"}}')
        assert (await client.answer())["body"]["msg_cd"] == "OPSP9992"
        async with connect_client(simulator.rest_url, simulator.ws_url, "an-app-key") as second:
            assert await second.ask(TR, FUTURE) == "OPSP8996"
        oracle = simulator.oracle
        assert (oracle.overlaps, oracle.most_open, oracle.most_registered) == (1, 2, 1)
        assert oracle.secrets == ["app key"]
        assert oracle.strangers == 1
        assert len(oracle.echoes) == 1
        assert oracle.visits[0].registered == ((TR, FUTURE),)


@hurried
async def test_an_approval_fails_as_it_is_told_to() -> None:
    async with serving() as simulator, aiohttp.ClientSession() as http:
        url = f"{simulator.rest_url}/oauth2/Approval"
        simulator.faults.approval_html = True
        async with http.post(url) as page:
            assert (page.status, page.content_type) == (200, "text/html")
        simulator.faults.approval_html = False
        simulator.faults.approval_code = "EGW00105"
        async with http.post(url) as refusal:
            assert (refusal.status, (await refusal.json())["error_code"]) == (403, "EGW00105")
        simulator.faults.approval_code = ""
        simulator.faults.approval_after = 20
        begun = simulator.clock.monotonic()
        assert await approve(http, simulator.rest_url)
        assert simulator.clock.monotonic() - begun > 19.9


def test_garbage_is_nothing_that_changes_a_value_or_moves_a_registration() -> None:
    row = "A01612^180500^2.70^2^0.25^1080.88^" + "^".join(["1"] * 43)
    good, rng = f"0|H0MFCNT0|001|{row}", Random(1)
    truth = decode(good)
    refused = 0
    for _ in range(2000):
        piece = garbage(rng, good)
        try:
            if control.is_control(piece):
                said = control.decode(piece)
                assert isinstance(said, control.Ack)
                assert said.tr_key != "A01612"
            else:
                found = decode(piece)
                [told], [right] = found.records, truth.records
                for field in fields(type(right)):
                    if field.encode_name not in found.unreadable:
                        assert getattr(told, field.name) == getattr(right, field.name)
        except FrameError:
            refused += 1
    assert refused > 1000


def test_switches_are_turned_from_another_thread() -> None:
    simulator = SimulatorThread(session=Session.NIGHT, start=TRADING, clock=ManualClock(TRADING))
    simulator.start()
    try:
        simulator.call(lambda inner: inner.faults.turn_on("busy"))
        assert simulator.call(lambda inner: inner.faults.busy)
    finally:
        simulator.stop()


def test_a_frame_has_its_length_in_one_three_or_nine_bytes() -> None:
    assert [len(framed("x" * size)) - size for size in (125, 126, 65_535, 65_536)] == [2, 4, 4, 10]
