"""Option chains of a master: the series of an underlying, and the strikes of a series.

Weeklies and monthlies of an index are sorted together by expiry; minis are a separate product,
because their contract has another size.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct

from app.instruments.series import Series
from app.krx.hours import last_trade_moment
from app.krx.products import MINI, underlying_of
from specs.codes import Right
from specs.market.instrument import Instrument, Strike

HYSTERESIS = 0.15
"""Part of the distance between two strikes by which the forward must pass their middle."""


class Product(Struct, frozen=True, order=True):
    """The product of a chain: an underlying, and whether its contracts are minis."""

    underlying: str
    mini: bool = False


SeriesKey = tuple[Product, str]
"""A series of options: a product, and the name of an expiry."""


class Chain(Struct, frozen=True):
    """The strikes of one series, highest first, as Korean boards have them.

    `name` is its expiry as KRX names it: two series of a product can expire on one day.
    """

    product: Product
    name: str
    expiry: date
    weekly: bool
    strikes: tuple[Strike, ...]

    def nearest(self, index: int, most: int) -> tuple[str, ...]:
        """Return at most `most` codes, calls and puts, nearest to the strike at an index."""
        centre = self.strikes[index].price
        outwards = sorted(self.strikes, key=lambda strike: abs(strike.price - centre))
        return tuple(code for strike in outwards for code in strike.codes if code)[:most]

    @property
    def key(self) -> SeriesKey:
        """The unique key of the chain."""
        return self.product, self.name

    @property
    def first(self) -> str:
        """The code of one of its contracts."""
        return next(code for strike in self.strikes for code in strike.codes if code)

    def index_of(self, code: str) -> int | None:
        """Return the index of a contract's strike, or None if it is not in this chain."""
        indices = (at for at, strike in enumerate(self.strikes) if code and code in strike.codes)
        return next(indices, None)


def product_of(instrument: Instrument) -> Product:
    """Return the product of a contract's chains."""
    return Product(underlying_of(instrument), instrument.product in MINI)


def key_of(option: Instrument) -> SeriesKey:
    """Return the key of an option's series."""
    return product_of(option), option.series


class Chains:
    """All chains that a master lists and that have not expired."""

    def __init__(self, series: Iterable[Series], now: datetime) -> None:
        """Build the chains of the series of `Contracts` that have not expired at `now`."""
        found: dict[SeriesKey, dict[float, dict[Right, str]]] = {}
        expiries: dict[SeriesKey, date] = {}
        weekly: set[SeriesKey] = set()
        for one in series:
            right, day, code = one.code.right, one.expiry, one.code
            if right is None or day is None or last_trade_moment(day) <= now:
                continue
            about = Instrument(code.code, product=code.product, underlying=one.underlying)
            key = product_of(about), one.expiry_name
            expiries[key] = day
            if code.weekly:
                weekly.add(key)
            by_price = found.setdefault(key, {})
            for contract in one.contracts:
                if contract.strike is not None and contract.strike > 0:
                    by_price.setdefault(contract.strike, {})[right] = contract.code
        self._chains: dict[Product, list[Chain]] = {}
        for key in sorted(found, key=lambda key: (expiries[key], key[1])):
            strikes = tuple(
                Strike(price, codes.get(Right.CALL, ""), codes.get(Right.PUT, ""))
                for price, codes in sorted(found[key].items(), reverse=True)
            )
            if strikes:
                chain = Chain(*key, expiries[key], key in weekly, strikes)
                self._chains.setdefault(key[0], []).append(chain)

    @property
    def products(self) -> list[Product]:
        """The products that have chains: indices first, then stocks, by name."""
        return sorted(self._chains, key=lambda product: (not product.underlying.isascii(), product))

    def of_product(self, product: Product) -> Sequence[Chain]:
        """Return the chains of a product, nearest expiry first; empty for an unknown product."""
        return self._chains.get(product, ())


class AtTheMoney:
    """Finds the strike at the money, with hysteresis while the forward swings about a middle."""

    def __init__(self, strikes: Sequence[Strike]) -> None:
        self._prices = [strike.price for strike in strikes]
        self._index: int | None = None

    def update(self, forward: float) -> int | None:
        """Return the index of the strike nearest to a forward; the last one for nan."""
        if not forward > 0 or not self._prices:
            return self._index
        index = min(range(len(self._prices)), key=lambda at: abs(self._prices[at] - forward))
        if self._index is not None and index != self._index:
            last, near = self._prices[self._index], self._prices[index]
            gained = abs(forward - last) - abs(forward - near)
            if gained <= 2 * HYSTERESIS * abs(near - last):
                return self._index
        self._index = index
        return index
