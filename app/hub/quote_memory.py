"""The best quotes of a session each half minute, kept by its owner for programs that join later.

A joined kis-tui makes the paths of its smiles of them.  A sample is three doubles: seconds since
1970, bid and ask.
"""

from array import array
from collections.abc import Mapping
from math import inf

from app.feed.registration_state import RegistrationKey
from app.hub.last_frames import LastFrames
from specs.catalog import CATALOG, Channel
from specs.frame import FrameError, decode
from specs.record import BookRecord

EVERY = 30
"""Seconds between two samples; one a slot of that length, counted from 1970."""

FIELDS = 3
MOST = 1440
"""Samples of a contract, twelve hours: 35 kB."""

MOST_CODES = 200


class QuoteMemory:
    """Keeps samples by code; it lives on the feed's loop."""

    def __init__(self) -> None:
        self._samples: dict[str, array[float]] = {}
        self._slot = 0

    def sample(self, seconds: float, frames: LastFrames) -> None:
        """Keep the quotes of all books at a moment (seconds since 1970), once in each slot."""
        slot = int(seconds // EVERY)
        if slot == self._slot:
            return
        self._slot = slot
        for tr_id, code in frames.keys:
            if CATALOG[tr_id].channel is Channel.BOOK:
                self._keep(code, seconds, frames.find(RegistrationKey(tr_id, code)))

    def find(self, code: str) -> "array[float]":
        """Return the samples of a code, oldest first."""
        return self._samples.get(code, array("d"))

    def prepend(self, quotes: "Mapping[str, array[float]]") -> None:
        """Keep samples of slots before those that are kept."""
        for code, values in quotes.items():
            kept = self._samples.setdefault(code, array("d"))
            first = kept[0] // EVERY if kept else inf
            before = sum(seconds // EVERY < first for seconds in values[::FIELDS])
            kept[:0] = values[: before * FIELDS]

    def clear(self) -> None:
        """Discard everything: another session has begun."""
        self._samples.clear()

    def _keep(self, code: str, seconds: float, raw: str | None) -> None:
        try:
            records = decode(raw).records if raw is not None else []
        except FrameError:
            return
        book = next((one for one in records if one.code == code), None)
        if not isinstance(book, BookRecord):
            return
        kept = self._samples.get(code)
        if kept is None:
            if len(self._samples) >= MOST_CODES:
                return
            kept = self._samples[code] = array("d")
        kept.extend((seconds, book.bid, book.ask))
        if len(kept) > MOST * FIELDS:
            del kept[: MOST // 8 * FIELDS]
