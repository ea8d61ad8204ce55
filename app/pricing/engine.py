"""Our own theory of the options in sight, recomputed as their market moves."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from math import nan

from app.pricing.forward import Forward, Forwards, underlying_key
from app.pricing.option_state import OptionState
from app.pricing.smile_interpolation import SmileInterpolation
from app.pricing.year_fraction import years_left
from specs.codes import Family
from specs.item_errors import report_item_error
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker

BUDGET = 0.004
"""Seconds that a look may take; what is left is done by the next ones, oldest first."""

WIDE = 1e-4
"""How far a borrowed volatility moves before it counts, 0.01 %p."""

MOST = 4_000
"""Options that are remembered, in sight or not."""

_AT_ONCE = 8
_OPTIONS = (Family.INDEX_OPTION, Family.STOCK_OPTION)
_Due = tuple[OptionState, Ticker | None, Forward, float]


class PricingEngine:
    """Values of options by code; lives on the screen's thread.

    An option's volatility is what its quote implies: the middle of bid and ask, else the last
    price.  Quotes of a book that is registered hold now and are read against the forward of now.
    A trade's quotes, and a last price, are read against the forward at the moment of the trade, and
    the volatility they gave is kept while the future moves on: so a strike that does not trade has
    greeks that live.  A price without a known moment, from REST, is read against the first forward
    that is seen with it, and gives way to quoted neighbours close on both sides.
    """

    def __init__(
        self,
        instrument: Callable[[str], Instrument],
        monotonic: Callable[[], float],
        rate: float,
        budget: float = BUDGET,
    ) -> None:
        """`rate` is a fraction a year; `monotonic` counts seconds, for the budget alone."""
        self._instrument = instrument
        self._monotonic = monotonic
        self._rate = rate
        self._budget = budget
        self._forwards = Forwards()
        self._options: dict[str, OptionState | None] = {}
        self._smiles: dict[tuple[str, date], SmileInterpolation] = {}
        self._seen: frozenset[str] = frozenset()
        self._lives: dict[date, float] = {}
        self.behind = 0
        """How many options the last look left to the next ones."""

    @property
    def rate(self) -> float:
        """The rate that prices are discounted with, a fraction a year."""
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        if rate != self._rate:
            self._rate = rate
            for option in self._options.values():
                if option is not None:
                    option.reset()

    def begin_session(self) -> None:
        """Start a session: whether an option has had values is counted from here on."""
        for option in self._options.values():
            if option is not None:
                option.seen = False

    def values_of(self, code: str) -> TheoreticalValues | None:
        """What is known of an option by now; none of what is no option, or was never in sight."""
        option = self._options.get(code)
        return option.own if option is not None else None

    def forward(self, instrument: Instrument) -> Forward | None:
        """The forward of an option as of the last look; none without a source or an expiry."""
        if instrument.expiry is None:
            return None
        return self._forwards.forward_at(underlying_key(instrument), instrument.expiry)

    def poll(
        self, rows: Mapping[str, Ticker], in_sight: Collection[str], moment: datetime, now: float
    ) -> dict[str, TheoreticalValues]:
        """The values of options in sight that their rows do not hold yet.

        `rows` are all that is live, futures and neighbours too; a code in sight needs no row, and
        is then told when its values change and when it comes into sight.  `now` is in the monotonic
        seconds that rows arrived in.
        """
        end = self._monotonic() + self._budget
        self._forwards.update(rows, moment, now, self._rate)
        self._lives = {}
        wanted = dict.fromkeys(in_sight)
        before = {code: self.values_of(code) for code in wanted if code not in rows}
        due, borrowers = self._sort(rows, wanted, moment)
        self.behind = 0
        for option, row, forward, years in self._within(due, end):
            try:
                option.read(row, forward, self._forwards, years, self._rate, now)
                self._put(option)
                if option.borrows:
                    borrowers.append((option, row, forward, years))
                else:
                    option.value(option.volatility, forward, years, self._rate, now)
            except Exception as error:
                option.refuse("failed", years)
                report_item_error(error)
        for option, row, forward, years in self._within(borrowers, end):
            try:
                volatility = self._borrowed(option, forward)
                if option.is_due(row, forward, years) or _moved(volatility, option.used):
                    option.value(volatility, forward, years, self._rate, now)
            except Exception as error:
                option.refuse("failed", years)
                report_item_error(error)
        new = wanted.keys() - self._seen
        self._seen = frozenset(wanted)
        self._forget(rows)
        found: dict[str, TheoreticalValues] = {}
        for code in wanted:
            own, row = self.values_of(code), rows.get(code)
            if row is not None:
                changed = own is not row.theoretical
            else:
                changed = code in new or own is not before[code]
            if own is not None and changed:
                found[code] = own
        return found

    def _sort(
        self, rows: Mapping[str, Ticker], wanted: Mapping[str, None], moment: datetime
    ) -> tuple[list[_Due], list[_Due]]:
        """The options that are due, and those that are not but whose neighbours may have moved."""
        due: list[_Due] = []
        borrowers: list[_Due] = []
        lending: set[tuple[str, date]] = set()
        for code in wanted:
            row = rows.get(code)
            option = self._option(code, row)
            about = self._about(option, moment) if option is not None else None
            if option is None or about is None:
                continue
            forward, years = about
            if option.borrows or row is None or (row.trade is None and row.book is None):
                lending.add((option.underlying, option.expiry))
            if option.is_due(row, forward, years):
                due.append((option, row, forward, years))
            elif option.borrows:
                borrowers.append((option, row, forward, years))
        if lending:
            for code, row in rows.items():
                if code in wanted or (row.trade is None and row.book is None):
                    continue
                option = self._option(code, row)
                if option is None or (option.underlying, option.expiry) not in lending:
                    continue
                about = self._about(option, moment)
                if about is not None and option.is_due(row, *about):
                    due.append((option, row, *about))
        return due, borrowers

    def _within(self, items: list[_Due], end: float) -> Iterator[_Due]:
        """The items, oldest first, until the time is over; the rest counts as behind."""
        items.sort(key=lambda item: item[0].at)
        for place, item in enumerate(items):
            if place % _AT_ONCE == _AT_ONCE - 1 and self._monotonic() > end:
                self.behind += len(items) - place
                return
            yield item

    def _option(self, code: str, row: Ticker | None) -> OptionState | None:
        """What is remembered of a code; none of what is no option."""
        if code in self._options:
            option = self._options[code]
            known = option.instrument if option is not None else None
            if row is None or row.instrument is known or row.instrument == known:
                return option
            if option is None and not _is_option(row):
                return None
        instrument = row.instrument if row is not None else self._instrument(code)
        option = OptionState(instrument) if instrument.family in _OPTIONS else None
        self._options[code] = option
        return option

    def _about(self, option: OptionState, moment: datetime) -> tuple[Forward, float] | None:
        """The forward of an option and its years; none where it is told why there are no values."""
        expiry = option.instrument.expiry
        if expiry is None:
            option.refuse("no_expiry", nan)
            return None
        years = self._lives.get(expiry)
        if years is None:
            years = self._lives[expiry] = years_left(expiry, moment)
        forward = self._forwards.forward_at(option.underlying, expiry) if years > 0 else None
        if not option.instrument.strike > 0:
            option.refuse("no_strike", years)
        elif years <= 0:
            option.refuse("expired", 0.0)
        elif forward is None:
            option.refuse("no_future", years)
        else:
            return forward, years
        return None

    def _put(self, option: OptionState) -> None:
        smile = self._smiles.setdefault((option.underlying, option.expiry), SmileInterpolation())
        volatility, instrument = option.volatility, option.instrument
        firm = not option.undated
        point = (instrument.strike, option.call, volatility, firm) if volatility > 0 else None
        smile.add(instrument.code, point)

    def _borrowed(self, option: OptionState, forward: Forward) -> float:
        """The volatility of an option that may borrow; nan without any neighbour."""
        smile = self._smiles.get((option.underlying, option.expiry))
        strike, level = option.instrument.strike, forward.price
        if smile is None:
            return option.volatility
        if option.volatility > 0 and not smile.brackets(strike, level):
            return option.volatility
        return smile.volatility_at(strike, level)

    def _forget(self, rows: Mapping[str, Ticker]) -> None:
        """Keep what is remembered within bounds."""
        if len(self._options) <= MOST:
            return
        kept = self._seen | rows.keys()
        self._options = {code: known for code, known in self._options.items() if code in kept}
        # What is in sight is read anew, and the smiles with it.
        self._smiles.clear()
        for option in self._options.values():
            if option is not None:
                option.reset()


def _is_option(row: Ticker) -> bool:
    return row.instrument.family in _OPTIONS


def _moved(volatility: float, used: float) -> bool:
    """Whether a borrowed volatility is another by now, or has come or gone."""
    return abs(volatility - used) >= WIDE or (volatility > 0) is not (used > 0)
