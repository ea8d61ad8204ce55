"""The archive of tapes: partitions, identity, interruptions, damage and repeated records."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from harness.tape_samples import (
    FUTURE,
    OPTION,
    entry,
    expectations,
    trade,
    trades,
    with_end,
    write_tape,
)

from app.archive import archiving
from app.archive.archive_index import entries_of, load_entry
from app.archive.archiving import (
    ArchiveOutcome,
    ArchiveResult,
    archive_tape,
    require_pyarrow,
    trade_date_of,
)
from app.archive.tape_identity import identify
from app.system.clock import KST
from app.system.errors import KisTuiError
from app.tape.copying import repair
from app.tape.packing import pack_tape
from app.tape.reader import Tape
from app.tape.times import nanoseconds
from specs.catalog import Session

NIGHT = [*expectations(20), *trades(300, every=100)]


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.ktape"
    write_tape(path, with_end(NIGHT), every=50)
    return path


def archived(path: Path) -> ArchiveResult:
    with Tape(path) as tape:
        return archive_tape(tape, path.parent / "archive")


def parts(folder: Path) -> dict[str, int]:
    """Return the rows of every Parquet file of an archive by its folders."""
    found = {}
    for path in sorted((folder / "archive").rglob("*.parquet")):
        found[path.parent.relative_to(folder / "archive").as_posix()] = pq.read_metadata(
            path
        ).num_rows
    return found


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_tape_is_archived_by_tr_and_trade_date(tmp_path: Path, night: Path) -> None:
    result = archived(night)
    assert (result.outcome, result.rows) == (ArchiveOutcome.WRITTEN, 320)
    found = parts(tmp_path)
    # The night of Friday 20 November 2026 belongs to Monday's trade date.
    assert set(found) == {
        f"tr={tr}/trade_date=2026-11-23" for tr in ("H0EUANC0", "H0EUCNT0", "H0MFCNT0")
    }
    assert found["tr=H0EUANC0/trade_date=2026-11-23"] == 20
    assert sum(found.values()) == 320
    [path] = (tmp_path / "archive").glob("tr=H0MFCNT0/*/*.parquet")
    codes = set(pq.read_table(path, partitioning=None).column("code").to_pylist())
    assert codes == {FUTURE}
    assert path.stat().st_mode & 0o777 == 0o600


def test_sessions_of_one_tape_go_to_their_own_dates(tmp_path: Path) -> None:
    path = tmp_path / "long.ktape"
    # From Friday evening over Saturday's small hours to Monday evening.
    hours = (0, 11, 72, 83)
    write_tape(
        path,
        with_end([entry(h * 3600, trade(FUTURE, h * 3600, 10 + h)) for h in hours]),
    )
    archived(path)
    assert parts(tmp_path) == {
        "tr=H0MFCNT0/trade_date=2026-11-23": 2,
        "tr=H0MFCNT0/trade_date=2026-11-24": 2,
    }


@pytest.mark.parametrize(
    ("session", "begin", "expected"),
    [
        (Session.DAY, datetime(2026, 11, 20, tzinfo=KST), date(2026, 11, 20)),
        (Session.DAY, datetime(2026, 11, 20, 12, tzinfo=KST), date(2026, 11, 20)),
        (Session.NIGHT, datetime(2026, 11, 20, tzinfo=KST), date(2026, 11, 20)),
        (Session.NIGHT, datetime(2026, 11, 20, 12, tzinfo=KST), date(2026, 11, 23)),
        (Session.NIGHT, datetime(2026, 11, 21, tzinfo=KST), date(2026, 11, 23)),
        (Session.DAY, datetime(2026, 11, 21, tzinfo=KST), date(2026, 11, 23)),
        (Session.NIGHT, datetime(2026, 11, 23, 12, tzinfo=KST), date(2026, 11, 24)),
    ],
)
def test_a_session_has_the_trade_date_of_the_calendar(
    session: Session, begin: datetime, expected: date
) -> None:
    assert trade_date_of(session, nanoseconds(begin)) == expected


@pytest.mark.parametrize("change", ["nothing", "move", "pack"])
def test_a_tape_that_is_there_adds_nothing(tmp_path: Path, night: Path, change: str) -> None:
    archived(night)
    before = contents(tmp_path / "archive")
    if change == "move":
        night = Path(shutil.move(night, tmp_path / "other.ktape"))
    elif change == "pack":
        sizes = pack_tape(night)
        assert sizes.after < sizes.before
    assert archived(night) == ArchiveResult(ArchiveOutcome.PRESENT, 320)
    assert contents(tmp_path / "archive") == before


def test_a_packed_tape_has_the_identity_of_the_recorded_one(night: Path) -> None:
    with Tape(night) as tape:
        before = identify(tape)
    sizes = pack_tape(night)
    assert sizes.after < sizes.before
    with Tape(night) as tape:
        assert identify(tape) == before


def test_tapes_that_differ_in_one_entry_have_different_identities(tmp_path: Path) -> None:
    found = set()
    for number in range(2):
        path = tmp_path / f"{number}.ktape"
        write_tape(path, with_end([*NIGHT, entry(40_000, trade(FUTURE, 40_000, 9000 + number))]))
        with Tape(path) as tape:
            found.add(identify(tape).id)
    assert len(found) == 2


def test_a_repaired_copy_adds_no_record_twice(tmp_path: Path, night: Path) -> None:
    write_tape(night.with_name("open.ktape"), NIGHT, every=50)
    night = night.with_name("open.ktape")
    archived(night)
    before = parts(tmp_path)
    with Tape(night) as tape:
        repair(tape, tmp_path / "repaired.ktape")
    result = archived(tmp_path / "repaired.ktape")
    assert (result.outcome, result.rows, result.repeated) == (ArchiveOutcome.WRITTEN, 0, 320)
    assert parts(tmp_path) == before
    assert archived(tmp_path / "repaired.ktape").outcome is ArchiveOutcome.PRESENT


def test_a_longer_tape_adds_what_a_shorter_one_lacked(tmp_path: Path, night: Path) -> None:
    short = tmp_path / "short.ktape"
    write_tape(short, with_end(NIGHT[:120]), every=50)
    archived(short)
    result = archived(night)
    assert (result.rows, result.repeated) == (200, 120)
    tables = [pq.read_table(p, partitioning=None) for p in tmp_path.rglob("*.parquet")]
    assert sum(table.num_rows for table in tables) == 320


def test_records_of_another_code_in_the_same_microsecond_are_kept(tmp_path: Path) -> None:
    first, second = tmp_path / "a.ktape", tmp_path / "b.ktape"
    write_tape(first, with_end([entry(5, trade(OPTION, 5, 10))]))
    other = OPTION[:-1] + "9"
    write_tape(second, with_end([entry(5, trade(other, 5, 10))]))
    archived(first)
    assert (archived(second).rows, archived(second).repeated) == (1, 0)


class Interrupted(Exception):
    pass


@pytest.fixture(params=["replace", "sync_path", "save_entry"])
def interrupted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Break off at the second file that is synced or named, or before the index is written."""
    target = os if request.param == "replace" else archiving
    original, calls = getattr(target, request.param), 0

    def broken(*values: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2 or request.param == "save_entry":
            raise Interrupted
        return original(*values)

    with monkeypatch.context() as patch:
        patch.setattr(target, request.param, broken)
        yield


def test_an_interrupted_tape_is_not_in_the_index_and_leaves_only_whole_files(
    tmp_path: Path, night: Path, interrupted: None
) -> None:
    with pytest.raises(Interrupted):
        archived(night)
    assert list(entries_of(tmp_path / "archive")) == []
    for path in (tmp_path / "archive").rglob("*"):
        assert path.is_dir() or pq.read_table(path, partitioning=None).num_rows


def test_an_interrupted_archive_is_resumed(
    tmp_path: Path, night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(archiving, "save_entry", broken)
        with pytest.raises(Interrupted):
            archived(night)
    result = archived(night)
    assert (result.outcome, result.rows, result.repeated) == (ArchiveOutcome.WRITTEN, 320, 0)
    assert sum(parts(tmp_path).values()) == 320


KILLED = """
import os, signal, sys
from pathlib import Path
from app.archive.archiving import archive_tape
from app.tape.reader import Tape
replace, calls = os.replace, 0
def broken(*paths):
    global calls
    calls += 1
    if calls == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    replace(*paths)
os.replace = broken
path = Path(sys.argv[1])
with Tape(path) as tape:
    archive_tape(tape, path.parent / "archive")
"""


@pytest.mark.parametrize("call", [1, 2, 4])
def test_a_killed_archive_is_resumed_and_leaves_nothing_unfinished(
    tmp_path: Path, night: Path, call: int
) -> None:
    """The calls are those that name the three Parquet files and the entry of the index."""
    if sys.platform == "win32":
        pytest.skip("SIGKILL is POSIX")
    run = subprocess.run(
        [sys.executable, "-c", KILLED, night, str(call)], cwd=Path(__file__).parents[3], check=False
    )
    assert run.returncode == -signal.SIGKILL
    assert list(entries_of(tmp_path / "archive")) == []
    assert len(list((tmp_path / "archive").rglob("*.parquet"))) == call - 1
    assert list((tmp_path / "archive").rglob(".*.tmp"))
    result = archived(night)
    assert (result.outcome, result.rows, result.repeated) == (ArchiveOutcome.WRITTEN, 320, 0)
    assert sum(parts(tmp_path).values()) == 320
    assert list((tmp_path / "archive").rglob(".*.tmp")) == []


def test_a_deleted_file_is_written_again(tmp_path: Path, night: Path) -> None:
    archived(night)
    [path] = (tmp_path / "archive").glob("tr=H0EUCNT0/*/*.parquet")
    path.unlink()
    assert archived(night).outcome is ArchiveOutcome.WRITTEN
    assert path.is_file()


def test_a_damaged_tape_is_archived_as_far_as_it_can_be_read_and_again_when_it_is_whole(
    tmp_path: Path, night: Path
) -> None:
    whole = night.read_bytes()
    with Tape(night) as tape:
        place = tape.segments[2].start + 30
    night.write_bytes(whole[:place] + bytes(8) + whole[place + 8 :])
    result = archived(night)
    assert (result.outcome, result.rows < 320) == (ArchiveOutcome.WRITTEN, True)
    with Tape(night) as tape:
        kept = load_entry(tmp_path / "archive", identify(tape).id)
    assert kept is not None
    assert kept.damaged
    assert archived(night).outcome is ArchiveOutcome.PRESENT
    night.write_bytes(whole)
    os.utime(night, ns=(1, 1))
    result = archived(night)
    assert (result.outcome, result.rows) == (ArchiveOutcome.WRITTEN, 320)
    assert sum(parts(tmp_path).values()) == 320


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, night: Path) -> None:
    (tmp_path / "archive").write_text("a file")
    with pytest.raises(KisTuiError) as raised:
        archived(night)
    assert raised.value.key == "files.unwritable"


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise KisTuiError("tape.no_parquet")

    monkeypatch.setattr(archiving, "arrow", missing)
    with pytest.raises(KisTuiError) as raised:
        require_pyarrow()
    assert raised.value.key == "archive.no_pyarrow"
    assert "archive.extra_hint" in str(raised.value.hint)
