"""`E` on the dashboard: what the focused panel shows, as a file of raw values."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard

from app.market.panel_export import MARK, levels, save, table
from app.storage.csv_text import delimited, exact
from app.system.files import ProgramFolders, write_new
from specs.codes import Right
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker, signed
from specs.record import OptionTradeRecord
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_trade import NightOptionTrade
from widgets.greeks_panel import COLUMNS as GREEKS_COLUMNS
from widgets.watchlist import COLUMNS

CODES = ("A01612", "B01612A33", "C01612A33")


def folder() -> Path:
    return ProgramFolders.find().data / "exports"


def read(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    assert content.startswith(MARK)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


async def exported(stage: DashboardHarness, *keys: str) -> list[list[str]]:
    """What the last of these keys wrote, said with its place."""
    before = set(folder().glob("*"))
    await stage.press(*keys)
    [path] = set(folder().glob("*")) - before
    assert stage.toasts[-1] == f"저장했습니다: {path}"
    assert path.stat().st_mode & 0o777 == 0o600
    return read(path)


async def test_the_watchlist_is_written_as_it_is_ordered_and_as_raw_values() -> None:
    async with run_dashboard(CODES, start=at(18, 1), notifications=True) as stage:
        await stage.step_to(stage.clock.now() + timedelta(seconds=30))
        stage.app.main.grid.watchlist.set_columns(
            ["code", "name", "price", "change", "percent", "spread", "volume", "volatility", "time"]
        )
        stage.app.main.grid.watchlist.sort_by("price", descending=True)
        heading, *lines = await exported(stage, "E")
        assert heading == [
            *("code", "name", "price", "change", "percent", "bid", "ask"),
            *("volume", "missed", "volatility", "volatility_source", "date", "time"),
        ]
        assert [line[0] for line in lines] == stage.codes
        for line in lines:
            row = stage.app.market.book.row(line[0])
            assert row is not None
            trade = row.trade
            assert trade is not None
            told = dict(zip(heading, line, strict=True))
            assert told["name"] == row.instrument.name
            assert float(told["price"]) == trade.price
            assert float(told["change"]) == signed(trade.change, trade.change_sign)
            assert float(told["volume"]) == trade.accumulated_volume
            assert told["missed"] == "0"
            assert told["time"].replace(":", "") == trade.time
            assert told["date"] == str(stage.clock.now().date())
            assert (told["volatility_source"] == "own") is isinstance(trade, OptionTradeRecord)
            assert (told["volatility"] == "") is (not isinstance(trade, OptionTradeRecord))
            if isinstance(trade, OptionTradeRecord):
                assert row.theoretical is not None
                assert float(told["volatility"]) == pytest.approx(row.theoretical.volatility)


async def test_each_panel_writes_its_own() -> None:
    async with run_dashboard(CODES, start=at(17, 58), notifications=True) as stage:
        await stage.step_to(stage.clock.now() + timedelta(seconds=30))
        heading, *lines = await exported(stage, "2", "x")
        assert heading[:4] == ["code", "name", "delta", "gamma"]
        assert [line[0] for line in lines] == list(CODES[1:])
        heading, *lines = await exported(stage, "3", "x")
        assert {"expected_price", "expected_volume", "expected_time"} < set(heading)
        assert {line[0] for line in lines} == set(CODES[1:])
        assert all(float(line[heading.index("expected_price")]) > 0 for line in lines)
        await stage.press("1", "home", "4")
        heading, *lines = await exported(stage, "E")
        assert heading == ["code", "date", "time", "side", "level", "price", "size", "count"]
        assert [line[3:5] for line in lines] == [
            *(["ask", str(n)] for n in range(5, 0, -1)),
            *(["bid", str(n)] for n in range(1, 6)),
        ]
        prices = [float(line[5]) for line in lines]
        assert prices == sorted(prices, reverse=True)


async def test_no_file_is_ever_written_over() -> None:
    async with run_dashboard(CODES, start=at(18, 1), notifications=True) as stage:
        for _ in range(3):
            await exported(stage, "E")
        names = sorted(path.name for path in folder().iterdir())
        assert len(names) == 3
        assert [name.rpartition("-")[2] for name in names[:2]] == ["2.csv", "3.csv"]


async def test_nothing_to_write_and_nowhere_to_write_are_said() -> None:
    async with run_dashboard(CODES, start=at(18, 1), notifications=True) as stage:
        await stage.press("3", "x")
        assert stage.toasts[-1] == "내보낼 내용이 없습니다"
        assert not folder().exists()
        folder().parent.mkdir(parents=True, exist_ok=True)
        folder().write_text("")
        await stage.press("1", "x")
        assert str(folder()) in stage.toasts[-1]
        assert folder().read_text() == ""


def test_a_name_that_looks_like_a_formula_is_none() -> None:
    row = Ticker(Instrument("A01612", "=cmd|' /C calc'!A0"))
    told = delimited(table([row], COLUMNS, at(18, 1))).decode()
    assert "A01612,'=cmd|' /C calc'!A0," in told
    assert "nan" not in told


def test_levels_that_nobody_stands_on_are_left_out() -> None:
    book = NightOptionBook("B01612A31", "031244", bid=24.8, bid_size=3, ask=0.0)
    row = Ticker(Instrument("B01612A31"), book=book)
    assert levels(row, at(18, 1))[1:] == [
        [
            "B01612A31",
            str(at(18, 1).date()),
            "03:12:44",
            "bid",
            1,
            24.8,
            3.0,
            pytest.approx(float("nan"), nan_ok=True),
        ]
    ]
    assert len(levels(Ticker(Instrument("B01612A31")), at(18, 1))) == 1


def test_a_new_file_takes_the_first_name_that_is_free(tmp_path: Path) -> None:
    first = write_new(tmp_path / "a" / "x.csv", b"1")
    (tmp_path / "a" / "x-2.csv").symlink_to(tmp_path / "nowhere")
    second = write_new(tmp_path / "a" / "x.csv", b"2")
    assert (first.name, second.name) == ("x.csv", "x-3.csv")
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")
    assert first.parent.stat().st_mode & 0o777 == 0o700
    assert sorted(p.name for p in first.parent.iterdir()) == ["x-2.csv", "x-3.csv", "x.csv"]


def test_a_time_has_its_day_and_a_greek_says_whose_it_is(tmp_path: Path) -> None:
    trade = NightOptionTrade(
        *("B01612A33", "235830"),
        price=24.0,
        delta=0.54,
        gamma=0.01,
        vega=1.0,
        theta=-0.5600000000000005,
        rho=0.1,
    )
    columns = [*GREEKS_COLUMNS, *COLUMNS]
    ours = TheoreticalValues(delta=0.5, gamma=0.01, vega=1.0, theta=-0.5, rho=0.1)
    rows = [
        Ticker(Instrument("B01612A33", right=Right.CALL), trade),
        Ticker(Instrument("B01612A33", right=Right.CALL), trade, theoretical=ours, source="own"),
        Ticker(Instrument("B01612A33", right=Right.CALL), trade, asked_at="180300"),
        Ticker(Instrument("A01612")),
    ]
    for now, day in ((at(23, 59), 0), (at(0, 30), -1)):
        path = save(tmp_path, "watchlist", now, table(rows, columns, now))
        kis, own, asked, empty = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
        assert kis["date"] == str((now + timedelta(days=day)).date())
        assert (kis["time"], asked["time"], asked["date"]) == ("23:58:30", "23:58:30", "")
        assert (kis["greeks_source"], own["greeks_source"], empty["greeks_source"]) == (
            *("kis", "own", ""),
        )
        assert (kis["theta"], own["theta"]) == ("-0.56", "-0.5")


@pytest.mark.parametrize(
    ("value", "told"), [(-0.5600000000000005, -0.56), (123456789012345.0,) * 2, (0.1 + 0.2, 0.3)]
)
def test_a_number_is_written_without_what_arithmetic_adds(value: float, told: float) -> None:
    assert exact(value) == told
    assert exact(float("nan")) != exact(float("nan"))
