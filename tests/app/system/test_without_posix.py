"""The program runs where fcntl, termios, resource and the rest of POSIX are missing.

It is written for Windows and checked this way; `rig.without_posix` says what is taken away.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
CODE = "B01612A33"
DEMO = ("--demo", "--start", "18:30", "--speed", "30")


def run(*arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": f"{TESTS.parent}{os.pathsep}{TESTS}"}
    command = [sys.executable, "-m", "rig.without_posix", *arguments]
    ended = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("what", ["dashboard", "lock"])
def test_dashboard_layouts_and_lock_need_nothing_of_posix(what: str) -> None:
    assert run(what).split() == [what]


def test_record_replay_and_pack_need_nothing_of_posix(tmp_path: Path) -> None:
    tape = tmp_path / "night.ktape"
    run("run", "record", *DEMO, "--out", str(tape), "--timeout", "4", CODE)
    run("run", "tape", "verify", str(tape))
    before = tape.stat().st_size
    lines = run("run", "stream", "--replay", str(tape)).splitlines()
    assert {json.loads(line)["code"] for line in lines} == {CODE}
    run("run", "tape", "pack", str(tape))
    assert tape.stat().st_size <= before
    assert run("run", "stream", "--replay", str(tape)).splitlines() == lines


def test_stream_needs_nothing_of_posix() -> None:
    lines = run("run", "stream", *DEMO, "--count", "3", CODE).splitlines()
    assert [json.loads(line)["code"] for line in lines] == [CODE] * 3
