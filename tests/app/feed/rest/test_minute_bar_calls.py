"""Minute bars from the simulator's REST: the whole session, page by page, within the call rate."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from rig.hurried import LoopClock, hurried, until

from app.feed.rest.price_snapshot import PriceSnapshot, PriceSnapshotSettings
from app.feed.rest.rest_events import RestBars, RestEvent, RestPrice
from app.feed.socket import client
from app.simulator.hours import SimulatedHours
from app.simulator.market import MarketModel
from app.simulator.simulator import Simulator
from app.storage.credentials import Credentials, Endpoints, Secret
from app.system.clock import KST
from specs.catalog import Session
from specs.codes import parse
from specs.market.bars import Bar

KEYS = Credentials(Secret("demo"), Secret("demo"), "demo")
NIGHT = datetime(2026, 11, 21, 1, 30, 20, tzinfo=KST)
DAY = datetime(2026, 11, 20, 10, 5, 40, tzinfo=KST)


def traded(session: Session, start: datetime, code: str) -> dict[int, tuple[float, ...]]:
    """Return open, high, low, close and volume of every minute that is over, by its trades."""
    hours = SimulatedHours.containing(session, start)
    market = MarketModel(hours)
    tape = market.tape(market.instruments[code])
    unit = tape.instrument.unit
    minutes: dict[int, tuple[float, ...]] = {}
    for second in tape.trades(hours.seconds(start) // 60 * 60 - 0.001):
        at = int(hours.moment(second).timestamp()) // 60 * 60
        price = round(tape.price * unit, 2)
        first, high, low, _, size = minutes.get(at, (price, price, price, price, 0.0))
        minutes[at] = (first, max(high, price), min(low, price), price, size + tape.size)
    return minutes


def collect(
    session: Session,
    start: datetime,
    codes: Sequence[str],
    count: int,
    halt: datetime | None = None,
) -> tuple[Simulator, list[RestEvent]]:
    """Return the simulator and the events of a run that ends after so many."""
    told: list[RestEvent] = []
    found: list[Simulator] = []

    @hurried
    async def run() -> None:
        clock = LoopClock(start)
        simulator = Simulator(session=session, start=start, clock=clock, halt=halt)
        found.append(simulator)
        await simulator.start()
        async with client() as http:
            endpoints = Endpoints(rest=simulator.rest_url, ws=simulator.ws_url)
            settings = PriceSnapshotSettings(endpoints, KEYS, asks_bars=True)
            picture = PriceSnapshot(settings, http, clock, told.append)
            running = asyncio.create_task(picture.run())
            picture.ask([(parse(code), session) for code in codes])
            await until(lambda: len(told) >= count, 120.0)
            await asyncio.sleep(3.0)
            running.cancel()
        await simulator.stop()

    run()
    return found[0], told


def bars_of(told: Sequence[RestEvent], code: str) -> list[Bar]:
    pages = [one.bars for one in told if isinstance(one, RestBars) and one.code == code]
    return [bar for page in reversed(pages) for bar in page]


@pytest.mark.parametrize(
    ("session", "start", "codes", "pages"),
    [
        (Session.NIGHT, NIGHT, ("A01612", "B01612A33"), (5, 5)),
        (Session.DAY, DAY, ("A01612", "C11612040"), (1, 1)),
    ],
)
def test_bars_of_the_session_are_those_of_its_trades(
    session: Session, start: datetime, codes: tuple[str, ...], pages: tuple[int, ...]
) -> None:
    simulator, told = collect(session, start, codes, len(codes) + sum(pages))
    for code, count in zip(codes, pages, strict=True):
        bars = bars_of(told, code)
        expected = traded(session, start, code)
        assert [bar.start for bar in bars] == sorted(expected)
        for bar in bars:
            found = (bar.open, bar.high, bar.low, bar.close, bar.volume)
            assert found == pytest.approx(expected[bar.start])
        assert sum(isinstance(one, RestBars) and one.code == code for one in told) <= count
    # Prices first, then bars; no more calls than KIS serves, and none twice.
    assert [type(one) for one in told[: len(codes)]] == [RestPrice] * len(codes)
    assert simulator.oracle.most_quoted <= 4
    assert len(simulator.oracle.quoted) <= len(codes) + sum(pages) + len(codes)


def test_minutes_of_a_halt_have_no_bars() -> None:
    halt = DAY.replace(minute=1, second=0) - timedelta(hours=1)
    _, told = collect(Session.DAY, DAY, ("A01612",), 2, halt=halt)
    starts = [bar.start for bar in bars_of(told, "A01612")]
    first, last = halt.timestamp(), (halt + timedelta(minutes=30)).timestamp()
    assert starts
    assert not [at for at in starts if first <= at < last]
    assert last in starts


def test_no_bars_are_requested_before_trading_or_of_a_contract_that_sleeps() -> None:
    before = datetime(2026, 11, 20, 8, 42, tzinfo=KST)
    simulator, told = collect(Session.DAY, before, ("A01612",), 1)
    assert len(simulator.oracle.quoted) == len(told) == 1
    simulator, told = collect(Session.NIGHT, NIGHT, ("A11612",), 1)
    assert len(simulator.oracle.quoted) == len(told) == 1
