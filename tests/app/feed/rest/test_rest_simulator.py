"""The first picture against the simulator: every family, both sessions, its own call counter."""

import asyncio
from datetime import datetime
from itertools import pairwise
from math import isnan

import pytest
from rig.hurried import LoopClock, hurried, until

from app.feed.rest.price_snapshot import PriceSnapshot, PriceSnapshotSettings
from app.feed.rest.rest_events import RestEvent, RestExpectedPrice, RestPrice, RestRefusal
from app.feed.socket import client
from app.simulator.instruments import demo_codes, universe
from app.simulator.simulator import Simulator
from app.storage.credentials import Credentials, Endpoints, Secret
from app.system.clock import KST
from specs.catalog import Session
from specs.codes import Family, parse

KEYS = Credentials(Secret("demo"), Secret("demo"), "demo")
DAYTIME = datetime(2026, 11, 20, 10, tzinfo=KST)
NIGHT = datetime(2026, 11, 20, 19, tzinfo=KST)


@pytest.mark.parametrize(("session", "start"), [(Session.DAY, DAYTIME), (Session.NIGHT, NIGHT)])
def test_the_demos_codes_get_their_pictures(session: Session, start: datetime) -> None:
    codes = demo_codes(start, session)
    dead = "B01612999"

    @hurried
    async def run() -> None:
        clock = LoopClock(start)
        simulator = Simulator(session=session, start=start, seed=1, clock=clock)
        await simulator.start()
        told: list[RestEvent] = []
        async with client() as http:
            endpoints = Endpoints(rest=simulator.rest_url, ws=simulator.ws_url)
            picture = PriceSnapshot(
                PriceSnapshotSettings(endpoints, KEYS), http, clock, told.append
            )
            running = asyncio.create_task(picture.run())
            picture.ask([(parse(code), session) for code in [*codes, dead]])
            await until(lambda: len(told) > len(codes), 60.0)
            running.cancel()
        await simulator.stop()
        *asked, last = told
        assert [one.record.code for one in asked if isinstance(one, RestPrice)] == list(codes)
        assert isinstance(last, RestRefusal)
        assert last.code == dead
        for one in asked:
            assert isinstance(one, RestPrice)
            assert not isnan(one.record.open_interest), one
        assert simulator.oracle.most_quoted <= 4
        assert len(simulator.oracle.quoted) == len(told)

    run()


STOCKS = (Family.STOCK_FUTURES, Family.STOCK_OPTION)


def test_stock_derivatives_have_their_days_values_by_night() -> None:
    stock = [i.code for i in universe(NIGHT.date()) if i.family in STOCKS]

    @hurried
    async def run() -> None:
        clock = LoopClock(NIGHT)
        simulator = Simulator(session=Session.NIGHT, start=NIGHT, seed=1, clock=clock)
        await simulator.start()
        told: list[RestEvent] = []
        async with client() as http:
            endpoints = Endpoints(rest=simulator.rest_url, ws=simulator.ws_url)
            picture = PriceSnapshot(
                PriceSnapshotSettings(endpoints, KEYS), http, clock, told.append
            )
            running = asyncio.create_task(picture.run())
            picture.ask([(parse(code), Session.NIGHT) for code in stock[:6]])
            await until(lambda: len(told) >= 6, 60.0)
            running.cancel()
        await simulator.stop()
        assert {one.tr_id for one in told if isinstance(one, RestPrice)} <= {"H0ZFCNT0", "H0ZOCNT0"}
        assert [one.record.code for one in told if isinstance(one, RestPrice)] == stock[:6]

    run()


OPENING = datetime(2026, 11, 20, 8, 41, tzinfo=KST)


@pytest.mark.parametrize("code", ["A01612", "B01612A33"])
def test_the_focused_contract_is_asked_for_its_expected_execution_once_a_second(code: str) -> None:
    @hurried
    async def run() -> None:
        clock = LoopClock(OPENING)
        simulator = Simulator(session=Session.DAY, start=OPENING, seed=1, clock=clock)
        await simulator.start()
        told: list[RestEvent] = []
        async with client() as http:
            endpoints = Endpoints(rest=simulator.rest_url, ws=simulator.ws_url)
            picture = PriceSnapshot(
                PriceSnapshotSettings(endpoints, KEYS), http, clock, told.append
            )
            running = asyncio.create_task(picture.run())
            picture.expect([parse(code)])
            await until(lambda: len(told) >= 10, 60.0)
            picture.expect([])
            count = len(simulator.oracle.quoted)
            await asyncio.sleep(5.0)
            assert len(simulator.oracle.quoted) == count
            running.cancel()
        await simulator.stop()
        times = [at for at, _ in simulator.oracle.quoted]
        assert all(later - at >= 0.99 for at, later in pairwise(times))
        for one in told:
            assert isinstance(one, RestExpectedPrice)
            assert one.record.code == code
            assert "084055" <= one.record.time <= "084115"
            assert one.record.expected_price > 0

    run()


def test_without_an_expected_price_the_next_call_waits_a_minute() -> None:
    @hurried
    async def run() -> None:
        clock = LoopClock(OPENING)
        simulator = Simulator(session=Session.DAY, start=OPENING, seed=1, clock=clock)
        await simulator.start()
        told: list[RestEvent] = []
        async with client() as http:
            endpoints = Endpoints(rest=simulator.rest_url, ws=simulator.ws_url)
            picture = PriceSnapshot(
                PriceSnapshotSettings(endpoints, KEYS), http, clock, told.append
            )
            running = asyncio.create_task(picture.run())
            picture.expect([parse("B01612999")])
            await asyncio.sleep(130.0)
            running.cancel()
        await simulator.stop()
        assert told == []
        assert 2 <= len(simulator.oracle.quoted) <= 3

    run()
