"""The gateway on loopback: a feed over the simulator, and clients that speak KIS' protocol."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from harness.gateway_harness import CREDENTIALS, run_gateway
from harness.kis_client import APP_SECRET, approve

from app.hub import client_output, gateway, gateway_client
from app.hub.owner_file import OwnerFile
from app.hub.screen_messages import MEMORY_PATH, PATH, TOKEN
from app.simulator.faults import Faults
from app.system.files import ProgramFolders

FUTURE, MINI, OPTION = "A01612", "A05612", "B01612A33"
TRADE, BOOK = "H0MFCNT0", "H0MFASP0"
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


async def test_a_client_gets_the_frames_of_its_registrations_byte_for_byte() -> None:
    async with run_gateway(speed=5) as stage, stage.client() as client:
        assert await client.ask(BOOK, FUTURE) == "OPSP0000"
        await stage.until(lambda: len(stage.raw) > 20)
        assert await client.ask(BOOK, FUTURE, tr_type="2") == "OPSP0001"
        assert client.frames == stage.raw[: len(client.frames)]
        assert len(client.frames) > 10
        assert {frame.split("|")[1] for frame in client.frames} == {BOOK}


async def test_the_answers_have_the_shape_of_kis() -> None:
    async with run_gateway() as stage, stage.client() as client:
        header = {"approval_key": client.approval_key, "custtype": "P", "tr_type": "1"}
        body = {"input": {"tr_id": TRADE, "tr_key": FUTURE}}
        await client.socket.send_json({"header": header, "body": body})
        answer = await client.answer()
        assert answer["header"] == {"tr_id": TRADE, "tr_key": FUTURE, "encrypt": "N"}
        output = answer["body"].pop("output")
        assert answer["body"] == {
            "rt_cd": "0",
            "msg_cd": "OPSP0000",
            "msg1": "SUBSCRIBE SUCCESS",
        }
        # The official sample reads both of every acknowledgement.
        assert (len(output["iv"]), len(output["key"])) == (16, 32)
        assert await client.ask(TRADE, FUTURE) == "OPSP0002"
        assert await client.ask(TRADE, MINI, tr_type="2") == "OPSP0003"


async def test_a_late_client_gets_the_last_record_after_the_acknowledgement() -> None:
    async with run_gateway(FUTURE, speed=20) as stage:
        await stage.until(lambda: any(BOOK in raw for raw in stage.raw))
        async with stage.client() as client:
            known = [raw for raw in stage.raw if raw.startswith(f"0|{BOOK}")][-1]
            assert await client.ask(BOOK, FUTURE) == "OPSP0000"
            first = await client.socket.receive_str(timeout=5)
            flag, tr_id, count, payload = first.split("|")
            assert (flag, tr_id, count) == ("0", BOOK, "001")
            width = len(known.split("|")[3].split("^")) // int(known.split("|")[2])
            assert len(payload.split("^")) == width
            sent = [raw.split("|")[3] for raw in stage.raw if BOOK in raw]
            assert any(payload in one for one in sent)


async def test_frames_of_other_registrations_stay_away() -> None:
    async with run_gateway(FUTURE, speed=20) as stage, stage.client() as client:
        assert await client.ask(TRADE, MINI) == "OPSP0000"
        await stage.until(lambda: sum(f"{BOOK}|" in raw for raw in stage.raw) > 20)
        await client.ask(TRADE, MINI, tr_type="2")
        assert {frame.split("|")[1] for frame in client.frames} <= {TRADE}
        assert all(frame.split("|")[3].startswith(MINI) for frame in client.frames)


async def test_two_clients_share_one_registration_and_the_owner_keeps_its_own() -> None:
    async with run_gateway(FUTURE) as stage:
        async with stage.client() as one, stage.client() as other:
            for client in (one, other):
                assert await client.ask(TRADE, FUTURE) == "OPSP0000"
                assert await client.ask(TRADE, MINI) == "OPSP0000"
            assert await one.ask(TRADE, MINI, tr_type="2") == "OPSP0001"
            pairs = {(TRADE, FUTURE), (BOOK, FUTURE), (TRADE, MINI)}
            await stage.until(lambda: stage.simulator.registrations == pairs)
            assert await other.ask(TRADE, MINI, tr_type="2") == "OPSP0001"
            pairs.remove((TRADE, MINI))
            await stage.until(lambda: stage.simulator.registrations == pairs)
        oracle = stage.simulator.oracle
        assert (oracle.overlaps, oracle.most_open, stage.simulator.dials) == (0, 1, 1)


async def test_a_client_that_leaves_frees_its_registrations_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.hub.client_demand.LINGER", 0.5)
    async with run_gateway(FUTURE) as stage:
        async with stage.client() as client:
            assert await client.ask(TRADE, MINI) == "OPSP0000"
            await stage.until(lambda: (TRADE, MINI) in stage.simulator.registrations)
        assert (TRADE, MINI) in stage.simulator.registrations
        await stage.until(lambda: (TRADE, MINI) not in stage.simulator.registrations)
        assert not stage.gateway.has_clients


async def test_the_plan_never_exceeds_the_limit_and_refuses_as_kis_does() -> None:
    async with run_gateway(FUTURE, limit=4) as stage, stage.client() as client:
        # The owner's two are not taken away: nothing says which of its rows are seen.
        assert await client.ask(TRADE, MINI) == "OPSP0000"
        assert await client.ask(BOOK, MINI) == "OPSP0000"
        assert await client.ask("H0EUCNT0", OPTION) == "OPSP0008"
        assert await client.ask(TRADE, FUTURE) == "OPSP0000"
        assert await client.ask(BOOK, MINI, tr_type="2") == "OPSP0001"
        assert await client.ask("H0EUCNT0", OPTION) == "OPSP0000"
        granted = {(TRADE, MINI), (TRADE, FUTURE), ("H0EUCNT0", OPTION)}
        await stage.until(lambda: stage.simulator.registrations == granted | {(BOOK, FUTURE)})
        assert stage.simulator.oracle.most_registered == 4


async def test_a_registration_that_kis_refuses_is_refused_with_its_code() -> None:
    faults = Faults(refuse={MINI: "OPSP8992"})
    async with run_gateway(FUTURE, faults=faults) as stage, stage.client() as client:
        assert await client.ask(TRADE, MINI) == "OPSP8992"
        assert await client.ask(TRADE, FUTURE) == "OPSP0000"


async def test_a_lower_limit_of_kis_is_passed_on() -> None:
    async with run_gateway(faults=Faults(limit=1)) as stage, stage.client() as client:
        assert await client.ask(TRADE, FUTURE) == "OPSP0000"
        assert await client.ask(TRADE, MINI) == "OPSP0008"
        assert await client.ask(BOOK, MINI) == "OPSP0008"


async def test_a_registration_is_acknowledged_in_time_while_kis_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway, "ACK_WITHIN", 0.3)
    async with run_gateway(faults=Faults(handshake=503)) as stage, stage.client() as client:
        assert await client.ask(TRADE, FUTURE) == "OPSP0000"
        stage.simulator.faults.handshake = 0
        stage.feed.retry()
        await stage.until(lambda: (TRADE, FUTURE) in stage.simulator.registrations)


async def test_a_key_in_use_elsewhere_is_told_as_kis_tells_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway, "ACK_WITHIN", 0.3)
    async with run_gateway(faults=Faults(busy=True)) as stage, stage.client() as client:
        await stage.until(lambda: stage.simulator.dials == 0)
        assert await client.ask(TRADE, FUTURE) == "OPSP8996"
        assert (await client.socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE


async def test_a_pingpong_comes_and_its_echoes_are_accepted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway_client, "PING_EVERY", 0.1)
    async with run_gateway() as stage, stage.client() as client:
        await client.echo()
        await client.echo(by_pong=True)
        assert "PINGPONG" in await client.socket.receive_str(timeout=5)
        assert stage.gateway.has_clients


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"appkey": "PSother", "secretkey": APP_SECRET}, "EGW00103"),
        ({"appkey": "PSgateway0123456789", "secretkey": "wrong"}, "EGW00105"),
        ({"appkey": "PSgateway0123456789"}, "EGW00104"),
        ({"secretkey": "secret"}, "EGW00102"),
        ({"appkey": 7}, "EGW00101"),
        ([], "EGW00101"),
    ],
)
async def test_an_approval_of_another_key_is_refused(body: Any, code: str) -> None:
    async with run_gateway() as stage, aiohttp.ClientSession() as http:
        url = f"{stage.addresses.rest}/oauth2/Approval"
        async with http.post(url, json=body) as response:
            assert (response.status, response.content_type) == (403, "application/json")
            assert (await response.json())["error_code"] == code
        async with http.post(url, data=b"x" * 100_000) as response:
            assert response.status == 403


async def test_a_registration_without_an_approval_key_of_the_gateway_is_refused() -> None:
    async with run_gateway() as stage, stage.client() as client:
        issued, client.approval_key = client.approval_key, "0" * 36
        assert await client.ask(TRADE, FUTURE) == "OPSP0011"
        client.approval_key = issued
        assert await client.ask(TRADE, FUTURE) == "OPSP0000"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/oauth2/tokenP"),
        ("POST", "/uapi/domestic-futureoption/v1/trading/order"),
        ("GET", "/uapi/domestic-futureoption/v1/trading/inquire-balance"),
        ("GET", "/uapi/domestic-futureoption/v1/quotations/inquire-price"),
        ("GET", "/"),
        ("GET", "/oauth2/Approval"),
        ("DELETE", "/tryitout"),
    ],
)
async def test_every_other_call_is_refused_in_the_form_of_kis(method: str, path: str) -> None:
    async with run_gateway() as stage, aiohttp.ClientSession() as http:
        async with http.request(method, f"{stage.addresses.rest}{path}") as response:
            assert response.status == 403
            said = await response.json()
        assert said.get("error_code", said.get("msg_cd")) == "EGW00101"
        assert not stage.simulator.oracle.quoted


@pytest.mark.parametrize(
    ("headers", "is_served"),
    [
        ({}, True),
        ({"Origin": "http://example.com"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://127.0.0.1:1"}, False),
        ({"Origin": "OWN"}, True),
        ({"Host": "example.com"}, False),
        ({"Host": "127.0.0.1.example.com"}, False),
        ({"Host": "[::1"}, False),
    ],
)
async def test_a_web_page_is_refused(headers: dict[str, str], is_served: bool) -> None:
    async with run_gateway() as stage, aiohttp.ClientSession() as http:
        own = stage.addresses.ws.replace("ws://", "http://")
        headers = {name: own if text == "OWN" else text for name, text in headers.items()}
        key = await approve(http, stage.addresses.rest, CREDENTIALS.app_key.reveal())
        assert len(key) == 36
        async with http.get(stage.addresses.ws, headers={**UPGRADE, **headers}) as response:
            assert response.status == (101 if is_served else 403)


@pytest.mark.parametrize("path", [PATH, MEMORY_PATH, "/kis-tui/2", "/kis-tui/"])
async def test_what_is_beside_the_protocol_needs_the_token_of_the_owner(
    path: str, home: Path
) -> None:
    file = OwnerFile(ProgramFolders.find(), CREDENTIALS.app_key)
    async with run_gateway(file=file) as stage, aiohttp.ClientSession() as http:
        known = path in (PATH, MEMORY_PATH)
        headers = UPGRADE if path != MEMORY_PATH else {}
        url = f"{stage.addresses.rest}{path}"
        for token, is_served in (("", False), ("x" * 43, False), (file.token, known)):
            asked = {**headers, TOKEN: token} if token else headers
            async with http.get(url, headers=asked) as response:
                assert (response.status in (101, 200)) is is_served
                assert response.status in (101, 200, 403)
    assert not file.path.exists()


async def test_a_client_that_reads_nothing_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_output, "BUFFER", 16 * 1024)
    async with run_gateway(FUTURE, speed=5) as stage:
        async with stage.client() as reader, stage.client() as stalled:
            for client in (reader, stalled):
                assert await client.ask(BOOK, FUTURE) == "OPSP0000"
            transport = stalled.socket._response.connection.transport  # type: ignore[union-attr]
            assert isinstance(transport, asyncio.Transport)
            transport.pause_reading()
            await stage.until(lambda: any(BOOK in raw for raw in stage.raw))
            book = next(raw for raw in stage.raw if BOOK in raw)
            record = [type("Named", (), {"code": FUTURE})()]
            for number in range(60_000):
                stage.gateway.forward(book, BOOK, record)
                if number % 100 == 0:
                    await asyncio.sleep(0)
            assert await reader.ask(TRADE, FUTURE) == "OPSP0000"
            # The other reads late on a loaded machine, and may be behind for a moment.
            outputs = [one.output for one in stage.gateway.clients if one.output.is_stalled]
            output = max(outputs, key=lambda one: one.dropped)
            assert output.dropped > 1000
            assert len(output._newest) <= 2
            transport.resume_reading()
            await stage.until(lambda: not output.is_stalled)
            assert (await stalled.socket.receive_str(timeout=5)) == book
        assert stage.gateway.dropped > 1000


async def test_an_end_of_the_owner_closes_its_clients() -> None:
    async with run_gateway(FUTURE) as stage, stage.client() as client:
        assert await client.ask(TRADE, FUTURE) == "OPSP0000"
        stage.feed.stop()
        while (message := await client.socket.receive(timeout=5)).type is aiohttp.WSMsgType.TEXT:
            pass
        assert message.type is aiohttp.WSMsgType.CLOSE
        assert message.data == aiohttp.WSCloseCode.GOING_AWAY


async def test_more_clients_than_the_gateway_takes_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.hub.gateway_server.MOST_CLIENTS", 1)
    async with run_gateway() as stage, stage.client(), aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await http.ws_connect(stage.addresses.ws)
