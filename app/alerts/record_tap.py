"""Evaluates alerts on the feed's thread, and hands what fired to the screen's."""

import threading
from collections.abc import Iterable, Sequence

from app.alerts.alert import Alert, FiredAlert
from app.alerts.evaluator import AlertEvaluator
from app.system.clock import Clock
from specs.record import Record


class RecordTap:
    """A feed's tap that evaluates every record.

    The feed's thread calls it; the screen's thread sets the alerts and takes those that fired.  A
    lock is held for the evaluation of one frame at the most.
    """

    def __init__(self, clock: Clock, *, ignores_history: bool = False) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._ignores_history = ignores_history
        self._fired: list[FiredAlert] = []
        self._evaluator = self._renewed()

    def __call__(self, tr_id: str, records: Sequence[Record], at: float) -> None:
        """Evaluate the records of a frame."""
        with self._lock:
            self._evaluator.accept(tr_id, records, at)

    def watch(self, alerts: Iterable[Alert], present: Iterable[Record]) -> None:
        """Watch these alerts and no others; those that `present` records meet fire at once."""
        with self._lock:
            self._evaluator.watch(alerts)
            self._evaluator.enter_present(present)

    def poll(self) -> list[FiredAlert]:
        """Return what fired since the last call."""
        with self._lock:
            fired, self._fired = self._fired, []
        return fired

    def reset(self) -> None:
        """Discard what was seen, such as the high of a session; the alerts are to be set again."""
        with self._lock:
            self._evaluator = self._renewed()

    def _renewed(self) -> AlertEvaluator:
        return AlertEvaluator(
            self._clock,
            lambda fired: self._fired.append(fired),
            ignores_history=self._ignores_history,
        )
