"""The file of the alerts, ``alerts.toml`` in the data folder: one line of text for each.

    schema = 1
    last_id = 2

    [[alert]]
    id = 2
    text = "B01612A34 iv > 25"
    fired = 2026-11-20T21:05:09+09:00

It can be written by hand; an alert without an id gets one when it is read.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import tomli_w
from msgspec.structs import replace

from app.alerts.alert import Alert, FiredAlert
from app.alerts.alert_parser import parse_alert
from app.storage.toml_files import (
    DamagedFile,
    RefusedFile,
    read_or_set_aside,
    replace_file,
    toml_values,
)
from app.system.clock import KST, Clock
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from specs.clean import clean
from specs.user_message import MessageList, UserMessage, UserText

SCHEMA = 1
MOST_ALERTS = 500


class AlertList:
    """Alerts by their ids; immutable."""

    def __init__(self, alerts: Iterable[Alert] = (), last_id: int = 0) -> None:
        self.alerts = tuple(alerts)
        self.last_id = max([last_id, *(one.id for one in self.alerts)])
        """The highest id that was ever given: none is given twice."""

    def add(self, alert: Alert) -> "AlertList":
        """Return the list with an alert more, which gets the next id.

        Raises:
            UsageError: there are too many.
        """
        if len(self.alerts) >= MOST_ALERTS:
            raise UsageError("alerts.too_many", most=MOST_ALERTS)
        added = replace(alert, id=self.last_id + 1)
        return AlertList((*self.alerts, added), added.id)

    def change(self, number: int, alert: Alert) -> "AlertList":
        """Return the list with another alert in the place of an id; it gets the next id."""
        changed = replace(alert, id=self.last_id + 1)
        kept = (changed if one.id == number else one for one in self.alerts)
        return AlertList(kept, changed.id)

    def remove(self, number: int) -> "AlertList":
        """Return the list without the alert of an id.

        Raises:
            UsageError: there is none.
        """
        if all(one.id != number for one in self.alerts):
            raise UsageError("alerts.no_such", id=number)
        return AlertList((one for one in self.alerts if one.id != number), self.last_id)

    def mark_fired(self, fired: FiredAlert) -> "AlertList":
        """Return the list with the moment at which an alert fired."""
        number, text = fired.alert.id, fired.alert.text
        marked = (
            replace(one, fired=fired.at) if (one.id, one.text) == (number, text) else one
            for one in self.alerts
        )
        return AlertList(marked, self.last_id)

    def drop_ended(self, now: datetime) -> "AlertList":
        """Return the list without the alerts that have ended with their session."""
        kept = (one for one in self.alerts if one.ends is None or one.ends > now)
        return AlertList(kept, self.last_id)


class DamagedAlerts(UsageError):
    """Some alerts of a file are invalid; `good` are the valid ones."""

    def __init__(self, message: UserText, good: AlertList) -> None:
        super().__init__(message)
        self.good = good


class PartlySavedAlerts(DamagedFile):
    """A damaged file was moved aside, and `good` alerts were found in it."""

    def __init__(self, message: UserText, good: AlertList) -> None:
        super().__init__(message)
        self.good = good


class AlertStore:
    """The alerts of a user."""

    def __init__(self, folders: ProgramFolders, clock: Clock, *, demo: bool = False) -> None:
        """A demo's dashboard has a list of its own."""
        self.path = folders.data / ("alerts-demo.toml" if demo else "alerts.toml")
        self._clock = clock

    def load(self) -> AlertList:
        """Load the alerts; empty at the first run.

        Raises:
            NewerFile: a newer program wrote them.
            PartlySavedAlerts: some are invalid; the file was moved aside.
            DamagedFile: the file cannot be read; it was moved aside.
            UsageError: it cannot be checked.
        """
        try:
            return read_or_set_aside(self.path, read_alerts, self._clock.now())
        except FileNotFoundError:
            return AlertList()
        except DamagedFile as error:
            cause = error.__cause__
            if isinstance(cause, DamagedAlerts) and cause.good.alerts:
                count = len(cause.good.alerts)
                message = UserMessage("alerts.saved_part", why=error.message, count=count)
                raise PartlySavedAlerts(message, cause.good) from error
            raise

    def save(self, alerts: AlertList) -> None:
        """Save the alerts.

        Raises:
            UsageError: the file to replace cannot be checked, or a newer program wrote it.
            KisTuiError: it cannot be written; the old one is unchanged.
        """
        replace_file(self.path, lambda path: self.load(), write_alerts(alerts))

    def update(self, change: Callable[[AlertList], AlertList]) -> AlertList:
        """Change the alerts as they are on disk now, and return them.

        Another run of the program may have changed them since they were loaded.

        Raises:
            KisTuiError: they cannot be read or written, or `change` refuses.
        """
        changed = change(self.load())
        self.save(changed)
        return changed


