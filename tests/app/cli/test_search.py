"""``kis-tui search``: a table or JSON on standard output, and an exit code that scripts can use."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.root import root
from app.instruments.master_file import NAMES
from app.system.errors import KisTuiError, UsageError
from widgets.message_text import message_text


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


def run(*words: str) -> Result:
    result = CliRunner().invoke(root, ["--lang", "en", "search", *words])
    if isinstance(result.exception, KisTuiError):
        raise result.exception
    return result


def test_what_is_found_is_a_table() -> None:
    result = run("--demo", "선물", "k200")
    heading, first, *_ = result.stdout.splitlines()
    assert result.exit_code == 0
    assert heading.split()[0] == "code"
    assert "day, night" in first
    assert result.stderr == ""


def test_what_is_found_is_json() -> None:
    entries = json.loads(run("--demo", "--json", "--limit", "2", "삼성전자", "옵션").stdout)
    assert len(entries) == 2
    assert entries[0]["underlying"] == "삼성전자"
    assert entries[0]["ticks"] is None
    assert entries[0]["sessions"] == ["day"]


def test_nothing_found_is_exit_code_one() -> None:
    result = run("--demo", "zzzz")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "zzzz" in result.stderr
    assert json.loads(run("--demo", "--json", "zzzz").stdout) == []


def test_without_a_master_the_way_to_one_is_said() -> None:
    with pytest.raises(UsageError) as caught:
        run("c1125")
    assert caught.value.exit_code == 2
    assert "master update" in message_text(caught.value.hint)


def test_nothing_found_names_the_masters_that_are_missing(tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "kis-tui"
    cache.mkdir(parents=True)
    line = "Z|AZZ612|KR4AZZ6C0001|새상품 F 202912| |00000.00|1|9001|새지수\n"
    (cache / NAMES[0]).write_bytes(line.encode("cp949"))
    missed = run("zzzz")
    assert missed.exit_code == 1
    assert all(name in missed.stderr for name in NAMES[1:])
    assert NAMES[0] not in missed.stderr
    assert "kis-tui master update" in missed.stderr
