"""The text catalogue in one file: the same texts as the TOML files', and never older ones."""

import os
import sys
from pathlib import Path

import pytest

from widgets import texts
from widgets.texts.catalogue_file import cache_path, list_sources, read_catalogue

ONE = {"a": {"key": {"ko": "가", "en": "a"}}}


@pytest.fixture(autouse=True)
def bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


def write(folder: Path, text: str = "가") -> None:
    (folder / "a.toml").write_text(f'[a.key]\nko = "{text}"\nen = "a"\n', encoding="utf-8")


def place(folder: Path) -> Path:
    found = cache_path(folder)
    assert found is not None
    return found


def test_the_file_holds_all_texts_and_is_read_instead_of_the_toml_files(tmp_path: Path) -> None:
    write(tmp_path)
    assert read_catalogue(tmp_path) == ONE
    kept = place(tmp_path)
    assert [one.name for one in kept.parent.iterdir()] == [kept.name]
    kept.write_bytes(kept.read_bytes().replace("가".encode(), "나".encode()))
    assert read_catalogue(tmp_path)["a"]["key"]["ko"] == "나"


def test_the_catalogue_of_the_program_is_that_of_its_toml_files(tmp_path: Path) -> None:
    folder = Path(texts.__file__).parent
    for name, _, _ in list_sources(folder):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    made = read_catalogue(tmp_path)
    assert read_catalogue(tmp_path) == made == texts.catalogue()


def test_a_changed_added_or_removed_toml_file_is_read_anew(tmp_path: Path) -> None:
    write(tmp_path)
    read_catalogue(tmp_path)
    os.utime(tmp_path / "a.toml", ns=(0, 0))
    read_catalogue(tmp_path)
    write(tmp_path, "다")
    assert read_catalogue(tmp_path)["a"]["key"]["ko"] == "다"
    (tmp_path / "b.toml").write_text("[b.key]\nko = ''\n")
    assert set(read_catalogue(tmp_path)) == {"a", "b"}
    (tmp_path / "b.toml").unlink()
    assert set(read_catalogue(tmp_path)) == {"a"}


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"sources":[],"texts":{}}', b"\xff"])
def test_a_damaged_file_is_written_anew(tmp_path: Path, content: bytes) -> None:
    write(tmp_path)
    read_catalogue(tmp_path)
    place(tmp_path).write_bytes(content)
    assert read_catalogue(tmp_path) == ONE
    assert len(place(tmp_path).read_bytes()) > len(content)


def test_nothing_is_written_where_python_writes_no_bytecode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert read_catalogue(tmp_path) == ONE
    assert not place(tmp_path).parent.exists()


def test_a_folder_that_cannot_be_written_to_costs_the_file_alone(tmp_path: Path) -> None:
    write(tmp_path)
    place(tmp_path).parent.write_text("a file where the folder belongs")
    assert read_catalogue(tmp_path) == ONE
