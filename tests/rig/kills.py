"""A thousand `kill -9` during a layout save: the old layout or the new one, never less.

``PYTHONPATH=tests python -m rig.kills [--kills 1000]``

A child saves two layouts in turn, as fast as it can; it is killed at a drawn moment.
"""

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from random import Random

from rig.figures import Stopwatch, arguments
from rig.world import Machine, World

from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout
from app.system.files import ProgramFolders

OLD = Layout(name="night", codes=[f"B01612A{n:02d}" for n in range(90)], arrangement="stack")
NEW = Layout(name="night", codes=[f"C01612A{n:02d}" for n in range(60)], arrangement="side")


def store(folder: Path) -> LayoutStore:
    """A store of layouts in a folder."""
    places = ProgramFolders(*(folder / name for name in ("config", "state", "cache", "data")))
    return LayoutStore(places, Machine(World(0)))


def kill(folder: Path, saves: int, turns: int) -> Layout:
    """Save until killed, some turns of a loop after so many saves; what is there afterwards."""
    if sys.platform == "win32":
        raise NotImplementedError
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            own = store(folder)
            while True:
                for layout in (OLD, NEW):
                    own.save(layout)
                    os.write(writing, b".")
        finally:
            os._exit(1)
    os.close(writing)
    for _ in range(saves):
        assert os.read(reading, 1), "the child cannot save"
    for _ in range(turns):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    return store(folder).load("night")


def run(kills: int, folder: Path, seed: int = 0) -> dict[str, int]:
    """So many kills; how often the old and the new layout were there."""
    draw, found = Random(seed), {"old": 0, "new": 0}
    for _ in range(kills):
        left = kill(folder, draw.randint(1, 4), draw.randint(0, 200_000))
        assert left in (OLD, NEW), left
        found["old" if left == OLD else "new"] += 1
    for path in folder.rglob("*"):
        wrong = path.stat().st_mode & 0o777
        assert wrong == (0o700 if path.is_dir() else 0o600), f"{path} {wrong:o}"
    return found


def main() -> int:
    """All kills, and the figures."""
    given = arguments(__doc__, kills=1000)
    watch, folder = Stopwatch(), Path(tempfile.mkdtemp())
    try:
        found = run(given.kills, folder)
        left = sum(path.suffix == ".tmp" for path in folder.rglob(".*"))
    finally:
        shutil.rmtree(folder)
    print(
        f"{given.kills} kills during a save: {found['old']} times the old layout, {found['new']} "
        f"times the new, never another; {left} unfinished files left beside it; {watch}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
