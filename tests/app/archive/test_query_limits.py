"""What a query of an archive may not do: write, read elsewhere, change settings, use a network."""

import os
import socket
import threading
from pathlib import Path

import pytest
from harness.query_rows import rows

from app.archive.query_database import QueryDatabase
from app.system.errors import UsageError

WRITES = (
    "copy (select 1) to '{folder}/stolen.csv'",
    "copy trades to '{outside}/stolen.parquet'",
    "explain analyze copy (select 1) to '{folder}/stolen.csv'",
    "attach '{outside}/other.db'",
    "create table x as select 1",
    "drop view trades",
    "insert into tapes select * from tapes",
    "delete from tapes",
    "update tapes set name = 'x'",
    "export database '{outside}'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "reset allowed_directories",
    "pragma enable_profiling",
    "call enable_logging()",
    "begin; select 1",
    "vacuum",
    "checkpoint",
    "prepare x as select 1",
    "use memory",
)
READS = (
    "select * from read_csv('{secret}')",
    "select * from read_text('{secret}')",
    "select * from read_blob('{folder}/../secret.txt')",
    "select * from '{secret}'",
    "select * from glob('{outside}/*')",
    "select * from read_json('{secret}')",
    "select * from query('copy (select 1) to ''{folder}/stolen.csv''')",
    "select * from environ",
    "select * from os",
    "select getenv('HOME')",
)


@pytest.mark.parametrize("sql", [*WRITES, *READS])
def test_a_query_neither_writes_nor_reads_outside_of_the_archive(
    folder: Path, archive: QueryDatabase, tmp_path: Path, sql: str
) -> None:
    secret = folder.parent / "secret.txt"
    secret.write_text("secret")
    before = sorted(folder.parent.rglob("*"))
    inside = str(folder).replace("'", "''")
    text = sql.format(folder=inside, outside=tmp_path, secret=str(secret).replace("'", "''"))
    with pytest.raises(UsageError):
        rows(archive, text)
    assert sorted(folder.parent.rglob("*")) == before
    assert os.listdir(tmp_path) == []
    assert len(rows(archive, "select * from tapes")) == 1


def test_a_query_reaches_no_network(archive: QueryDatabase) -> None:
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        for name in ("x.parquet", "x.csv"):
            with pytest.raises(UsageError):
                rows(archive, f"select * from 'http://127.0.0.1:{port}/{name}'")
        try:
            server.accept()
            asked.set()
        except TimeoutError:
            pass
    assert not asked.is_set()


def test_duckdb_itself_refuses_what_the_check_of_statements_would(
    archive: QueryDatabase, tmp_path: Path
) -> None:
    import duckdb

    for sql in (
        f"copy (select 1) to '{tmp_path}/x.csv'",
        f"attach '{tmp_path}/x.db'",
        "load httpfs",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
    ):
        with pytest.raises(duckdb.Error):
            archive._connection.execute(sql)
    assert os.listdir(tmp_path) == []
