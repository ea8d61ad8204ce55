"""What REST said in the session that is on, kept for programs that ask for the same later."""

from app.feed.rest.event_codec import encode_event
from app.feed.rest.rest_events import (
    RestBars,
    RestEvent,
    RestExpectedPrice,
    RestPrice,
    RestRefusal,
    RestTrouble,
)

MOST_CODES = 400
"""Contracts of which results are kept, some 60 kB of bars each; the oldest makes room."""


class RestMemory:
    """Keeps results by code, encoded; an expected execution is of its moment and is not kept."""

    def __init__(self) -> None:
        self._results: dict[str, list[bytes]] = {}

    def apply(self, event: RestEvent) -> None:
        """Keep a result."""
        code = code_of(event)
        if not code or isinstance(event, RestExpectedPrice):
            return
        self._results.setdefault(code, []).append(encode_event(event))
        if len(self._results) > MOST_CODES:
            del self._results[next(iter(self._results))]

    def find(self, code: str) -> list[bytes]:
        """Return what is known of a code, for `decode_event`, in the order in which it came."""
        return self._results.get(code, [])

    def clear(self) -> None:
        """Discard everything: another session has begun."""
        self._results.clear()


def code_of(event: RestEvent) -> str:
    """Return the code that a result is of; empty for a trouble that concerns all."""
    match event:
        case RestPrice() | RestExpectedPrice():
            return event.record.code
        case RestBars() | RestRefusal():
            return event.code
        case RestTrouble():
            return ""
