"""An archive of the demo tape, open for queries."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.archive.archiving import archive_tape
from app.archive.query_database import QueryDatabase, open_archive
from app.system.files import ProgramFolders
from app.tape import library
from app.tape.reader import Tape


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the demo tape, in a folder whose name has all that SQL and globs mind."""
    made = tmp_path_factory.mktemp("archive") / "it's [a] night*"
    with Tape(library.find("demo", ProgramFolders.find())) as tape:
        archive_tape(tape, made)
    return made


@pytest.fixture(scope="module")
def archive(folder: Path) -> Iterator[QueryDatabase]:
    with open_archive(folder) as opened:
        yield opened
