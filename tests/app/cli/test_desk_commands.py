"""``hub --nats`` and ``--nats`` from the command line: what is printed, refused, and ended."""

import json
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from harness.command_line import CommandLine, run_process
from harness.desk_harness import require_server

from app.desk.nats_server import started_server
from app.system.files import ProgramFolders
from app.system.platform_files import is_running

PORTS = ("--ws-port", "0", "--rest-port", "0")
NIGHT = ("--session", "night")
PASSWORD = "correct-horse-battery"


def published(process: subprocess.Popen[str]) -> str:
    """Return the URL of the command that a hub prints for screens."""
    assert process.stderr is not None
    line = process.stderr.readline()
    assert line.startswith("kis-tui --nats nats://127.0.0.1:"), line
    return line.split()[-1]


def test_a_stream_without_a_key_prints_what_the_hub_of_a_desk_gets(kis_tui: CommandLine) -> None:
    require_server()
    words = ("--lang", "en", "hub", *PORTS, *NIGHT, "--demo", "--nats", "start:0")
    with run_process(*words) as process:
        url = published(process)
        printed = kis_tui("stream", "A01612", *NIGHT, "--nats", url, "--channel", "book",
                          "--count", "3", "--timeout", "30")  # fmt: skip
        assert printed.code == 0, printed.err
        assert [json.loads(line)["code"] for line in printed.out.splitlines()] == ["A01612"] * 3
        server = json.loads((ProgramFolders.find().state / "nats.json").read_bytes())["pid"]
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        assert process.returncode == 128 + signal.SIGINT
        assert "without a key" in err
        assert not is_running(server)
    assert started_server(ProgramFolders.find().state) is None


def test_a_server_does_not_outlive_a_hub_that_is_killed(kis_tui: CommandLine) -> None:
    require_server()
    words = ("--lang", "en", "hub", *PORTS, *NIGHT, "--demo", "--nats", "start:0")
    with run_process(*words) as process:
        published(process)
        server = json.loads((ProgramFolders.find().state / "nats.json").read_bytes())["pid"]
        assert is_running(server)
        process.kill()
        process.communicate(timeout=20)
        give_up = time.monotonic() + 10
        while is_running(server) and time.monotonic() < give_up:
            threading.Event().wait(0.01)
        assert not is_running(server)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--nats", "nats://desk.example.com:4222"), "needs TLS"),
        (("--nats", "tls://desk.example.com:4222"), "needs a user and a password"),
        (("--nats", f"tls://me:{PASSWORD}@desk.example.com"), "can read a password in --nats"),
        (("--nats", "http://127.0.0.1"), "not the address of a NATS server"),
    ],
)
@pytest.mark.parametrize("command", [("stream", "A01612"), ("hub",)])
def test_an_address_that_is_refused_is_refused_with_a_sentence(
    kis_tui: CommandLine, command: tuple[str, ...], words: tuple[str, ...], sentence: str
) -> None:
    refused = kis_tui("--lang", "en", *command, *words)
    assert refused.code == 2
    assert sentence in refused.err
    assert PASSWORD not in refused.err + refused.out


def test_a_demo_has_no_desk_to_join(kis_tui: CommandLine) -> None:
    refused = kis_tui("--lang", "en", "stream", "A01612", "--nats", "nats://127.0.0.1", "--demo")
    assert refused.code == 2
    assert "--demo: not with --nats" in refused.err


def test_a_replay_has_no_desk(kis_tui: CommandLine) -> None:
    refused = kis_tui("--replay", "demo", "--nats", "nats://127.0.0.1")
    assert refused.code == 2
    assert "--nats: not with --replay" in refused.err


def test_a_hub_says_which_server_it_cannot_start(
    kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("app.desk.nats_server.sysconfig.get_path", lambda name: str(tmp_path))
    refused = kis_tui("--lang", "en", "hub", "--demo", "--nats", "start")
    assert refused.code == 2
    assert "no nats-server was found" in refused.err
