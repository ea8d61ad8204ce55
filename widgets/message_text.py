"""The text of a message: where keys and values become what the user reads."""

from specs.user_message import Countdown, Elapsed, MessageList, UserMessage, UserText
from widgets import times
from widgets.texts import has, t


def message_text(message: UserText | str | None) -> str:
    """Return a message in the language in use; a text as it is, and an empty one for None.

    Raises:
        KeyError: the catalogue lacks the key, and the message has no fallback.
    """
    match message:
        case UserMessage():
            if message.fallback is not None and not has(message.key):
                return message.fallback
            return t(message.key, **{name: _value(one) for name, one in message.values.items()})
        case MessageList():
            return message.separator.join(message_text(one) for one in message.parts)
    return message or ""


def _value(value: object) -> object:
    match value:
        case UserMessage() | MessageList():
            return message_text(value)
        case Countdown():
            return times.countdown(value.seconds)
        case Elapsed():
            return times.minutes(value.seconds)
    return value
