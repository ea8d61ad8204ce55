"""Standard output that is full, closed or not UTF-8, and a terminal that goes away."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from harness.command_line import PATIENCE, PROGRAM, ROOT, run_process
from rig.terminal import COMMAND, Terminal

COMMANDS = {
    "search": ("search", "--demo", "콜"),
    "stream": ("stream", "--replay", "demo"),
    "export": ("tape", "export", "demo", "-", "--tr", "H0EUCNT0", "--format", "csv"),
    "snapshot": ("snapshot", "A01612", "--demo", "--start", "18:30", "--speed", "20"),
    "info": ("tape", "info", "demo"),
    "help": ("--help",),
    "version": ("--version",),
    "config": ("config", "show"),
}
EVERY = pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)


def ended(
    words: tuple[str, ...], redirection: str = "", pipe: int | None = None
) -> tuple[int, str]:
    """Run a command through a shell; return its exit code and standard error."""
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", *PROGRAM, *words],
        cwd=ROOT,
        stdout=pipe,
        stderr=subprocess.PIPE,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stderr.decode()


@EVERY
def test_full_disk_ends_with_1_and_one_sentence(words: tuple[str, ...]) -> None:
    code, said = ended(words, ">/dev/full")
    assert code == 1
    assert said.splitlines()[-1] == "kis-tui: 표준 출력에 쓸 수 없습니다 (디스크 부족)"
    assert "Traceback" not in said


@EVERY
def test_closed_pipe_ends_with_0_without_a_word(words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        code, said = ended(words, pipe=writer)
    finally:
        os.close(writer)
    assert code == 0
    assert "Traceback" not in said
    assert "kis-tui:" not in said


@pytest.mark.parametrize("name", ["search", "stream"])
def test_closed_standard_output_ends_with_1(name: str) -> None:
    code, said = ended(("--lang", "en", *COMMANDS[name]), ">&-")
    assert code == 1
    assert said.splitlines()[-1] == "kis-tui: standard output cannot be written (closed)"


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"])
def test_lost_standard_error_costs_no_record(redirection: str) -> None:
    words = (*PROGRAM, "stream", "--replay", "demo", "--count", "50")
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", *words],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 50)


def test_output_is_utf8_whatever_the_environment_says() -> None:
    done = subprocess.run(
        [*PROGRAM, *COMMANDS["search"]],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "코드" in done.stdout.decode()


def test_dashboard_is_utf8_whatever_the_environment_says(tmp_path: Path) -> None:
    command = (COMMAND, "--demo", "--start", "18:30", "--seed", "1")
    with Terminal(command, tmp_path, {"PYTHONIOENCODING": "ascii"}) as terminal:
        terminal.shows("관심")
        terminal.type("q")
        assert terminal.ends() == 0


def test_closed_terminal_ends_a_stream_with_129(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("SIGHUP is POSIX")
    command = (COMMAND, "stream", "--demo", "--start", "18:30")
    with Terminal(command, tmp_path) as terminal:
        terminal.shows("tr_id")
        terminal.close()
        assert terminal.ends() == 128 + signal.SIGHUP


def test_ignored_hangup_leaves_a_stream_running() -> None:
    if sys.platform == "win32":
        pytest.skip("SIGHUP is POSIX")
    words = ("stream", "--demo", "--start", "18:30", "--speed", "20", "--count", "30")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with run_process(*words) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.send_signal(signal.SIGHUP)
            process.stdout.read()
            assert process.wait(PATIENCE) == 0
    finally:
        signal.signal(signal.SIGHUP, before)
