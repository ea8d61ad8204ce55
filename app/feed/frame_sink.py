"""The protocol of the recorder, as the feed uses it; the recorder is built on top of the feed."""

from collections.abc import Callable, Mapping
from typing import Protocol

from app.feed.link_step import LinkStep
from app.feed.recording import Recording


class FrameSink(Protocol):
    """A recorder, called on the feed's thread for every message; no method waits for the disk."""

    changed: Callable[[], None]
    """Called from another thread when `recording` changes."""

    @property
    def recording(self) -> Recording:
        """The state of the recording."""

    def start(self) -> None:
        """Start recording; do nothing while it is on."""

    def stop(self, *, wait: bool = True) -> None:
        """Stop recording; with `wait`, return once all is written or after two seconds."""

    def record_message(self, message: object, monotonic: float) -> None:
        """Record a websocket message of any type, received at `monotonic` (seconds)."""

    def link(self, step: LinkStep, monotonic: float) -> None:
        """Record a change of the connection."""

    def name(self, names: Mapping[str, str]) -> None:
        """Record the names of codes."""

    def miss(self, missed: Mapping[str, float]) -> None:
        """Record how many contracts were missed so far, by code."""
