"""``kis-tui master``: downloaded and imported files; data goes to standard output."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.root import root
from app.instruments import master_download
from app.instruments.master_file import NAMES
from app.system.errors import ConnectionFailed, KisTuiError, UsageError

LINE = "1|A01612|KR4A016C0004|F 202612| |00000.00|1|2001|KOSPI200\n"
WRONG = "1|A01703|KR4A01730009|F 202703| |00000.00|2|2001|KOSPI200\n"


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return tmp_path


def run(*words: object) -> Result:
    result = CliRunner().invoke(root, [str(word) for word in words])
    if isinstance(result.exception, KisTuiError):
        raise result.exception
    return result


def given(folder: Path, text: str) -> Path:
    path = folder / NAMES[0]
    path.write_bytes(text.encode("cp949"))
    return path


def test_an_empty_cache_says_what_to_do() -> None:
    empty = run("master", "info")
    assert (empty.exit_code, empty.stdout) == (0, "")
    assert "master update" in empty.stderr
    entries = json.loads(run("master", "info", "--json").stdout)
    assert [entry["file"] for entry in entries] == list(NAMES)
    assert all(entry["date"] is None for entry in entries)


def test_a_master_is_brought_in_from_a_file(folders: Path) -> None:
    updated = run("--lang", "en", "master", "update", "--from", given(folders, LINE))
    assert (updated.exit_code, updated.stdout) == (0, "")
    assert updated.stderr == f"{NAMES[0]}: 1 contract\n"
    with pytest.raises(UsageError):
        run("master", "update", "--from", given(folders, "<html></html>"))
    shown = run("master", "info")
    assert shown.stdout.splitlines()[1].split()[0] == NAMES[0]
    assert NAMES[3] in shown.stderr


def test_lines_and_check_digits_that_are_wrong_are_told(folders: Path) -> None:
    path = given(folders, LINE + WRONG + "no such line\n")
    updated = run("--lang", "en", "master", "update", "--from", path)
    assert updated.stderr.splitlines()[1:] == [
        f"{NAMES[0]}: bad lines 1, bad check digits 1; see kis-tui master info"
    ]
    entry = json.loads(run("master", "info", "--json").stdout)[0]
    assert entry["contracts"] == 2
    assert entry["bad_lines"] == 1
    assert entry["bad_check_digits"] == ["A01703"]
    assert "A01703" in run("master", "info").stdout


def test_going_without_verification_is_said_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing listens there; only the messages before the attempt matter.
    monkeypatch.setattr(master_download, "SOURCE", "https://127.0.0.1:9/")
    result = CliRunner().invoke(root, ["--lang", "en", "master", "update", "--insecure-master"])
    assert isinstance(result.exception, ConnectionFailed)
    assert "not verified" in result.stderr
    assert result.stdout == ""


def test_a_file_needs_no_going_without_verification(folders: Path) -> None:
    path = given(folders, LINE)
    assert run("master", "update", "--insecure-master", "--from", path).exit_code == 2
