"""Every fence of the README, pasted whole into a clean shell.

`.ci/run` runs the first two, which set up an environment.  Those that need keys run against a
server on loopback, in a terminal.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest
from rig.kis_host import KisHost
from rig.terminal import COMMAND, Terminal

README = Path(__file__).parents[1] / "README.md"
LIMIT = 240.0
"""Seconds for a fence."""

LEAVES = b"\x1b[?1049l"
"""What a program that filled the screen ends with."""

FENCES = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
SETS_UP = [fence for fence in FENCES if "pip install" in fence]
NEEDS_KEYS = [fence for fence in FENCES if "KIS_APP_KEY" in fence]
PLAIN = [fence for fence in FENCES if fence not in (*SETS_UP, *NEEDS_KEYS)]
PATH = os.pathsep.join((str(Path(COMMAND).parent), os.defpath))


def test_the_fences_are_of_three_kinds() -> None:
    assert FENCES[:2] == SETS_UP
    assert len(NEEDS_KEYS) == 1
    assert PLAIN


@pytest.mark.parametrize("fence", PLAIN, ids=range(len(PLAIN)))
def test_a_fence_runs_in_a_clean_shell(fence: str, tmp_path: Path) -> None:
    run = subprocess.run(
        ["bash", "--noprofile", "--norc", "-euo", "pipefail"],
        input=fence,
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": PATH, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    # Each command that is not redirected prints something of its own.
    assert len(run.stdout.splitlines()) >= len(fence.splitlines())
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("fence", NEEDS_KEYS, ids=["keys"])
def test_a_fence_with_keys_opens_the_dashboard(fence: str, tmp_path: Path) -> None:
    for name in ("KEY", "SECRET"):
        fence = fence.replace(f"KIS_APP_{name}=…", f"KIS_APP_{name}=APP{name}0123456789")
    assert "…" not in fence
    with KisHost() as host:
        env = {**host.env, "PATH": PATH, "PS1": "$ "}
        shell = ("bash", "--noprofile", "--norc", "-i")
        with Terminal(shell, tmp_path, env) as terminal:
            terminal.shows("$ ")
            terminal.type(fence)
            # The dashboard of a user without lists says how to add a contract.
            terminal.shows("관심종목이 없습니다")
            terminal.type("q")
            terminal.until(lambda: b"$ " in bytes(terminal.output).partition(LEAVES)[2])
            terminal.type("exit\n")
            assert terminal.ends() == 0
