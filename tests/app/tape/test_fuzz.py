"""A few hundred hostile tapes; ``python -m rig.tape_fuzz`` reads two hundred thousand."""

import subprocess
import sys

from harness.command_line import ROOT


def test_hostile_tapes_neither_crash_nor_hang_nor_take_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rig.tape_fuzz", "--tapes", "400", "--seed", "11"],
        cwd=ROOT / "tests",
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "400 tapes" in done.stdout
