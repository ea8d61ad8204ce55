"""The command line without a feed: help, versions, options, files, exit codes."""

import json
import signal
from importlib.metadata import version
from pathlib import Path

import pytest
from harness.command_line import CommandLine, run_process

from app.cli.demo_options import DEMO_DAY
from app.cli.root import COMMANDS
from app.simulator.instruments import universe


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_every_command_explains_itself(
    kis_tui: CommandLine, command: tuple[str, ...], option: str
) -> None:
    told = kis_tui(*command, option)
    assert told.code == 0
    assert told.out.startswith("Usage: kis-tui")
    assert told.err == ""


def test_the_help_names_every_command(kis_tui: CommandLine) -> None:
    told = kis_tui("--help").out
    assert [name for name in COMMANDS if f"\n  {name} " not in told] == []


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_is_the_packages(kis_tui: CommandLine, option: str) -> None:
    assert kis_tui(option) == (0, f"kis-tui, version {version('kis-tui')}\n", "")


@pytest.mark.parametrize(
    "words",
    [
        ("--no-such-option",),
        ("no-such-command",),
        ("--lang", "fr"),
        ("--updown", "red"),
        ("--seed", "7"),
        ("--demo", "--start", "25:00"),
        ("--demo", "--speed", "0"),
        ("--demo", "--date", "yesterday"),
        ("--demo", "--session", "noon"),
        ("--layout", "none-of-this-name", "--demo"),
        ("--layout", "../x", "--demo"),
        ("-w", "KOSPI", "--demo"),
        ("--config", "/nowhere/config.toml", "--demo"),
        ("stream",),
        ("stream", "KOSPI", "--demo"),
        ("stream", "A01612", "--demo", "--count", "0"),
        ("stream", "A01612", "--demo", "--timeout", "-1"),
        ("stream", "A01612", "--demo", "--channel", "news"),
        ("stream", "A01612", "--demo", "--names", "german"),
        ("stream", "A01612", "--start", "18:00"),
        ("stream", "A11612", "--demo", "--session", "night"),
        ("stream", "A01612", "--demo", "--channel", "expected"),
        ("simulate", "--port", "70000"),
        ("simulate", "--session", "noon"),
        ("completion", "tcsh"),
        ("layouts", "show", "none"),
        ("layouts", "import", "/nowhere.toml"),
        ("master", "update", "--from", "/nowhere.mst"),
    ],
)
def test_a_wrong_word_is_refused_with_a_sentence_and_two(
    kis_tui: CommandLine, words: tuple[str, ...]
) -> None:
    told = kis_tui(*words)
    assert told.code == 2, told
    assert told.out == ""
    assert told.err.strip()
    assert "Traceback" not in told.err


@pytest.mark.parametrize("words", [(), ("stream", "A01612"), ("-w", "A01612")])
def test_without_keys_it_says_where_it_looked_what_to_set_and_how_to_look_around(
    kis_tui: CommandLine, words: tuple[str, ...], home: Path
) -> None:
    told = kis_tui(*words)
    assert told.code == 4
    assert told.out == ""
    assert str(home / "KIS/config/kis_devlp.yaml") in told.err
    assert "export KIS_APP_KEY=… KIS_APP_SECRET=…" in told.err
    assert "kis-tui --demo" in told.err


def test_with_paper_keys_only_it_says_that_kis_streams_no_derivatives_there(
    kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIS_PAPER_APP_KEY", "paperkey" * 4)
    monkeypatch.setenv("KIS_PAPER_APP_SECRET", "papersecret" * 8)
    told = kis_tui("--lang", "en", "stream", "A01612")
    assert told.code == 4
    assert "paper" in told.err
    assert "papersecret" not in told.err
    assert "paperkey" not in told.err


def test_a_secret_that_is_missing_is_named(
    kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIS_APP_KEY", "PSabcdefghijklmnop")
    told = kis_tui("stream", "A01612")
    assert told.code == 4
    assert "KIS_APP_SECRET" in told.err
    assert "PSabcdefghijklmnop" not in told.err


@pytest.mark.parametrize(
    ("language", "words"), [("ko", "종목코드"), ("en", "is not a contract code")]
)
def test_every_sentence_comes_in_the_language_that_is_asked_for(
    kis_tui: CommandLine, language: str, words: str
) -> None:
    assert words in kis_tui("--lang", language, "stream", "x", "--demo").err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_the_shell(kis_tui: CommandLine, shell: str) -> None:
    told = kis_tui("completion", shell)
    assert told.code == 0
    assert "_KIS_TUI_COMPLETE" in told.out


def test_the_simulators_codes_are_listed_one_per_line(kis_tui: CommandLine) -> None:
    told = kis_tui("simulate", "--list-codes")
    assert told.code == 0
    lines = [line.split("\t") for line in told.out.splitlines()]
    assert lines == [[i.code, i.name] for i in universe(DEMO_DAY)]


def test_layouts_go_out_and_come_in(kis_tui: CommandLine, home: Path, tmp_path: Path) -> None:
    folder = home / ".config/kis-tui/layouts"
    folder.mkdir(parents=True)
    (folder / "straddle.toml").write_text('codes = ["B01612A31", "C01612A31"]\n')
    assert kis_tui("layouts", "list") == (0, "straddle\n", "")
    assert "B01612A31" in kis_tui("layouts", "show", "straddle").out
    out = tmp_path / "out.toml"
    assert kis_tui("layouts", "export", "straddle", out).code == 0
    assert kis_tui("layouts", "import", out, "--name", "copy").code == 0
    assert kis_tui("layouts", "list").out == "copy\nstraddle\n"
    assert kis_tui("layouts", "import", out, "--name", "copy").code == 2


def test_settings_are_shown_checked_and_begun(kis_tui: CommandLine, home: Path) -> None:
    path = home / ".config/kis-tui/config.toml"
    assert kis_tui("config", "path").out == f"{path}\n"
    assert json.loads(kis_tui("config", "show").out)["language"] == "ko"
    assert kis_tui("config", "init").code == 0
    assert kis_tui("config", "validate").code == 0
    path.write_text("languag = 'en'\n")
    told = kis_tui("config", "validate")
    assert told.code == 2
    assert "language" in told.err, "the nearest key is named"
    assert kis_tui("stream", "A01612", "--demo").code == 2


def test_a_master_from_a_file_brings_names(kis_tui: CommandLine, tmp_path: Path) -> None:
    source = tmp_path / "fo_idx_code_mts.mst"
    source.write_bytes(
        "1|A01612|KR4A016C0004|F 202612| |00000.00|1|2001|KOSPI200\n".encode("cp949")
    )
    assert kis_tui("master", "update", "--from", source).code == 0


def test_simulate_says_where_it_serves_and_ends_with_a_signal() -> None:
    with run_process("--lang", "en", "simulate", "--port", "0", "--rest-port", "0") as process:
        assert process.stderr is not None
        lines = [process.stderr.readline() for _ in range(3)]
        assert "ws://127.0.0.1:" in lines[1]
        assert "export KIS_URL_WS=" in lines[2]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stdout is not None
        assert process.stdout.read() == ""
