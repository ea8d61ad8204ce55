"""A tape's records as CSV and Parquet: one table for a TR, columns named as the specs."""

import csv
import math
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from harness.tape_samples import (
    FUTURE,
    OPTION,
    entry,
    expectations,
    link,
    trade,
    trades,
    with_end,
    write_tape,
)
from msgspec.structs import asdict

from app.feed.phase import LinkPhase
from app.system.errors import KisTuiError, UsageError
from app.tape import tables
from app.tape.entry import EntryKind, TapeEntry
from app.tape.export import ExportFilter, ExportResult, ExportTarget, export
from app.tape.reader import Tape
from app.tape.times import moment
from specs.catalog import CATALOG
from specs.frame import decode
from specs.user_message import UserMessage
from widgets.message_text import message_text

TAPE = [
    link(0, LinkPhase.LIVE),
    *trades(60),
    entry(61, trade(OPTION, 61, 9000, theta="", delta="nan")),
    entry(62, trade(FUTURE, 62, 9000, theoretical_price="")),
    *expectations(10),
    entry(63, "0|H0EUCNT0|001|nonsense"),
    entry(64, '{"header":{}}'),
]


def exported(
    path: Path,
    folder: Path,
    shape: str,
    wanted: ExportFilter | None = None,
    *,
    replacing: bool = False,
) -> ExportResult:
    if not path.exists():
        write_tape(path, with_end(TAPE), every=25)
    places = ExportTarget(folder, "night", shape)
    with Tape(path) as tape:
        return export(tape, places, wanted or ExportFilter(), replacing=replacing)


def records(tr_id: str) -> list[tuple[datetime, dict[str, object]]]:
    """Return the columns that a TR's table must have."""
    found = []
    for one in TAPE:
        if one.kind != EntryKind.FRAME or not one.payload.startswith(b"0|" + tr_id.encode()):
            continue
        if b"nonsense" in one.payload:
            continue
        at = moment(one.wall)
        assert at is not None
        found += [(at, asdict(record)) for record in decode(one.payload.decode()).records]
    return found


def test_csv_has_every_record_under_the_names_of_the_spec(tmp_path: Path) -> None:
    told = exported(tmp_path / "a.ktape", tmp_path / "out", "csv")
    assert {path.name for path in told.rows} == {
        "night-H0EUCNT0.csv", "night-H0MFCNT0.csv", "night-H0EUANC0.csv",
    }  # fmt: skip
    assert told.refused == 1
    for tr_id in ("H0EUCNT0", "H0MFCNT0", "H0EUANC0"):
        path = tmp_path / "out" / f"night-{tr_id}.csv"
        assert path.stat().st_mode & 0o777 == 0o600
        with path.open(newline="") as file:
            header, *rows = csv.reader(file)
        assert header == ["received", *CATALOG[tr_id].spec.__struct_fields__]
        wanted = records(tr_id)
        assert told.rows[path] == len(rows) == len(wanted)
        for row, (at, record) in zip(rows, wanted, strict=True):
            assert datetime.fromisoformat(row[0]) == at
            assert row[0].endswith("+09:00")
            for cell, value in zip(row[1:], record.values(), strict=True):
                if isinstance(value, str):
                    assert cell == value
                else:
                    assert isinstance(value, float)
                    assert (cell == "") == math.isnan(value)
                    assert math.isnan(value) or float(cell) == value


def test_parquet_is_typed_and_missing_numbers_are_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables.ParquetTable, "MOST", 16)
    exported(tmp_path / "a.ktape", tmp_path / "out", "parquet")
    for tr_id in ("H0EUCNT0", "H0MFCNT0", "H0EUANC0"):
        path = tmp_path / "out" / f"night-{tr_id}.parquet"
        assert path.stat().st_mode & 0o777 == 0o600
        table = pq.read_table(path)
        assert table.column_names == ["received", *CATALOG[tr_id].spec.__struct_fields__]
        assert table.schema.field("received").type == pa.timestamp("us", tz="Asia/Seoul")
        assert table.schema.field("code").type == pa.string()
        rows, wanted = table.to_pylist(), records(tr_id)
        assert len(rows) == len(wanted)
        for row, (at, record) in zip(rows, wanted, strict=True):
            assert row.pop("received").astimezone(UTC) == at.astimezone(UTC)
            assert row == {
                name: None if isinstance(value, float) and math.isnan(value) else value
                for name, value in record.items()
            }
    assert pq.ParquetFile(tmp_path / "out" / "night-H0EUCNT0.parquet").num_row_groups > 1


