"""One websocket of the model: two ends, a latency, and the ways in which it ends."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rig.kis import Kis, Request

    from app.feed.registrations import RegistrationKey

CLOSE_WAIT = 2.0
"""Seconds that a client waits for the answer to its close frame."""


class Wire:
    """A socket; what it carries arrives in order, or not at all."""

    def __init__(self, kis: "Kis", epoch: int) -> None:
        self._kis = kis
        self._world = kis.world
        self.epoch = epoch
        self.client_open = self.server_open = True
        self.dead = False
        self.registered: dict[RegistrationKey, int] = {}
        self.holds_slot = False
        self.unanswered_pings: list[str] = []
        self._early: list[Callable[[], None]] = []
        """Data received before the client set its handlers; a real socket buffers them, too."""
        self.on_message: Callable[[str], None] = self._keep_message
        self.on_closed: Callable[[str], None] = self._keep_close
        self._arrival = [0.0, 0.0]
        self._closing = False

    def to_client(self, raw: str) -> None:
        """Send a message to the client."""
        self._carry(0, lambda: self.on_message(raw) if self.client_open else None)

    def hand_on(self) -> None:
        """Call the client's handlers with what came before they were set."""
        early, self._early = self._early, []
        for act in early:
            act()

    def _keep_message(self, raw: str) -> None:
        self._early.append(lambda: self.on_message(raw))

    def _keep_close(self, reason: str) -> None:
        self._early.append(lambda: self.on_closed(reason))

    def ask(self, request: "Request") -> None:
        """The client asks for something."""
        self._carry(1, lambda: self._kis.asked(self, request))

    def echo(self, raw: str) -> None:
        """The client sends a PINGPONG back."""
        self._carry(1, lambda: self._kis.echoed(self, raw))

    def end(self, reason: str) -> None:
        """Close it from the server's side; the client is notified while the path exists."""
        self._carry(0, lambda: self._ended(reason))

    def close(self) -> None:
        """The client closes it: politely, and after a while in any case."""
        if self._closing or not self.client_open:
            return
        self._closing = True

        def arrived() -> None:
            if self.server_open:
                self._kis.closed_by_client(self)
                self.end("1000")

        self._carry(1, arrived)
        self._world.after(CLOSE_WAIT, lambda: self._ended("1006"))

    def _ended(self, reason: str) -> None:
        if self.client_open:
            self.client_open = False
            if self.server_open:
                # The client is gone without a word that arrived.
                self._kis.go_dead(self)
            self.on_closed(reason)

    def _carry(self, way: int, act: Callable[[], None]) -> None:
        low, high = self._kis.latency
        when = max(self._arrival[way], self._world.time + self._world.between(low, high))
        self._arrival[way] = when
        if not self.dead:
            self._world.at(when, lambda: None if self.dead else act())
