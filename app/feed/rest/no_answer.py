"""The error for a REST server that cannot be asked now."""

from app.system.errors import ConnectionFailed
from specs.user_message import UserText


class NoAnswer(ConnectionFailed):
    """The server cannot be reached, has a wrong certificate, or asks for a pause.

    `kind` tells the causes apart; `wait` is the least number of seconds before the next call.
    """

    def __init__(self, message: UserText, kind: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.kind = kind
        self.wait = wait
