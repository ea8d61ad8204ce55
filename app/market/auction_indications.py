"""The expected executions of an auction by contract: their paths, and the prices that ended it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import nan

from app.feed.trade_lane import INDICATION_FIELDS, Indications, Trades
from app.krx.calendar import MarketPhase
from app.market.auction_file import SINGLE_PRICE, Auction
from app.market.indication_path import IndicationPath
from specs.codes import is_spread
from specs.market.indication import Indication, IndicationValues
from specs.market.ticker import Ticker, price, trade_price
from specs.market.trade_print import AUCTION, FIELDS
from specs.record import ExpectedRecord
from specs.time_of_day import nearest_moment

DELAY = timedelta(seconds=2)
"""Time after an auction until its end is taken for granted: prices come up to 1.4 s late."""

LATE, PAUSE = 60.0, 600.0
"""Seconds after an auction in which its last records may come, and of silence that separate two
auctions outside of the calendar."""

SPEAKS = timedelta(minutes=1)
"""Silence after which an auction outside of the calendar does not count as under way."""


class AuctionIndications:
    """The paths of one auction at a time, by code."""

    def __init__(self) -> None:
        self._auction: Auction | None = None
        self._begin = 0.0
        self._paths: dict[str, IndicationPath] = {}
        self._changed: set[str] = set()
        self._was_running = False

    def begin(self, auction: Auction, begin: datetime | None) -> None:
        """Discard what is known and collect another auction, which began at a moment if known."""
        self._auction = auction
        self._begin = begin.timestamp() if begin is not None else 0.0
        self._paths.clear()
        self._changed.clear()
        self._was_running = True

    def clear(self) -> None:
        """Discard the auction."""
        self._auction, self._begin = None, 0.0
        self._paths.clear()
        self._changed.clear()

    def extend(self, auction: Auction) -> None:
        """Go on with the same auction; one outside of the calendar has its newest record's end."""
        self._auction = auction
        self._was_running = True

    def restore(self, found: Mapping[str, Indication]) -> None:
        """Take the saved indications of the auction."""
        self._paths = {code: IndicationPath.restored(one) for code, one in found.items()}
        self._changed = set(self._paths)

    def add(self, indications: Indications) -> None:
        """Add expected executions in the order in which they came."""
        for code, values in indications.items():
            for moment, expected, quantity in _indicated(values, code):
                if not self._is_of_auction(moment):
                    continue
                path = self._paths.get(code)
                if path is None or self._is_of_another(path, moment):
                    path = self._paths[code] = IndicationPath()
                path.add(moment, expected, quantity)
                self._changed.add(code)

    def add_record(self, record: ExpectedRecord, now: datetime, *, always: bool) -> None:
        """Add a record of a contract without a path, or of any if `always`."""
        if not always and record.code in self._paths:
            return
        moment = nearest_moment(record.time, now.timestamp())
        if moment is None or not self._is_of_auction(moment):
            moment = now.timestamp()
        expected = record.expected_price
        self._paths.setdefault(record.code, IndicationPath()).add(
            moment,
            nan if expected == 0 and not is_spread(record.code) else expected,
            getattr(record, "expected_volume", nan),
        )
        self._changed.add(record.code)

    def prepend(self, indications: Indications) -> None:
        """Add expected executions that came before all that are known."""
        for code, values in indications.items():
            path = self._paths.get(code)
            if path is None:
                continue
            found = [one for one in _indicated(values, code) if self._is_of_auction(one[0])]
            if not self._begin:
                found = [one for one in found if path.first - one[0] <= PAUSE]
            if found:
                path.prepend(found)
                self._changed.add(code)

    def apply_trades(self, trades: Trades, rows: Mapping[str, Ticker]) -> None:
        """Find the trades that ended the auction; `rows` are those after the trades."""
        for code, values in trades.items():
            path = self._paths.get(code)
            if path is None or (path.is_settled and path.uncrossed_at):
                continue
            columns = iter(values)
            for time, paid, size, volume, *_, marks in zip(*[columns] * FIELDS, strict=True):
                if self._is_uncross(path, time, int(marks)):
                    path.uncross, path.uncrossed_at, path.uncross_size = paid, int(time), size
                    path.is_settled = True
                elif self._is_after(time) and not path.is_settled:
                    # Without its first trade, the session's open is the price of its auction.
                    path.is_settled = True
                    if volume > size and code in rows:
                        path.uncross = trade_price(rows[code], "open")
                else:
                    continue
                self._changed.add(code)
                break

    def note_before(self, code: str, row: Ticker) -> None:
        """Take a row's price as the last one before a closing auction that goes on."""
        path = self._paths.get(code)
        if path is None or path.is_settled or self._auction is None:
            return
        if self._auction.phase != MarketPhase.OPENING_AUCTION:
            path.before = price(row)

    def value(self, code: str, values: IndicationValues) -> None:
        """Keep our own values at the expected price of a contract."""
        path = self._paths.get(code)
        if path is not None:
            path.values = values

    def mark_lost(self) -> None:
        """Leave the paths blank until expected prices come again: the connection is down."""
        for path in self._paths.values():
            path.mark_lost()

    def is_running(self, now: datetime) -> bool:
        """Return whether the auction goes on at a moment."""
        if self._auction is None:
            return False
        wait = SPEAKS if self._auction.phase == SINGLE_PRICE else DELAY
        return now < self._auction.end + wait

    def collect(self, now: datetime) -> dict[str, Indication]:
        """Return the indications that changed since the last time."""
        running = self.is_running(now)
        if running is not self._was_running:
            self._was_running = running
            self._changed.update(self._paths)
        if not self._changed:
            return {}
        found = {code: self._paths[code].indication(is_running=running) for code in self._changed}
        self._changed.clear()
        return found

    def known(self, now: datetime) -> dict[str, Indication]:
        """Return all indications."""
        running = self.is_running(now)
        return {code: path.indication(is_running=running) for code, path in self._paths.items()}

    def _is_of_auction(self, moment: float) -> bool:
        if self._auction is None:
            return False
        if not self._begin:
            return True
        return self._begin <= moment <= self._auction.end.timestamp() + LATE

    def _is_of_another(self, path: IndicationPath, moment: float) -> bool:
        """Return whether a moment is in a later auction than a path outside of the calendar."""
        if self._begin:
            return False
        return moment - path.last > PAUSE or 0 < path.uncrossed_at < moment

    def _is_uncross(self, path: IndicationPath, time: float, marks: int) -> bool:
        if not self._begin:
            return path.count > 0 and time >= path.last
        return bool(marks & AUCTION) and time >= max(self._begin, path.last - LATE)

    def _is_after(self, time: float) -> bool:
        """Return whether a trade of a session is later than the auction that opened it."""
        auction = self._auction
        if auction is None or auction.phase != MarketPhase.OPENING_AUCTION:
            return False
        return time > auction.end.timestamp()


def _indicated(values: Iterable[float], code: str) -> list[tuple[float, float, float]]:
    """Return moments, prices and contracts; 0 is a missing price, but of a calendar spread."""
    columns = iter(values)
    rows = zip(*[columns] * INDICATION_FIELDS, strict=True)
    spread = is_spread(code)
    return [(time, nan if paid == 0 and not spread else paid, size) for time, paid, size in rows]
