"""The trades and auctions of tonight that were recorded before this start."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from app.feed.trade_lane import LaneRecords
from app.system.clock import Clock
from app.system.errors import KisTuiError
from app.tape.destination import is_tape_name

SLICE, REST = 0.008, 0.016
"""Seconds of work, and of standing aside after it: the connection goes first."""

_log = logging.getLogger("app.tape")


class TapeHistory:
    """Reads the tapes of a folder that were recorded in the trade date of a moment."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._began = 0.0

    async def run(self, deliver: Callable[[LaneRecords], None]) -> None:
        """Deliver what came before, the latest first; a tape that is unreadable is left out.

        A tape that is being recorded may bring trades that are known already.
        """
        # Imported late: a start without a tape needs no decompressor.
        from app.tape.earlier_trades import DATE_BEGINS, segment_records, trade_date_of
        from app.tape.reader import Tape
        from app.tape.tape_index import TapeIndex

        date = (self._clock.now() - DATE_BEGINS).date()
        tapes: list[Tape] = []
        try:
            for path in self._paths():
                try:
                    tapes.append(Tape(path))
                except KisTuiError as error:
                    _log.info("no earlier trades from %s: %s", path.name, error)
            tapes = [tape for tape in tapes if tape.segments]
            for tape in sorted(tapes, key=lambda one: one.segments[0].wall, reverse=True):
                index = TapeIndex(tape)
                for at in reversed(range(len(index.segments))):
                    if trade_date_of(index, at) != date:
                        break
                    found = await segment_records(index, at, self._rest)
                    if any(found):
                        deliver(found)
        except (KisTuiError, OSError) as error:
            _log.info("earlier trades end here: %s", error)
        finally:
            for tape in tapes:
                tape.close()

    def _paths(self) -> list[Path]:
        """Return the live tapes whose trade date is not over."""
        today = f"{self._clock.now():%Y%m%d}"
        try:
            names = [path.name for path in self._folder.iterdir()]
        except OSError:
            return []
        chosen = (name for name in names if is_tape_name(name) and "-demo" not in name)
        return [self._folder / name for name in sorted(chosen) if name[:8] >= today]

    async def _rest(self) -> bool:
        if self._clock.monotonic() - self._began >= SLICE:
            await asyncio.sleep(REST)
            self._began = self._clock.monotonic()
        return True
