"""Runs the user's command for alerts that fired: no shell, values in the environment."""

import logging
import os
import queue
import subprocess
import threading
from collections.abc import Mapping, Sequence

from app.alerts.alert import FiredAlert

PAUSE = 1.0
"""Seconds between the starts of two commands, at least."""

TIMEOUT = 10.0
"""Seconds after which a command is ended."""

MOST_WAITING = 20
"""Commands that wait for their turn; further alerts run none."""

_log = logging.getLogger(__name__)


class AlertCommand:
    """Runs a command for each alert, one after another on a thread of its own."""

    def __init__(
        self, command: Sequence[str], *, pause: float = PAUSE, timeout: float = TIMEOUT
    ) -> None:
        self._command = tuple(command)
        self._pause = pause
        self._timeout = timeout
        self._waiting: queue.Queue[dict[str, str]] = queue.Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None

    def run(self, fired: FiredAlert, text: str) -> bool:
        """Run the command when it is its turn; return False if too many wait."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="alert command", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait(environment_of(fired, text, os.environ))
        except queue.Full:
            return False
        return True

    def _work(self) -> None:
        pause = threading.Event()
        while True:
            environment = self._waiting.get()
            try:
                subprocess.run(
                    self._command,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=self._timeout,
                    start_new_session=True,
                    check=False,
                )
            except (OSError, ValueError, subprocess.SubprocessError) as error:
                _log.warning("alert command: %s", type(error).__name__)
            pause.wait(self._pause)


def environment_of(fired: FiredAlert, text: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a command: the program's without keys, and the alert's values."""
    kept = {name: value for name, value in environment.items() if not name.startswith("KIS_")}
    return kept | {
        "KIS_TUI_ALERT_ID": str(fired.alert.id),
        "KIS_TUI_ALERT": fired.alert.text,
        "KIS_TUI_ALERT_CODE": fired.alert.condition.code,
        "KIS_TUI_ALERT_VALUE": f"{fired.value:.10g}",
        "KIS_TUI_ALERT_AT": fired.at.isoformat(timespec="milliseconds"),
        "KIS_TUI_ALERT_TEXT": text,
    }
