"""The volatility at the money for alerts: its distance from the last close, and what it needs."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from math import nan
from typing import TYPE_CHECKING

from app.instruments.contracts import Contracts
from app.instruments.option_chain import AtTheMoney, Chain, Chains, key_of
from app.pricing.forward import Forward
from app.pricing.smile_strikes import planned
from specs.market.instrument import Instrument

if TYPE_CHECKING:
    from app.pricing.smile_tracker import SmileTracker

MOST_STRIKES = 6
"""Options about the money that are watched for it: enough for a smile where one lacks quotes."""

MONEY_CHANGE = "atm_iv_change"
"""The quantity's name."""


class MoneyVolatility:
    """Finds the options of a series that its volatility at the money is read from.

    A series is named by the code of one of its options.
    """

    def __init__(
        self,
        contracts: Contracts,
        forward: Callable[[Instrument], Forward | None],
        smiles: "Callable[[], SmileTracker]",
    ) -> None:
        self._contracts = contracts
        self._forward = forward
        self._smiles = smiles
        self._found: dict[tuple[str, date], tuple[Chain, AtTheMoney] | None] = {}

    def change(self, code: str, moment: datetime) -> float:
        """Return the volatility at the money minus that of the last session's end.

        In percentage points; nan without one of the two.  Both are the smile's, which is read
        each half minute of trading.
        """
        key = key_of(self._contracts.instrument(code))
        smiles = self._smiles()
        close, path = smiles.close(key, moment), smiles.path(key, "money")
        if close is None or not path:
            return nan
        return round(path[-1] - close.curve.money, 6)

    def codes(self, options: Iterable[str], now: datetime) -> tuple[str, ...]:
        """Return the options nearest to the money of the series of these."""
        return tuple(dict.fromkeys(code for one in options for code in self._near(one, now)))

    def _near(self, code: str, now: datetime) -> tuple[str, ...]:
        known = self._contracts.instrument(code)
        found = self._chain(known, now)
        if found is None:
            return (code,)
        chain, money = found
        forward = self._forward(known)
        index = money.update(forward.price if forward is not None else nan)
        # Until there is a forward, the option that was named is near enough.
        place = chain.index_of(code) if index is None else index
        return planned(chain.strikes, place or 0, 0.0, MOST_STRIKES)

    def _chain(self, known: Instrument, now: datetime) -> tuple[Chain, AtTheMoney] | None:
        """Return the series of an option, or None if no master lists it."""
        wanted = known.code, now.date()
        if wanted not in self._found:
            series = (
                one
                for one in self._contracts.series
                if (one.underlying, one.expiry) == (known.underlying, known.expiry)
            )
            chains = Chains(series, now)
            every = (chain for product in chains.products for chain in chains.of_product(product))
            chain = next((one for one in every if one.key == key_of(known)), None)
            self._found[wanted] = (chain, AtTheMoney(chain.strikes)) if chain is not None else None
        return self._found[wanted]
