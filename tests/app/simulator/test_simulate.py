"""``kis-tui simulate`` as a user runs it: a process of its own, ended by a signal."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from harness.kis_client import connect_client

from app.cli.simulate import simulate
from app.simulator.simulator import LOOPBACK
from app.system.errors import UsageError

PROGRAM = [sys.executable, "-c", "from app.cli import main; main()", "--lang", "en", "simulate"]


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run the command; yield its process and the variables that it prints for clients."""
    process = subprocess.Popen(
        [*PROGRAM, "--port", "0", "--rest-port", "0", *options], stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "export " in line)
        yield process, dict(word.split("=", 1) for word in line.split() if "=" in word)
    finally:
        process.kill()
        process.communicate()


def test_the_codes_are_listed_with_their_names() -> None:
    result = CliRunner().invoke(simulate, ["--list-codes", "--date", "2026-11-20"])
    assert result.exit_code == 0
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert ["A01612", "F 202612"] in lines
    assert ["B01612A31", "C 202612 1,075.0"] in lines
    assert all(len(line) == 2 for line in lines)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_it_serves_until_a_signal_comes(number: signal.Signals, code: int) -> None:
    with running("--app-key", "mine", "--speed", "10") as (process, told):
        assert told["KIS_APP_KEY"] == "mine"
        assert LOOPBACK in told["KIS_URL_WS"]
        urls = told["KIS_URL_REST"], told["KIS_URL_WS"]
        async with connect_client(*urls, told["KIS_APP_KEY"]) as client:
            assert await client.ask("H0EUANC0", "B01612A33") == "OPSP0000"
            assert "B01612A33^1759" in await client.socket.receive_str(timeout=10)
        process.send_signal(number)
        _, narration = process.communicate(timeout=10)
        assert process.returncode == code
        assert "Traceback" not in narration


async def test_the_day_session_is_asked_for_by_its_name() -> None:
    with running("--session", "day", "--speed", "10") as (_, told):
        async with connect_client(told["KIS_URL_REST"], told["KIS_URL_WS"]) as client:
            assert await client.ask("H0ZFANC0", "A11612") == "OPSP0000"
            assert "A11612^0844" in await client.socket.receive_str(timeout=10)


async def test_simulate_begins_by_day_when_its_start_is_by_day() -> None:
    with running("--start", "10:00", "--speed", "10") as (_, told):
        async with connect_client(told["KIS_URL_REST"], told["KIS_URL_WS"]) as client:
            assert await client.ask("H0IFCNT0", "A01612") == "OPSP0000"
            assert "A01612^100" in await client.socket.receive_str(timeout=10)


def test_it_says_when_the_session_has_ended() -> None:
    with running("--start", "05:59", "--speed", "1000") as (process, _):
        assert process.stderr is not None
        assert any("has ended" in line for line in process.stderr)


async def test_simulate_halts_trading_when_it_is_asked_to() -> None:
    options = ("--start", "10:30", "--halt", "10:10", "--speed", "10")
    with running(*options) as (_, told):
        async with connect_client(told["KIS_URL_REST"], told["KIS_URL_WS"]) as client:
            assert await client.ask("H0ZFANC0", "A11612") == "OPSP0000"
            assert "A11612^103" in await client.socket.receive_str(timeout=10)


def test_simulate_refuses_a_halt_that_the_session_has_no_room_for() -> None:
    with pytest.raises(UsageError, match=r"simulator\.halt"):
        CliRunner().invoke(
            simulate, ["--start", "10:00", "--halt", "15:30"], catch_exceptions=False
        )
