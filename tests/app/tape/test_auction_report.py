"""The report of a tape's auctions, with the simulator's own auctions as the oracle."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from harness.command_line import CommandLine
from harness.dashboard import at, run_dashboard

from app.feed.phase import LinkPhase
from app.market.auction_file import SINGLE_PRICE
from app.system.clock import KST
from app.system.files import ProgramFolders
from app.tape.auction_report import report_auctions
from app.tape.library import find
from app.tape.reader import Tape
from specs.catalog import Session

CODES = ("A01612", "B01612A33", "C01612A33")
OPTIONS = CODES[1:]


async def record_auction(path: Path, *, cut: bool) -> dict[str, list[tuple[int, float, int]]]:
    """Record an opening auction; return moment, price and contracts that the simulator sent."""
    sent: dict[str, list[tuple[int, float, int]]] = {}
    async with run_dashboard(CODES, start=at(17, 48, 30), record=path) as stage:
        await stage.press("R")
        await stage.step_to(at(17, 55))
        if cut:
            port = int(stage.thread.ws_url.rpartition(":")[2])
            stage.thread.stop()
            await stage.until(lambda: stage.app.link.phase is LinkPhase.BACKOFF)
            stage.restart_simulator(port)
            async with asyncio.timeout(30):
                while stage.simulator.registrations != stage.wanted_registrations:
                    await stage.pass_time(1)
                    stage.wake_feed()
            await stage.wait_registered()
        await stage.step_to(at(18, 1))
        await stage.press("R")
        market = stage.simulator.market
        for code in OPTIONS:
            instrument = market.instruments[code]
            sent[code] = [
                (
                    int(market.hours.moment(one.second).timestamp()),
                    round(one.price * instrument.unit, 4),
                    one.quantity,
                )
                for one in market.auctions(instrument)[0].expected()
            ]
    return sent


async def test_report_is_what_the_simulator_sent(tmp_path: Path) -> None:
    path = tmp_path / "auction.ktape"
    sent = await record_auction(path, cut=False)
    with Tape(path) as tape:
        [report] = report_auctions(tape).auctions
    assert (report.begin, report.end) == (at(17, 50), at(18, 0))
    assert (report.session, str(report.auction.phase)) == (Session.NIGHT, "opening_auction")
    assert report.lost == []
    for code in OPTIONS:
        found, expected = report.contracts[code], sent[code]
        assert (found.first, found.first_price) == expected[0][:2]
        assert (found.last, found.last_price, found.quantity) == expected[-1]
        assert found.count == len(expected)
        assert found.high == max(price for _, price, _ in expected)
        assert found.low == min(price for _, price, _ in expected)
        assert found.uncross == expected[-1][1]
        assert found.uncrossed_at >= at(18, 0).timestamp()
    assert "A01612" not in report.contracts


async def test_lost_stretch_is_named_and_leaves_the_path_blank(
    tmp_path: Path, kis_tui: CommandLine
) -> None:
    path = tmp_path / "cut.ktape"
    sent = await record_auction(path, cut=True)
    with Tape(path) as tape:
        [report] = report_auctions(tape).auctions
    [lost] = report.lost
    assert 0 < lost.seconds < 120
    begin = lost.wall / 1e9
    for code in OPTIONS:
        found = report.contracts[code]
        missing = [one for one in sent[code] if begin < one[0] < begin + lost.seconds]
        assert 0 < len(sent[code]) - found.count <= len(missing) + 3
        assert found.last_price == sent[code][-1][1] == found.uncross
    [auction] = json.loads(kis_tui("tape", "auctions", path, "--format", "json").out)["auctions"]
    assert [one["seconds"] for one in auction["lost"]] == [round(lost.seconds, 3)]
    assert "받지 못한 구간" in kis_tui("tape", "auctions", path).out


def test_built_in_tape_has_one_auction(kis_tui: CommandLine) -> None:
    path = find("demo", ProgramFolders.find())
    with Tape(path) as tape:
        whole = report_auctions(tape)
    [report], frames = whole.auctions, whole.summary.records["H0EUANC0"]
    assert sum(one.count for one in report.contracts.values()) == frames
    said = kis_tui("tape", "auctions", "demo", "--format", "json")
    assert said.code == 0
    [auction] = json.loads(said.out)["auctions"]
    assert auction["phase"] == "opening_auction"
    assert auction["trade_date"] == "2026-11-23"
    assert auction["lost"] == []
    for contract in auction["contracts"]:
        found = report.contracts[contract["code"]]
        assert contract["last_price"] == found.last_price
        assert contract["uncross_price"] == found.uncross
        assert contract["difference"] == pytest.approx(found.uncross - found.last_price)
        assert contract["count"] == found.count
        first = datetime.fromisoformat(contract["first_time"])
        assert first.astimezone(KST) - at(17, 50) < timedelta(seconds=10)
    text = kis_tui("tape", "auctions", "demo").out
    assert "야간 시가 단일가 2026-11-20 17:50–18:00" in text
    assert all(code in text for code in report.contracts)


def test_tape_without_expected_prices_says_so(kis_tui: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "later.ktape"
    assert kis_tui("tape", "cut", "demo", str(target), "--from", "18:30").code == 0
    said = kis_tui("tape", "auctions", str(target))
    assert said.code == 0
    assert "예상체결이 없습니다" in said.out
    assert json.loads(kis_tui("tape", "auctions", str(target), "--format", "json").out) == {
        "file": str(target),
        "auctions": [],
    }


@pytest.mark.parametrize("part", ["17:55"])
def test_cut_tape_reports_the_part_that_it_has(
    kis_tui: CommandLine, tmp_path: Path, part: str
) -> None:
    target = tmp_path / "part.ktape"
    said = kis_tui("tape", "cut", "demo", str(target), "--from", part, "--to", "17:58")
    assert said.code == 0, said.err
    [auction] = json.loads(kis_tui("tape", "auctions", str(target), "--format", "json").out)[
        "auctions"
    ]
    assert SINGLE_PRICE != auction["phase"] == "opening_auction"
    for contract in auction["contracts"]:
        assert contract["first_time"] >= "2026-11-20T17:54"
        assert contract["last_time"] <= "2026-11-20T17:58:05"
        assert contract["uncross_price"] is None
        assert contract["difference"] is None
