"""State of the recording, for the screen and the command line."""

from msgspec import Struct


class ClosedTape(Struct, frozen=True):
    """A tape that is done with."""

    name: str
    messages: int
    why: str
    """``asked``, ``session``, ``lost`` (deleted), ``moved`` or ``trouble``."""


class Recording(Struct, frozen=True):
    """One look at a recorder."""

    on: bool = False
    name: str = ""
    """The file that is written, or was written last."""
    messages: int = 0
    """Of the server, in that file."""
    bytes: int = 0
    """Of the file that is written."""
    dropped: int = 0
    """Messages that found no room while the disk took nothing."""
    trouble: str = ""
    """Cause of an interruption as a catalogue key, such as ``record.why_full``; else empty."""
    removed: int = 0
    """Old tapes that had to make room."""
    begun: int = 0
    """Tapes since the recording began."""
    closed: tuple[ClosedTape, ...] = ()
    """Those of them that are done with."""
