"""Which minute bars are requested next: a contract's session page by page, the latest first."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from app.krx.hours import hours
from app.system.clock import Clock
from specs.catalog import Session
from specs.codes import CodeFacts
from specs.market.bars import Bar
from specs.minute_bars import MOST, SECONDS

_EVENING_GONE = timedelta(hours=12)


class BarPage(Struct, frozen=True):
    """A call for the bars of a contract between two moments of a session."""

    contract: CodeFacts
    session: Session
    day: date
    """The date on which the session began."""
    begin: datetime
    until: datetime


class MinuteBarPages:
    """The pages to request: each contract once a session, whatever came of it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pages: dict[tuple[str, date, Session], BarPage] = {}
        self._done: set[tuple[str, date, Session]] = set()

    def ask(self, contracts: Sequence[tuple[CodeFacts, Session]]) -> None:
        """Request these contracts' bars of the session that is on, and no others any more.

        A session without trades so far has none, nor has a contract that does not trade in it.
        """
        now = self._clock.now()
        known, self._pages = self._pages, {}
        days = {Session.DAY: now.date(), Session.NIGHT: (now - _EVENING_GONE).date()}
        self._done = {key for key in self._done if key[1] in days.values()}
        for contract, session in contracts:
            key = (contract.code, days[session], session)
            bounds = hours(session, days[session])
            sleeps = contract.family is None or (session is Session.NIGHT and not contract.night)
            if key in self._done or sleeps or now < bounds.open:
                continue
            until = min(now, bounds.end + timedelta(seconds=SECONDS))
            page = BarPage(contract, session, days[session], bounds.begin, until)
            self._pages[key] = known.get(key, page)

    def next_page(self) -> BarPage | None:
        """Return the page to request now, or None."""
        return next(iter(self._pages.values()), None)

    def is_wanted(self, page: BarPage) -> bool:
        """Return whether a page is still to be requested."""
        return self._pages.get(_key(page)) == page

    def accept(self, page: BarPage, bars: Sequence[Bar]) -> None:
        """Go on to the page before one whose bars have come, oldest first."""
        if not self.is_wanted(page):
            return
        until = datetime.fromtimestamp(bars[0].start, page.until.tzinfo) if bars else page.begin
        # A page that is not full has reached the beginning: what lies before was left out of it.
        if len(bars) < MOST - 1 or not page.begin < until < page.until:
            self.finish(page)
        else:
            self._pages[_key(page)] = BarPage(
                page.contract, page.session, page.day, page.begin, until
            )

    def finish(self, page: BarPage) -> None:
        """Request nothing more of a page's contract in this session."""
        self._pages.pop(_key(page), None)
        self._done.add(_key(page))


def _key(page: BarPage) -> tuple[str, date, Session]:
    return page.contract.code, page.day, page.session
