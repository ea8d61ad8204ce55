"""The last record of each registration, as a frame of its own: the snapshot KIS does not send."""

from collections.abc import Collection, Iterable

from app.feed.registration_state import RegistrationKey
from specs.catalog import CATALOG


class LastFrames:
    """Keeps the last frame of each registration, byte for byte as it came."""

    def __init__(self) -> None:
        self._frames: dict[tuple[str, str], str] = {}

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """TR and code of all registrations of which a frame is kept."""
        return tuple(self._frames)

    def apply(self, tr_id: str, codes: Iterable[str], raw: str) -> None:
        """Keep a frame for the codes that its records are of."""
        for code in codes:
            self._frames[tr_id, code] = raw

    def find(self, key: RegistrationKey) -> str | None:
        """Return the last record of a registration as a frame, or None before the first."""
        raw = self._frames.get((key.tr_id, key.code))
        return _single(raw, key) if raw is not None else None

    def retain(self, keys: Collection[RegistrationKey]) -> None:
        """Discard the frames of other registrations: what is not registered grows old."""
        for tr_id, code in [one for one in self._frames if RegistrationKey(*one) not in keys]:
            del self._frames[tr_id, code]

    def clear(self) -> None:
        """Discard all frames: they are of a session that is over."""
        self._frames.clear()


def _single(raw: str, key: RegistrationKey) -> str:
    """Return a frame with the last record of a code alone; one that cannot be cut as it is."""
    flag, tr_id, count, payload = raw.split("|", 3)
    fields = payload.split("^")
    records = int(count)
    if records == 1:
        return raw
    width, odd = divmod(len(fields), records)
    if odd:
        width = CATALOG[key.tr_id].width
    for start in range(width * (records - 1), -1, -width):
        record = fields[start : start + width]
        if record and record[0].strip() == key.code:
            return f"{flag}|{tr_id}|{'1'.zfill(len(count))}|{'^'.join(record)}"
    return raw
