"""Our own values at expected prices: implied volatility, and the theoretical price beside it.

Both rest on the forward of `app.pricing.engine`; where it has none, as before a night's first
quotes of a future, on the put-call parity of the expected prices of the same expiry.
"""

from collections.abc import Iterable
from datetime import date, datetime
from math import inf, nan
from typing import NamedTuple

from msgspec.structs import replace

from app.pricing.black76 import implied_volatility
from app.pricing.engine import PricingEngine
from app.pricing.expected_parity import expected_parity
from app.pricing.forward import underlying_key
from app.pricing.year_fraction import years_left
from specs.codes import Right
from specs.item_errors import report_item_error
from specs.market.indication import Indication, IndicationValues
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker, expected_price
from specs.record import ExpectedRecord

_Series = tuple[str, date]


class _Level(NamedTuple):
    """A forward and the arrival of what it was computed from."""

    price: float
    at: float


class _Basis(NamedTuple):
    """The inputs of an option's values; new values are due when one is another object."""

    expected: ExpectedRecord | None
    own: TheoreticalValues | None
    forward: float


class IndicationPricing:
    """Values the options of an auction that goes on; lives on the screen's thread."""

    def __init__(self, engine: PricingEngine) -> None:
        self._engine = engine
        self._bases: dict[str, _Basis] = {}

    def poll(self, rows: Iterable[Ticker], moment: datetime) -> dict[str, Indication]:
        """Return the indications whose values have changed."""
        options = [row for row in rows if row.indication is not None and self._is_due(row)]
        if not options:
            return {}
        found: dict[str, Indication] = {}
        levels: dict[_Series, _Level] = {}
        for row in options:
            try:
                series = underlying_key(row.instrument), row.instrument.expiry or date.max
                if series not in levels:
                    levels[series] = self._level(row, series, options, moment)
                basis = _Basis(row.expected, row.theoretical, levels[series].price)
                if row.indication is None or self._is_current(row.code, basis):
                    continue
                self._bases[row.code] = basis
                values = self._values(row, levels[series], moment)
                if values != row.indication.values:
                    found[row.code] = replace(row.indication, values=values)
            except Exception as error:
                report_item_error(error)
        return found

    def _is_due(self, row: Ticker) -> bool:
        """Return whether values of a row may change.

        Once its auction is over that is so if its last expected price came with the trades.
        """
        if row.instrument.right is None or row.indication is None:
            return False
        known = self._bases.get(row.code)
        if row.indication.is_running:
            return True
        return known is not None and known.expected is not row.expected

    def _is_current(self, code: str, basis: _Basis) -> bool:
        known = self._bases.get(code)
        return (
            known is not None
            and known.expected is basis.expected
            and known.own is basis.own
            # A theoretical value follows its forward, half a tick at a time.
            and (basis.own is not None or known.forward == basis.forward)
        )

    def _level(
        self, row: Ticker, series: _Series, options: Iterable[Ticker], moment: datetime
    ) -> _Level:
        forward = self._engine.forward(row.instrument)
        if forward is not None:
            return _Level(forward.price, forward.at)
        if row.instrument.expiry is None:
            return _Level(nan, -inf)
        mine = [
            one
            for one in options
            if one.instrument.expiry == series[1] and underlying_key(one.instrument) == series[0]
        ]
        years = years_left(row.instrument.expiry, moment)
        parity = expected_parity(mine, years, self._engine.rate)
        return _Level(parity.forward, parity.at)

    def _values(self, row: Ticker, level: _Level, moment: datetime) -> IndicationValues:
        option, own = row.instrument, row.theoretical
        if option.expiry is None:
            return IndicationValues()
        volatility = implied_volatility(
            option.right is Right.CALL,
            level.price,
            option.strike,
            years_left(option.expiry, moment),
            expected_price(row),
            self._engine.rate,
        )
        theory = own.price if own is not None and not own.why else nan
        at = min(row.expected_at, level.at)
        theory_at = row.expected_at
        if own is not None and theory == theory:
            theory_at = min(theory_at, own.at)
        elif row.indication is not None:
            # Its quotes may have given way to expected prices; the last theory ages.
            before = row.indication.values
            theory, theory_at = before.theory, min(theory_at, before.theory_at)
        return IndicationValues(100 * volatility, theory, at, theory_at)
