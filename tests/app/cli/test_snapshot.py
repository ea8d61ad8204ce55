"""``kis-tui snapshot``: the newest values of every row, or the reason for their absence."""

import csv
import io
import json
import signal
from datetime import date
from math import nan
from pathlib import Path
from typing import Any

import pytest
from harness.command_line import CommandLine, Outcome, run_process
from harness.live_simulator import LiveSimulator

from app.market.row_export import entry, note
from app.storage.layout_combinations import PlacedCombination
from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout
from app.system.clock import SystemClock
from app.system.files import ProgramFolders
from specs.catalog import CATALOG
from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.record import elements
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_option_expected import StockOptionExpected
from specs.user_message import UserMessage

OPTION = Instrument(
    "B01612A31",
    "C 202612 1,075.0",
    Family.INDEX_OPTION,
    Right.CALL,
    1075.0,
    date(2026, 12, 10),
    listed=True,
)
TRADE = NightOptionTrade(
    code="B01612A31",
    time="190712",
    price=24.0,
    change_sign="5",
    change=1.0,
    change_percent=4.0,
    accumulated_volume=204,
    open_interest=0,
    implied_volatility=21.34,
    delta=0.54,
    theta=nan,
    bid=23.8,
    ask=0.0,
    bid_size=7,
    ask_size=0,
)


def rows(told: Outcome) -> dict[str, dict[str, Any]]:
    assert told.code == 0, told.err
    return {row["code"]: row for row in json.loads(told.out)}


def test_a_row_is_told_with_signs_and_without_what_is_missing() -> None:
    row = Ticker(OPTION, TRADE, trade_at=100.0, missed=3.0)
    told = entry(row, now=107.5)
    assert told["expiry"] == "2026-12-10"
    assert (told["right"], told["strike"], told["session"]) == ("C", 1075.0, "night")
    assert (told["price"], told["change"], told["change_percent"]) == (24.0, -1.0, -4.0)
    assert (told["bid"], told["ask"]) == (23.8, None)
    assert (told["bid_size"], told["ask_size"]) == (7, None)
    assert (told["volume"], told["missed"], told["open_interest"]) == (204, 3, None)
    assert all(isinstance(told[name], int) for name in ("volume", "missed", "bid_size"))
    assert (told["delta"], told["theta"]) == (0.54, None)
    assert told["implied_volatility"] == 21.34
    assert (told["time"], told["age"], note(row)) == ("190712", 7.5, None)


def test_a_book_gives_the_quotes_and_an_auction_the_expected_price() -> None:
    book = NightOptionBook("B01612A31", "190713", bid=23.9, ask=24.1, bid_size=1, ask_size=2)
    told = entry(Ticker(OPTION, TRADE, book=book), now=0.0)
    assert (told["bid"], told["ask"], told["bid_size"], told["ask_size"]) == (23.9, 24.1, 1, 2)
    expected = StockOptionExpected("B01612A31", "083412", 25.0, 1.5, "5", 6.0)
    row = Ticker(OPTION, expected=expected)
    told = entry(row, now=0.0)
    assert (told["expected_price"], told["expected_change"]) == (25.0, -1.5)
    assert told["expected_volume"] is None
    assert told["expected_time"] == "083412"
    assert (told["price"], told["time"], told["age"]) == (None, None, None)
    assert note(row) == UserMessage("row.no_trade")


def test_what_rest_was_asked_for_says_when() -> None:
    row = Ticker(OPTION, TRADE, asked_at="180300")
    assert entry(row, now=0.0)["age"] is None
    assert note(row) == UserMessage("snapshot.asked", at="18:03:00")


def test_a_combination_is_a_row_computed_from_the_quotes_of_its_legs(
    kis_tui: CommandLine, home: Path
) -> None:
    LayoutStore(ProgramFolders.find(), SystemClock()).save(
        Layout("both", ["A01612"], combinations=[PlacedCombination("2*B01612A33", 0)])
    )
    typed = ("C01612A33", "C1080+P1080", "B01612A33", "--layout", "both")
    words = ("--demo", "--start", "18:05", "--speed", "20", "--wait", "25", "--all")
    found = rows(kis_tui("snapshot", *typed, *words))
    straddle = "B01612A33+C01612A33"
    assert list(found) == ["C01612A33", straddle, "B01612A33", "A01612", "2*B01612A33"]
    call, put, both = found["B01612A33"], found["C01612A33"], found[straddle]
    assert both["name"] == "스트래들 1080 12월"
    assert both["bid"] == pytest.approx(call["bid"] + put["bid"])
    assert both["ask"] == pytest.approx(call["ask"] + put["ask"])
    assert both["price"] == pytest.approx((both["bid"] + both["ask"]) / 2)
    assert both["delta"] == pytest.approx(call["delta"] + put["delta"])
    least, most = sorted((call["implied_volatility"], put["implied_volatility"]))
    assert least <= both["implied_volatility"] <= most
    assert both["note"] is None
    assert found["2*B01612A33"]["ask"] == pytest.approx(2 * call["ask"])


