"""Tells of fired alerts: toast, row mark, bell, desktop notification and command."""

import os
from collections.abc import Iterable, Sequence

from app.alerts.alert import FiredAlert
from app.alerts.alert_command import AlertCommand
from app.alerts.desktop_notification import notification, protocol_of
from app.feed.batch import Batch
from app.screens.alert_center import AlertCenter
from app.screens.textual_compat import SafeApp
from app.screens.textual_compat.terminal_sequence import write_sequence
from app.screens.workspace import Workspace
from specs.market.ticker import Ticker
from specs.record import Record
from widgets.message_text import message_text

MARKED_FOR = 60.0
"""Seconds for which the row of an alert that fired is marked."""


class AlertNotices:
    """The alerts of the dashboard, from `start` on, and how they are told.

    In a replay they are shown, and nothing leaves the dashboard.
    """

    def __init__(self, app: SafeApp, workspace: Workspace) -> None:
        self._app = app
        self._workspace = workspace
        self._center: AlertCenter | None = None
        settings = workspace.program.settings.alerts
        self._settings = settings
        self._command = AlertCommand(settings.command) if settings.command else None
        self._marked: dict[str, float] = {}
        """Codes whose rows are marked, and until when in monotonic seconds."""
        self._protocol = protocol_of(settings.notify, os.environ)

    def start(self) -> None:
        """Load the alerts and watch them."""
        self._center = self._workspace.alerts

    @property
    def codes(self) -> Sequence[str]:
        """The codes that the alerts need data of."""
        return self._center.codes if self._center is not None else ()

    @property
    def valued(self) -> frozenset[str]:
        """The options that the alerts need computed values of."""
        return self._center.valued if self._center is not None else frozenset()

    def evaluate(self, tr_id: str, records: list[Record], at: float) -> None:
        """Evaluate the records of a frame; called on the feed's thread."""
        if self._center is not None:
            self._center.tap(tr_id, records, at)

    def apply(self, batch: Batch) -> list[Ticker]:
        """Evaluate what a batch brought, tell of what fired, and return the rows that changed."""
        if self._center is None:
            return []
        if batch.is_reset:
            self._marked.clear()
        return self._tell(self._center, self._center.apply(batch))

    def tick(self) -> list[Ticker]:
        """Evaluate what time has changed, tell of what fired, and return the rows that changed."""
        return [] if self._center is None else self._tell(self._center, self._center.poll())

    def _tell(self, center: AlertCenter, fired: Iterable[FiredAlert]) -> list[Ticker]:
        now = self._workspace.program.clock.monotonic()
        for one in fired:
            self._marked[one.alert.condition.code] = now + MARKED_FOR
            message = center.message(one)
            self._app.show_toast(message, warning=True)
            if center.is_replay:
                continue
            text = message_text(one.message)
            if self._settings.bell:
                self._app.bell()
            sequence = notification(self._protocol, text)
            if sequence:
                write_sequence(self._app, sequence)
            if self._command is not None:
                self._command.run(one, text)
        self._marked = {code: end for code, end in self._marked.items() if now < end}
        return self._workspace.market.book.mark_alerts(self._marked)
