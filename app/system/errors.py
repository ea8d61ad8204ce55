"""The base of all errors, and the exit code of each kind."""

from specs.user_message import MessageList, UserMessage, UserText


class KisTuiError(Exception):
    """A failure that is reported to the user in one sentence, with a hint.

    The sentence is a key of the catalogue and values, or a whole message; the text is made where it
    is shown.  ``str(error)`` is for the log: key and values.
    """

    exit_code = 1

    def __init__(
        self, message: str | UserText, /, *, hint: UserText | str | None = None, **values: object
    ) -> None:
        self.message = UserMessage(message, **values) if isinstance(message, str) else message
        self.hint = hint
        super().__init__(str(self.message))

    @property
    def key(self) -> str:
        """The key of the message; empty for a list of messages."""
        return "" if isinstance(self.message, MessageList) else self.message.key

    @property
    def values(self) -> dict[str, object]:
        """The values of the message; empty for a list of messages."""
        return {} if isinstance(self.message, MessageList) else self.message.values


class UsageError(KisTuiError):
    """A wrong argument, setting or file."""

    exit_code = 2


class ConnectionFailed(KisTuiError):
    """A connection that could be tried again."""

    exit_code = 3


class CredentialsError(KisTuiError):
    """App key or secret missing or rejected."""

    exit_code = 4


class OccupiedError(KisTuiError):
    """The app key is in use by another session."""

    exit_code = 5
