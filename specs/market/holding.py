"""A position as it is shown: its contract, its value and its sensitivities."""

from datetime import date
from math import isfinite, nan

from msgspec import Struct

from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues


class Exposure(Struct, frozen=True, gc=False):
    """Sensitivities of a value in won; nan where unknown."""

    delta: float = nan
    """Won per point of the underlying."""
    futures: float = nan
    """The same as a number of the underlying's futures; of an index, its full-size futures."""
    gamma: float = nan
    """Change of `delta` per point, of a stock per 1 % of its price."""
    theta: float = nan
    """Won until 06:00."""
    vega: float = nan
    """Won per volatility point (1 %p)."""
    profit: float = nan
    """Won since the position was opened."""
    price_age: float = 0.0
    """Seconds since the oldest input of the profit; inf if unknown."""
    greeks_age: float = 0.0
    """Seconds since the oldest input of the sensitivities; inf if unknown."""
    delta_won: float = nan
    """Won of the underlying that `delta` stands for."""
    realised: float = 0.0
    """Won that were realised by closing contracts."""
    realised_today: float = 0.0
    """The part of it that was realised on this trade date."""


class Holding(Struct, frozen=True, gc=False):
    """A position and its market values."""

    instrument: Instrument
    underlying: str
    """The underlying, the same for all contracts of an index."""
    quantity: int
    average: float
    price: float = nan
    """The price of its valuation: the middle of the quotes, else the last price limited to them."""
    kind: str = ""
    """The kind of the price: ``middle``, ``last``, ``bid`` or ``ask``."""
    age: float = nan
    """Seconds since the trade, if the price is the last one; inf if unknown."""
    is_wide: bool = False
    """Whether its quotes are too wide for their middle to be the price."""
    theoretical: TheoreticalValues | None = None
    exposure: Exposure = Exposure()
    why: str = ""
    """The reason for a missing or limited value: a key of the text catalogue."""
    is_over: bool = False
    """Whether its last trading day is over: its value stays what it was."""

    is_what_if: bool = False
    """Whether it is not held, but assumed."""
    is_left_out: bool = False
    """Whether it is assumed and no sum counts it."""

    @property
    def code(self) -> str:
        return self.instrument.code

    @property
    def key(self) -> str:
        """The code, marked for an assumed position: the same contract may be held as well."""
        return f"?{self.code}" if self.is_what_if else self.code

    @property
    def name(self) -> str:
        return self.instrument.name or self.code

    @property
    def is_closed(self) -> bool:
        """Whether it is held no longer: only its realised profit is left."""
        return not self.quantity

    @property
    def is_mid(self) -> bool:
        """Whether the price is the middle of the quotes."""
        return self.kind == "middle"

    @property
    def is_bound(self) -> bool:
        """Whether it is valued like its intrinsic value, as its price lies below that."""
        return (
            self.theoretical is not None
            and bool(self.theoretical.why)
            and isfinite(self.theoretical.delta)
        )

    @property
    def is_whole(self) -> bool:
        """Whether both delta and profit are known."""
        return isfinite(self.exposure.delta) and isfinite(self.exposure.profit)


class Subtotal(Struct, frozen=True, gc=False):
    """The sum over one underlying, over one expiry of it, or over all underlyings.

    The sum over all has only amounts that do not depend on an underlying's points.
    """

    underlying: str
    """Empty for the sum over all."""
    expiry: date | None
    """None for the sum over all expiries."""
    count: int
    exposure: Exposure
    missing: tuple[str, ...] = ()
    """Names of the contracts that are missing from it, wholly or in part."""
    unknown: int = 0
    """The number of them that are missing from its delta."""


class Hedge(Struct, frozen=True, gc=False):
    """The number of futures that would offset a delta; long above 0, short below."""

    future: str
    """The future; its name is the text ``positions.<future>``."""
    exact: float
    whole: int
    left: float
    """Won per point that remain with the rounded number."""


class ScenarioGrid(Struct, frozen=True, gc=False):
    """Changes of value in won: a row for each volatility, a column for each move."""

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
    """The number of contracts that are missing from it."""
