"""One owner for each app key on this machine: a kernel lock, which dies with its process."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from app.system.errors import KisTuiError, OccupiedError
from app.system.files import ProgramFolders, make_folder
from app.system.os_errors import os_reason
from app.system.platform_files import PRIVATE, lock_file, write_at
from app.system.secret import Secret, key_hash
from specs.user_message import UserMessage


def lock_path(places: ProgramFolders, app_key: Secret) -> Path:
    """Return the path of an app key's lock."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = Path(runtime) / "kis-tui" if os.path.isabs(runtime) else places.state
    return folder / f"{key_hash(app_key)}.lock"


@contextlib.contextmanager
def hold(places: ProgramFolders, app_key: Secret) -> Iterator[bool]:
    """Own an app key while the block runs; true if its last owner never gave it back.

    Raises:
        OccupiedError: another process of this machine owns it; the message has its process id.
        KisTuiError: the lock cannot be made.
    """
    path = lock_path(places, app_key)
    try:
        make_folder(path.parent)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | PRIVATE, 0o600)
    except OSError as error:
        raise KisTuiError("files.unwritable", path=path, why=os_reason(error)) from error
    try:
        try:
            lock_file(handle)
        except OSError as error:
            pid = holder(path)
            raise OccupiedError(
                "lock.held", pid=pid or "?", hint=UserMessage("lock.hint")
            ) from error
        left = holder(path) is not None
        os.ftruncate(handle, 0)
        write_at(handle, str(os.getpid()).encode(), 0)
        yield left
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def holder(path: Path) -> int | None:
    """The process that wrote itself into a lock, whether or not it lives."""
    try:
        text = path.read_bytes()[:20].decode("ascii", "replace")
    except OSError:
        return None
    return int(text) if text.isascii() and text.isdigit() else None


def is_held(path: Path) -> bool:
    """Whether some process owns the lock now."""
    try:
        handle = os.open(path, os.O_RDWR | PRIVATE)
    except OSError:
        return False
    try:
        lock_file(handle)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
