"""Our own theoretical values of the options in sight, recomputed as their market moves."""

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
"""Seconds that one poll may take; the next polls do the rest, oldest values first."""

WIDE = 1e-4
"""The smallest change of a borrowed volatility that causes new values, 0.01 %p."""

MOST = 4_000
"""Options whose state is kept, in sight or not."""

_AT_ONCE = 8
_OPTIONS = (Family.INDEX_OPTION, Family.STOCK_OPTION)
_Due = tuple[OptionState, Ticker | None, Forward, float]


class PricingEngine:
    """Values of options by code; lives on the screen's thread.

    An option's volatility is implied by its quote: the middle of bid and ask, otherwise the last
    price.  Quotes of a registered book are current and are compared with the current forward.
    A trade's quotes, and a last price, are compared with the forward at the time of the trade, and
    the resulting volatility is kept while the future moves: so a strike without trades has live
    greeks.  A price of unknown time, from REST, is compared with the first forward after it
    arrives; close quoted neighbours on both sides take precedence over it.
    """

    def __init__(
        self,
        instrument: Callable[[str], Instrument],
        monotonic: Callable[[], float],
        rate: float,
        budget: float = BUDGET,
    ) -> None:
        """Create an engine; `rate` is a fraction a year, `monotonic` only measures the budget."""
        self._instrument = instrument
        self._monotonic = monotonic
        self._rate = rate
        self._budget = budget
        self._forwards = Forwards()
        self._options: dict[str, OptionState | None] = {}
        self._smiles: dict[tuple[str, date], SmileInterpolation] = {}
        self._seen: frozenset[str] = frozenset()
        self._years_left: dict[date, float] = {}
        self.behind = 0
        """Number of options that the last poll left to the next ones."""

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
        """Start a session; resets `TheoreticalValues.seen` of all options."""
        for option in self._options.values():
            if option is not None:
                option.seen = False

    def values_of(self, code: str) -> TheoreticalValues | None:
        """Return the last values of an option, or None if it never had any in sight."""
        option = self._options.get(code)
        return option.own if option is not None else None

    def forward(self, instrument: Instrument) -> Forward | None:
        """Return an option's forward at the last poll, or None without a source or an expiry."""
        if instrument.expiry is None:
            return None
        return self._forwards.forward_at(underlying_key(instrument), instrument.expiry)

    def money_volatility(self, option: Instrument) -> float:
        """Return the volatility at the forward of an option's expiry in percent; nan if unknown.

        It is interpolated between the strikes whose prices are known.
        """
        forward = self.forward(option)
        smile = self._smiles.get((underlying_key(option), option.expiry or date.max))
        if forward is None or smile is None:
            return nan
        return 100 * smile.money_volatility(forward.price)

    def poll(
        self, rows: Mapping[str, Ticker], in_sight: Collection[str], moment: datetime, now: float
    ) -> dict[str, TheoreticalValues]:
        """Return the values of options in sight that differ from those in their rows.

        `rows` are all live rows, including futures and neighbouring strikes.  A code in sight
        without a row is returned when its values change and when it comes into sight.  `now` is on
        the monotonic clock of the rows' arrival times.
        """
        end = self._monotonic() + self._budget
        self._forwards.update(rows, moment, now, self._rate)
        self._years_left = {}
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
                volatility, quoted_at = self._borrowed(option, forward)
                if (
                    option.is_due(row, forward, years)
                    or _moved(volatility, option.used)
                    or option.is_restamped(min(forward.at, quoted_at))
                ):
                    option.value(volatility, forward, years, self._rate, now, quoted_at)
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
        """Return the options that are due, and others that borrow from their neighbours."""
        due: list[_Due] = []
        borrowers: list[_Due] = []
        borrowed_from: set[tuple[str, date]] = set()
        for code in wanted:
            row = rows.get(code)
            option = self._option(code, row)
            about = self._about(option, moment) if option is not None else None
            if option is None or about is None:
                continue
            forward, years = about
            if option.borrows or row is None or (row.trade is None and row.book is None):
                borrowed_from.add((option.underlying, option.expiry))
            if option.is_due(row, forward, years):
                due.append((option, row, forward, years))
            elif option.borrows:
                borrowers.append((option, row, forward, years))
        if borrowed_from:
            for code, row in rows.items():
                if code in wanted or (row.trade is None and row.book is None):
                    continue
                option = self._option(code, row)
                if option is None or (option.underlying, option.expiry) not in borrowed_from:
                    continue
                about = self._about(option, moment)
                if about is not None and option.is_due(row, *about):
                    due.append((option, row, *about))
        return due, borrowers

    def _within(self, items: list[_Due], end: float) -> Iterator[_Due]:
        """Yield the items, oldest first, until the time is over; the rest counts as behind."""
        items.sort(key=lambda item: item[0].at)
        for place, item in enumerate(items):
            if place % _AT_ONCE == _AT_ONCE - 1 and self._monotonic() > end:
                self.behind += len(items) - place
                return
            yield item

    def _option(self, code: str, row: Ticker | None) -> OptionState | None:
        """Return the state of an option, or None if the code is not an option's."""
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
        """Return the forward and the years of an option; without them refuse it, return None."""
        expiry = option.instrument.expiry
        if expiry is None:
            option.refuse("no_expiry", nan)
            return None
        years = self._years_left.get(expiry)
        if years is None:
            years = self._years_left[expiry] = years_left(expiry, moment)
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
        smile.add(instrument.code, point, option.quoted_at)

    def _borrowed(self, option: OptionState, forward: Forward) -> tuple[float, float]:
        """Return the volatility of an option that may borrow, and the arrival of its quotes.

        The volatility is nan without a neighbour.
        """
        smile = self._smiles.get((option.underlying, option.expiry))
        strike, level = option.instrument.strike, forward.price
        if smile is None or (option.volatility > 0 and not smile.brackets(strike, level)):
            return option.volatility, option.quoted_at
        return smile.volatility_at(strike, level), smile.quoted_at(strike, level)

    def _forget(self, rows: Mapping[str, Ticker]) -> None:
        """Drop the states of options out of sight when there are more than `MOST`."""
        if len(self._options) <= MOST:
            return
        kept = self._seen | rows.keys()
        self._options = {code: known for code, known in self._options.items() if code in kept}
        # Rebuilds the smiles from the options in sight.
        self._smiles.clear()
        for option in self._options.values():
            if option is not None:
                option.reset()


def _is_option(row: Ticker) -> bool:
    return row.instrument.family in _OPTIONS


def _moved(volatility: float, used: float) -> bool:
    """Return whether a borrowed volatility has changed, appeared or disappeared."""
    return abs(volatility - used) >= WIDE or (volatility > 0) is not (used > 0)