def test_it_leaves_as_soon_as_every_row_has_its_price(kis_tui: CommandLine) -> None:
    codes = ("A01612", "B01612A33", "A11612")
    words = ("--demo", "--start", "18:01", "--speed", "20", "--wait", "25")
    found = rows(kis_tui("snapshot", *codes, *words))
    assert tuple(found) == codes
    for code in codes[:2]:
        assert found[code]["price"] > 0
        assert found[code]["session"] == "night"
        assert found[code]["note"] is None
        assert 0 <= found[code]["age"] < 25
    assert found["B01612A33"]["delta"] is not None
    assert found["B01612A33"]["theoretical_price"] is not None
    assert found["A11612"]["price"] is None
    assert "야간 거래 없음" in found["A11612"]["note"]


def test_all_adds_every_field_that_kis_sent(kis_tui: CommandLine) -> None:
    words = ("--demo", "--start", "18:01", "--speed", "20", "--wait", "25", "--all")
    found = rows(kis_tui("snapshot", "A01612", "B01612A33", "A11612", *words))
    fields = found["A01612"]["fields"]
    assert tuple(fields) == ("H0MFCNT0", "H0MFASP0")
    assert tuple(fields["H0MFCNT0"]) == elements(CATALOG["H0MFCNT0"].spec)
    assert fields["H0MFCNT0"]["FUTS_PRPR"] == found["A01612"]["price"]
    assert len(found["B01612A33"]["fields"]["H0EUCNT0"]) == 56
    assert found["A11612"]["fields"] == {}
    told = kis_tui("snapshot", "A01612", "B01612A33", "A11612", *words, "--format", "csv")
    heading, *lines = csv.reader(io.StringIO(told.out))
    assert {"H0MFCNT0.FUTS_PRPR", "H0EUCNT0.DELTA", "H0EUASP0.OPTN_BIDP5"} <= set(heading)
    assert {len(line) for line in lines} == {len(heading)}


def test_codes_that_nothing_can_come_for_cost_no_wait(kis_tui: CommandLine) -> None:
    words = ("--demo", "--start", "18:01", "--wait", "600")
    found = rows(kis_tui("snapshot", "A11612", "A01603", *words))
    assert "야간 거래 없음" in found["A11612"]["note"]
    assert found["A01603"]["note"].startswith("만기 26/03/12")
    assert {row["price"] for row in found.values()} == {None}


def test_a_time_that_is_over_leaves_rows_without_a_price(kis_tui: CommandLine) -> None:
    words = ("--demo", "--start", "18:01", "--speed", "20", "--wait", "3")
    found = rows(kis_tui("snapshot", "A01612", "B01612Z99", *words))
    assert found["A01612"]["price"] is not None
    assert found["B01612Z99"]["price"] is None
    assert found["B01612Z99"]["note"] == "체결 없음"


def test_a_layout_in_a_table_keeps_the_names_it_knew(kis_tui: CommandLine) -> None:
    codes = ["A01612", "B01603A33"]
    layout = Layout(name="straddle", codes=codes, names={"B01603A33": "=C 202603 1,080.0"})
    LayoutStore(ProgramFolders.find(), SystemClock()).save(layout)
    words = ("--demo", "--start", "18:01", "--speed", "20", "--format", "csv")
    told = kis_tui("snapshot", "--layout", "straddle", *words)
    assert told.code == 0, told.err
    found = list(csv.DictReader(io.StringIO(told.out)))
    assert [row["code"] for row in found] == codes
    assert found[1]["name"] == "'=C 202603 1,080.0"
    assert found[1]["strike"] == "1080"
    assert found[0]["delta"] == ""
    # It ends with the last row, which may come before the link is live.
    assert "접속키 발급 중" in told.err


def test_a_connection_that_never_came_up_is_exit_code_3(
    kis_tui: CommandLine, live: LiveSimulator
) -> None:
    live.stop()
    told = kis_tui("snapshot", "A01612", "--session", "night", "--wait", "0.3")
    assert (told.code, told.out) == (3, "")


def test_a_rejected_app_key_is_exit_code_4(
    kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator = LiveSimulator(app_key="another")
    for name, value in simulator.variables.items():
        monkeypatch.setenv(name, value)
    try:
        told = kis_tui("snapshot", "A01612", "--session", "night")
    finally:
        simulator.stop()
    assert (told.code, told.out) == (4, "")


def test_no_codes_at_all_are_a_wrong_use(kis_tui: CommandLine) -> None:
    assert kis_tui("snapshot").code == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_without_a_line(live: LiveSimulator, number: signal.Signals) -> None:
    live.thread.simulator.faults.no_data = True
    with run_process("snapshot", "A01612", "--session", "night", "--wait", "30") as process:
        assert process.stderr is not None
        assert process.stdout is not None
        process.stderr.readline()
        process.send_signal(number)
        assert process.wait(30) == 128 + number
        assert process.stdout.read() == ""
