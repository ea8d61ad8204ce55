"""Folders of the program, and bounded, private and atomic access to files."""

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import platformdirs
from msgspec import Struct

from app.system.errors import KisTuiError, UsageError
from app.system.os_errors import os_reason
from app.system.platform_files import (
    NO_WAIT,
    PRIVATE,
    READABLE,
    give_name,
    is_running,
    keep_private,
)

LARGEST = 1024 * 1024
"""Bytes of the largest file of settings that is read."""

MOST_NAMES = 1000
"""Names that are tried before one is given up."""

_NAME = "kis-tui"
_UNFINISHED = re.compile(r"\..+\.([1-9][0-9]{0,8})-[0-9a-f]{8}\.tmp")


class ProgramFolders(Struct, frozen=True):
    """The program's folders: settings, state and log, cache, data."""

    config: Path
    state: Path
    cache: Path
    data: Path

    @classmethod
    def find(cls) -> "ProgramFolders":
        """The folders of this user, by the rules of this system."""
        dirs = platformdirs.PlatformDirs(_NAME, appauthor=False)
        return cls(
            _place("XDG_CONFIG_HOME", dirs.user_config_path, ".config"),
            _place("XDG_STATE_HOME", dirs.user_state_path, ".local/state"),
            _place("XDG_CACHE_HOME", dirs.user_cache_path, ".cache"),
            _place("XDG_DATA_HOME", dirs.user_data_path, ".local/share"),
        )


def _place(variable: str, found: Path, fallback: str) -> Path:
    # The XDG specification has relative paths ignored; platformdirs takes them as they are.
    return found if found.is_absolute() else Path.home() / fallback / _NAME


def make_folder(folder: Path) -> None:
    """Make a folder for the user alone, with the parents that are missing."""
    # mkdir(parents=True) leaves the parents to the umask.
    for missing in reversed([f for f in (folder, *folder.parents) if not f.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def open_regular(path: Path) -> int:
    """A handle to read a regular file by; whatever else lies there is neither read nor waited for.

    Raises:
        FileNotFoundError: there is none.
        UsageError: it is no regular file, or cannot be opened.
    """
    try:
        handle = os.open(path, os.O_RDONLY | NO_WAIT | READABLE)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise UsageError("files.unreadable", path=path, why=os_reason(error)) from error
    # Looked at before it is opened as a file: fdopen itself fails on a folder.
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UsageError("files.no_file", path=path)
    return handle


def read_bounded(path: Path, limit: int = LARGEST) -> bytes:
    """The bytes of a regular file of at most `limit` bytes.

    Raises:
        FileNotFoundError: there is none.
        UsageError: it is no regular file, too large, or cannot be read.
    """
    handle = open_regular(path)
    try:
        with os.fdopen(handle, "rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise UsageError("files.unreadable", path=path, why=os_reason(error)) from error
    if len(content) > limit:
        raise UsageError("files.too_large", path=path, limit=limit // 1024)
    return content


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file, so that whatever happens the old one or the new one is there.

    Raises:
        KisTuiError: it cannot be written; the old file is as it was.
    """
    with _beside(path, content) as beside:
        os.replace(beside, path)


def write_exclusively(path: Path, content: bytes) -> None:
    """Write a file where none is.

    Raises:
        UsageError: there is one.
        KisTuiError: it cannot be written.
    """
    with _beside(path, content) as beside:
        try:
            give_name(beside, path)
        except FileExistsError:
            raise UsageError("files.is_there", path=path) from None


def write_new(path: Path, content: bytes) -> Path:
    """Write a file where none is: under this name, or with -2, -3 and so on behind it; which.

    Raises:
        KisTuiError: it cannot be written.
    """
    with _beside(path, content) as beside:
        for number in range(1, MOST_NAMES):
            free = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
            with contextlib.suppress(FileExistsError):
                give_name(beside, free)
                return free
        raise KisTuiError("files.unwritable", path=path, why=f"-{MOST_NAMES}")


@contextlib.contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    """The content in a file of the user's alone, on disk, beside the one that it is to become."""
    beside = unfinished(path)
    try:
        make_folder(path.parent)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | PRIVATE, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                keep_private(file.fileno())
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            yield beside
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise KisTuiError("files.unwritable", path=path, why=os_reason(error)) from error


def unfinished(path: Path) -> Path:
    """A name beside a file for what is to become it, which `sweep` knows for this process'."""
    return path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")


def sweep(folder: Path) -> None:
    """Remove what writers that were killed left unfinished in a folder."""
    with contextlib.suppress(OSError):
        for left in folder.glob(".*.tmp"):
            found = _UNFINISHED.fullmatch(left.name)
            if found is not None and not is_running(int(found[1])):
                left.unlink(missing_ok=True)


def rename_file(path: Path, new: Path) -> None:
    """Rename a file to a name that is free.

    Raises:
        UsageError: the name is taken.
        KisTuiError: it cannot be renamed.
    """
    try:
        give_name(path, new)
        path.unlink()
    except FileExistsError:
        raise UsageError("files.is_there", path=new) from None
    except OSError as error:
        raise KisTuiError("files.unwritable", path=path, why=os_reason(error)) from error


def delete_file(path: Path) -> None:
    """Delete a file, if it is there.

    Raises:
        KisTuiError: it cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise KisTuiError("files.unwritable", path=path, why=os_reason(error)) from error


def set_aside(path: Path, now: datetime) -> Path:
    """Move a damaged file to a name beside it that is free, and say which.

    Raises:
        KisTuiError: it cannot be moved.
    """
    for attempt in range(MOST_NAMES):
        suffix = f"-{attempt}" if attempt else ""
        kept = path.with_name(f"{path.name}.corrupt-{now:%Y%m%dT%H%M%S}{suffix}")
        try:
            give_name(path, kept)
            path.unlink()
        except FileExistsError:
            continue
        except OSError as error:
            raise KisTuiError("files.unwritable", path=path, why=os_reason(error)) from error
        return kept
    raise KisTuiError("files.unwritable", path=path, why="corrupt-*")
