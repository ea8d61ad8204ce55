"""The list of alerts: distance to the trigger, age of the value, last firing; and what fired."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.message import Message
from textual.reactive import reactive

from widgets import cells
from widgets.line_view import row_towards
from widgets.sheet import TextLine, TextSheet, centred
from widgets.texts import t

_HEADER = 1
_NUMBER, _VALUE, _DISTANCE, _AGE, _FIRED = 4, 12, 12, 8, 15


class AlertLine(NamedTuple):
    """One alert as it is shown."""

    id: int
    text: str
    value: str
    distance: str
    age: str
    fired: str
    is_met: bool


class AlertListView(TextSheet, can_focus=True):
    """Alerts with a cursor, and below them what fired, the newest first."""

    class AlertChosen(Message):
        """The alert under the cursor was clicked again."""

    cursor = reactive(0, repaint=False)

    def __init__(self) -> None:
        super().__init__(id="alert_list")
        self._alerts: Sequence[AlertLine] = ()
        self._history: Sequence[str] = ()
        self._top = 0

    @property
    def selected(self) -> int | None:
        """The id of the alert under the cursor, or None without alerts."""
        return self._alerts[self.cursor].id if self.cursor < len(self._alerts) else None

    def show(self, alerts: Sequence[AlertLine], history: Sequence[str]) -> None:
        """Show these; the cursor stays on its alert if it is still there."""
        selected = self.selected
        self._alerts, self._history = alerts, history
        ids = [one.id for one in alerts]
        self.cursor = ids.index(selected) if selected in ids else self.cursor
        self.rewrite()

    def action_move(self, way: str) -> None:
        """Move the cursor: up, down, top, bottom."""
        self.cursor = row_towards(way, self.cursor, len(self._alerts))

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(len(self._alerts) - 1, cursor))

    def watch_cursor(self) -> None:
        self.rewrite()

    def on_click(self, event: events.Click) -> None:
        at = self._top + event.y - _HEADER
        if event.y >= _HEADER and at < len(self._alerts):
            if self.cursor == at:
                self.post_message(self.AlertChosen())
            self.cursor = at

    def lines(self, width: int, height: int) -> list[TextLine]:
        if not self._alerts:
            empty = centred(t("alerts.list_empty"), width, height)
            return empty if not self._history else [*self._fired(width, height // 2), *empty]
        below = self._fired(width, max(0, min(len(self._history) + 2, height // 3)))
        room = max(1, height - _HEADER - len(below))
        top = max(self.cursor - room + 1, min(self._top, self.cursor))
        self._top = max(0, min(top, len(self._alerts) - room))
        seen = self._alerts[self._top : self._top + room]
        rows = [self._row(at, one, width) for at, one in enumerate(seen, self._top)]
        return [self._titles(width), *rows, *([()] * (room - len(rows))), *below]

    def _fired(self, width: int, height: int) -> list[TextLine]:
        if not self._history or height < 2:
            return []
        title = ((cells.fit(t("alerts.history"), width), "header"),)
        return [
            title,
            *(((cells.fit(one, width), "value"),) for one in self._history[: height - 1]),
        ]

    def _titles(self, width: int) -> TextLine:
        names = ("id", "alert", "value", "distance", "age", "fired_at")
        return self._columns([t(f"alerts.{name}") for name in names], width, ("header",) * 6)

    def _row(self, at: int, alert: AlertLine, width: int) -> TextLine:
        under = "" if at != self.cursor else "cursor " if self.has_focus else "mark "
        tones = ["value", "name", "value", "warning" if alert.is_met else "value", "old", "value"]
        parts = [str(alert.id), *alert[1:6]]
        return self._columns(parts, width, tuple(under + tone for tone in tones))

    @staticmethod
    def _columns(parts: Sequence[str], width: int, tones: Sequence[str]) -> TextLine:
        """Return a line; a narrow one lacks the value, a very narrow one the age too."""
        widths = {0: _NUMBER, 2: _VALUE, 3: _DISTANCE, 4: _AGE, 5: _FIRED}
        for at in (2, 4):
            if width - sum(widths.values()) - len(widths) < 30:
                del widths[at]
        widths[1] = max(8, width - sum(widths.values()) - len(widths))
        found: list[tuple[str, str]] = []
        for at in sorted(widths):
            found.append((cells.fit(parts[at], widths[at], right=at != 1), tones[at]))
            found.append((" ", tones[at]))
        return tuple(found)
