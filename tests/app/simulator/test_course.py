"""The simulated sessions one after another: who is registered across a switch hears the next."""

from datetime import datetime, timedelta

import pytest
from harness.kis_client import KisClient, connect_client

from app.simulator.course import SessionCourse, following
from app.simulator.hours import SimulatedHours
from app.simulator.instrument import KOSPI200, SAMSUNG
from app.simulator.simulator import Simulator
from app.system.clock import KST, ManualClock
from specs.catalog import Session
from specs.frame import decode
from specs.record import BookRecord, ExpectedRecord, Record, TradeRecord

FRIDAY = datetime(2026, 11, 20, tzinfo=KST)


def moment(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=KST)


def course(session: Session, begin: datetime) -> SessionCourse:
    return SessionCourse(SimulatedHours.containing(session, begin))


@pytest.mark.parametrize(
    ("session", "begin", "next_session", "next_begin"),
    [
        (Session.DAY, moment(20, 9), Session.NIGHT, moment(20, 17, 50)),
        (Session.NIGHT, moment(20, 18), Session.DAY, moment(23, 8, 30)),
        (Session.NIGHT, moment(24, 3), Session.DAY, moment(24, 8, 30)),
        # The night of a holiday's eve is held unless KRX announces it as closed.
        (Session.DAY, datetime(2026, 12, 24, 9, tzinfo=KST), Session.NIGHT,
         datetime(2026, 12, 24, 17, 50, tzinfo=KST)),
        (Session.NIGHT, datetime(2026, 12, 24, 18, tzinfo=KST), Session.DAY,
         datetime(2026, 12, 28, 8, 30, tzinfo=KST)),
        (Session.DAY, datetime(2026, 2, 13, 9, tzinfo=KST), Session.DAY,
         datetime(2026, 2, 19, 8, 30, tzinfo=KST)),
        # A demo may be asked for on a day that has no session.
        (Session.DAY, moment(21, 9), Session.DAY, moment(23, 8, 30)),
    ],
)  # fmt: skip
def test_the_session_after_a_session_is_the_calendars(
    session: Session, begin: datetime, next_session: Session, next_begin: datetime
) -> None:
    found = following(SimulatedHours.containing(session, begin))
    assert (found.session, found.begin) == (next_session, next_begin)


def test_levels_are_carried_from_session_to_session_and_stocks_sleep_through_the_night() -> None:
    made = course(Session.DAY, moment(20, 9))
    day, night, monday = (made.market(number) for number in range(3))
    for before, after in ((day, night), (night, monday)):
        left, taken = before.left(KOSPI200), after.spot(KOSPI200, 0)
        assert left is not None
        assert taken[0] == pytest.approx(left, rel=0.008)
    assert day.left(SAMSUNG) == night.left(SAMSUNG) != monday.left(SAMSUNG)
    for code in ("A01612", "B01612A33"):
        instrument = day.instruments[code]
        tape = day.tape(instrument)
        tape.advance(day.hours.end)
        assert night.tape(night.instruments[code]).previous == tape.price
    stock = day.tape(day.instruments["A11612"])
    stock.advance(day.hours.end)
    assert monday.tape(monday.instruments["A11612"]).previous == stock.price


def test_a_session_that_begins_a_run_is_the_same_as_ever() -> None:
    alone = course(Session.NIGHT, moment(20, 18)).first
    stream = alone.stream("H0MFCNT0", "A01612")
    run = course(Session.NIGHT, moment(20, 18)).stream("H0MFCNT0", "A01612")
    assert stream is not None
    assert list(run.records_until(1200)) == list(stream.records_until(1200))


def test_a_stream_tells_the_same_whoever_comes_when() -> None:
    made = course(Session.DAY, moment(20, 15, 44))
    night = made.offset(1)
    whole = list(made.stream("H0MFCNT0", "A01612").records_until(night + 900))
    late = made.stream("H0MFCNT0", "A01612")
    late.skip(night + 700)
    assert list(late.records_until(night + 900)) == [e for e in whole if e.second > night + 700]
    assert whole[0].second == night + 600
    stepped = made.stream("H0MFCNT0", "A01612")
    steps = [*range(0, int(night), 450), night + 601, night + 900]
    assert [event for step in steps for event in stepped.records_until(step)] == whole


