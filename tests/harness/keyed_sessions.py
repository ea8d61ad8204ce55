"""Sessions of app keys without a socket, and what they were told to do."""

from collections.abc import Iterable
from math import inf

from app.feed.events import Effect
from app.feed.key_sessions import KeySessions
from app.feed.session import LinkSession


class ListedLink:
    """One key's session; `effects` are those that were performed."""

    def __init__(self, name: str, session: LinkSession) -> None:
        self.name = name
        self.session = session
        self.last_message = -inf
        self.is_ours = True
        self.effects: list[Effect] = []

    def perform(self, effects: Iterable[Effect]) -> None:
        self.effects += effects


def one_key(session: LinkSession) -> KeySessions:
    """Return the session of one key as the sessions of all."""
    return KeySessions([ListedLink("main", session)])
