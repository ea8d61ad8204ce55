"""Names of a tape on the command line: a path, a name, or ``demo``."""

from pathlib import Path

import pytest

from app.system.files import ProgramFolders
from app.tape import library
from app.tape.entry import TapeError


@pytest.fixture
def places(tmp_path: Path) -> ProgramFolders:
    return ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))


def keep(places: ProgramFolders, *names: str) -> None:
    library.folder(places).mkdir(parents=True, exist_ok=True)
    for name in names:
        (library.folder(places) / name).write_bytes(b"")


def test_a_name_means_a_tape_of_the_user_with_or_without_its_ending(places: ProgramFolders) -> None:
    keep(places, "20261123-night.ktape")
    found = library.folder(places) / "20261123-night.ktape"
    assert library.find("20261123-night", places) == found
    assert library.find("20261123-night.ktape", places) == found


def test_a_path_comes_before_a_name(
    places: ProgramFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(places, "x.ktape")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.ktape").write_bytes(b"")
    assert library.find("x.ktape", places) == Path("x.ktape")
    assert library.find("x", places) == library.folder(places) / "x.ktape"


def test_demo_is_built_in_whatever_lies_there(
    places: ProgramFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(places, "demo.ktape")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo").write_bytes(b"")
    found = library.find("demo", places)
    assert found.parent == Path(library.__file__).parent
    assert library.find("./demo", places) == Path("demo")


@pytest.mark.parametrize("text", ["", "nowhere", "../x", "a/b", "x\0y", "x" * 5000, "~"])
def test_what_is_not_there_is_said(
    places: ProgramFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (places.data).mkdir()
    (places.data / "x.ktape").write_bytes(b"")
    monkeypatch.chdir(tmp_path / "data")
    with pytest.raises(TapeError):
        library.find(text, places)


def test_the_names_are_those_of_tapes_alone(places: ProgramFolders) -> None:
    assert library.names(places) == []
    keep(places, "b.ktape", "a.ktape", "notes.txt", ".c.ktape.1-00000000.tmp", ".d.ktape")
    assert library.names(places) == ["a", "b"]
