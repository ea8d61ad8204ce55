"""A position as it is shown: what is held, what it is worth, and how it moves with the market."""

from datetime import date
from math import isfinite, nan

from msgspec import Struct

from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues


class Exposure(Struct, frozen=True, gc=False):
    """How the worth of something moves, in won; nan where it is not known."""

    delta: float = nan
    """Won a point of the underlying."""
    futures: float = nan
    """The same as a number of the underlying's futures, the big ones of an index."""
    gamma: float = nan
    """Won a point, a point further."""
    theta: float = nan
    """Won until six in the morning."""
    vega: float = nan
    """Won a volatility point (1 %p)."""
    profit: float = nan
    """Won since it was taken up."""


class Holding(Struct, frozen=True, gc=False):
    """A position beside what the market says of it."""

    instrument: Instrument
    underlying: str
    """What it moves with, the same for all contracts of an index."""
    quantity: int
    average: float
    price: float = nan
    """What it is measured by: the middle of the quotes, else the last price held within them."""
    kind: str = ""
    """What of its market the price is: ``middle``, ``last``, ``bid`` or ``ask``."""
    age: float = nan
    """Seconds since the price was traded, where it is the last one; inf where that is not known."""
    is_wide: bool = False
    """Whether its quotes are too wide for their middle to be the price."""
    theoretical: TheoreticalValues | None = None
    exposure: Exposure = Exposure()
    why: str = ""
    """Why a value is missing, or not what it should be: a key of the catalogue."""
    is_over: bool = False
    """Whether its last trading day is over: it moves no more, and is worth what it was."""

    @property
    def code(self) -> str:
        return self.instrument.code

    @property
    def name(self) -> str:
        return self.instrument.name or self.code

    @property
    def is_mid(self) -> bool:
        """Whether the price is the middle of the quotes."""
        return self.kind == "middle"

    @property
    def is_bound(self) -> bool:
        """Whether it counts as what its intrinsic value is, for a price that lies below."""
        return (
            self.theoretical is not None
            and bool(self.theoretical.why)
            and isfinite(self.theoretical.delta)
        )

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is missing."""
        return isfinite(self.exposure.delta) and isfinite(self.exposure.profit)


class Subtotal(Struct, frozen=True, gc=False):
    """The sum over one underlying, over one expiry of it, or over all underlyings.

    Over all there are only amounts that do not depend on an underlying's points.
    """

    underlying: str
    """Empty for the sum over all."""
    expiry: date | None
    """None for the sum over all expiries."""
    count: int
    exposure: Exposure
    missing: tuple[str, ...] = ()
    """Names of the contracts that are not in it, wholly or in part."""
    unknown: int = 0
    """How many of them are not in its delta."""


class Hedge(Struct, frozen=True, gc=False):
    """How many futures would bring a delta to nought; above 0 long ones, below 0 short ones."""

    future: str
    """Which future: its words are ``positions.<future>``."""
    exact: float
    whole: int
    left: float
    """Won a point that remain with the whole number."""


class ScenarioGrid(Struct, frozen=True, gc=False):
    """What worth changes by, in won: a line for each volatility, a column for each move."""

    underlying: str = ""
    points: tuple[float, ...] = ()
    """Moves of the underlying's futures."""
    percents: tuple[float, ...] = ()
    """The same in percent."""
    volatilities: tuple[float, ...] = ()
    """Moves of every option's own volatility, in %p."""
    hours: float = 0
    cells: tuple[tuple[float, ...], ...] = ()
    missing: int = 0
    """Contracts that are not in it."""
