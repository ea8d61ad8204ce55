"""What a recorder could not record, and how a recording ended: the JSON of those entries."""

from msgspec import Struct


class Gap(Struct, frozen=True):
    """What is not in the tape: what came in the seconds before this entry.

    With `missed` at 0 nothing is missing.  The recorder was held up then, and what had to wait
    follows this entry.
    """

    why: str = ""
    """The cause as a key of the catalogue, such as ``record.why_full``."""
    seconds: float = 0.0
    """How long before this entry it began; with `missed` at 0, how long what follows waited."""
    missed: int | None = None
    """How many messages are not in the tape; none where that is not known."""


class EndEntry(Struct, frozen=True):
    """The recording ended in good order."""

    why: str = ""
    """``asked``, ``session`` (the next tape goes on), ``lost`` or ``moved`` (the file)."""
