"""What is shown once, when something changes."""

from msgspec import Struct

from specs.user_message import UserText


class News(Struct, frozen=True):
    """A message; `bad` where it is a warning."""

    message: UserText
    bad: bool = False
