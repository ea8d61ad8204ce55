"""A run without a screen: contracts that expire, before it begins and while it goes on."""

from datetime import datetime

import pytest
from harness.command_line import CommandLine

from app.cli.feed_run import FeedRun
from app.cli.run_setup import RunSetup
from app.feed.feed_settings import FeedSettings
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.simulator.master_files import master_files
from app.simulator.thread import SimulatorThread
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import KST, ScaledClock
from app.system.secret import Secret
from specs.catalog import Session
from widgets.message_text import message_text
from widgets.texts import t

LAST_DAY = "2026-12-10"


def test_feed_run_frees_the_registrations_of_contracts_that_expire() -> None:
    moment = datetime(2026, 12, 10, 15, 19, 45, tzinfo=KST)
    clock = ScaledClock(moment, 60.0)
    simulator = SimulatorThread(session=Session.DAY, start=moment, clock=clock)
    simulator.start()
    contracts = Contracts(Master.from_files(master_files(moment.date())))
    feed = FeedSettings(
        Endpoints(rest=simulator.rest_url, ws=simulator.ws_url),
        Credentials(Secret("demo"), Secret("demo"), "demo"),
        reader=contracts.code,
        describe=message_text,
    )
    held: list[set[str]] = []

    def note_codes() -> None:
        held.append({code for _, code in simulator.simulator.registrations})
        run.stop()

    try:
        run = FeedRun(RunSetup(clock, feed, contracts), ("A01612", "A01703"))
        run.to_end(4.0, note_codes)
    finally:
        simulator.stop()
    assert held == [{"A01703"}]


@pytest.mark.parametrize("command", ["stream", "record"])
def test_a_run_of_expired_contracts_alone_is_refused(kis_tui: CommandLine, command: str) -> None:
    told = kis_tui(command, "A01612", "--demo", "--date", LAST_DAY, "--start", "15:30")
    assert told.code == 2
    assert f"A01612: {t('row.expired', day='26/12/10')}" in told.err
    assert t("cli.all_expired") in told.err


def test_a_snapshot_of_expired_contracts_alone_needs_no_connection(kis_tui: CommandLine) -> None:
    told = kis_tui("snapshot", "A01612", "--demo", "--date", LAST_DAY, "--start", "15:30")
    assert told.code == 0
    assert t("row.expired", day="26/12/10") in told.out
    assert told.err == ""
