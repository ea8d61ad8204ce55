"""What-if positions saved under names: their file, and undoing."""

from pathlib import Path

import pytest

from app.portfolio.positions import Position
from app.portfolio.what_if_sets import MOST_SETS, WhatIfSets, read_sets, write_sets
from app.storage.toml_files import DamagedFile, NewerFile
from app.system.clock import SystemClock
from app.system.errors import UsageError

CONDOR = (Position("B01612A33", -1, 20.5), Position("B01612A37", 1, 9.25))
LONG = (Position("A01612", 2, 1080.0),)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "what-if.toml"


def test_sets_are_saved_and_loaded_in_the_order_of_their_names(path: Path) -> None:
    sets = WhatIfSets(path, SystemClock())
    assert sets.load() == {}
    sets.save("콜 스프레드", CONDOR)
    sets.save("a future", LONG)
    found = WhatIfSets(path, SystemClock()).load()
    assert list(found.items()) == [("a future", LONG), ("콜 스프레드", CONDOR)]


def test_replaced_and_deleted_sets_are_undone_beside_the_changes_of_another_run(
    path: Path,
) -> None:
    sets, other = WhatIfSets(path, SystemClock()), WhatIfSets(path, SystemClock())
    assert not sets.undo()
    sets.save("mine", CONDOR)
    sets.save("mine", LONG)
    assert sets.delete("mine")
    assert not sets.delete("mine")
    other.save("theirs", LONG)
    for left in ({"mine": LONG}, {"mine": CONDOR}, {}):
        assert sets.undo() == "mine"
        assert sets.load() == left | {"theirs": LONG}
    assert not sets.undo()


@pytest.mark.parametrize("name", ["", " a", "a  b", "x" * 21, "\x1b[2J"])
def test_a_name_that_cannot_be_shown_is_refused(path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        WhatIfSets(path, SystemClock()).save(name, LONG)
    assert not path.exists()


def test_a_set_too_many_is_refused(path: Path) -> None:
    path.write_bytes(write_sets({f"set {n}": LONG for n in range(MOST_SETS)}))
    sets = WhatIfSets(path, SystemClock())
    with pytest.raises(UsageError):
        sets.save("more", LONG)
    sets.save("set 3", CONDOR)
    assert sets.load()["set 3"] == CONDOR


@pytest.mark.parametrize(
    "text",
    [
        "set = 3",
        "[[set]]\nposition = []",
        "[[set]]\nname = 'a'\nposition = 3",
        "[[set]]\nname = 'a'\n[[set]]\nname = 'a'",
        "[[set]]\nname = 'a'\n[[set.position]]\ncode = 'A01612'\nquantity = 0\naverage = 1.0",
        "[[set]]\nname = 'a'\n[[set.position]]\ncode = 'KOSPI'\nquantity = 1\naverage = 1.0",
        write_sets({"a": (*LONG, *LONG)}).decode(),
        "not toml",
    ],
)
def test_a_damaged_file_is_moved_aside_and_a_new_one_written(path: Path, text: str) -> None:
    path.write_text(text)
    sets = WhatIfSets(path, SystemClock())
    with pytest.raises(DamagedFile):
        sets.load()
    assert [one.read_text() for one in path.parent.iterdir()] == [text]
    sets.save("mine", LONG)
    assert sets.load() == {"mine": LONG}


def test_the_file_of_a_newer_program_is_not_replaced(path: Path) -> None:
    path.write_text("schema = 99\n")
    with pytest.raises(NewerFile):
        WhatIfSets(path, SystemClock()).save("mine", LONG)
    assert path.read_text() == "schema = 99\n"


def test_a_file_reads_back_as_it_was_written() -> None:
    sets = {"a": CONDOR, "b": ()}
    assert read_sets(write_sets(sets), "what-if.toml") == sets
