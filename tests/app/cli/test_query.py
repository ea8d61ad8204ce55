"""``kis-tui query``: output in three forms, errors, exit codes, huge results."""

import csv
import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
from harness.command_line import CommandLine, run_process
from rich.cells import cell_len

from app.archive.archiving import archive_tape
from app.archive.ready_queries import READY
from app.cli.query_output import output, unique_names
from app.system.files import ProgramFolders
from app.tape import library
from app.tape.reader import Tape


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("archive")
    with Tape(library.find("demo", ProgramFolders.find())) as tape:
        archive_tape(tape, made)
    return made


SAMPLE = (
    "select 1 as n, '가나다' as 이름, 1.25 as price, date '2026-11-23' as day,"
    " timestamp '2026-11-20 18:00:00.09' as at, null as nothing, true as yes, [1, 2] as list"
    " union all select 20000, 'abc', 'nan'::double, null, null, null, false, null"
)


def test_a_table_is_aligned_by_cells(kis_tui: CommandLine, folder: Path) -> None:
    told = kis_tui("query", "--archive", folder, SAMPLE)
    assert (told.code, told.err) == (0, "")
    header, first, second = told.out.splitlines()
    assert cell_len(first[: first.index("1.25")]) == cell_len(second[: second.index("false")]) - (
        cell_len(header[: header.index("yes")]) - cell_len(header[: header.index("price") + 1])
    )
    assert first.startswith("    1  가나다  ")
    assert second.startswith("20000  abc     ")
    assert "2026-11-20 18:00:00.090" in first


def test_csv_is_rfc_4180_with_blank_missing_values(kis_tui: CommandLine, folder: Path) -> None:
    told = kis_tui("query", "--archive", folder, SAMPLE, "--format", "csv")
    header, first, second = csv.reader(io.StringIO(told.out))
    assert header == ["n", "이름", "price", "day", "at", "nothing", "yes", "list"]
    assert first == [
        "1", "가나다", "1.25", "2026-11-23", "2026-11-20T18:00:00.090000", "", "true", "[1,2]",
    ]  # fmt: skip
    assert second == ["20000", "abc", "", "", "", "", "false", ""]


def test_json_is_an_array_of_objects(kis_tui: CommandLine, folder: Path) -> None:
    told = kis_tui("query", "--archive", folder, SAMPLE, "--format", "json")
    first, second = json.loads(told.out)
    assert first["이름"] == "가나다"
    assert (first["price"], first["at"]) == (1.25, "2026-11-20T18:00:00.090000")
    assert (second["price"], second["list"]) == (None, None)


@pytest.mark.parametrize("shape", ["table", "csv", "json"])
def test_no_rows_are_a_header_or_an_empty_array(
    kis_tui: CommandLine, folder: Path, shape: str
) -> None:
    told = kis_tui("query", "--archive", folder, "select 1 as a where false", "--format", shape)
    assert told.code == 0
    assert json.loads(told.out) == [] if shape == "json" else told.out == "a\n"


def test_columns_of_one_name_are_all_in_the_objects() -> None:
    assert unique_names(["a", "a", "b", "a"]) == ["a", "a_2", "b", "a_3"]


def test_a_text_obeys_no_terminal() -> None:
    chunks = iter([[("\x1b[31mred",)]])
    assert "\x1b" not in "".join(output(["\x1b]0;x"], chunks, "table"))


def test_a_cell_that_is_wider_than_the_first_rows_is_whole() -> None:
    chunks = iter([[("a", 1)], [("abcdef", 2)]])
    assert "".join(output(["n", "m"], chunks, "table")) == "n  m\na  1\nabcdef  2\n"


def test_an_error_is_one_sentence_with_its_place(kis_tui: CommandLine, folder: Path) -> None:
    told = kis_tui("--lang", "en", "query", "--archive", folder, "select nothere from trades")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith('kis-tui: query, line 1, column 8: Referenced column "nothere"')
    assert told.err.count("\n") == 1


def test_an_empty_archive_says_how_to_fill_it(kis_tui: CommandLine) -> None:
    told = kis_tui("--lang", "en", "query", "select 1")
    assert told.code == 2
    assert "kis-tui tape archive" in told.err


def test_the_archive_of_the_data_directory_is_asked_unless_another_is_named(
    kis_tui: CommandLine,
) -> None:
    assert kis_tui("tape", "archive", "demo").code == 0
    told = kis_tui("query", "select count(*) as n from trades", "--format", "csv")
    assert (told.code, told.out) == (0, "n\n5414\n")


def test_ready_queries_are_listed_run_and_shown(kis_tui: CommandLine, folder: Path) -> None:
    told = kis_tui("query", "--list")
    assert [line.split()[0] for line in told.out.splitlines()] == list(READY)
    words = ("--ready", "bars", "code=A01612", "minutes=20")
    told = kis_tui("query", "--archive", folder, *words)
    shown = kis_tui("query", *words, "--sql")
    assert kis_tui("query", "--archive", folder, shown.out) == told
    told = kis_tui("--lang", "en", "query", "--ready", "bars")
    assert (told.code, "code is missing" in told.err) == (2, True)


def test_a_query_comes_on_standard_input(folder: Path) -> None:
    program = "from app.cli import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", program, "query", "--archive", str(folder), "-"],
        input="select 1 as a\n", capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (0, "a\n1\n")


ENDLESS = "select i, 'row ' || i as text from range(1000000000) t(i)"


def test_a_huge_result_streams_and_ends_with_its_reader(folder: Path) -> None:
    with run_process("query", "--archive", str(folder), ENDLESS, "--format", "csv") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(200_000)]
        assert lines[-1] == "199998,row 199998\n"
        status = Path(f"/proc/{process.pid}/status")
        if status.exists():
            [peak] = [x for x in status.read_text().splitlines() if x.startswith("VmHWM")]
            assert int(peak.split()[1]) < 400_000
        process.stdout.close()
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    "sql",
    ["select count(*) from range(10000000000) a(i), range(1000000) b(j) where i*j%7=3", ENDLESS],
)
def test_an_interrupt_ends_a_query_with_130(folder: Path, sql: str) -> None:
    with run_process("query", "--archive", str(folder), sql) as process:
        assert process.stdout is not None
        if sql is ENDLESS:
            process.stdout.readline()
        else:
            wait_until_busy(process)
        process.send_signal(signal.SIGINT)
        process.stdout.close()
        assert process.wait(30) in ((130,) if sql is not ENDLESS else (130, 0))
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def wait_until_busy(process: subprocess.Popen[str]) -> None:
    """Wait until a process has loaded DuckDB and computed for a while."""
    end = monotonic() + 30
    maps = Path(f"/proc/{process.pid}/maps")
    while "duckdb" not in maps.read_text() and monotonic() < end:
        sleep(0.05)
    begin = cpu(process.pid)
    while cpu(process.pid) < begin + 1.5 and monotonic() < end:
        sleep(0.05)


def cpu(pid: int) -> float:
    """Return the seconds of CPU that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
