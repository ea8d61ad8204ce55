"""The one error root, and the exit code that each kind of failure leaves the program with."""


class KisTuiError(Exception):
    """A failure told to the user in one sentence, with a hint at what to do about it."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


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
