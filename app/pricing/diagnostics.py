"""What the last run of the dashboard saw of its connection, kept for `kis-tui doctor`."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from app.feed.batch import Batch, Counters, LinkTransition
from app.instruments.contracts import ExpiryDifference
from app.pricing.volatility_scale import VolatilityScale
from app.system.errors import KisTuiError
from app.system.files import read_bounded, write_atomically
from app.system.log_ring import LogRing


class Diagnostics(Struct, frozen=True):
    """Counters and steps of one run, and when they were written: ISO, KST.

    `scales` are those of KIS' implied volatility by TR, as far as comparisons decided them; `log`
    is the last lines of the log.
    """

    written: str
    counters: Counters
    transitions: tuple[LinkTransition, ...]
    scales: Mapping[str, VolatilityScale] = {}
    log: tuple[str, ...] = ()
    expiries: tuple[ExpiryDifference, ...] = ()
    """Last trading days that KIS stated and that differ from the computed ones."""


class DiagnosticsFile:
    """The diagnostics of the last run in a file."""

    def __init__(self, path: Path, log: LogRing | None = None) -> None:
        """`log` holds the lines that are kept with each."""
        self._path = path
        self._log = log or LogRing()

    def load(self) -> Diagnostics | None:
        """Those of the last run; none if there are none that can be read."""
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
        """Keep those of a batch.

        Raises:
            KisTuiError: the file cannot be written.
        """
        log = self._log.lines()
        found = Diagnostics(
            written, batch.counters, batch.transitions, scales, log, tuple(expiries)
        )
        write_atomically(self._path, msgspec.json.encode(found))
