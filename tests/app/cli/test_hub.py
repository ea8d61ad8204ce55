"""``kis-tui hub``: what it prints, who gets through it, how it ends, and what it refuses."""

import asyncio
import contextlib
import json
import re
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.command_line import CommandLine, run_process
from harness.kis_client import APP_SECRET, connect_client
from harness.live_simulator import LiveSimulator
from harness.recordings import frames

from app.system.files import ProgramFolders
from app.system.lock import lock_path
from app.system.secret import Secret

PORTS = ("--ws-port", "0", "--rest-port", "0")
NIGHT = ("--session", "night")


@contextlib.contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run a hub in a process; yield it and the variables that it printed."""
    with run_process("--lang", "en", "hub", *PORTS, *words) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        found = dict(re.findall(r"export (\w+)=(\S+)", "".join(lines)))
        assert set(found) == {"KIS_URL_REST", "KIS_URL_WS"}
        yield process, found


def ended(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send a signal, check the exit code, and return what was narrated."""
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 128 + number, err
    return err


def test_another_start_runs_through_the_hub_with_the_same_key(
    live: LiveSimulator, kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(*NIGHT) as (process, variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        for _ in range(2):
            told = kis_tui("stream", "A01612", *NIGHT, "--channel", "book", "--count", "3")
            assert told.code == 0, told.err
            codes = [json.loads(line)["code"] for line in told.out.splitlines()]
            assert codes == ["A01612"] * 3
        narrated = ended(process, signal.SIGTERM)
    assert "programs at the hub: 1" in narrated
    oracle = live.thread.simulator.oracle
    assert (live.thread.simulator.dials, oracle.most_open, oracle.overlaps) == (1, 1, 0)
    assert (oracle.strangers, oracle.secrets) == (0, [])


def test_the_owner_file_is_private_and_goes_with_the_hub(live: LiveSimulator) -> None:
    folders = ProgramFolders.find()
    path = lock_path(folders, Secret(live.variables["KIS_APP_KEY"])).with_suffix(".hub")
    with serving(*NIGHT) as (process, variables):
        kept = json.loads(path.read_bytes())
        assert kept["ws"] == variables["KIS_URL_WS"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        ended(process, signal.SIGINT)
    assert not path.exists()


def test_the_hub_records_what_its_clients_ask_for(
    live: LiveSimulator, kis_tui: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hub.ktape"
    with serving(*NIGHT, "--record", str(path)) as (process, variables):
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            told = kis_tui("stream", "A05612", *NIGHT, "--channel", "book", "--count", "2")
            assert told.code == 0, told.err
        ended(process, signal.SIGTERM)
    told = kis_tui("--lang", "en", "tape", "info", path)
    assert told.code == 0, told.err
    assert "A05612" in told.out


def test_a_client_gets_every_frame_that_the_tape_has_of_its_registrations(
    live: LiveSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, wanted = tmp_path / "hub.ktape", 60
    monkeypatch.setenv("KIS_APP_SECRET", APP_SECRET)

    async def read(rest: str, ws: str) -> list[str]:
        async with connect_client(rest, ws, live.variables["KIS_APP_KEY"]) as client:
            pairs = [(tr_id, f) for f in ("A01612", "A05612") for tr_id in ("H0MFCNT0", "H0MFASP0")]
            pairs += [("H0EUASP0", f"B01612A{strike}") for strike in range(32, 35)]
            for pair in pairs:
                assert await client.ask(*pair) == "OPSP0000"
            first = len(client.frames)
            while len(client.frames) < first + wanted:
                raw = await client.socket.receive_str(timeout=20)
                if not raw.startswith("{"):
                    client.frames.append(raw)
            return client.frames[first:]

    with serving(*NIGHT, "--record", str(path)) as (process, variables):
        got = asyncio.run(read(variables["KIS_URL_REST"], variables["KIS_URL_WS"]))
        ended(process, signal.SIGTERM)
    taped = [raw for raw in frames(path) if raw.startswith("0|")]
    # After the last acknowledgement nothing is left out, and nothing is changed.
    begin = next(at for at, raw in enumerate(taped) if taped[at : at + 5] == got[1:6])
    assert taped[begin : begin + wanted - 1] == got[1:]


def test_alerts_are_printed_as_lines_of_json_without_a_screen(
    kis_tui: CommandLine, home: Path
) -> None:
    assert kis_tui("alerts", "add", "A01612 price > 1").code == 0
    words = ("--demo", "--start", "18:00", "--speed", "20", "--alerts")
    with run_process("hub", *PORTS, *words) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["code"] == "A01612"
        ended(process, signal.SIGTERM)


def test_codes_are_registered_although_nobody_asks_for_them(live: LiveSimulator) -> None:
    with serving("A01612", *NIGHT) as (process, _):
        registered: frozenset[tuple[str, str]] = frozenset()
        while len(registered) < 2:
            registered = live.thread.simulator.registrations
        assert registered == {("H0MFCNT0", "A01612"), ("H0MFASP0", "A01612")}
        ended(process, signal.SIGTERM)


def test_a_busy_port_is_said_in_one_sentence(live: LiveSimulator, kis_tui: CommandLine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = kis_tui("--lang", "en", "hub", "--ws-port", port, "--rest-port", "0")
    assert told.code == 2
    assert f"cannot listen on port {port}" in told.err
    assert "--ws-port" in told.err
    assert live.thread.simulator.dials == 0


def test_missing_keys_and_an_owned_key_have_their_exit_codes(
    live: LiveSimulator, kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as (process, _):
        told = kis_tui("--lang", "en", "hub", *PORTS)
        assert told.code == 5
        assert f"pid {process.pid}" in told.err
        ended(process, signal.SIGTERM)
    monkeypatch.delenv("KIS_APP_KEY")
    monkeypatch.delenv("KIS_APP_SECRET")
    assert kis_tui("hub", *PORTS).code == 4


def test_the_hub_does_not_dial_itself(live: LiveSimulator, kis_tui: CommandLine) -> None:
    port = live.thread.ws_url.rpartition(":")[2]
    told = kis_tui("--lang", "en", "hub", "--ws-port", port, "--rest-port", "0")
    assert told.code == 2
    assert "connect to itself" in told.err
    assert "unset KIS_URL_REST" in told.err


def test_what_the_hub_of_a_demo_prints_lets_another_start_through(
    kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run_process("--lang", "en", "hub", *PORTS, "--demo") as process:
        assert process.stdout is not None
        lines = "".join(process.stdout.readline() for _ in range(3))
        for name, value in re.findall(r"(KIS_\w+)=(\S+)", lines):
            monkeypatch.setenv(name, value)
        told = kis_tui("stream", "A01612", *NIGHT, "--channel", "book", "--count", "1")
        assert told.code == 0, told.err
        ended(process, signal.SIGTERM)
