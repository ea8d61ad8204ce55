"""What a joined kis-tui gets of REST: the owner asks, and hands the results over."""

from collections.abc import Iterable

from app.feed.rest.event_codec import decode_event
from app.feed.rest.rest_events import RestBars, RestEvent
from app.feed.rest.rest_memory import code_of


class JoinedRest:
    """Collects results for the next batch.

    Bars of a code wait until the owner has said what it remembers of it, because they fill the gaps
    between the trades that are known.
    """

    def __init__(self, *, asks: bool) -> None:
        """With `asks` false the program wants nothing of REST."""
        self._asks = asks
        self._events: list[RestEvent] = []
        self._recalled: set[str] = set()
        self._waiting: dict[str, list[RestEvent]] = {}

    def accept(self, encoded: bytes) -> None:
        """Take a result that the owner sent."""
        event = decode_event(encoded)
        if event is None or not self._asks:
            return
        code = code_of(event)
        if isinstance(event, RestBars) and code not in self._recalled:
            self._waiting.setdefault(code, []).append(event)
        else:
            self._events.append(event)

    def recall(self, code: str, remembered: Iterable[RestEvent]) -> None:
        """Take what the owner remembers of a code; its bars need not wait any more."""
        self._recalled.add(code)
        waiting = self._waiting.pop(code, [])
        if self._asks:
            self._events += [*remembered, *waiting]

    def collect(self) -> tuple[RestEvent, ...]:
        """Return the results since the last time."""
        events, self._events = tuple(self._events), []
        return events
