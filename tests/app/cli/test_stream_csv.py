"""``kis-tui stream --format csv`` and ``--layout``: one header for every TR that may come."""

import csv
import io
from pathlib import Path

import msgspec
import pytest
from harness.command_line import CommandLine, Outcome, run_process

from app.cli.invocation import Invocation
from app.cli.record_writer import columns_of, fields_of
from app.cli.requested_codes import wanted
from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout
from app.system.clock import SystemClock
from app.system.files import ProgramFolders
from specs.catalog import CATALOG, Channel, Session
from specs.record import elements

CODES = ("A01612", "B01612A33")


def table(told: Outcome) -> list[dict[str, str]]:
    assert told.code == 0, told.err
    lines = list(csv.reader(io.StringIO(told.out)))
    header, *rows = lines
    assert {len(line) for line in lines} == {len(header)}
    return [dict(zip(header, row, strict=True)) for row in rows]


def demo(kis_tui: CommandLine, *words: str) -> Outcome:
    given = ("--demo", "--speed", "200", "--timeout", "25", "--format", "csv")
    return kis_tui("stream", *given, *words)


def test_the_header_is_the_union_of_the_fields_of_every_tr(kis_tui: CommandLine) -> None:
    told = kis_tui(
        *("stream", "--replay", "demo", "--format", "csv"),
        *("--channel", "trade,expected", "--to", "18:02"),
    )
    found = table(told)
    assert {row["tr_id"] for row in found} == {"H0EUANC0", "H0EUCNT0", "H0MFCNT0"}
    header = told.out.split("\n", 1)[0].split(",")
    assert header[:3] == ["tr_id", "received", "code"]
    for row in found:
        own = {f.name for f in msgspec.structs.fields(CATALOG[row["tr_id"]].spec)}
        assert own <= set(header)
        assert {name for name, value in row.items() if value} <= {"tr_id", "received", *own}
        assert len(row["time"]) == 6


def test_missing_numbers_are_blank(kis_tui: CommandLine) -> None:
    far = ("B01612832", "C01612832", "B01612B35")
    told = kis_tui(
        *("stream", *far, "--demo", "--start", "18:05", "--speed", "1000"),
        *("--count", "1", "--timeout", "25", "--format", "csv"),
    )
    [row] = table(told)
    assert row["theta"] == ""
    assert "nan" not in told.out.lower()


def test_kis_own_names_head_the_columns(kis_tui: CommandLine) -> None:
    [row] = table(demo(kis_tui, "B01612A33", "--start", "18:00", "--count", "1", "--names", "kis"))
    assert list(row)[2:4] == ["OPTN_SHRN_ISCD", "BSOP_HOUR"]
    assert row["OPTN_SHRN_ISCD"] == "B01612A33"


def test_a_run_without_a_pinned_session_has_the_columns_of_both() -> None:
    trade = (Channel.TRADE,)
    night = columns_of(("A01612",), [Session.NIGHT], trade, elements)
    both = columns_of(("A01612",), Session, trade, elements)
    assert set(night) < set(both)
    assert columns_of(("A01612",), Session, trade, fields_of)[:2] == ["tr_id", "received"]
    assert columns_of(reversed(CODES), Session, tuple(Channel), fields_of) == columns_of(
        CODES, Session, list(reversed(Channel)), fields_of
    )


def test_the_codes_of_a_layout_follow_those_given(kis_tui: CommandLine) -> None:
    LayoutStore(ProgramFolders.find(), SystemClock()).save(Layout(name="straddle", codes=[*CODES]))
    invocation = Invocation(None, None)
    asked = wanted(invocation, ("c01612a33,A01612",), {"layout": "straddle", "demo": False})
    assert asked.codes == ("C01612A33", "A01612", "B01612A33")
    words = ("--layout", "straddle", "--start", "18:00", "--speed", "20", "--count", "70")
    found = table(demo(kis_tui, *words))
    assert {row["code"] for row in found} == set(CODES)


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "종목코드나 --layout"), (("--layout", "nowhere"), "nowhere")],
)
def test_nothing_to_watch_is_a_wrong_use(
    kis_tui: CommandLine, words: tuple[str, ...], said: str
) -> None:
    told = kis_tui("stream", *words)
    assert (told.code, told.out) == (2, "")
    assert said in told.err


def test_a_demo_without_codes_streams_what_it_watches(kis_tui: CommandLine) -> None:
    found = table(demo(kis_tui, "--start", "18:00", "--speed", "20", "--count", "120"))
    assert len({row["code"] for row in found}) > 2


def test_a_closed_pipe_ends_a_table_quietly(tmp_path: Path) -> None:
    words = ("stream", *CODES, "--demo", "--start", "18:00", "--speed", "100", "--format", "csv")
    with run_process(*words) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 0
        assert "Traceback" not in process.stderr.read()
