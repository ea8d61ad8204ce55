"""What is known of a contract: its code read, the code master looked up, its expiry worked out."""

import re
from calendar import MONDAY, THURSDAY
from datetime import date, timedelta
from math import nan

from app.master import Master, display_name
from app.session import second_thursday
from specs.codes import Code, CodeError, parse
from widgets.row import Instrument

_WEEK = re.compile(r"\b(\d{2})(\d{2})W(\d)\b")

_MONDAY_PRODUCTS = ("AF", "AK")


class Contracts:
    """Contracts by short code, with names as far as a master gives them."""

    def __init__(self, master: Master) -> None:
        self._master = master

    @property
    def named(self) -> bool:
        """Whether there is a master at all."""
        return self._master.count > 0

    def instrument(self, code: str) -> Instrument:
        """What is known of a code, whatever it is."""
        try:
            read = parse(code)
        except CodeError:
            return Instrument(code)
        contract = self._master.contract(code)
        name = display_name(contract, code) if contract is not None else ""
        strike = contract.strike if contract is not None else read.strike
        return Instrument(
            code,
            name,
            read.family,
            read.right,
            nan if strike is None else strike,
            expiry(read, name),
        )


def expiry(code: Code, name: str) -> date | None:
    """The last trading day, as far as code and name tell; exchange holidays left aside."""
    if code.month is not None:
        return second_thursday(*code.month)
    week = _WEEK.search(name)
    if week is None:
        return None
    year, month, nth = 2000 + int(week[1]), int(week[2]), int(week[3])
    if not (1 <= month <= 12 and 1 <= nth <= 5):
        return None
    weekday = MONDAY if code.product in _MONDAY_PRODUCTS else THURSDAY
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
