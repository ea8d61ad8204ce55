"""The simulated sessions one after another, from the one that a simulator begins with.

All seconds count from the beginning of the first session, in every session.
"""

from collections.abc import Iterator
from datetime import timedelta

from app.simulator.exchange_days import bounds, has_session
from app.simulator.hours import SimulatedHours
from app.simulator.market import MarketModel
from app.simulator.streams import RecordStream, SimulatedRecord
from specs.catalog import CATALOG, Session

_AWAKE = 3
"""A night, its day, and what comes next."""


class SessionCourse:
    """Every session's market in its turn; each carries on from the levels the last one left."""

    def __init__(self, hours: SimulatedHours, seed: int = 1, appended: int = 0) -> None:
        self._seed, self._appended = seed, appended
        self._markets = [MarketModel(hours, seed, appended)]

    @property
    def first(self) -> MarketModel:
        """The market of the first session."""
        return self._markets[0]

    def market(self, number: int) -> MarketModel:
        """The market of a session, counted from 0."""
        while len(self._markets) <= number:
            before = self._markets[-1]
            hours = following(before.hours)
            self._markets.append(MarketModel(hours, self._seed, self._appended, before))
            if len(self._markets) > _AWAKE:
                self._markets[-1 - _AWAKE].rest()
        return self._markets[number]

    def offset(self, number: int) -> float:
        """The second at which a session begins."""
        return self.first.hours.seconds(self.market(number).hours.begin)

    def number(self, second: float) -> int:
        """The session that has begun last."""
        number = 0
        while self.offset(number + 1) <= second:
            number += 1
        return number

    def has_ended(self, second: float) -> bool:
        """Whether the session that began last has ended."""
        number = self.number(second)
        return second - self.offset(number) > self.market(number).hours.end

    def latest(self, session: Session, second: float) -> tuple[MarketModel, float] | None:
        """Return the market of the last day or night session and its seconds so far, or None."""
        for number in range(self.number(second), -1, -1):
            market = self.market(number)
            if market.hours.session is session:
                return market, min(second - self.offset(number), market.hours.end)
        return None

    def stream(self, tr_id: str, code: str) -> RecordStream:
        """The records of a code on a TR, in every session that the TR is of."""
        return _CourseStream(self, tr_id, code)


class _CourseStream:
    """A code's records on a TR; silent while the TR's session is not on."""

    def __init__(self, course: SessionCourse, tr_id: str, code: str) -> None:
        self._course = course
        self._tr_id, self._code = tr_id, code
        self._session = CATALOG[tr_id].session
        self._enter(0)

    def skip(self, until: float) -> None:
        number = self._course.number(until)
        if number != self._number:
            self._enter(number)
        if self._stream is not None:
            self._stream.skip(until - self._offset)

    def records_until(self, until: float) -> Iterator[SimulatedRecord]:
        while self._offset <= until:
            if self._stream is not None:
                for event in self._stream.records_until(until - self._offset):
                    yield event._replace(second=event.second + self._offset)
            if until - self._offset <= self._end:
                return
            self._enter(self._number + 1)

    def _enter(self, number: int) -> None:
        market = self._course.market(number)
        self._number, self._offset = number, self._course.offset(number)
        self._end = market.hours.end
        own = market.hours.session is self._session
        self._stream = market.stream(self._tr_id, self._code) if own else None


def following(hours: SimulatedHours) -> SimulatedHours:
    """The session after a session, by the simulated exchange's calendar."""
    after = hours.moment(hours.end)
    day = after.date()
    while True:
        for session in (Session.DAY, Session.NIGHT):
            begin = bounds(session, day)[0]
            if begin >= after and has_session(session, day):
                return SimulatedHours.containing(session, begin)
        day += timedelta(days=1)
