"""Facts of a contract from its code, the code master, and the calendar's expiry."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from math import isnan, nan
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from app.instruments.master import Master
from app.instruments.series import Series, expiry, expiry_name, series_id, series_of, strike_of
from app.krx.calendar import last_trade_moment
from app.krx.products import multiplier, tick_steps
from specs.clean import clean
from specs.codes import (
    LONGEST_NAME,
    CodeFacts,
    UnderlyingKind,
    family_of,
    is_spread,
    market_of,
    read,
)
from specs.market.instrument import Instrument, KeptTerms
from specs.user_message import MessageList, UserMessage

_NO_TERMS: Mapping[str, KeptTerms] = MappingProxyType({})
_UNKNOWN_TERMS = KeptTerms()
_SHARES = re.compile(r"\s*\(\s*10\)$")


class ExpiryDifference(Struct, frozen=True):
    """Two last trading days of one contract."""

    code: str
    computed: date | None
    stated: date


class Contracts:
    """Contracts by short code, with names as far as a master gives them."""

    def __init__(self, master: Master) -> None:
        self.master = master
        self._remembered: dict[str, str] = {}
        self._terms: dict[str, KeptTerms] = {}
        self._stated: dict[tuple[str, str], date] = {}
        self.expiry_differences: dict[str, ExpiryDifference] = {}
        """Contracts for which KIS states another last trading day than the calendar computes."""

    @property
    def named(self) -> bool:
        """Whether there is a master at all."""
        return self.master.count > 0

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the master files that are not there."""
        return self.master.missing

    def remember(
        self, names: Mapping[str, str], terms: Mapping[str, KeptTerms] = _NO_TERMS
    ) -> None:
        """Keep names and terms, from `names` and `terms`, for codes that no master lists any more.

        A master drops expired contracts, and with them the strikes that are not in the code.
        """
        self._terms |= terms
        for code, name in names.items():
            if cleaned := clean(name, LONGEST_NAME).strip():
                self._remembered[code] = cleaned

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        """Return the displayed names of codes that have one, for `remember`."""
        return {code: name for code in codes if (name := self.instrument(code).name)}

    def terms(self, codes: Iterable[str]) -> dict[str, KeptTerms]:
        """Return the terms of codes as far as they are known, for `remember`."""
        found = {}
        for code in codes:
            known = self.instrument(code)
            strike = None if isnan(known.strike) else known.strike
            kept = KeptTerms(strike, known.series, known.expiry)
            if kept != KeptTerms():
                found[code] = kept
        return found

    def code(self, code: str) -> CodeFacts | None:
        """Read a code with the family and the sessions that the master gives it.

        Safe to call from the feed's thread.  Return None if it has no known shape.
        """
        found = read(code)
        return found and self._placed(found)

    def instrument(self, code: str) -> Instrument:
        """Return the facts of any code; unknown ones have their default."""
        contract = self.master.contract(code)
        name = contract.name if contract is not None else self._remembered.get(code, "")
        found = self.code(code)
        if found is None:
            return Instrument(code, display_name(name), listed=contract is not None)
        kept = self._terms.get(code, _UNKNOWN_TERMS) if contract is None else _UNKNOWN_TERMS
        strike = contract.strike if contract is not None else kept.strike or found.strike
        if contract is None and found.right is not None:
            strike = strike_of(name) or strike
        underlying = contract.underlying if contract is not None else ""
        underlying_code = contract.underlying_code if contract is not None else ""
        instrument = Instrument(
            code,
            display_name(name),
            found.family,
            found.right,
            nan if strike is None else strike,
            self._stated.get(series_id(found, name), kept.expiry or expiry(found, name)),
            found.product,
            underlying,
            multiplier(found, name, underlying_code, underlying),
            contract is not None,
            found.night,
            underlying_code,
            expiry_name(found, name) or kept.series,
        )
        return replace(instrument, ticks=tick_steps(instrument))

    def expired(self, code: str, now: datetime) -> bool:
        """Return whether a contract's last trading moment has passed; False without an expiry."""
        return has_expired(self.instrument(code), now)

    def successor(self, code: str, today: date) -> str | None:
        """Return the code of the same product, right and strike in the next listed expiry.

        The next expiry is after the contract's own and not before `today`.  Return None if the
        masters list no such contract.
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

    def state_expiry(self, code: str, day: date) -> ExpiryDifference | None:
        """Store the last trading day that KIS states for a contract, for its whole series.

        It overrides the computed one.  Return the difference, once per series, or None.
        """
        known, found = self.instrument(code), self.code(code)
        if found is None or known.expiry == day:
            return None
        self._stated[series_id(found, known.name)] = day
        for name in ("series", "_following"):
            self.__dict__.pop(name, None)
        difference = ExpiryDifference(code, known.expiry, day)
        self.expiry_differences[code] = difference
        return difference

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """Every listed contract by series; reads every line of the masters."""
        listed = series_of(self.master.contracts(), self.code)
        stated = self._stated
        return tuple(
            replace(one, expiry=stated.get(series_id(one.code, one.name), one.expiry))
            for one in listed
        )

    def _placed(self, code: CodeFacts) -> CodeFacts:
        """Set a code's market from the master file that lists it; in a night file, by product."""
        market = self.master.market(code.code) or market_of(code.product)
        at_night = self.master.at_night(code.code)
        if market is None and at_night:
            market = UnderlyingKind.INDEX
        family = family_of(market, option=code.right is not None)
        night = code.night or at_night
        if (family, night) == (code.family, code.night):
            return code
        return replace(code, family=family, night=night)

    @cached_property
    def _following(self) -> dict[tuple[str, str], list[Series]]:
        """The series of a right and a product, nearest expiry first."""
        found: dict[tuple[str, str], list[Series]] = {}
        for series in sorted(self.series, key=lambda s: s.expiry or date.max):
            found.setdefault((series.code.code[0], series.code.product), []).append(series)
        return found


def has_expired(known: Instrument, now: datetime) -> bool:
    """Return whether a contract's last trading moment has passed; False if it is not known."""
    return known.expiry is not None and last_trade_moment(known.expiry, known.product) <= now


def display_name(name: str) -> str:
    """The name a row shows: the master's, less the ten shares that most stock derivatives carry."""
    return _SHARES.sub("", name)


def unknown_facts(instrument: Instrument) -> UserMessage | None:
    """Return the missing facts of a contract, or None for one that a master lists."""
    if instrument.listed:
        return None
    option = instrument.right is not None
    lacking = {
        "name": not instrument.name,
        "strike": option and instrument.strike != instrument.strike,
        "expiry": instrument.expiry is None,
    }
    facts = [UserMessage(f"unknown.{fact}") for fact, lacks in lacking.items() if lacks]
    return UserMessage("unknown.facts", facts=MessageList(facts, "·")) if facts else None
