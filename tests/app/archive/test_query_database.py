"""Queries of an archive: its views and ready queries against the tape, and errors."""

import shutil
import sys
from pathlib import Path

import pytest
from harness.query_rows import rows

from app.archive.query_database import QueryDatabase, line_and_column, open_archive
from app.archive.query_views import VIEWS
from app.archive.ready_queries import READY, ready_sql, usage
from app.system.errors import KisTuiError, UsageError
from app.system.files import ProgramFolders
from app.tape import library
from app.tape.auction_report import report_auctions
from app.tape.reader import Tape
from app.tape.summary import Summary, summarise
from specs.catalog import CATALOG, Channel


@pytest.fixture(scope="module")
def summary() -> Summary:
    with Tape(library.find("demo", ProgramFolders.find())) as tape:
        return summarise(tape)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_its_columns_with_their_types(archive: QueryDatabase, view: str) -> None:
    found = [(row[0], row[1]) for row in rows(archive, f"describe {view}")]
    assert found == [(column.name, column.kind) for column in VIEWS[view]]


def test_views_hold_every_record_of_the_tape(archive: QueryDatabase, summary: Summary) -> None:
    found = dict(
        rows(
            archive,
            "select tr, count(*) from (select tr from trades union all select tr from quotes"
            " union all select tr from expected) group by tr",
        )
    )
    assert found == summary.records


def test_missed_trades_are_those_of_the_tape(archive: QueryDatabase, summary: Summary) -> None:
    found = {row[2]: row[4] for row in rows(archive, ready_sql("missed-trades", ()))}
    assert found == {code: one.missed for code, one in summary.contracts.items() if one.missed}
    assert found["A01612"] == 128


def test_auction_gaps_are_those_of_the_tape(archive: QueryDatabase) -> None:
    with Tape(library.find("demo", ProgramFolders.find())) as tape:
        [auction] = report_auctions(tape).auctions
    found = {row[2]: row[4:7] for row in rows(archive, ready_sql("auction-gap", ()))}
    assert found == {
        code: (one.first_price, one.last_price, one.uncross)
        for code, one in auction.contracts.items()
    }


def test_times_are_in_kst_and_the_exchange_time_is_near_the_receipt(
    archive: QueryDatabase,
) -> None:
    [(first, worst)] = rows(
        archive,
        "select min(exchange_time)::varchar, max(abs(epoch(received - exchange_time))) from trades",
    )
    assert first == "2026-11-20 18:00:00"
    assert worst < 5


@pytest.mark.parametrize(
    ("received", "time", "expected"),
    [
        ("2026-11-20 23:59:59.9", "235959", "2026-11-20 23:59:59"),
        ("2026-11-21 00:00:00.1", "235959", "2026-11-20 23:59:59"),
        ("2026-11-20 23:59:59.9", "000000", "2026-11-21 00:00:00"),
        ("2026-11-21 03:00:00", "025959", "2026-11-21 02:59:59"),
        ("2026-11-21 03:00:00", "", None),
    ],
)
def test_an_exchange_time_has_the_day_nearest_to_its_receipt(
    archive: QueryDatabase, received: str, time: str, expected: str | None
) -> None:
    sql = f"select nearest(timestamp '{received}', seconds_of('{time}'))::varchar"
    assert rows(archive, sql) == [(expected,)]


def test_sides_are_those_whose_total_grew(archive: QueryDatabase) -> None:
    counts = dict(rows(archive, "select side, sum(size) from trades group by side"))
    assert counts["buy"] > 1000
    assert counts["sell"] > 1000
    at_quotes = rows(
        archive,
        "select avg((price >= ask)::int) from trades where side = 'buy' and kind = 'future'",
    )
    assert at_quotes[0][0] > 0.9


def test_volatility_at_25_delta_lies_between_its_neighbours(archive: QueryDatabase) -> None:
    found = rows(archive, ready_sql("iv-25-delta", ("series=01612", "minutes=60")))
    bounds = rows(archive, "select min(iv), max(iv) from trades where kind = 'call'")
    assert bounds[0][0] <= found[0][4] <= bounds[0][1]
    # The tape has one put, and nothing to interpolate with.
    assert found[0][5] is None


def test_bars_add_up_to_the_trades(archive: QueryDatabase) -> None:
    found = rows(archive, ready_sql("bars", ("code=a01612", "minutes=5")))
    [(size, high, low)] = rows(
        archive, "select sum(size), max(price), min(price) from trades where code = 'A01612'"
    )
    assert sum(row[6] for row in found) == size
    assert (max(row[3] for row in found), min(row[4] for row in found)) == (high, low)
    assert all(row[1].minute % 5 == 0 for row in found)
    assert all(row[4] <= row[2] <= row[3] and row[4] <= row[5] <= row[3] for row in found)