def test_sessions_long_gone_are_let_go_of_and_tell_the_same_when_asked_again() -> None:
    made = course(Session.DAY, moment(20, 9))
    first = made.first.stream("H0IFCNT0", "A01612")
    assert first is not None
    told = list(first.records_until(1200))
    late = made.market(12)
    assert late.spot(KOSPI200, 0)[0] > 500
    assert not made.market(5)._paths
    again = made.first.stream("H0IFCNT0", "A01612")
    assert again is not None
    assert list(again.records_until(1200)) == told


async def heard(simulator: Simulator, client: KisClient, until: datetime) -> list[Record]:
    """Return the records that a client receives until a time."""
    client.frames.clear()
    await simulator.step_to(until)
    await simulator.clients[0].ping()
    await client.echo()
    return [record for raw in client.frames for record in decode(raw).records]


async def test_a_night_tr_registered_by_day_speaks_when_the_night_comes() -> None:
    begin = moment(20, 15, 44)
    simulator = Simulator(session=Session.DAY, start=begin, clock=ManualClock(begin))
    await simulator.start()
    async with connect_client(simulator.rest_url, simulator.ws_url) as client:
        assert await client.ask("H0IFCNT0", "A01612") == "OPSP0000"
        [last] = await heard(simulator, client, moment(20, 15, 45, 30))
        assert isinstance(last, TradeRecord)
        assert last.time == "154500"
        assert simulator.has_ended
        assert simulator.following.begin == moment(20, 17, 50)
        for tr_id in ("H0EUANC0", "H0EUASP0", "H0EUCNT0"):
            assert await client.ask(tr_id, "B01612A33") == "OPSP0000"
        assert await client.ask("H0MFCNT0", "A01612") == "OPSP0000"
        assert await heard(simulator, client, moment(20, 17, 49, 59)) == []
        auction = await heard(simulator, client, moment(20, 17, 59, 59))
        assert not simulator.has_ended
        assert any(isinstance(record, ExpectedRecord) for record in auction)
        assert any(isinstance(record, BookRecord) for record in auction)
        assert not any(isinstance(record, TradeRecord) for record in auction)
        opened = await heard(simulator, client, moment(20, 18))
        trades = [record for record in opened if isinstance(record, TradeRecord)]
        assert {trade.code: trade.time for trade in trades} == {
            "A01612": "180000",
            "B01612A33": "180000",
        }
        future = next(trade for trade in trades if trade.code == "A01612")
        assert future.price - future.change == pytest.approx(last.price)
    await simulator.stop()


async def test_after_the_nights_end_the_next_trading_day_comes() -> None:
    begin = moment(20, 5, 58)
    simulator = Simulator(session=Session.NIGHT, start=begin, clock=ManualClock(begin))
    await simulator.start()
    async with connect_client(simulator.rest_url, simulator.ws_url) as client:
        await client.ask("H0MFCNT0", "A01612")
        await client.ask("H0ZFANC0", "A11612")
        assert [type(r) for r in await heard(simulator, client, moment(20, 8, 29))] != []
        # Orders come from 08:30, expected prices from 08:40.
        early = await heard(simulator, client, moment(20, 8, 40))
        assert not [record for record in early if isinstance(record, ExpectedRecord)]
        expected = await heard(simulator, client, moment(20, 8, 41))
        assert {record.code for record in expected if isinstance(record, ExpectedRecord)} == {
            "A11612"
        }
    await simulator.stop()


async def test_a_code_that_is_not_listed_is_acknowledged_and_silent() -> None:
    begin = FRIDAY + timedelta(hours=18, minutes=5)
    simulator = Simulator(session=Session.NIGHT, start=begin, clock=ManualClock(begin))
    await simulator.start()
    async with connect_client(simulator.rest_url, simulator.ws_url) as client:
        for tr_id in ("H0EUCNT0", "H0EUASP0", "H0EUANC0"):
            assert await client.ask(tr_id, "B01612B99") == "OPSP0000"
        assert await heard(simulator, client, moment(21, 5, 59)) == []
    await simulator.stop()
