"""How the recording stands: what the screen and the narration say of it."""

from msgspec import Struct


class Recording(Struct, frozen=True):
    """One look at a recorder."""

    on: bool = False
    name: str = ""
    """The file that is written, or was written last."""
    entries: int = 0
    """Messages and steps that are in the tapes since the recording began."""
    bytes: int = 0
    """Of the file that is written."""
    dropped: int = 0
    """Messages that found no room while the disk took nothing."""
    trouble: str = ""
    """What holds it up, as a key of the catalogue (``record.why_…``); empty while all is well."""
    removed: int = 0
    """Old tapes that had to make room."""