def test_one_tr_and_some_codes_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    told = exported(path, tmp_path / "out", "csv", ExportFilter("H0EUANC0"))
    assert [one.name for one in told.rows] == ["night-H0EUANC0.csv"]
    told = exported(path, tmp_path / "other", "csv", ExportFilter(codes=frozenset((FUTURE,))))
    assert [one.name for one in told.rows] == ["night-H0MFCNT0.csv"]
    with pytest.raises(UsageError):
        exported(path, tmp_path / "third", "csv", ExportFilter("H0IFCNT0"))


def test_files_that_are_there_are_replaced_only_when_told_so(tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "out"
    out.mkdir()
    mine = out / "night-H0MFCNT0.csv"
    mine.write_text("mine")
    with pytest.raises(UsageError):
        exported(path, out, "csv")
    assert mine.read_text() == "mine"
    assert [one.name for one in out.iterdir()] == ["night-H0MFCNT0.csv"]
    exported(path, out, "csv", replacing=True)
    assert mine.read_text().startswith("received,")
    assert len(list(out.iterdir())) == 3


@pytest.mark.parametrize("shape", ["csv", "parquet"])
def test_an_interrupted_export_leaves_nothing(tmp_path: Path, shape: str) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "out"
    write_tape(path, TAPE, every=25)

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    with Tape(path) as tape, pytest.raises(KeyboardInterrupt):
        export(
            tape, ExportTarget(out, "x", shape), ExportFilter(), replacing=False, tick=interrupted
        )
    assert list(out.iterdir()) == []


def test_an_impossible_time_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    [one] = trades(1)
    write_tape(path, [TapeEntry(one.kind, 0, 2**63 - 1, one.payload), one])
    told = exported(path, tmp_path / "out", "csv")
    assert (told.refused, list(told.rows.values())) == (1, [1])


def test_without_pyarrow_parquet_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tape(tmp_path / "a.ktape", TAPE)
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    tables.arrow.cache_clear()
    with pytest.raises(KisTuiError) as caught:
        exported(tmp_path / "a.ktape", tmp_path / "out", "parquet")
    assert caught.value.message == UserMessage("tape.no_parquet")
    assert "pyarrow" in message_text(caught.value.message)
    assert "--format csv" in message_text(caught.value.hint)
    assert not (tmp_path / "out").exists()


def test_an_export_reports_the_bytes_of_each_segment(tmp_path: Path) -> None:
    path, ticks = tmp_path / "a.ktape", list[int]()
    write_tape(path, TAPE, every=25)
    with Tape(path) as tape:
        places = ExportTarget(tmp_path / "out", "x", "csv")
        export(tape, places, ExportFilter(), replacing=False, tick=ticks.append)
        assert ticks == [one.end - one.start for one in tape.segments]


def test_a_frame_that_cannot_be_read_is_counted_in_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, [*trades(1), entry(2, b"0|H0EUCNT0|001|\xff")])
    told = exported(path, tmp_path / "out", "csv")
    assert (told.refused, list(told.rows.values())) == (1, [1])
    assert ExportResult() == ExportResult({}, 0)


@pytest.mark.parametrize("rows", [1, 511, 512, 513])
def test_a_table_has_all_rows_however_many_are_gathered(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, [entry(0, trade(OPTION, 0, number + 1)) for number in range(rows)])
    told = exported(path, tmp_path / "out", "csv")
    [table] = told.rows
    with table.open(newline="") as file:
        header, *found = csv.reader(file)
    at = header.index("accumulated_volume")
    assert [float(row[at]) for row in found] == [number + 1 for number in range(rows)]
