"""One owner for each app key on a machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.system.errors import OccupiedError
from app.system.files import ProgramFolders
from app.system.lock import hold, holder, is_held, lock_path
from app.system.secret import Secret

KEY = Secret("PSABCDEFGH0123456789")
HOLDER = """
import sys
from pathlib import Path
from app.system.files import ProgramFolders
from app.system.lock import hold
from app.system.secret import Secret
places = ProgramFolders(*(Path(sys.argv[1]) / n for n in ("c", "s", "k", "d")))
with hold(places, Secret("PSABCDEFGH0123456789")):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProgramFolders:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return ProgramFolders(*(tmp_path / name for name in ("c", "s", "k", "d")))


def other_process(tmp_path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_holds_the_key(tmp_path: Path, places: ProgramFolders) -> None:
    with other_process(tmp_path) as process:
        assert is_held(lock_path(places, KEY))
        with pytest.raises(OccupiedError, match=str(process.pid)), hold(places, KEY):
            pass
        process.kill()


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path, places: ProgramFolders) -> None:
    with other_process(tmp_path) as process:
        process.kill()
    assert not is_held(lock_path(places, KEY))
    with hold(places, KEY) as left:
        assert left
        assert holder(lock_path(places, KEY)) == os.getpid()
    with hold(places, KEY) as left:
        assert not left
    assert holder(lock_path(places, KEY)) is None


def test_another_key_has_another_lock_and_the_name_does_not_tell_it(places: ProgramFolders) -> None:
    with hold(places, KEY), hold(places, Secret("PSOTHER0000000000000")):
        assert KEY.reveal() not in str(lock_path(places, KEY))
        assert lock_path(places, KEY).stat().st_mode & 0o777 == 0o600
