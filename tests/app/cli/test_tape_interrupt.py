"""``kis-tui tape export`` ended by a signal half way."""

import subprocess
import sys
from pathlib import Path

from harness.command_line import PATIENCE
from harness.tape_samples import trades, write_tape

# The first step of its progress sends the signal: nothing depends on who is faster.
INTERRUPTED = """
import signal
from contextlib import contextmanager
from pathlib import Path
from app.cli import main, tape_copies

@contextmanager
def interrupting(length, label):
    def step(count):
        print(len(list(Path(OUT).iterdir())), flush=True)
        signal.raise_signal(signal.SIGINT)
    yield step

# A shell has its background jobs ignore this signal, and their children with them.
signal.signal(signal.SIGINT, signal.default_int_handler)
tape_copies.progress = interrupting
main()
"""


def test_an_interrupted_export_leaves_no_half_file(tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "out"
    write_tape(path, trades(5_000))
    code = INTERRUPTED.replace("OUT", repr(str(out)))
    words = ("tape", "export", str(path), str(out), "--format", "csv")
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout.strip()) == (130, b"2"), done.stderr.decode()
    assert list(out.iterdir()) == []
