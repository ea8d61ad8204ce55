"""What is shown once, when something changes."""

from msgspec import Struct


class News(Struct, frozen=True):
    """A sentence; `bad` where it is a warning."""

    text: str
    bad: bool = False
