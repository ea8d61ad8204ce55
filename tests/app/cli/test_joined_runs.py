"""Commands with one app key beside each other: they share the session of the first."""

import json
import signal
import subprocess
from contextlib import ExitStack

import pytest
from harness.command_line import CommandLine, run_process
from harness.live_simulator import LiveSimulator

STREAM = ("stream", "A01612", "--session", "night", "--channel", "book")


def read_record(process: subprocess.Popen[str]) -> str:
    """Return the code of the next record that a stream prints."""
    assert process.stdout is not None
    return str(json.loads(process.stdout.readline())["code"])


def test_a_second_command_runs_through_the_first(live: LiveSimulator, kis_tui: CommandLine) -> None:
    with run_process(*STREAM) as owner:
        assert read_record(owner) == "A01612"
        told = kis_tui("stream", "A05612", *STREAM[2:], "--count", "3")
        assert told.code == 0, told.err
        assert "허브 경유" in told.err
        assert [json.loads(line)["code"] for line in told.out.splitlines()] == ["A05612"] * 3
        # What others ask for is no record of the owner's.
        assert {read_record(owner) for _ in range(5)} == {"A01612"}
    oracle = live.thread.simulator.oracle
    assert (live.thread.simulator.dials, oracle.most_open, oracle.overlaps) == (1, 1, 0)
    assert live.thread.simulator.approvals == 1


def test_a_second_command_ends_with_5_where_sharing_is_off(
    live: LiveSimulator, kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run_process(*STREAM) as owner:
        assert read_record(owner) == "A01612"
        with monkeypatch.context() as patch:
            patch.setenv("KIS_TUI_HUB", "off")
            told = kis_tui("--lang", "en", *STREAM, "--count", "1")
        assert told.code == 5
        assert f"pid {owner.pid}" in told.err


def test_an_owner_that_does_not_share_ends_a_second_command_with_5(
    live: LiveSimulator, kis_tui: CommandLine
) -> None:
    with run_process(*STREAM, variables={"KIS_TUI_HUB": "off"}) as owner:
        assert read_record(owner) == "A01612"
        told = kis_tui("--lang", "en", *STREAM, "--count", "1")
        assert told.code == 5
        assert f"pid {owner.pid}" in told.err


@pytest.mark.parametrize("way", ["terminate", "kill"])
def test_the_second_command_goes_on_when_the_first_ends(live: LiveSimulator, way: str) -> None:
    with ExitStack() as stack:
        owner = stack.enter_context(run_process(*STREAM))
        # The first to start gets the lock.
        assert read_record(owner) == "A01612"
        joined = stack.enter_context(run_process(*STREAM))
        assert read_record(joined) == "A01612"
        owner.kill() if way == "kill" else owner.terminate()
        owner.wait(timeout=20)
        simulator = live.thread.simulator
        assert joined.stderr is not None
        assert any("직접 연결" in line for line in joined.stderr)
        assert {read_record(joined) for _ in range(3)} == {"A01612"}
        assert simulator.dials == 2
        assert (simulator.oracle.most_open, simulator.oracle.overlaps) == (1, 0)
        joined.send_signal(signal.SIGTERM)
        assert joined.wait(timeout=20) == 128 + signal.SIGTERM
