"""The page of alerts: what is watched, how far it is from firing, and what fired."""

from math import isfinite
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from app.alerts.alert import Alert, alert_number
from app.alerts.cell_alert import cell_alert_text
from app.screens.dialogs.alert_dialog import AlertDialog
from app.screens.keymap import Command, page_bindings
from app.screens.layout_keeper import LayoutKeeper
from app.screens.page_screen import PageScreen
from app.screens.workspace import Workspace
from app.system.errors import KisTuiError
from widgets import times
from widgets.alert_list import AlertLine, AlertListView
from widgets.message_text import message_text
from widgets.texts import t


class AlertsScreen(PageScreen):
    """The list of alerts with what fired below."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("alert_add", ("a", "plus"), "a +", "add", "page", 1),
        Command("alert_edit", ("e", "enter"), "e Enter", "edit", "page", 2),
        Command("alert_drop", ("d", "minus"), "d -", "drop", "page", 3),
        Command("alert_undo", ("u",), "u", "undo", "page", 4),
        Command("alert_up", ("up", "k"), "↑ k", "move('up')", "page"),
        Command("alert_down", ("down", "j"), "↓ j", "move('down')", "page"),
        Command("alert_top", ("home", "g"), "Home g", "move('top')", "page"),
        Command("alert_bottom", ("end", "G"), "End G", "move('bottom')", "page"),
    )
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(KEYS)
    AUTO_FOCUS = "#alert_list"

    def __init__(self, workspace: Workspace, layouts: LayoutKeeper, code: str) -> None:
        """`code` begins the line of an alert that is added."""
        super().__init__(workspace, layouts, code)
        self._alerts = workspace.alerts
        self.view = AlertListView()

    def compose_body(self) -> Widget:
        return self.view

    def on_mount(self) -> None:
        """Begin with the line of an alert on the cell that was chosen on the boards, if one was."""
        self.refresh_rows(live=True)
        code, column = self.workspace.release_cell()
        if column and code == self.first_code:
            self._ask(cell_alert_text(code, column, self._alerts.value))

    # --- what it shows

    def refresh_rows(self, *, live: bool) -> None:
        alerts = self._alerts.list.alerts
        history = [message_text(self._alerts.message(one)) for one in self._alerts.history]
        self.view.set_class(not live, "dead")
        self.view.show([self._line(one) for one in alerts], history[::-1])
        self.view.border_title = Content(t("alerts.title", count=len(alerts)))

    def _line(self, alert: Alert) -> AlertLine:
        condition = alert.condition
        value, age = self._alerts.value(condition), self._alerts.age(condition)
        distance = condition.distance(value)
        met, spent = condition.holds(value), alert.is_spent and not self._alerts.is_replay
        state = t("alerts.spent") if spent else t("alerts.holds") if met else ""
        return AlertLine(
            alert.id,
            alert.text,
            _shown(value),
            state or _shown(distance),
            times.span(age) if isfinite(age) else "—",
            f"{alert.fired:%m-%d %H:%M:%S}" if alert.fired else "—",
            met and not spent,
        )

    # --- keys

    def action_move(self, way: str) -> None:
        """Move the cursor."""
        self.view.action_move(way)

    def action_add(self) -> None:
        """Ask for a new alert, on the contract that was under the boards' cursor."""
        self._ask(f"{self.first_code} " if self.first_code else "")

    def _ask(self, text: str) -> None:
        self.app.push_screen(AlertDialog(text, self._alerts.parse, self._codes), self._added)

    def _added(self, alert: Alert | None) -> None:
        if alert is None:
            return
        try:
            self._alerts.add(alert)
        except KisTuiError as error:
            self.app.show_toast(error.message, warning=True)
            return
        self.refresh_rows(live=not self.view.has_class("dead"))
        self.view.action_move("bottom")

    @on(AlertListView.AlertChosen)
    def action_edit(self) -> None:
        """Ask for another line for the selected alert; without one, for a new alert."""
        selected = self._selected
        if selected is None:
            self.action_add()
            return

        def edited(alert: Alert | None) -> None:
            if alert is not None:
                self._alerts.edit(selected.id, alert)
                self.refresh_rows(live=not self.view.has_class("dead"))

        dialog = AlertDialog(selected.text, self._alerts.parse, self._codes)
        self.app.push_screen(dialog, edited)

    def action_drop(self) -> None:
        """Remove the selected alert."""
        selected = self._selected
        if selected is not None:
            self._alerts.remove(selected.id)
            self.refresh_rows(live=not self.view.has_class("dead"))
            self.app.show_toast(t("alerts.removed", text=selected.text))

    def action_undo(self) -> None:
        """Undo the last change of the list."""
        if self._alerts.undo():
            self.refresh_rows(live=not self.view.has_class("dead"))
        else:
            self.app.show_toast(t("toast.nothing_to_undo"))

    @property
    def _codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.first_code, *self.market.open_contracts)))

    @property
    def _selected(self) -> Alert | None:
        number = self.view.selected
        return next((one for one in self._alerts.list.alerts if one.id == number), None)


def _shown(value: float) -> str:
    """Return a value as the list shows it: with two decimals from 10 on, a dash if unknown."""
    if not isfinite(value):
        return "—"
    return alert_number(round(value, 2) if abs(value) >= 10 else value)
