"""``kis-tui tape archive``: which words are a folder, what is said, and which code it leaves."""

import os
import shutil
from pathlib import Path

import pytest
from harness.command_line import CommandLine
from harness.tape_samples import trades, with_end, write_tape

from app.cli.tape_archive import split_words
from app.system.files import ProgramFolders
from app.tape import library
from app.tape.reader import Tape


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.ktape"
    write_tape(path, with_end(trades(100, every=10)), every=50)
    return path


@pytest.fixture
def own_tapes(night: Path) -> Path:
    folder = library.folder(ProgramFolders.find())
    folder.mkdir(parents=True)
    shutil.copy(night, folder / "one.ktape")
    return folder


def test_the_first_word_is_a_folder_if_it_is_one_or_has_a_slash_and_is_no_tape(
    tmp_path: Path, night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    (tmp_path / "sub").mkdir()
    shutil.copy(night, tmp_path / "sub" / "plain")
    assert split_words(()) == (None, [])
    assert split_words(("there", "demo")) == (Path("there"), ["demo"])
    assert split_words(("new/", "demo")) == (Path("new"), ["demo"])
    assert split_words(("./new",)) == (Path("new"), [])
    assert split_words(("new", "demo")) == (None, ["new", "demo"])
    assert split_words(("sub/none.ktape",)) == (None, ["sub/none.ktape"])
    assert split_words(("sub/plain",)) == (None, ["sub/plain"])
    assert split_words((str(night),)) == (None, [str(night)])


def test_without_words_all_own_tapes_go_to_the_data_directory(
    kis_tui: CommandLine, own_tapes: Path
) -> None:
    target = own_tapes.parent / "archive"
    told = kis_tui("--lang", "en", "tape", "archive")
    assert (told.code, told.out) == (0, "")
    assert "one.ktape: 100 rows archived" in told.err
    assert str(target) in told.err
    assert len(list(target.rglob("*.parquet"))) == 2
    told = kis_tui("--lang", "en", "tape", "archive")
    assert (told.code, "in the archive already (100 rows)" in told.err) == (0, True)


def test_a_folder_and_files_are_told_apart(kis_tui: CommandLine, night: Path) -> None:
    target = night.parent / "new"
    told = kis_tui("--lang", "en", "tape", "archive", f"{target}/", night, "demo")
    assert told.code == 0
    assert told.err.count("rows archived") == 2
    assert (target / "tr=H0EUANC0" / "trade_date=2026-11-23").is_dir()


def test_a_word_that_is_neither_tape_nor_folder_is_refused_and_makes_no_folder(
    kis_tui: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = kis_tui("--lang", "en", "tape", "archive", "nights")
    assert told.code == 2
    assert "nights" in told.err
    assert list(tmp_path.iterdir()) == []


def test_a_tape_that_fails_does_not_keep_the_others_away(kis_tui: CommandLine, night: Path) -> None:
    broken = night.with_name("broken.ktape")
    broken.write_bytes(b"no tape")
    told = kis_tui("--lang", "en", "tape", "archive", f"{night.parent}/new/", broken, night)
    assert told.code == 2
    assert "100 rows archived" in told.err
    assert "broken.ktape" in told.err


def test_a_tape_that_is_being_recorded_is_left_for_later(
    kis_tui: CommandLine, own_tapes: Path
) -> None:
    growing = own_tapes / "two.ktape"
    write_tape(growing, trades(50, every=7, seed=1))
    told = kis_tui("--lang", "en", "tape", "archive")
    assert told.code == 0
    assert "two.ktape: still being recorded" in told.err
    told = kis_tui("--lang", "en", "tape", "archive", "two")
    assert told.code == 2
    # A recording that broke off is not written to any more.
    os.utime(growing, (1, 1))
    told = kis_tui("--lang", "en", "tape", "archive")
    assert "two.ktape: 50 rows archived" in told.err


def test_damage_is_said_with_its_place(kis_tui: CommandLine, night: Path) -> None:
    with Tape(night) as tape:
        place = tape.segments[0].start + 30
    content = night.read_bytes()
    night.write_bytes(content[:place] + bytes(8) + content[place + 8 :])
    told = kis_tui("--lang", "en", "tape", "archive", f"{night.parent}/new/", night)
    assert told.code == 0
    assert "rows archived" in told.err
    assert "tape repair" in told.err


def test_no_tapes_are_said(kis_tui: CommandLine) -> None:
    told = kis_tui("--lang", "en", "tape", "archive")
    assert (told.code, "no tapes yet" in told.err) == (0, True)


def test_the_help_says_what_is_a_folder_in_both_languages(kis_tui: CommandLine) -> None:
    assert "nights/" in kis_tui("--lang", "en", "tape", "archive", "--help").out
    assert "nights/" in kis_tui("--lang", "ko", "tape", "archive", "--help").out
