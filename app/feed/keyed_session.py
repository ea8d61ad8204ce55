"""The session of one app key among several, as those see it that look at all of them."""

from collections.abc import Iterable
from typing import Protocol

from app.feed.batch import KeyState
from app.feed.events import Effect
from app.feed.phase import LinkPhase
from app.feed.registration_state import RegistrationKey, RegistrationStatus
from app.feed.session import LinkSession

_HELD_ELSEWHERE = "held"
"""The reason of a key whose lock another kis-tui of this machine has."""


class KeyedSession(Protocol):
    """One app key's session, as `app.feed.key_link.KeyLink` drives it."""

    name: str
    session: LinkSession
    last_message: float
    is_ours: bool
    """Whether no other kis-tui of this machine has the key."""

    def perform(self, effects: Iterable[Effect]) -> None:
        """Do what the session decided."""


class Registered(Protocol):
    """The registrations of one session, or of all."""

    @property
    def limit(self) -> int:
        """Registrations that the server takes, as far as is known."""

    @property
    def used(self) -> int:
        """Slots in use, releases under way included."""

    @property
    def waiting(self) -> int:
        """Number of registrations that wait for a slot."""

    @property
    def wanted(self) -> tuple[RegistrationKey, ...]:
        """The wanted registrations, highest priority first."""

    @property
    def targets(self) -> list[RegistrationKey]:
        """The registrations to hold."""

    @property
    def refused(self) -> list[RegistrationKey]:
        """The registrations that the server refused."""

    def statuses(self) -> dict[RegistrationKey, RegistrationStatus]:
        """Return the status of every wanted registration, highest priority first."""


def key_state(link: KeyedSession) -> KeyState:
    """Return the state of a key for display."""
    state, registrations = link.session.connection, link.session.registrations
    is_open = state.is_open
    return KeyState(
        link.name,
        state.phase if link.is_ours else LinkPhase.OCCUPIED,
        state.reason if link.is_ours else _HELD_ELSEWHERE,
        state.detail,
        state.next_at,
        registrations.used if is_open else 0,
        registrations.limit,
    )
