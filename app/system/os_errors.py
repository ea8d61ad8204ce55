"""Errors of the operating system as messages of the catalogue."""

import errno

from specs.clean import clean
from specs.user_message import UserMessage

# Tapes hold these keys: the names of the first ones are part of their format.
FULL, FAILED = "record.why_full", "record.why_failed"
_KEYS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: "record.why_too_large",
    errno.EROFS: "record.why_read_only",
    errno.EACCES: "record.why_not_allowed",
    errno.EPERM: "record.why_not_allowed",
    errno.ENOENT: "record.why_no_folder",
    errno.ENOTDIR: "os_error.not_a_folder",
    errno.EISDIR: "os_error.is_a_folder",
    errno.EEXIST: "os_error.exists",
    errno.ENAMETOOLONG: "os_error.name_too_long",
    errno.ELOOP: "os_error.link_loop",
    errno.EIO: "record.why_broken",
    errno.EMFILE: "record.why_too_many_files",
    errno.ENFILE: "record.why_too_many_files",
    errno.EBADF: "os_error.closed",
}


def os_error_key(error: BaseException) -> str:
    """Return the catalogue key for an error, `FAILED` if its number has no text of its own."""
    return _KEYS.get(getattr(error, "errno", None) or 0, FAILED)


def os_reason(error: BaseException) -> UserMessage | str:
    """Return the reason as a message, or the system's own English if there is none for it."""
    if isinstance(error, ValueError):
        # A path with a NUL byte, or one that the file system's encoding cannot express.
        return UserMessage("os_error.bad_path")
    key = os_error_key(error)
    system = getattr(error, "strerror", None)
    return clean(system) if key == FAILED and system else UserMessage(key)


def is_terminal_gone(error: BaseException) -> bool:
    """Return whether an error of reading or writing means that the terminal was closed."""
    return isinstance(error, OSError) and error.errno == errno.EIO
