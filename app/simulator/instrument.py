"""Underlyings and contracts of the simulator."""

from datetime import date, datetime, time
from functools import partial

from msgspec import Struct

from app.simulator.exchange_days import last_moment
from app.simulator.ticks import TickGrid
from specs.codes import Family, Right, UnderlyingKind


class SimulatedUnderlying(Struct, frozen=True):
    """The underlying of contracts; `level` is the front forward at which a first session starts."""

    id: str
    name: str
    level: float
    volatility: float
    """At the money, a fraction a year."""
    unit: float
    """The smallest price of its contracts: 0.01 points, or one won of a stock."""
    market: UnderlyingKind
    """The market whose code master lists its contracts."""
    at_night: bool = False
    """Whether its contracts trade at night too."""
    carry: float = 0.012
    """The premium of a later expiry, a fraction a year."""
    correlation: float = 0.0
    """With the KOSPI200, from session to session and within one."""


_index = partial(SimulatedUnderlying, unit=0.01, market=UnderlyingKind.INDEX)
_stock = partial(SimulatedUnderlying, unit=1.0, market=UnderlyingKind.STOCK)
_commodity = partial(SimulatedUnderlying, unit=0.01, market=UnderlyingKind.COMMODITY)

KOSPI200 = _index("2001", "KOSPI200", 1081.35, 0.32, at_night=True)
KOSDAQ150 = _index("3003", "KSQ150", 1512.4, 0.36, at_night=True, correlation=0.75)
# [?] KIS' code of the V-KOSPI is not known.
VOLATILITY = _index("2901", "VKOSPI", 33.0, 0.9, carry=0.05, correlation=-0.8)
SAMSUNG = _stock("005930", "삼성전자", 162_300.0, 0.42, correlation=0.8)
HYNIX = _stock("000660", "SK하이닉스", 847_000.0, 0.54, correlation=0.75)
USD = _commodity("USD", "미국달러", 1391.2, 0.085, at_night=True, carry=-0.011, correlation=-0.4)
YEN = _commodity("JPY", "일본엔", 905.4, 0.1, carry=0.02)
EURO = _commodity("EUR", "유로", 1613.7, 0.09, carry=0.002)
KTB3 = _commodity("B03", "3년국채", 105.32, 0.012, at_night=True, carry=-0.008)
# Its coupon earns what it costs to hold, so that its spread trades at 0 and about it.
KTB10 = _commodity("B10", "10년국채", 113.47, 0.05, at_night=True, carry=0.0)
GOLD = _commodity("GLD", "금", 189_350.0, 0.16, carry=0.02)


class SimulatedInstrument(Struct, frozen=True):
    """One contract."""

    code: str
    name: str
    """In the code master's spelling."""
    family: Family
    product: str
    """The code master's letters for the kind of contract."""
    underlying: SimulatedUnderlying
    expiry: date
    right: Right | None
    strike: float
    multiplier: int
    """Won for one index point, or shares."""
    grid: TickGrid
    rate: float
    """Trades a second at the market's average activity."""
    size: float
    """Contracts in an average trade."""
    rank: int
    """Its index among the expiries of its kind, 0 for the front one."""
    last_time: time | None = None
    """The time of its last trade on its last day, if it differs from index contracts."""
    far: "SimulatedInstrument | None" = None
    """The far leg of a calendar spread, which is bought where the spread is sold."""

    @property
    def is_spread(self) -> bool:
        """Whether it is a calendar spread, whose price may be zero or less."""
        return self.far is not None

    @property
    def last_moment(self) -> datetime:
        """The moment at which it stops trading on its last day."""
        return last_moment(self.expiry, self.last_time)

    @property
    def unit(self) -> float:
        return self.underlying.unit

    @property
    def won_per_unit(self) -> int:
        """Won per unit of price of one contract."""
        return round(self.multiplier * self.unit)
