"""Data of a session that the calendar has closed: which setting would correct the calendar."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct

from app.krx.calendar import Schedule
from specs.catalog import Session


class Correction(Struct, frozen=True):
    """A setting of the table ``[calendar]`` and the date to add to it, or to remove from it."""

    setting: str
    day: date


class UnexpectedSession:
    """Notices the data of a session that the calendar has closed, until the session's hours end."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._session: Session | None = None

    def note(self, sessions: Iterable[Session], now: datetime) -> None:
        """Note that data of these sessions came."""
        for session in sessions:
            if self._schedule.setting_against(session, now) is not None:
                self._session = session

    def correction(self, now: datetime) -> Correction | None:
        """Return what would correct the calendar; None while it needs no correction."""
        if self._session is None:
            return None
        found = self._schedule.setting_against(self._session, now)
        if found is None:
            self._session = None
            return None
        return Correction(*found)
