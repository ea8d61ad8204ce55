"""The watched combinations: a row for each, computed from the rows of its legs.

A combination has the age of its oldest leg.  Prices are in points of its contracts, which have one
underlying and one multiplier.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import fsum, inf, isfinite, nan

from msgspec.structs import replace

from app.market.combination_name import combination_name
from specs.codes import Family, is_spread
from specs.combination_code import legs_of
from specs.item_errors import report_item_error
from specs.market.combination import CombinationLeg, CombinationQuote
from specs.market.displayed_greeks import GREEKS, displayed_greek
from specs.market.instrument import Instrument
from specs.market.row_view import PLAIN_VIEW, RowView
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker, ask, bid
from specs.user_message import MessageList, UserMessage, UserText


class Combinations:
    """Rows of combinations by their texts; lives on the screen's thread."""

    def __init__(
        self, row: Callable[[str], Ticker | None], instrument: Callable[[str], Instrument]
    ) -> None:
        """`row` returns the row of a contract, `instrument` its facts."""
        self._row = row
        self._instrument = instrument
        self._rows: dict[str, Ticker] = {}
        self._of_leg: dict[str, list[str]] = {}
        self._views: Mapping[str, RowView] = {}

    @property
    def rows(self) -> list[Ticker]:
        """The rows of all combinations."""
        return list(self._rows.values())

    def watch(self, codes: Iterable[str]) -> None:
        """Hold the combinations among these codes, and no others."""
        before = self._rows
        self._of_leg, self._rows = {}, {}
        for code in codes:
            for leg, _ in legs_of(code):
                self._of_leg.setdefault(leg, []).append(code)
            if legs_of(code):
                self._rows[code] = self._computed(code, before.get(code))

    def row(self, code: str) -> Ticker | None:
        """Return the row of a combination, or None if it is not held."""
        return self._rows.get(code)

    def update(self, changed: Iterable[Ticker]) -> list[Ticker]:
        """Compute the combinations of changed rows and return those that changed."""
        if not self._rows:
            return []
        due = dict.fromkeys(code for row in changed for code in self._of_leg.get(row.code, ()))
        found = []
        for code in due:
            before = self._rows[code]
            row = self._computed(code, before)
            if row != before:
                self._rows[code] = row
                found.append(row)
        return found

    def apply_views(self, views: Mapping[str, RowView]) -> list[Ticker]:
        """Show what the user has set for combinations and return the rows that changed."""
        self._views = views
        due = [row for row in self.rows if views.get(row.code, PLAIN_VIEW) is not row.view]
        self._rows |= {row.code: self._computed(row.code, row) for row in due}
        return [self._rows[row.code] for row in due]

    def instrument(self, code: str) -> Instrument:
        """Return what is known of a combination: its name, and what its legs have in common."""
        legs = tuple(CombinationLeg(self._instrument(leg), count) for leg, count in legs_of(code))
        return _common(code, legs)

    def _computed(self, code: str, before: Ticker | None) -> Ticker:
        try:
            rows = [(self._row(leg), leg, count) for leg, count in legs_of(code)]
            known = [(row or Ticker(self._instrument(leg)), count) for row, leg, count in rows]
            row = combination_row(code, known)
            return replace(row, view=self._views.get(code, PLAIN_VIEW))
        except Exception as error:
            report_item_error(error)
            return before or Ticker(self.instrument(code))


def combination_row(code: str, legs: Sequence[tuple[Ticker, int]]) -> Ticker:
    """Return the row of a combination by the rows of its legs and their quantities."""
    parts = tuple(CombinationLeg(row.instrument, count, bid(row), ask(row)) for row, count in legs)
    quote = CombinationQuote(
        parts,
        _natural(legs, buying=False),
        _natural(legs, buying=True),
    )
    badges = [row.badge for row, _ in legs if row.badge]
    return Ticker(
        _common(code, parts),
        trade_at=min(_quoted_at(row) for row, _ in legs),
        theoretical=_values(legs, quote.middle),
        source="own",
        badge=badges[0] if badges else None,
        note=None if isfinite(quote.bid) or isfinite(quote.ask) else _missing(legs),
        combination=quote,
    )


def _natural(legs: Sequence[tuple[Ticker, int]], *, buying: bool) -> float:
    """Return what the combination costs to buy, or brings when sold, at the best quotes."""
    return fsum(count * (ask(row) if (count > 0) is buying else bid(row)) for row, count in legs)


def _quoted_at(row: Ticker) -> float:
    return row.trade_at if row.book is None else row.book_at


def _missing(legs: Sequence[tuple[Ticker, int]]) -> UserText:
    """Return which legs lack a quote, and why."""
    found = []
    for row, _ in legs:
        if not (isfinite(bid(row)) or isfinite(ask(row))):
            why = row.note or UserMessage("combination.no_quote")
            found.append(MessageList((row.instrument.name or row.code, why), ": "))
    return MessageList(found, " · ") if found else UserMessage("combination.one_sided")


def _common(code: str, legs: Sequence[CombinationLeg]) -> Instrument:
    """Return facts that the legs share, under the combination's name."""
    first = legs[0].instrument
    expiries = [leg.instrument.expiry for leg in legs if leg.instrument.expiry is not None]
    stock = first.family in (Family.STOCK_OPTION, Family.STOCK_FUTURES)
    return Instrument(
        code,
        combination_name(legs),
        Family.STOCK_OPTION if stock else first.family,
        expiry=min(expiries, default=None),
        product=first.product,
        underlying=first.underlying,
        multiplier=first.multiplier,
        listed=all(leg.instrument.listed for leg in legs),
        night=all(leg.instrument.night for leg in legs),
        underlying_code=first.underlying_code,
    )


def _values(legs: Sequence[tuple[Ticker, int]], price: float) -> TheoreticalValues:
    """Return the sums of the legs' greeks as they are shown, and a volatility where it means one.

    Legs that are all options, bought or sold alike, have one: their mean, weighted by vega.
    """
    sums = [fsum(count * _greek(row, which) for row, count in legs) for which in GREEKS]
    delta, gamma, vega, theta, rho = sums
    alike = len({count > 0 for _, count in legs}) == 1
    options = all(row.instrument.right is not None for row, _ in legs)
    volatility = nan
    if alike and options and vega:
        weighted = fsum(
            count * _greek(row, "vega") * displayed_greek(row, "volatility").value
            for row, count in legs
        )
        volatility = weighted / vega
    own = [row.theoretical for row, _ in legs if row.theoretical is not None]
    return TheoreticalValues(
        price,
        volatility,
        delta,
        gamma,
        vega,
        theta,
        rho,
        forward=next((one.forward for one in own), nan),
        spot=next((one.spot for one in own), nan),
        at=min((one.at for one in own), default=inf),
    )


def _greek(row: Ticker, which: str) -> float:
    if row.instrument.right is not None:
        return displayed_greek(row, which).value
    moves = which == "delta" and not is_spread(row.code)
    return 1.0 if moves else 0.0
