"""The subcommands about files: data on standard output, narration on standard error."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.root import root
from app.storage.layouts import Layout, read, write
from app.storage.settings_example import EXAMPLE
from app.system.errors import KisTuiError, UsageError


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for name in ("LANGUAGE", "UPDOWN", "BEAT_MS", "REGISTRATION_LIMIT"):
        monkeypatch.delenv(f"KIS_TUI_{name}", raising=False)
    return tmp_path


def run(*words: object) -> Result:
    result = CliRunner().invoke(root, [str(word) for word in words])
    if isinstance(result.exception, KisTuiError):
        raise result.exception
    return result


def test_the_settings_file_is_written_once_and_valid(folders: Path) -> None:
    where = folders / "config" / "kis-tui" / "config.toml"
    assert run("config", "path").stdout == f"{where}\n"
    assert run("config", "validate").stdout == ""
    assert run("config", "init").exit_code == 0
    assert where.read_text(encoding="utf-8") == EXAMPLE
    where.write_text("beat_ms = 200\n", encoding="utf-8")
    assert run("config", "init").exit_code == 2
    assert where.read_text(encoding="utf-8") == "beat_ms = 200\n"
    validated = run("config", "validate")
    assert (validated.exit_code, validated.stdout) == (0, "")
    assert str(where) in validated.stderr


def test_the_settings_in_force_are_shown_as_json(folders: Path) -> None:
    where = folders / "config" / "kis-tui" / "config.toml"
    where.parent.mkdir(parents=True)
    where.write_text("beat_ms = 200\n", encoding="utf-8")
    shown = json.loads(run("--lang", "en", "config", "show").stdout)
    assert shown["beat_ms"] == 200
    assert shown["language"] == "en"


def test_a_wrong_setting_is_told_with_its_file(folders: Path) -> None:
    where = folders / "config" / "kis-tui" / "config.toml"
    where.parent.mkdir(parents=True)
    where.write_text("beat = 200\n", encoding="utf-8")
    with pytest.raises(UsageError, match="beat_ms") as caught:
        run("config", "validate")
    assert caught.value.values["where"] == str(where)


def test_layouts_go_in_and_out(folders: Path) -> None:
    given, taken = folders / "night.toml", folders / "out" / "taken.toml"
    layout = Layout(name="night", codes=["A01612"])
    given.write_bytes(write(layout))
    assert run("layouts", "list").stdout == ""
    assert run("layouts", "import", given).stdout == ""
    assert run("layouts", "import", given, "--name", "야간").exit_code == 0
    assert run("layouts", "list").stdout == "night\n야간\n"
    assert read(run("layouts", "show", "night").stdout.encode(), "shown") == layout
    assert run("layouts", "export", "night", taken).exit_code == 0
    assert read(taken.read_bytes(), "taken") == layout
    assert run("layouts", "export", "night", taken).exit_code == 2
    with pytest.raises(UsageError):
        run("layouts", "import", given)
    with pytest.raises(UsageError):
        run("layouts", "show", "../../etc/passwd")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_its_completion(shell: str) -> None:
    script = run("completion", shell).stdout
    assert "_KIS_TUI_COMPLETE" in script
    assert "kis-tui" in script


def test_another_shell_is_a_usage_error() -> None:
    assert run("completion", "tcsh").exit_code == 2
