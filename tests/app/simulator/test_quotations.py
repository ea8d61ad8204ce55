"""The simulator's REST price, asked as KIS is asked."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import aiohttp
import msgspec
import pytest
from harness.kis_client import connect_client

from app.simulator.simulator import Simulator
from app.system.clock import KST, ManualClock
from specs.catalog import Session
from specs.codes import parse
from specs.frame import decode
from specs.quotation import PATH, TR_ID, QuotationError, read, record
from specs.record import TradeRecord

START = datetime(2026, 11, 20, 17, 59, tzinfo=KST)


class Caller:
    """Asks for prices with a token of its own."""

    def __init__(self, http: aiohttp.ClientSession, simulator: Simulator) -> None:
        self._http, self._simulator = http, simulator
        self.headers = {
            "appkey": "any",
            "appsecret": "secret",
            "tr_id": TR_ID,
            "custtype": "P",
        }

    async def take_token(self) -> None:
        body = {"grant_type": "client_credentials", "appkey": "any", "appsecret": "secret"}
        async with self._http.post(f"{self._simulator.rest_url}/oauth2/tokenP", json=body) as got:
            token = (await got.json())["access_token"]
        self.headers["authorization"] = f"Bearer {token}"

    async def ask(self, market: str, code: str, **headers: str) -> tuple[int, bytes]:
        query = {"FID_COND_MRKT_DIV_CODE": market, "FID_INPUT_ISCD": code}
        url, sent = self._simulator.rest_url + PATH, self.headers | headers
        async with self._http.get(url, params=query, headers=sent) as got:
            return got.status, await got.read()

    async def price(self, market: str, code: str) -> TradeRecord:
        status, body = await self.ask(market, code)
        assert status == 200
        session = Session.NIGHT if market in ("CM", "EU") else Session.DAY
        return record(parse(code), session, read(body))[1]

    async def fault(self, market: str, code: str, **headers: str) -> tuple[int, str]:
        status, body = await self.ask(market, code, **headers)
        return status, msgspec.json.decode(body)["msg_cd"]


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    running = Simulator(session=Session.NIGHT, start=START, clock=ManualClock(START))
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def caller(simulator: Simulator) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as http:
        made = Caller(http, simulator)
        await made.take_token()
        yield made


@pytest.mark.parametrize(
    ("market", "tr_id", "code"),
    [("CM", "H0MFCNT0", "A01612"), ("EU", "H0EUCNT0", "B01612A33")],
)
async def test_a_price_is_that_of_the_last_trade(
    simulator: Simulator, caller: Caller, market: str, tr_id: str, code: str
) -> None:
    async with connect_client(simulator.rest_url, simulator.ws_url) as client:
        await client.ask(tr_id, code)
        await simulator.step_to(START + timedelta(minutes=20))
        await simulator.clients[0].ping()
        await client.echo()
        trade = decode(client.frames[-1]).records[-1]
    assert isinstance(trade, TradeRecord)
    told = await caller.price(market, code)
    for name in ("price", "change", "change_sign", "open", "high", "low", "accumulated_volume"):
        assert getattr(told, name) == getattr(trade, name)
    assert told.open_interest == trade.open_interest


async def test_before_the_first_trade_it_is_the_close_before(caller: Caller) -> None:
    told = await caller.price("CM", "A01612")
    assert (told.change, told.change_sign, told.accumulated_volume) == (0, "3", 0)
    assert told.price > 1000
    assert told.open_interest > 0


@pytest.mark.parametrize(
    ("market", "code"),
    [("F", "A01612"), ("O", "C01612A33"), ("JF", "A11612"), ("JO", "B11612040")],
)
async def test_by_night_the_days_market_codes_stand_still(
    simulator: Simulator, caller: Caller, market: str, code: str
) -> None:
    early = await caller.ask(market, code)
    await simulator.step_to(START + timedelta(minutes=30))
    late = await caller.ask(market, code)
    first, last = (msgspec.json.decode(body)["output1"] for _, body in (early, late))
    assert first == last
    told = await caller.price(market, code)
    assert told.low <= told.price <= told.high
    assert told.accumulated_volume > 0


async def test_the_night_begins_from_the_price_that_the_day_is_frozen_at(caller: Caller) -> None:
    assert (await caller.price("F", "A01612")).price == (await caller.price("CM", "A01612")).price


@pytest.mark.parametrize(
    ("market", "code"),
    [
        ("EU", "B01612999"),
        ("CM", "B01612A33"),
        ("CM", "A11612"),
        ("EU", "?"),
        ("CF", "A01612"),
        ("CM", "A76612"),
    ],
)
async def test_a_code_that_is_not_listed_has_a_price_of_blanks(
    caller: Caller, market: str, code: str
) -> None:
    status, body = await caller.ask(market, code)
    told = msgspec.json.decode(body)
    assert (status, told["rt_cd"]) == (200, "0")
    assert set(told["output1"].values()) == {""}
    with pytest.raises(QuotationError, match="no_data"):
        read(body)


async def test_numbers_are_padded_and_the_indices_told_beside_them(caller: Caller) -> None:
    _, body = await caller.ask("EU", "B01612A33")
    told = msgspec.json.decode(body)
    assert told["output1"]["hts_kor_isnm"].rstrip() == "C 202612 1,080.0"
    assert told["output1"]["acpr"] == "     1080.00"
    assert told["output1"]["futs_last_tr_date"] == "20261210"
    assert told["output3"]["hts_kor_isnm"] == "KOSPI200"
    assert float(told["output2"]["bstp_nmix_prpr"]) > 5 * float(told["output3"]["bstp_nmix_prpr"])


async def test_what_is_wrong_with_a_call_is_told_in_kis_codes(
    simulator: Simulator, caller: Caller
) -> None:
    assert await caller.fault("CM", "A01612", authorization="Bearer x") == (500, "EGW00123")
    assert await caller.fault("CM", "A01612", appkey="other") == (500, "EGW00103")
    assert await caller.fault("CM", "A01612", appsecret="") == (500, "EGW00105")
    assert await caller.fault("CM", "A01612", tr_id="FHMIF10010000") == (200, "OPSQ2002")
    assert await caller.fault("XX", "A01612") == (200, "OPSQ2001")
    await simulator.step_to(START + timedelta(seconds=1))
    assert await caller.fault("CM", "") == (200, "OPSQ2002")
    await simulator.step_to(START + timedelta(days=1))
    assert await caller.fault("CM", "A01612") == (500, "EGW00123")


async def test_a_sixth_call_within_a_second_is_one_too_many(
    simulator: Simulator, caller: Caller
) -> None:
    for _ in range(5):
        assert (await caller.ask("CM", "A01612"))[0] == 200
    assert await caller.fault("CM", "A01612") == (500, "EGW00201")
    assert simulator.oracle.most_quoted == 6
    await simulator.step_to(START + timedelta(seconds=1))
    assert (await caller.ask("CM", "A01612"))[0] == 200
    assert len(simulator.oracle.quoted) == 7
