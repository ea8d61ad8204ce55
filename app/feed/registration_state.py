"""The state of one registration: its key, its entry, and the public view of it."""

from enum import StrEnum

from msgspec import Struct


class RegistrationKey(Struct, frozen=True, gc=False, order=True):
    """One registration: a code on a TR."""

    tr_id: str
    code: str


class RegistrationState(StrEnum):
    """State of one registration at the server."""

    NONE = "none"
    SENT = "sent"
    ACTIVE = "active"
    UNCONFIRMED = "unconfirmed"
    RELEASING = "releasing"
    STUCK = "stuck"
    REFUSED = "refused"
    NO_SLOT = "no_slot"
    NOT_ON_TAPE = "not_on_tape"
    """No server was asked: what is played does not hold it."""


# While the connection is down the last book stays, as old as it is.
WITHOUT_BOOK = frozenset(
    (RegistrationState.NO_SLOT, RegistrationState.REFUSED, RegistrationState.RELEASING)
)
"""States of a book's registration in which no book is shown."""


class RegistrationEntry(Struct):
    """One registration among all."""

    state: RegistrationState = RegistrationState.NONE
    sent_at: float = 0.0
    tries: int = 0
    failures: int = 0
    code: str = ""
    detail: str = ""
    retry_at: float = 0.0


class RegistrationStatus(Struct, frozen=True, gc=False):
    """Status of one registration, for display."""

    state: RegistrationState
    code: str = ""
    """The code that it was refused with."""
    since: float = 0.0
    """The moment of the first registration that the server accepted; monotonic seconds.

    A repeated registration and a reconnect do not change it.
    """
    detail: str = ""
    """KIS' own text to the code, cleaned."""
    app_key: str = ""
    """The profile of the app key that it is on; empty where there is one key alone."""

    @property
    def refusal(self) -> str:
        """Code and detail of a refusal."""
        return f"{self.code} {self.detail}".strip()


class ControlRequest(Struct, frozen=True):
    """A control message to be sent."""

    key: RegistrationKey
    register: bool
