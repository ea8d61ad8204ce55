"""What comes out of this room: a picture, why there is none for a code, or what is in the way."""

from datetime import date

from msgspec import Struct

from specs.record import TradeRecord
from specs.user_message import UserText


class RestPrice(Struct, frozen=True):
    """A code's last known values as a record of its trade TR, asked for at `at` (HHMMSS, KST)."""

    tr_id: str
    record: TradeRecord
    at: str
    last_trading_day: date | None = None
    """That of the contract, as far as KIS tells it."""


class RestRefusal(Struct, frozen=True):
    """No picture of a code, and why."""

    code: str
    reason: UserText


class RestTrouble(Struct, frozen=True):
    """A message about what is in the way of all pictures; each is said once."""

    message: UserText
    over: bool
    """Whether nothing more will be asked for in this run."""


RestEvent = RestPrice | RestRefusal | RestTrouble
