"""DuckDB over an archive, for reading only.

Two things keep a query from anything else: only a single SELECT is run, and DuckDB itself, whose
settings are locked before it, opens no file outside of the archive and loads no extension.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from app.archive.archive_index import entries_of, has_parts
from app.archive.query_views import MACROS, quoted, view_statement
from app.system.errors import KisTuiError, UsageError
from specs.catalog import CATALOG, Channel
from specs.user_message import UserMessage

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Result = TypeVar("Result")

CHUNK = 1024
"""Rows that are fetched at a time."""

INTERRUPT_EVERY = 0.05
"""Seconds between two interruptions of a query that goes on."""


class _Failure(msgspec.Struct):
    """An error of DuckDB as JSON."""

    exception_message: str
    position: str = ""


@contextmanager
def open_archive(folder: Path) -> Iterator["QueryDatabase"]:
    """Open an archive for queries.

    Raises:
        UsageError: there is nothing in it.
        KisTuiError: DuckDB is not installed, or a file of the archive cannot be read.
    """
    try:
        import duckdb
    except ImportError as error:
        hint = UserMessage("archive.extra_hint")
        raise KisTuiError("query.no_duckdb", hint=hint) from error
    folder = folder.absolute()
    trs = frozenset(tr_id for tr_id in CATALOG if has_parts(folder, tr_id))
    if not trs:
        raise UsageError("query.empty", folder=folder, hint=UserMessage("query.empty_hint"))
    # Sorts that are larger than memory go to a folder of their own.
    with TemporaryDirectory(prefix="kis-tui-") as spill, duckdb.connect(":memory:") as connection:
        try:
            _set_up(connection, folder, trs, Path(spill))
        except duckdb.Error as error:
            why = _sentence(str(error))[0]
            raise KisTuiError("query.unreadable", folder=folder, why=why) from error
        with ThreadPoolExecutor(1) as worker:
            yield QueryDatabase(connection, worker)


class QueryDatabase:
    """An open archive."""

    def __init__(self, connection: "DuckDBPyConnection", worker: ThreadPoolExecutor) -> None:
        """`worker` runs the queries: DuckDB may not look for a signal while it computes."""
        self._connection = connection
        self._worker = worker

    def run(self, sql: str) -> tuple[list[str], Iterator[list[tuple[Any, ...]]]]:
        """Run a SELECT and return the names of its columns, and its rows in chunks as they come.

        Raises:
            UsageError: it is not a single SELECT, or fails; here or while rows are fetched.
            KeyboardInterrupt: the user interrupted the query, which has ended.
        """
        import duckdb

        with _failures(sql):
            statements = self._connection.extract_statements(sql)
        if not statements:
            raise UsageError("query.nothing", hint=UserMessage("query.usage_hint"))
        if len(statements) > 1:
            raise UsageError("query.several")
        if statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("query.only_select")
        with _failures(sql):
            result = self._wait_for(lambda: self._connection.execute(statements[0]))
            names = [column[0] for column in result.description or ()]
        return names, self._chunks(result, sql)

    def _chunks(self, result: "DuckDBPyConnection", sql: str) -> Iterator[list[tuple[Any, ...]]]:
        while True:
            with _failures(sql):
                rows = self._wait_for(lambda: result.fetchmany(CHUNK))
            if not rows:
                return
            yield rows

    def _wait_for(self, call: Callable[[], Result]) -> Result:
        running = self._worker.submit(call)
        try:
            return running.result()
        except KeyboardInterrupt:
            # A query that has not begun yet forgets that it was interrupted.
            while not running.done():
                self._connection.interrupt()
                wait([running], INTERRUPT_EVERY)
            raise


def _set_up(
    connection: "DuckDBPyConnection", folder: Path, trs: frozenset[str], spill: Path
) -> None:
    """Create the views, and lock everything else."""
    # The check compares texts: what is allowed is named as the views name it, too.
    allowed = f"[{quoted(str(folder))}, {quoted(escape(str(folder)))}]"
    for name, value in (
        ("allowed_directories", allowed),
        ("temp_directory", quoted(str(spill))),
        ("autoinstall_known_extensions", "false"),
        ("autoload_known_extensions", "false"),
        # Otherwise the name of a Python variable is a table.
        ("python_enable_replacements", "false"),
        ("enable_progress_bar", "false"),
        ("errors_as_json", "true"),
    ):
        connection.execute(f"set {name} = {value}")
    for macro in MACROS:
        connection.execute(macro)
    for channel in Channel:
        connection.execute(view_statement(folder, channel, trs))
    connection.execute(
        "create table tapes (tape varchar, name varchar, first timestamp, last timestamp,"
        " rows bigint, damaged boolean)"
    )
    for tape_id, entry in entries_of(folder):
        connection.execute(
            "insert into tapes values (?, ?, in_kst(make_timestamp_ns(?)),"
            " in_kst(make_timestamp_ns(?)), ?, ?)",
            [tape_id, entry.name, entry.first, entry.last, sum(entry.rows.values()), entry.damaged],
        )
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


@contextmanager
def _failures(sql: str) -> Iterator[None]:
    """Turn an error of DuckDB into a sentence with its place in the query.

    Raises:
        UsageError: there was one.
    """
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        why, position = _sentence(str(error))
        if position is None:
            raise UsageError("query.failed", why=why) from error
        line, column = line_and_column(sql, position)
        raise UsageError("query.failed_at", why=why, line=line, column=column) from error


def _sentence(text: str) -> tuple[str, int | None]:
    """Return the message of an error in one line, and the byte of the query that it is about."""
    _, _, content = text.partition(": ")
    try:
        found = msgspec.json.decode(content, type=_Failure)
    except (msgspec.MsgspecError, UnicodeError):
        return " ".join(content.split("\n\nLINE ")[0].split()), None
    position = int(found.position) if found.position.isdigit() else None
    return " ".join(found.exception_message.split()), position


def line_and_column(sql: str, position: int) -> tuple[int, int]:
    """Return line and column (from 1) of a byte of a query."""
    before = sql.encode()[:position].decode(errors="ignore").split("\n")
    return len(before), len(before[-1]) + 1
