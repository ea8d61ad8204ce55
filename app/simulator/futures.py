"""The futures that the simulator lists on a day, and the calendar spreads between them."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from functools import partial

from msgspec import Struct

from app.simulator import ticks
from app.simulator.expiries import (
    Expiry,
    month_before_options,
    month_expiry,
    monthly,
    third_monday,
    third_tuesday,
)
from app.simulator.index_options import year_month
from app.simulator.instrument import (
    EURO,
    GOLD,
    HYNIX,
    KOSDAQ150,
    KOSPI200,
    KTB3,
    KTB10,
    SAMSUNG,
    USD,
    VOLATILITY,
    YEN,
    SimulatedInstrument,
    SimulatedUnderlying,
)
from specs.codes import Family, UnderlyingKind

_NAME_CELLS = 11
_NOON, _VOLATILITY_END = time(11, 30), time(15, 35)
_SPREAD_RATE, _SPREAD_SIZE = 0.04, 5.0
_FAMILIES = {
    UnderlyingKind.INDEX: Family.INDEX_FUTURES,
    UnderlyingKind.STOCK: Family.STOCK_FUTURES,
    UnderlyingKind.COMMODITY: Family.COMMODITY_FUTURES,
}


class FuturesKind(Struct, frozen=True):
    """The futures of one product: all expiries that are listed together."""

    product: str
    """The two characters in the code."""
    title: str
    """The part of a name before the ``F``."""
    letters: tuple[str, str]
    """The code master's letters of a future and of a spread."""
    underlying: SimulatedUnderlying
    multiplier: int
    grid: ticks.TickGrid
    rates: tuple[float, ...]
    """Trades a second, by expiry."""
    size: float
    step: int = 1
    """Months between two expiries."""
    count: int = 2
    """Number of expiries; one more is listed on the last day of the first."""
    expiry_of: Expiry = month_expiry
    last_time: time | None = None

    def listed(self, day: date) -> Iterator[SimulatedInstrument]:
        """Return its futures of a day, nearest expiry first, and the spread of the first two."""
        expiries = monthly(day, self.count, self.step, self.expiry_of)
        if expiries[0] == day:
            expiries = monthly(day, self.count + 1, self.step, self.expiry_of)
        futures = [self._future(expiry, rank) for rank, expiry in enumerate(expiries)]
        return iter((*futures, self._spread(*futures[:2])))

    def _future(self, expiry: date, rank: int) -> SimulatedInstrument:
        shares = " (  10)" if self.underlying.market is UnderlyingKind.STOCK else ""
        return SimulatedInstrument(
            code=f"A{self.product}{year_month(expiry)}",
            name=f"{self.title}F {expiry:%Y%m}{shares}",
            family=_FAMILIES[self.underlying.market],
            product=self.letters[0],
            underlying=self.underlying,
            expiry=expiry,
            right=None,
            strike=0.0,
            multiplier=self.multiplier,
            grid=self.grid,
            rate=self.rates[rank],
            size=self.size,
            rank=rank,
            last_time=self.last_time,
        )

    def _spread(self, near: SimulatedInstrument, far: SimulatedInstrument) -> SimulatedInstrument:
        """The spread of two futures.

        [?] Its code ends in the months between them: D1160701 is 2607-2608.
        """
        months = (far.expiry.year - near.expiry.year) * 12 + far.expiry.month - near.expiry.month
        return SimulatedInstrument(
            code=f"D{self.product}{year_month(near.expiry)}{months:02}",
            name=f"{self.title}SP {near.expiry:%y%m}-{far.expiry:%y%m}",
            family=near.family,
            product=self.letters[1],
            underlying=self.underlying,
            expiry=near.expiry,
            right=None,
            strike=0.0,
            multiplier=self.multiplier,
            grid=self.grid.of_spread(self.underlying.level / self.underlying.unit),
            rate=min(_SPREAD_RATE, near.rate / 3),
            size=_SPREAD_SIZE,
            rank=0,
            last_time=self.last_time,
            far=far,
        )


