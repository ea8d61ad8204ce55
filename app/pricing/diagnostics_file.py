"""Connection diagnostics of the dashboard's last run, saved for `kis-tui doctor`."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from app.feed.batch import Batch, Counters, LinkTransition
from app.instruments.contracts import ExpiryDifference
from app.pricing.volatility_scale import VolatilityScale
from app.system.errors import KisTuiError
from app.system.files import read_bounded, write_atomically
from app.system.logs import LogRing


class Diagnostics(Struct, frozen=True):
    """Counters and connection steps of one run; `written` is the time of saving, ISO in KST.

    `scales` are the decided scales of KIS' implied volatility by TR; `log` holds the last lines of
    the log.
    """

    written: str
    counters: Counters
    transitions: tuple[LinkTransition, ...]
    scales: Mapping[str, VolatilityScale] = {}
    log: tuple[str, ...] = ()
    expiries: tuple[ExpiryDifference, ...] = ()
    """Last trading days from KIS that differ from the computed ones."""


class DiagnosticsFile:
    """The diagnostics of the last run in a file."""

    def __init__(self, path: Path, log: LogRing | None = None) -> None:
        """Set the path; `log` holds the lines that are saved with the diagnostics."""
        self._path = path
        self._log = log or LogRing()

    def load(self) -> Diagnostics | None:
        """Return the diagnostics of the last run, or None without a readable file."""
        try:
            return msgspec.json.decode(read_bounded(self._path), type=Diagnostics)
        except (OSError, KisTuiError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return None

    def save(
        self,
        batch: Batch,
        written: str,
        scales: Mapping[str, VolatilityScale],
        expiries: Iterable[ExpiryDifference] = (),
    ) -> None:
        """Save the diagnostics of a batch.
        Raises:
            KisTuiError: the file cannot be written.
        """
        log = self._log.lines()
        found = Diagnostics(
            written, batch.counters, batch.transitions, scales, log, tuple(expiries)
        )
        write_atomically(self._path, msgspec.json.encode(found))
