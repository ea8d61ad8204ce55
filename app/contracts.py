"""What is known of a contract: its code read, the code master looked up, its expiry worked out."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from math import nan

from app.facts import NIGHT, is_spread, multiplier
from app.master import Master
from app.master_lines import LONGEST_NAME, Contract
from app.series import Series, expiry, series_of, strike_of
from app.session import last_trade_moment
from specs.clean import clean
from specs.codes import INDEX_PRODUCTS, Code, CodeError, Family, parse
from widgets.row import Instrument

_SHARES = re.compile(r"\s*\(\s*10\)$")

# Six digits; newer stocks have letters among them.
_STOCK = re.compile(r"[0-9][0-9A-Z]{5}")

_AT_NIGHT = (Family.INDEX_FUTURES, Family.INDEX_OPTION)


class Contracts:
    """Contracts by short code, with names as far as a master gives them."""

    def __init__(self, master: Master) -> None:
        self.master = master
        self._remembered: dict[str, str] = {}

    @property
    def named(self) -> bool:
        """Whether there is a master at all."""
        return self.master.count > 0

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the master files that are not there."""
        return self.master.missing

    def remember(self, names: Mapping[str, str]) -> None:
        """Take names by code, as `names` gave them, for the codes that no master lists any more.

        A master drops what has expired, and with it the strikes that a code does not tell.
        """
        for code, name in names.items():
            if told := clean(name, LONGEST_NAME).strip():
                self._remembered[code] = told

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        """The names of codes as they are shown, as far as they are known; for `remember`."""
        return {code: name for code in codes if (name := self.instrument(code).name)}

    def instrument(self, code: str) -> Instrument:
        """What is known of a code, whatever it is."""
        contract = self.master.contract(code)
        name = contract.name if contract is not None else self._remembered.get(code, "")
        try:
            read = parse(code)
        except CodeError:
            return Instrument(code, display_name(name), listed=contract is not None)
        strike = contract.strike if contract is not None else read.strike
        if contract is None and read.right is not None:
            strike = strike_of(name) or strike
        return Instrument(
            code,
            display_name(name),
            read.family if contract is None or _is_known(read, contract) else None,
            read.right,
            nan if strike is None else strike,
            expiry(read, name),
            read.product,
            contract.underlying if contract is not None else "",
            multiplier(read, name),
            contract is not None,
            trades_at_night(read) or self.master.at_night(code),
        )

    def expired(self, code: str, now: datetime) -> bool:
        """Whether a contract's last trading moment has passed; no if its expiry is not known."""
        day = self.instrument(code).expiry
        return day is not None and now >= last_trade_moment(day)

    def successor(self, code: str, today: date) -> str | None:
        """The same product, right and strike in the next expiry that a master lists, if any.

        The next one is after the contract's own expiry, and has not passed `today`.
        """
        known = self.instrument(code)
        if known.expiry is None or is_spread(code):
            return None
        for series in self._following.get((code[0], known.product), ()):
            if series.expiry is None or series.expiry <= known.expiry or series.expiry < today:
                continue
            for contract in series.contracts:
                if known.right is None or contract.strike == known.strike:
                    return contract.code
        return None

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """All that a master lists, by series; every line is read for it."""
        return tuple(series_of(self.master.contracts()))

    @cached_property
    def _following(self) -> dict[tuple[str, str], list[Series]]:
        """The series of a right and a product, nearest expiry first."""
        found: dict[tuple[str, str], list[Series]] = {}
        for series in sorted(self.series, key=lambda s: s.expiry or date.max):
            found.setdefault((series.code.code[0], series.code.product), []).append(series)
        return found


def display_name(name: str) -> str:
    """The name a row shows: the master's, less the ten shares that most stock derivatives carry."""
    return _SHARES.sub("", name)


def _is_known(code: Code, contract: Contract) -> bool:
    """Whether it is known what a contract is written on: an index, or a stock by its code."""
    return code.product in INDEX_PRODUCTS or _STOCK.fullmatch(contract.underlying_code) is not None


def trades_at_night(code: Code) -> bool:
    """Whether the night session has a product, whatever a master says."""
    return code.family in _AT_NIGHT and code.product in NIGHT
