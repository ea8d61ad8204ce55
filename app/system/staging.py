"""Long files that are written a part at a time, and are there as a whole or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from app.system.errors import KisTuiError, UsageError
from app.system.files import make_folder, unfinished
from app.system.os_errors import os_reason
from app.system.platform_files import give_name


@contextlib.contextmanager
def staged(path: Path, *, replacing: bool = False) -> Iterator[Path]:
    """A place to make a new file at, which gets the name of `path` once it is whole.

    Raises:
        UsageError: there is a file of that name, and it is not to be replaced.
        KisTuiError: it cannot be written.
    """
    taken = UsageError("staging.taken", path=path)
    if not replacing and os.path.lexists(path):
        raise taken
    beside = unfinished(path)
    try:
        make_folder(path.parent)
        yield beside
        if replacing:
            os.replace(beside, path)
        else:
            _name(beside, path)
    except FileExistsError as error:
        raise taken from error
    except (OSError, ValueError) as error:
        raise KisTuiError("files.unwritable", path=path, why=os_reason(error)) from error
    finally:
        with contextlib.suppress(OSError, ValueError):
            beside.unlink(missing_ok=True)


def _name(beside: Path, path: Path) -> None:
    """Give a file its name, unless that is taken."""
    try:
        give_name(beside, path)
    except FileExistsError:
        raise
    except OSError:
        # A stick or a share may know no second names: the name is taken first, and filled then.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(beside, path)
