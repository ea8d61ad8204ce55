"""The dial budget on disk: a crash loop must not be able to forget it.

A JSON list of wall times (seconds since the epoch), a file for each app key, named by its hash.
"""

import contextlib
from pathlib import Path

import msgspec

from app.feed.dial_budget import LONGEST, WINDOWS, DialBudget
from app.system.clock import Clock
from app.system.errors import KisTuiError
from app.system.files import read_bounded, write_atomically
from app.system.secret import Secret, key_hash

MOST = WINDOWS[-1][1]


class DialFile:
    """The file with the dials of one app key."""

    def __init__(self, folder: Path, app_key: Secret, clock: Clock) -> None:
        self._path = folder / f"dials-{key_hash(app_key)}.json"
        self._clock = clock

    def load(self) -> DialBudget:
        """The dials of earlier runs; what lies in the future counts as now.

        A file that cannot be read counts as a short window all but spent.
        """
        now, wall = self._clock.monotonic(), self._clock.now().timestamp()
        try:
            times = msgspec.json.decode(read_bounded(self._path), type=list[float])
        except FileNotFoundError:
            return DialBudget()
        except (KisTuiError, msgspec.MsgspecError, UnicodeError, RecursionError):
            times = [wall] * (WINDOWS[0][1] - 1)
        ages = sorted((max(0.0, wall - time) for time in times[-MOST:]), reverse=True)
        return DialBudget(tuple(now - age for age in ages if age < LONGEST))

    def save(self, budget: DialBudget) -> None:
        """Keep these dials.

        Raises:
            KisTuiError: the file cannot be written.
        """
        now, wall = self._clock.monotonic(), self._clock.now().timestamp()
        times = [round(wall - (now - moment), 3) for moment in budget.spent]
        write_atomically(self._path, msgspec.json.encode(times))


class KeptBudget:
    """A dial budget that is written to its file whenever it changes."""

    def __init__(self, file: DialFile | None) -> None:
        self._file = file
        self.budget = file.load() if file is not None else None
        """The budget; None without a file and before the first update."""

    def update(self, budget: DialBudget) -> None:
        """Write the budget if it is another one."""
        if budget is not self.budget and self._file is not None:
            # A disk that takes nothing must not take the feed down: the budget holds in memory.
            with contextlib.suppress(KisTuiError):
                self._file.save(budget)
        self.budget = budget
