"""Disks at fault: real ones, in a child of their own; nothing that came is lost."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from harness.command_line import ROOT
from rig.small_disk import RETRY

from app.tape.entry import EntryKind
from app.tape.gap import Gap
from app.tape.reader import Tape

RIG = [sys.executable, "-m", "rig.small_disk"]
NAMESPACE = ["unshare", "-Urm"]


@cache
def mounts() -> bool:
    """Whether a user may mount a disk of memory in a namespace of its own here."""
    words = [*NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def tried(folder: Path, scenario: str) -> dict[str, Any]:
    """Return the output of a trial."""
    before = [] if scenario == "too_large" else NAMESPACE
    if before and not mounts():
        pytest.skip("no mount namespaces here")
    run = subprocess.run(
        [*before, *RIG, scenario, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}/tests:{ROOT}", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize(("scenario", "tapes"), [("full", 1), ("read_only", 1), ("too_large", 2)])
def test_a_disk_at_fault_is_said_and_all_is_there_when_it_takes_again(
    tmp_path: Path, scenario: str, tapes: int
) -> None:
    told = tried(tmp_path, scenario)
    assert told["why"] == f"record.why_{scenario}"
    assert told["trouble"] == ""
    assert told["dropped"] == 0
    assert told["messages"] == told["taken"] > 0
    assert told["seconds"] < 10 * RETRY
    paths = sorted((tmp_path / "kept").iterdir(), key=lambda path: (len(path.name), path.name))
    assert len(paths) == tapes
    numbers: list[int] = []
    gaps: list[Gap] = []
    for path in paths:
        assert path.stat().st_mode & 0o777 == 0o600
        with Tape(path) as tape:
            for entry in tape.entries():
                if entry.kind == EntryKind.FRAME:
                    numbers.append(int(entry.payload.split(b"|")[1]))
                elif entry.kind == EntryKind.GAP:
                    gaps.append(msgspec.json.decode(entry.payload, type=Gap))
            assert tape.damage.entries == 0
    assert numbers == list(range(told["taken"]))
    assert [(gap.why, gap.missed) for gap in gaps] == [(f"record.why_{scenario}", 0)]
    assert gaps[0].seconds >= RETRY * 0.9
