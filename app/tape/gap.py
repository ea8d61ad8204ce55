"""The JSON of gap entries and end entries."""

from msgspec import Struct


class Gap(Struct, frozen=True):
    """A gap in the tape: messages from the seconds before this entry are missing.

    With `missed` at 0 nothing is missing.  The recorder was held up then, and what had to wait
    follows this entry.
    """

    why: str = ""
    """The cause as a key of the catalogue, such as ``record.why_full``."""
    seconds: float = 0.0
    """Seconds from its start to this entry; with `missed` at 0, the delay of what follows."""
    missed: int | None = None
    """Number of missing messages; None if unknown."""


class EndEntry(Struct, frozen=True):
    """The recording ended in good order."""

    why: str = ""
    """``asked``, ``session`` (the next tape goes on), ``lost`` or ``moved`` (the file)."""
