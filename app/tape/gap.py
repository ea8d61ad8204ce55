"""What a recorder could not record, and how a recording ended: the JSON of those entries."""

from msgspec import Struct


class Gap(Struct, frozen=True):
    """The recorder was held up; with `missed` at 0 it made up for all of it."""

    why: str = ""
    """A key of the catalogue (``record.why_…``): what held it up."""
    seconds: float = 0.0
    missed: int | None = None
    """How many messages are not in the tape; none where that is not known."""


class Ending(Struct, frozen=True):
    """The recording ended in good order."""

    why: str = ""
    """``asked``, ``session`` (the next tape goes on) or ``lost`` (the file is no more its own)."""
