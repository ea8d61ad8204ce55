"""Messages for the user before they are text: a key of the text catalogue and its values.

The text is made where it is shown (`widgets.message_text`), in the language in use there.
"""

from collections.abc import Iterable

from msgspec import Struct


class UserMessage:
    """A key of the catalogue, such as ``layouts.bad_name``, and the values of its placeholders.

    A value is a text, a number, a date, a path, or another message.  `fallback` is the text for a
    key that the catalogue may lack, such as one composed with a word of the operating system.
    Messages with equal keys and values are equal.
    """

    __slots__ = ("fallback", "key", "values")

    def __init__(self, key: str, fallback: str | None = None, /, **values: object) -> None:
        self.key = key
        self.fallback = fallback
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UserMessage) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((self.key, self.fallback))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.key}({values})"

    def _identity(self) -> tuple[str, str | None, dict[str, object]]:
        return self.key, self.fallback, self.values


class MessageList:
    """Messages and texts that are shown one after another."""

    __slots__ = ("parts", "separator")

    def __init__(self, parts: Iterable["UserText | str"], separator: str = "; ") -> None:
        self.parts = tuple(parts)
        self.separator = separator

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MessageList):
            return False
        return (self.separator, self.parts) == (other.separator, other.parts)

    def __hash__(self) -> int:
        return hash((self.parts, self.separator))

    def __repr__(self) -> str:
        return f"[{self.separator.join(map(str, self.parts))}]"


class Countdown(Struct, frozen=True):
    """A remaining duration as a value of a message, in whole seconds: 12s, 3:05, 2d 3h."""

    seconds: int


class Elapsed(Struct, frozen=True):
    """A duration as a value of a message, in whole seconds: 0:22, 2:37:16."""

    seconds: int


UserText = UserMessage | MessageList
"""Everything that `widgets.message_text` turns into text."""


class News(Struct, frozen=True):
    """A message that is shown once, after a change; `bad` marks a warning."""

    message: UserText
    bad: bool = False
