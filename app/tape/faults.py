"""What keeps a recording from its disk, as keys of the catalogue."""

import errno

FULL, FAILED = "record.why_full", "record.why_failed"
_WHY = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: "record.why_too_large",
    errno.EROFS: "record.why_read_only",
    errno.EACCES: "record.why_not_allowed",
    errno.EPERM: "record.why_not_allowed",
    errno.ENOENT: "record.why_no_folder",
    errno.EIO: "record.why_broken",
    errno.EMFILE: "record.why_too_many_files",
    errno.ENFILE: "record.why_too_many_files",
}


def why(error: OSError) -> str:
    """Why the disk did not take something."""
    return _WHY.get(error.errno or 0, FAILED)