def write_alerts(alerts: AlertList) -> bytes:
    """Return the bytes of an alerts file."""
    tables = []
    for one in alerts.alerts:
        table: dict[str, Any] = {"id": one.id, "text": one.text}
        if one.ends is not None:
            table["ends"] = one.ends
        if one.fired is not None:
            table["fired"] = one.fired
        tables.append(table)
    return tomli_w.dumps({"schema": SCHEMA, "last_id": alerts.last_id, "alert": tables}).encode()


def read_alerts(content: bytes, where: str) -> AlertList:
    """Read alerts from the bytes of a file.

    Raises:
        RefusedFile: it holds too many, or a newer program wrote it.
        DamagedAlerts: some are invalid; the message names every fault.
        UsageError: it is not TOML.
    """
    values = toml_values(content, where, SCHEMA)
    tables, last_id = values.get("alert", []), values.get("last_id", 0)
    if not isinstance(tables, list) or not _is_id(last_id):
        raise DamagedAlerts(_unreadable(where, [UserMessage("alerts.no_tables")]), AlertList())
    if len(tables) > MOST_ALERTS:
        why = UserMessage("alerts.too_many", most=MOST_ALERTS)
        raise RefusedFile("layouts.refused", where=where, why=why)
    found: dict[int, Alert] = {}
    without_id: list[Alert] = []
    problems: list[UserText] = []
    for number, table in enumerate(tables, 1):
        try:
            alert = _alert(table)
            if alert.id in found:
                raise UsageError("alerts.twice", id=alert.id)
        except UsageError as error:
            problems.append(MessageList([f"[[alert]] {number}: ", error.message], ""))
            continue
        if alert.id:
            found[alert.id] = alert
        else:
            without_id.append(alert)
    alerts = AlertList(found.values(), last_id)
    for alert in without_id:
        alerts = alerts.add(alert)
    if problems:
        raise DamagedAlerts(_unreadable(where, problems), alerts)
    return alerts


def _alert(table: Any) -> Alert:
    if not isinstance(table, dict) or not isinstance(table.get("text"), str):
        raise UsageError("alerts.no_tables")
    number = table.get("id", 0)
    if not _is_id(number):
        raise UsageError("alerts.bad_id", id=clean(str(number)[:24], 24))
    moments = [_moment(table.get(name)) for name in ("ends", "fired")]
    return replace(parse_alert(table["text"]), id=number, ends=moments[0], fired=moments[1])


def _is_id(value: object) -> bool:
    # A truth value is a whole number to Python.
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise UsageError("alerts.bad_moment", text=clean(str(value)[:24], 24))
    return value.replace(tzinfo=KST) if value.tzinfo is None else value.astimezone(KST)


def _unreadable(where: str, problems: list[UserText]) -> UserMessage:
    shown = problems[:8]
    if len(problems) > len(shown):
        shown.append(UserMessage("positions.more_problems", count=len(problems) - len(shown)))
    return UserMessage("layouts.unreadable", where=where, why=MessageList(shown))
