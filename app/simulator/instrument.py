"""What the simulator trades: underlyings and the contracts on them."""

from datetime import date, datetime

from msgspec import Struct

from app.session import last_trade_moment
from app.simulator.ticks import Grid
from specs.codes import Family, Right


class Underlying(Struct, frozen=True):
    """What contracts derive from; `level` is the front forward at which a first session starts."""

    id: str
    name: str
    level: float
    volatility: float
    """At the money, a fraction a year."""
    unit: float
    """The smallest price of its contracts: 0.01 index points, or one won."""

    @property
    def at_night(self) -> bool:
        """Whether its contracts trade at night; those on stocks do not."""
        return self.unit < 1


KOSPI200 = Underlying("2001", "KOSPI200", 1081.35, 0.21, 0.01)
KOSDAQ150 = Underlying("3003", "KSQ150", 1512.4, 0.26, 0.01)
SAMSUNG = Underlying("005930", "삼성전자", 162_300.0, 0.33, 1.0)
HYNIX = Underlying("000660", "SK하이닉스", 847_000.0, 0.46, 1.0)


class Instrument(Struct, frozen=True):
    """One contract."""

    code: str
    name: str
    """In the code master's spelling."""
    family: Family
    product: str
    """The code master's letter for the kind of contract."""
    underlying: Underlying
    expiry: date
    right: Right | None
    strike: float
    multiplier: int
    """Won for one index point, or shares."""
    grid: Grid
    rate: float
    """Trades a second while the market is as active as on average."""
    size: float
    """Contracts in an average trade."""
    rank: int
    """Its place among the expiries of its kind, the front one first."""

    @property
    def last_moment(self) -> datetime:
        """When it stops trading for good."""
        return last_trade_moment(self.expiry)

    @property
    def unit(self) -> float:
        return self.underlying.unit

    @property
    def won_per_unit(self) -> int:
        """What one unit of price is worth in a contract."""
        return round(self.multiplier * self.unit)
