"""What is kept of the session that is on: last frames, trades and quotes for later programs.

A joined program keeps them, too: it may become the owner that hands them over.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.feed.demand import trading_at
from app.feed.phase import SETTLED, LinkPhase
from app.feed.registration_state import RegistrationKey
from app.hub.last_frames import LastFrames
from app.hub.quote_memory import QuoteMemory
from app.hub.trade_memory import TradeMemory
from app.krx.calendar import Schedule
from specs.catalog import Session

if TYPE_CHECKING:
    from app.feed.trade_lane import LaneRecords
    from specs.record import Record


class SessionRecords:
    """Discards last frames with their session, and trades with their trade date."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._turn: tuple[date, Session] | None = None
        self.frames = LastFrames()
        self.memory = TradeMemory()
        self.quotes = QuoteMemory()

    def poll(
        self, moment: datetime, targets: Collection[RegistrationKey], phase: LinkPhase
    ) -> None:
        """Discard what is over at a moment (KST), and what is not registered any more.

        Quotes are sampled while the link is in a `phase` in which they are of now.
        """
        turn = trading_at(moment, self._schedule)
        if turn != self._turn:
            if self._turn is not None and turn[0] != self._turn[0]:
                self.memory.clear()
            self._turn = turn
            self.frames.clear()
            self.quotes.clear()
        self.frames.retain(targets)
        if phase in SETTLED:
            self.quotes.sample(moment.timestamp(), self.frames)

    def forward(self, raw: str, tr_id: str, records: "list[Record]") -> None:
        """Keep a data frame."""
        self.frames.apply(tr_id, dict.fromkeys(record.code for record in records), raw)

    def remember(self, records: "LaneRecords") -> None:
        """Keep trades and indications."""
        self.memory.apply(records)

    def prepend(self, earlier: "LaneRecords") -> None:
        """Keep what another program knows of the time before what is kept."""
        self.memory.prepend(earlier)
        self.quotes.prepend(earlier.quotes)

    def encode(self, code: str, rest: Iterable[bytes]) -> bytes:
        """Return what is known of a code, for `app.hub.trade_memory.read_memory`."""
        return self.memory.encode(code, rest, self.quotes.find(code))
