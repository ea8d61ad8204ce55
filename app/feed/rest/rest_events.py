"""Results of the requests over REST: prices, bars, a refusal of a code, or a general problem."""

from datetime import date
from math import nan

from msgspec import Struct

from app.system.errors import ConnectionFailed
from specs.expected_trend import RestExpected
from specs.market.bars import Bar
from specs.record import TradeRecord
from specs.user_message import UserText


class NoAnswer(ConnectionFailed):
    """The server cannot be reached, has a wrong certificate, or asks for a pause.

    `kind` tells the causes apart; `wait` is the least number of seconds before the next call.
    """

    def __init__(self, message: UserText, kind: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.kind = kind
        self.wait = wait


class RestPrice(Struct, frozen=True):
    """A code's last known values as a record of its trade TR, asked for at `at` (HHMMSS, KST)."""

    tr_id: str
    record: TradeRecord
    at: str
    last_trading_day: date | None = None
    """Last trading day of the contract, if KIS states it."""
    previous_close: float = nan
    """The close before the session; nan if KIS states none."""


class RestExpectedPrice(Struct, frozen=True):
    """A code's expected execution, which KIS does not stream."""

    record: RestExpected


class RestBars(Struct, frozen=True):
    """Minute bars of a code, the oldest first."""

    code: str
    bars: tuple[Bar, ...]


class RestRefusal(Struct, frozen=True):
    """No picture of a code, and why."""

    code: str
    reason: UserText


class RestTrouble(Struct, frozen=True):
    """A problem that concerns all requests; each is reported once."""

    message: UserText
    over: bool
    """Whether nothing more will be asked for in this run."""


RestEvent = RestPrice | RestExpectedPrice | RestBars | RestRefusal | RestTrouble