def index_futures(day: date) -> Iterator[SimulatedInstrument]:
    """Return every index future and spread listed on a day."""
    return _listed(_INDEX_KINDS, day)


def stock_futures(day: date) -> Iterator[SimulatedInstrument]:
    """Return every stock future and spread listed on a day."""
    return _listed(_STOCK_KINDS, day)


def commodity_futures(day: date) -> Iterator[SimulatedInstrument]:
    """Return every future and spread on rates, currencies and gold listed on a day."""
    return _listed(_COMMODITY_KINDS, day)


def padded(stock: SimulatedUnderlying) -> str:
    """Return a stock's name as the master pads it to cells; a Hangul syllable fills two."""
    cells = sum(2 if ord(c) > 0x7F else 1 for c in stock.name)
    return stock.name + " " * (_NAME_CELLS - cells)


def _listed(kinds: Sequence[FuturesKind], day: date) -> Iterator[SimulatedInstrument]:
    for kind in kinds:
        yield from kind.listed(day)


def _stock(product: str, stock: SimulatedUnderlying) -> FuturesKind:
    rates = (0.4, 0.03, 0.01)
    grid = ticks.STOCK_FUTURES
    return FuturesKind(product, padded(stock), ("1", "2"), stock, 10, grid, rates, 6.0)


_currency = partial(
    FuturesKind,
    letters=("21", "22"),
    multiplier=10_000,
    grid=ticks.CURRENCY_FUTURES,
    expiry_of=third_monday,
    last_time=_NOON,
)
_bond = partial(
    FuturesKind,
    letters=("11", "12"),
    multiplier=1_000_000,
    grid=ticks.BOND_FUTURES,
    step=3,
    expiry_of=third_tuesday,
    last_time=_NOON,
)

_INDEX_KINDS = (
    FuturesKind(
        "01", "", ("1", "2"), KOSPI200, 250_000, ticks.INDEX_FUTURES, (0.8, 0.02, 0.01), 1.8, step=3
    ),
    FuturesKind(
        "05", "미니", ("B", "C"), KOSPI200, 50_000, ticks.MINI_FUTURES, (0.8, 0.05, 0.02), 3.0
    ),
    FuturesKind(
        "06", "코스닥150", ("3", "4"), KOSDAQ150, 10_000, ticks.KOSDAQ_FUTURES,
        (0.15, 0.02, 0.01), 2.0, step=3,
    ),
    # [?] How KIS' master calls it is not known.
    FuturesKind(
        "04", "변동성", ("7", "8"), VOLATILITY, 250_000, ticks.VOLATILITY_FUTURES,
        (0.01, 0.006, 0.005), 1.5, expiry_of=month_before_options, last_time=_VOLATILITY_END,
    ),
)  # fmt: skip
_STOCK_KINDS = (_stock("11", SAMSUNG), _stock("16", HYNIX))
_COMMODITY_KINDS = (
    _currency("75", "미국달러 ", underlying=USD, rates=(0.5, 0.05, 0.02), size=6.0),
    _bond("65", "3년국채 ", underlying=KTB3, rates=(0.4, 0.02, 0.01), size=12.0),
    _bond("67", "10년국채 ", underlying=KTB10, rates=(0.3, 0.02, 0.01), size=8.0),
    _currency("76", "일본엔 ", underlying=YEN, rates=(0.02, 0.006, 0.005), size=2.0),
    _currency("77", "유로 ", underlying=EURO, rates=(0.01, 0.006, 0.005), size=2.0),
    # [?] Gold's product is in no source: only the master places it.
    FuturesKind(
        "88", "금 ", ("31", "32"), GOLD, 100, ticks.GOLD_FUTURES, (0.02, 0.006, 0.005), 2.0,
        expiry_of=third_monday,
    ),
)  # fmt: skip
