"""The simulator's server, asked as KIS is asked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import aiohttp
import pytest
from harness.kis_client import KisClient, approve, connect_client

from app.simulator.faults import LIMIT
from app.simulator.simulator import Simulator
from app.system.clock import KST, ManualClock, ScaledClock
from app.system.errors import UsageError
from specs import control
from specs.catalog import CatalogEntry, Channel, Session, choose_for
from specs.codes import parse
from specs.frame import decode
from specs.record import ExpectedRecord, TradeRecord

START = datetime(2026, 11, 20, 17, 59, tzinfo=KST)
TRADING = datetime(2026, 11, 20, 18, 5, tzinfo=KST)


def simulator_at(moment: datetime, session: Session = Session.NIGHT, **more: object) -> Simulator:
    return Simulator(session=session, start=moment, clock=ManualClock(moment), **more)  # type: ignore[arg-type]


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    running = simulator_at(START)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[KisClient]:
    async with connect_client(simulator.rest_url, simulator.ws_url) as dialled_client:
        yield dialled_client


async def read_up_to_now(
    simulator: Simulator, client: KisClient, *, by_pong: bool = False
) -> list[str]:
    """Every frame sent so far, by way of a barrier."""
    client.frames.clear()
    await asyncio.gather(simulator.barrier(), client.echo(by_pong=by_pong))
    return client.frames


@pytest.mark.parametrize("path", ["", "/", "/tryitout", "/tryitout/H0EUCNT0"])
async def test_the_websocket_is_on_any_path(simulator: Simulator, path: str) -> None:
    async with connect_client(simulator.rest_url, simulator.ws_url, path=path) as client:
        assert await client.ask("H0MFCNT0", "A01612") == "OPSP0000"
    assert simulator.dials == 1


async def test_an_ack_names_the_pair_and_hands_out_a_cipher(client: KisClient) -> None:
    header = {"approval_key": client.approval_key, "custtype": "P", "tr_type": "1"}
    wanted = {"tr_id": "H0EUCNT0", "tr_key": "B01612A33"}
    await client.socket.send_json({"header": header, "body": {"input": wanted}})
    answer = await client.answer()
    assert answer["header"] == {**wanted, "encrypt": "N"}
    assert answer["body"]["rt_cd"] == "0"
    assert answer["body"]["msg1"] == "SUBSCRIBE SUCCESS"
    assert len(answer["body"]["output"]["iv"]) == 16
    assert len(answer["body"]["output"]["key"]) == 32


async def test_registering_and_releasing_answer_with_kis_codes(
    simulator: Simulator, client: KisClient
) -> None:
    assert await client.ask("H0MFCNT0", "A01612") == "OPSP0000"
    assert await client.ask("H0MFCNT0", "A01612") == "OPSP0002"
    assert simulator.registrations == {("H0MFCNT0", "A01612")}
    assert await client.ask("H0MFCNT0", "A01612", tr_type="2") == "OPSP0001"
    assert await client.ask("H0MFCNT0", "A01612", tr_type="2") == "OPSP0003"
    assert simulator.registrations == frozenset()
    assert await client.ask("H0NOSUCH", "A01612") == "OPSP8991"
    assert await client.ask("H0MFCNT0", "rubbish") == "OPSP8992"
    assert await client.ask("H0MFCNT0", "A01612", tr_type="3") == "OPSP8997"
    assert await client.ask("H0MFCNT0", "A01612", custtype="X") == "OPSP8998"
    assert await client.ask("H0MFCNT0", "") == "OPSP9990"
    client.approval_key = "never-issued"
    assert await client.ask("H0MFCNT0", "A01612") == "OPSP0011"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("rubbish", "OPSP9999"),
        ("[1,2]", "OPSP9999"),
        ("[" * 5000, "OPSP9999"),
        ('{"body":{}}', "OPSP9998"),
        ('{"header":{}}', "OPSP9992"),
        ('{"header":{},"body":{}}', "OPSP9991"),
        ('{"header":{},"body":{"input":{"tr_id":"H0MFCNT0","tr_key":"A01612"}}}', "OPSP9997"),
    ],
)
async def test_a_malformed_request_is_answered_and_the_session_lives(
    client: KisClient, raw: str, code: str
) -> None:
    await client.socket.send_str(raw)
    assert (await client.answer())["body"]["msg_cd"] == code
    assert await client.ask("H0MFCNT0", "A01612") == "OPSP0000"


async def test_the_forty_second_registration_is_refused_until_one_is_released(
    simulator: Simulator, client: KisClient
) -> None:
    codes = [f"B01612A{n:02}" for n in range(10, 10 + LIMIT)]
    assert [await client.ask("H0EUCNT0", code) for code in codes] == ["OPSP0000"] * 41
    assert await client.ask("H0MFCNT0", "A01612") == "OPSP0008"
    assert len(simulator.registrations) == 41
    assert await client.ask("H0EUCNT0", codes[0], tr_type="2") == "OPSP0001"
    assert await client.ask("H0MFCNT0", "A01612") == "OPSP0000"


async def test_an_app_key_has_one_session_and_the_second_is_closed(
    simulator: Simulator, client: KisClient
) -> None:
    assert await client.ask("H0MFCNT0", "A01612") == "OPSP0000"
    async with connect_client(simulator.rest_url, simulator.ws_url) as second:
        assert await second.ask("H0MFCNT0", "A01612") == "OPSP8996"
        assert (await second.socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
    async with connect_client(simulator.rest_url, simulator.ws_url, "other") as third:
        assert await third.ask("H0MFCNT0", "A01612") == "OPSP0000"
        assert simulator.sessions >= 2
    await client.socket.close()

    async def dial_again() -> str:
        async with connect_client(simulator.rest_url, simulator.ws_url) as again:
            return await again.ask("H0MFCNT0", "A01612")

    async with asyncio.timeout(5):
        while (answer := await dial_again()) == "OPSP8996":
            pass
    assert answer == "OPSP0000"


async def test_nothing_comes_until_the_clock_is_stepped(
    simulator: Simulator, client: KisClient
) -> None:
    for tr_id, code in (("H0MFCNT0", "A01612"), ("H0EUANC0", "B01612A33")):
        await client.ask(tr_id, code)
    assert await read_up_to_now(simulator, client) == []
    await simulator.step_to(START + timedelta(seconds=59))
    auction = [r for raw in await read_up_to_now(simulator, client) for r in decode(raw).records]
    assert all(isinstance(record, ExpectedRecord) for record in auction)
    assert {record.code for record in auction} == {"B01612A33"}
    await simulator.step_to(START + timedelta(seconds=60))
    at_open = [r for raw in await read_up_to_now(simulator, client) for r in decode(raw).records]
    assert [record.time for record in at_open if isinstance(record, TradeRecord)] == ["180000"]


async def test_pingpong_is_taken_back_as_text_and_as_a_control_frame(
    simulator: Simulator, client: KisClient
) -> None:
    await client.ask("H0MFCNT0", "A01612")
    await read_up_to_now(simulator, client)
    await read_up_to_now(simulator, client, by_pong=True)
    assert simulator.echoes == 2


async def test_a_barrier_ends_when_the_client_leaves(
    simulator: Simulator, client: KisClient
) -> None:
    waiting = asyncio.create_task(simulator.barrier())
    assert (await client.answer())["header"]["tr_id"] == "PINGPONG"
    assert not waiting.done()
    await client.socket.close()
    await asyncio.wait_for(waiting, 5)


@pytest.mark.parametrize(("session", "day_of"), [(Session.NIGHT, TRADING), (Session.DAY, None)])
async def test_every_frame_of_every_contract_is_decoded(
    session: Session, day_of: datetime | None
) -> None:
    start = day_of or datetime(2026, 11, 20, 15, 30, tzinfo=KST)
    simulator = simulator_at(start, session, appended_fields=2)
    await simulator.start()
    instruments = simulator.market.instruments
    pairs = [
        (entry.tr_id, code)
        for code in sorted(instruments, key=lambda c: -instruments[c].rate)
        for channel in Channel
        if isinstance(entry := choose_for(parse(code), session, channel), CatalogEntry)
    ]
    async with connect_client(simulator.rest_url, simulator.ws_url) as client:
        for tr_id, code in pairs[:LIMIT]:
            assert await client.ask(tr_id, code) == "OPSP0000"
        await simulator.step_to(start + timedelta(minutes=7))
        frames = await read_up_to_now(simulator, client)
    await simulator.stop()
    decoded = [decode(raw) for raw in frames]
    assert len(decoded) == simulator.frames_sent > 500
    assert {frame.surplus for frame in decoded} == {2}
    assert max(len(frame.records) for frame in decoded) > 1


async def test_frames_are_the_same_whenever_and_in_whatever_order_one_registers(
    simulator: Simulator,
) -> None:
    pairs = [("H0MFCNT0", "A01612"), ("H0EUCNT0", "B01612A33"), ("H0EUCNT0", "C01612A33")]
    until = TRADING + timedelta(minutes=2)
    kept: list[list[str]] = []
    for start, order in ((START, pairs), (TRADING - timedelta(minutes=1), pairs[::-1])):
        other = simulator_at(start)
        await other.start()
        async with connect_client(other.rest_url, other.ws_url) as client:
            for pair in order:
                await client.ask(*pair)
            await other.step_to(TRADING)
            await read_up_to_now(other, client)
            await other.step_to(until)
            kept.append(list(await read_up_to_now(other, client)))
        await other.stop()
    assert kept[0] == kept[1]
    assert len(kept[0]) > 50


async def test_the_other_sessions_tr_is_accepted_and_silent(
    simulator: Simulator, client: KisClient
) -> None:
    for tr_id, code in (("H0IFCNT0", "A01612"), ("H0EUCNT0", "301V06362"), ("H0ZFCNT0", "A11612")):
        assert await client.ask(tr_id, code) == "OPSP0000"
    await simulator.step_to(TRADING)
    assert await read_up_to_now(simulator, client) == []


async def test_a_session_ends_and_says_so() -> None:
    simulator = simulator_at(datetime(2026, 11, 21, 5, 59, tzinfo=KST))
    await simulator.start()
    async with connect_client(simulator.rest_url, simulator.ws_url) as client:
        await client.ask("H0MFCNT0", "A01612")
        await simulator.step_to(datetime(2026, 11, 21, 6, 0, tzinfo=KST))
        assert not simulator.has_ended
        [raw] = await read_up_to_now(simulator, client)
        assert [record.time for record in decode(raw).records] == ["060000"]
        await simulator.step_to(datetime(2026, 11, 21, 7, 0, tzinfo=KST))
        assert simulator.has_ended
        assert await read_up_to_now(simulator, client) == []
    await simulator.stop()


async def test_a_running_clock_sends_by_itself() -> None:
    simulator = Simulator(
        session=Session.NIGHT, start=TRADING, clock=ScaledClock(TRADING, speed=60.0)
    )
    await simulator.start()
    async with connect_client(simulator.rest_url, simulator.ws_url) as client:
        await client.ask("H0MFCNT0", "A01612")
        raw = await client.socket.receive_str(timeout=5)
        assert decode(raw).tr_id == "H0MFCNT0"
    await simulator.stop()


async def test_an_approval_key_is_refused_with_kis_codes() -> None:
    simulator = simulator_at(START, app_key="right")
    await simulator.start()
    url = f"{simulator.rest_url}/oauth2/Approval"

    async def refused(http: aiohttp.ClientSession, body: object, **more: object) -> str:
        async with http.post(url, json=body, **more) as response:  # type: ignore[arg-type]
            assert response.status == 403
            answer = await response.json()
            assert answer["error_description"]
            return str(answer["error_code"])

    async with aiohttp.ClientSession() as http:
        assert await refused(http, {"secretkey": "s"}) == "EGW00102"
        assert await refused(http, {"appkey": "wrong", "secretkey": "s"}) == "EGW00103"
        assert await refused(http, {"appkey": "right", "appsecret": "s"}) == "EGW00104"
        assert await refused(http, [1]) == "EGW00101"
        header = {"Content-Type": "text/plain"}
        assert await refused(http, {}, headers=header) == "EGW00132"
        assert len(await approve(http, simulator.rest_url, "right")) == 36
        assert simulator.approvals == 1
    await simulator.stop()


async def test_a_token_is_given_once_a_minute(simulator: Simulator) -> None:
    body = {"grant_type": "client_credentials", "appkey": "any", "appsecret": "secret"}
    async with aiohttp.ClientSession() as http:
        for status in (200, 403):
            async with http.post(f"{simulator.rest_url}/oauth2/tokenP", json=body) as response:
                assert response.status == status
                answer = await response.json()
        assert answer["error_code"] == "EGW00133"
        await simulator.step_to(START + timedelta(seconds=61))
        async with http.post(f"{simulator.rest_url}/oauth2/tokenP", json=body) as response:
            assert (await response.json())["token_type"] == "Bearer"


async def test_the_program_own_requests_and_answers_are_understood(
    simulator: Simulator, client: KisClient
) -> None:
    sent = control.request(client.approval_key, "H0EUCNT0", "B01612A33", register=True)
    await client.socket.send_str(sent)
    ack = control.decode(await client.socket.receive_str(timeout=5))
    assert isinstance(ack, control.Ack)
    assert ack.reaction is control.RefusalReaction.REGISTERED


async def test_a_port_that_is_taken_is_named(simulator: Simulator) -> None:
    port = int(simulator.ws_url.rpartition(":")[2])
    other = simulator_at(START)
    with pytest.raises(UsageError, match=str(port)):
        await other.start(port)
    await other.start(0, 0)
    assert other.ws_url.rpartition(":")[2] != other.rest_url.rpartition(":")[2]
    await other.stop()