@pytest.mark.parametrize("name", READY)
def test_a_ready_query_has_rows_and_keeps_to_its_parameters(
    archive: QueryDatabase, name: str
) -> None:
    code = ("code=B01612A34",) if "code" in usage(READY[name]) else ()
    assert rows(archive, ready_sql(name, (*code, "date=2026-11-23")))
    assert rows(archive, ready_sql(name, (*code, "date=2026-11-24"))) == []


@pytest.mark.parametrize("name", READY)
def test_a_ready_query_keeps_to_a_month(archive: QueryDatabase, name: str) -> None:
    code = ("code=B01612A34",) if "code" in usage(READY[name]) else ()
    november = rows(archive, ready_sql(name, (*code, "date=2026-11")))
    assert november == rows(archive, ready_sql(name, (*code, "date=2026-11-23")))
    assert rows(archive, ready_sql(name, (*code, "date=2026-10"))) == []
    assert "date '2028-02-29'" in ready_sql(name, (*code, "date=2028-02"))


@pytest.mark.parametrize(
    ("name", "words", "key"),
    [
        ("nothing", (), "query.no_ready"),
        ("bars", (), "query.missing_parameter"),
        ("bars", ("code",), "query.no_parameter"),
        ("bars", ("codes=A01612",), "query.no_parameter"),
        ("bars", ("code=A01612", "minutes=0"), "query.bad_parameter"),
        ("bars", ("code=A01612", "minutes=1; drop"), "query.bad_parameter"),
        ("bars", ("code=A01612", "date=yesterday"), "query.bad_parameter"),
        ("bars", ("code=A01612", "date=2026-13"), "query.bad_parameter"),
    ],
)
def test_a_wrong_parameter_is_refused(name: str, words: tuple[str, ...], key: str) -> None:
    with pytest.raises(UsageError) as raised:
        ready_sql(name, words)
    assert raised.value.key == key


def test_a_quote_in_a_parameter_stays_in_its_literal(archive: QueryDatabase) -> None:
    assert rows(archive, ready_sql("nights", ("code=x' or 'a'='a",))) == []


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("select nothere from trades", (1, 8)),
        ("select '한글', nothere from trades", (1, 14)),
        ("select price\nfrom nowhere", (2, 6)),
        ("select price from trades\n  where )", (2, 9)),
    ],
)
def test_an_error_has_its_place(archive: QueryDatabase, sql: str, place: tuple[int, int]) -> None:
    with pytest.raises(UsageError) as raised:
        rows(archive, sql)
    assert raised.value.key == "query.failed_at"
    assert (raised.value.values["line"], raised.value.values["column"]) == place
    assert "\n" not in str(raised.value.values["why"])


def test_an_error_while_rows_come_is_said(archive: QueryDatabase) -> None:
    with pytest.raises(UsageError):
        rows(archive, "select error('late') from range(10) t(i) where i > 5")


def test_a_place_counts_characters_not_bytes() -> None:
    assert line_and_column("한\n글x", len("한\n글".encode())) == (2, 2)


@pytest.mark.parametrize(
    ("sql", "key"),
    [("", "query.nothing"), ("-- no", "query.nothing"), ("select 1; select 2", "query.several")],
)
def test_not_one_query_is_refused(archive: QueryDatabase, sql: str, key: str) -> None:
    with pytest.raises(UsageError) as raised:
        archive.run(sql)
    assert raised.value.key == key


def test_an_empty_archive_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised, open_archive(tmp_path):
        pass
    assert raised.value.key == "query.empty"
    assert "query.empty_hint" in str(raised.value.hint)


def test_without_duckdb_the_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(KisTuiError) as raised, open_archive(folder):
        pass
    assert raised.value.key == "query.no_duckdb"
    assert "archive.extra_hint" in str(raised.value.hint)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, folder: Path) -> None:
    shutil.copytree(folder, tmp_path / "archive")
    broken = next((tmp_path / "archive").glob("tr=H0EUCNT0/*/*.parquet"))
    broken.write_bytes(broken.read_bytes()[:-100])
    with pytest.raises(KisTuiError) as raised, open_archive(tmp_path / "archive"):
        pass
    assert raised.value.key == "query.unreadable"
    assert broken.name in str(raised.value.values["why"])


def test_a_channel_without_records_is_an_empty_view(tmp_path: Path, folder: Path) -> None:
    trade = next(e.tr_id for e in CATALOG.values() if e.channel is Channel.TRADE)
    (tmp_path / f"tr={trade}").symlink_to(folder / f"tr={trade}")
    with open_archive(tmp_path) as archive:
        assert rows(archive, "select * from quotes") == []
        assert rows(archive, "select * from tapes") == []
