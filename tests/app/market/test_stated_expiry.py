"""Last trading days that REST states: they win over computed ones and are shown once."""

import json
from datetime import date, datetime

import pytest
from harness.command_line import CommandLine
from harness.dashboard import at, demo_contracts, run_dashboard
from harness.pricing_rows import decoded_record

from app.feed.batch import Batch, Counters, LinkState
from app.feed.rest.rest_events import RestPrice
from app.instruments.contracts import Contracts, ExpiryDifference
from app.instruments.master import Master
from app.instruments.option_chain import Chains, Product
from app.market.book import Book
from app.market.stated_expiry import apply_stated_expiries
from app.pricing.diagnostics_file import DiagnosticsFile
from app.system.clock import KST
from app.system.files import ProgramFolders
from specs.quotation import Quotation, last_trading_day
from specs.record import TradeRecord
from specs.user_message import UserMessage
from widgets.message_text import message_text
from widgets.texts import speaking

STATED = date(2026, 12, 9)
NOW = datetime(2026, 11, 20, 18, tzinfo=KST)


def asked(code: str, day: date | None) -> RestPrice:
    record = decoded_record("H0EUCNT0", code, price=1.0)
    assert isinstance(record, TradeRecord)
    return RestPrice("H0EUCNT0", record, "180000", day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20261210", date(2026, 12, 10)),
        (" 20261210 ", date(2026, 12, 10)),
        ("", None),
        ("00000000", None),
        ("20261340", None),
        ("2026-12-10", None),
        ("202612100", None),
    ],
)
def test_last_trading_day_is_read_from_the_answer(text: str, day: date | None) -> None:
    assert last_trading_day(Quotation(last_trading_date=text)) == day


def test_a_stated_day_wins_for_the_whole_series_and_is_said_once() -> None:
    contracts = demo_contracts()
    book = Book(contracts.instrument)
    book.watch(("B01612A31", "B01612A32", "C01612A31", "A01612", "A05612"))
    (news,) = apply_stated_expiries([asked("B01612A31", STATED)], contracts, book)
    assert message_text(news.message) == (
        "C 202612 1,075.0 최종거래일: KIS 2026-12-09, 계산 2026-12-10 — KIS 값을 씁니다"
    )
    assert apply_stated_expiries([asked("B01612A32", STATED)], contracts, book) == []
    assert apply_stated_expiries([asked("B01612A31", STATED)], contracts, book) == []
    expiries = [row.instrument.expiry for row in book.rows]
    assert expiries == [STATED, STATED, STATED, STATED, date(2026, 12, 10)]
    changed = book.tick(0.0, expired={}, open_since=0.0)
    assert {row.code for row in changed} >= {"B01612A31", "B01612A32"}
    december = [
        s for s in contracts.series if s.code.code[:1] in "ABC" and s.code.code[1:6] == "01612"
    ]
    assert {series.expiry for series in december} == {STATED}


def test_a_stated_day_that_is_the_computed_one_is_not_mentioned() -> None:
    contracts = demo_contracts()
    book = Book(contracts.instrument)
    same = date(2026, 12, 10)
    assert apply_stated_expiries([asked("B01612A31", same)], contracts, book) == []
    assert apply_stated_expiries([asked("B01612A31", None)], contracts, book) == []
    assert contracts.expiry_differences == {}


def test_a_stated_day_fills_in_where_nothing_is_known() -> None:
    contracts = Contracts(Master())
    assert contracts.instrument("B09FMWA34").expiry is None
    book = Book(contracts.instrument)
    (news,) = apply_stated_expiries([asked("B09FMWA34", STATED)], contracts, book)
    assert isinstance(news.message, UserMessage)
    assert news.message.values["computed"] == "—"
    assert contracts.instrument("B09FMWA34").expiry == STATED
    assert not contracts.expired("B09FMWA34", NOW)


def test_a_chain_is_of_the_stated_day() -> None:
    contracts = demo_contracts()
    contracts.state_expiry("B01612A31", STATED)
    chains = Chains(contracts.series, NOW)
    (chain,) = [c for c in chains.of_product(Product("KOSPI200")) if c.name == "202612"]
    assert chain.expiry == STATED


async def test_the_dashboard_shows_a_difference_and_doctor_keeps_it() -> None:
    places = ProgramFolders.find()
    async with run_dashboard(("B01612A31",), start=at(18, 5), notifications=True) as stage:
        batch = stage.app.batch
        assert batch is not None
        news = stage.app.news_of(_with(batch, asked("B01612A31", STATED)))
        assert [one.bad for one in news] == [True]
        stage.app.tick()
        assert stage.app.market.book.rows[0].instrument.expiry == STATED
        file = DiagnosticsFile(places.state / "diagnostics.json")
        differences = stage.app.program.contracts.expiry_differences.values()
        file.save(batch, "2026-11-21T06:00:00+09:00", {}, differences)
    found = file.load()
    assert found is not None
    assert [(one.code, one.stated) for one in found.expiries] == [("B01612A31", STATED)]


def test_doctor_shows_the_differences_of_the_last_run(kis_tui: CommandLine) -> None:
    file = DiagnosticsFile(ProgramFolders.find().state / "diagnostics.json")
    file_batch = Batch((), LinkState(), Counters(), {}, (), {})
    difference = ExpiryDifference("B01612A31", date(2026, 12, 10), STATED)
    file.save(file_batch, "2026-11-21T06:00:00+09:00", {}, [difference])
    assert "B01612A31: KIS 2026-12-09, 계산 2026-12-10" in kis_tui("doctor").out
    page = json.loads(kis_tui("doctor", "--json").out)
    assert page["last_run"]["last_trading_days"] == [
        {"code": "B01612A31", "computed": "2026-12-10", "stated": "2026-12-09"}
    ]


def _with(batch: Batch, one: RestPrice) -> Batch:
    return Batch(
        (), LinkState(), Counters(), {}, (), {}, rest_events=(one,), recording=batch.recording
    )


def test_the_difference_is_said_in_english() -> None:
    contracts = demo_contracts()
    book = Book(contracts.instrument)
    (news,) = apply_stated_expiries([asked("B01612A31", STATED)], contracts, book)
    with speaking("en"):
        assert "KIS 2026-12-09, computed 2026-12-10" in message_text(news.message)
