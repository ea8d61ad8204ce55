"""What the page of positions asks of the program."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from specs.market.instrument import Instrument
from specs.market.ticker import Ticker


class PositionMarket(Struct, frozen=True):
    """The program's answers, gathered in one place."""

    row: Callable[[str], Ticker | None]
    instrument: Callable[[str], Instrument]
    find: Callable[[str], list[Instrument]]
    lookup: Callable[[str], str]
    """The short code of what a file calls a contract; raises UsageError."""
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    """The seconds that rows arrive in."""
    futures: Callable[[Instrument], tuple[str, ...]]
    """The futures that an option may rest on, the best first."""
    asleep: Callable[[str], bool]
    """Whether a contract does not trade in this session."""
    rate: float
    """A fraction a year."""
