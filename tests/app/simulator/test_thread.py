"""The simulator on its own thread, driven from a test that has no loop there."""

import threading
from datetime import datetime, time, timedelta

import pytest
from harness.kis_client import connect_client

from app.simulator.simulator import demo_start
from app.simulator.thread import SimulatorThread
from app.system.clock import KST, ManualClock
from app.system.errors import UsageError
from specs.catalog import Session
from specs.frame import decode

START = demo_start(Session.NIGHT, datetime(2026, 11, 20, tzinfo=KST).date())


def thread_at(moment: datetime) -> SimulatorThread:
    return SimulatorThread(session=Session.NIGHT, start=moment, clock=ManualClock(moment))


def simulator_threads() -> set[threading.Thread]:
    """Return the threads of simulators; those of a session's fixtures live on."""
    return {thread for thread in threading.enumerate() if thread.name == "simulator"}


async def test_it_is_stepped_from_another_thread_and_ends_with_stop() -> None:
    before = simulator_threads()
    simulator = thread_at(START)
    simulator.start()
    try:
        async with connect_client(simulator.rest_url, simulator.ws_url) as client:
            assert await client.ask("H0MFCNT0", "A01612") == "OPSP0000"
            simulator.step_to(START + timedelta(minutes=2))
            barrier = threading.Thread(target=simulator.barrier)
            barrier.start()
            await client.echo()
            barrier.join(5)
            assert not barrier.is_alive()
            assert decode(client.frames[0]).records[0].time == "180000"
    finally:
        simulator.stop()
    assert simulator_threads() <= before
    simulator.stop()


def test_a_port_that_is_taken_leaves_no_thread_behind() -> None:
    before = simulator_threads()
    first, second = thread_at(START), thread_at(START)
    first.start()
    try:
        with pytest.raises(UsageError):
            second.start(port=int(first.ws_url.rpartition(":")[2]))
    finally:
        first.stop()
    assert simulator_threads() <= before


@pytest.mark.parametrize(
    ("session", "start", "moment"),
    [
        (Session.NIGHT, None, datetime(2026, 11, 20, 17, 59, tzinfo=KST)),
        (Session.NIGHT, time(3, 0), datetime(2026, 11, 21, 3, 0, tzinfo=KST)),
        (Session.NIGHT, time(22, 30), datetime(2026, 11, 20, 22, 30, tzinfo=KST)),
        (Session.DAY, None, datetime(2026, 11, 20, 8, 44, tzinfo=KST)),
        (Session.DAY, time(9, 1), datetime(2026, 11, 20, 9, 1, tzinfo=KST)),
    ],
)
def test_a_demo_begins_a_minute_before_trading_unless_told(
    session: Session, start: time | None, moment: datetime
) -> None:
    assert demo_start(session, START.date(), start) == moment
