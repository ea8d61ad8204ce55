"""Ordinary frames exported without a record struct: values and refusals as decoded ones have."""

import csv
import math
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from harness.sample_frames import record
from harness.tape_samples import FUTURE, entry, with_end, write_tape

from app.tape.export import ExportFilter, ExportTarget, export
from app.tape.export_rows import plain_row
from app.tape.reader import Tape
from specs.frame import FrameError, decode

TR = "H0MFCNT0"


def body(**changed: str) -> str:
    return "^".join(record(TR, FUTURE, time="180000", **changed))


def frame(text: str) -> str:
    return f"0|{TR}|001|{text}"


FRAMES = [
    frame(body()),
    frame(body(price="-0.00", change="007", last_volume="5.")),
    frame(body(price=".5", theoretical_price="nan", change="-nan", market_basis="NAN")),
    frame(body(last_volume="-1")),
    frame(body(price="1-2")),
    frame(body(price="1E5", disparity="1234567890123456")),
    frame(body(change_sign="22")),
    frame(body(market_basis="-", theoretical_price="0.00001", disparity="123456789012345.25")),
    frame(body() + "^1^2"),
    "0|" + TR + "|002|" + body() + "^" + body(price="99.90"),
    frame(body().replace("180000", "18000x")),
]
"""Ordinary frames, and those that are ordinary at a first look only."""


def decoded() -> tuple[list[dict[str, str | float]], int]:
    """Return name and value of every field of the records, and the frames that are refused."""
    found, refused = list[dict[str, str | float]](), 0
    for one in FRAMES:
        try:
            records = decode(one).records
        except FrameError:
            refused += 1
            continue
        for each in records:
            names = each.__struct_fields__
            found.append({name: getattr(each, name) for name in names})
    return found, refused


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.ktape"
    write_tape(path, with_end(entry(at, text) for at, text in enumerate(FRAMES)))
    return path


@pytest.mark.parametrize("shape", ["csv", "parquet"])
def test_every_field_and_refusal_is_that_of_the_decoder(
    night: Path, tmp_path: Path, shape: str
) -> None:
    with Tape(night) as tape:
        result = export(
            tape, ExportTarget(tmp_path, "night", shape), ExportFilter(), replacing=False
        )
    expected, refused = decoded()
    path = tmp_path / f"night-{TR}.{shape}"
    assert (result.rows, result.refused) == ({path: len(expected)}, refused)
    assert 0 < refused < len(FRAMES) - 4
    if shape == "parquet":
        rows = pq.read_table(path).to_pylist()
    else:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
    for row, wanted in zip(rows, expected, strict=True):
        for name, value in wanted.items():
            if isinstance(value, str):
                assert row[name] == value
            elif math.isnan(value):
                assert row[name] in (None, "")
            else:
                assert float(row[name]) == value
                assert math.copysign(1, float(row[name])) == math.copysign(1, value)


def test_a_table_is_made_for_no_frame_that_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "night.ktape"
    bad = "0|H0EUCNT0|001|" + "^".join(record("H0EUCNT0", "B01612A18", time="180000", price="1-2"))
    assert plain_row(bad.encode(), 0) is not None
    write_tape(path, with_end([entry(0, bad), entry(1, FRAMES[0])]))
    with Tape(path) as tape:
        result = export(
            tape, ExportTarget(tmp_path, "night", "csv"), ExportFilter(), replacing=False
        )
    assert result.refused == 1
    assert [one.name for one in tmp_path.glob("*.csv")] == [f"night-{TR}.csv"]
