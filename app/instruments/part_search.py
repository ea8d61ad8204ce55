"""The answer to each part of a typed text: contracts, the strike at the money, or near misses."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from app.instruments.contracts import Contracts, has_expired
from app.instruments.hangul import keys_of
from app.instruments.search import Search, SearchHit
from app.instruments.search_words import amount_of, words_of
from app.instruments.series import Series
from app.instruments.typed_parts import TypedPart
from specs.market.instrument import Instrument
from specs.user_message import UserText

SEARCHED = 41
"""Parts of one text that are searched for: as many as a session has registrations."""

_NEAR_COUNT = 3
_AT_THE_MONEY = re.compile(r"(?:atm|등가격?)(?P<after>.*)|(?P<before>.*)(?:atm|등가격?)")
_STRIKE = re.compile(r"(?P<name>\D*?)(?P<strike>\d[\d.]*(?:[만천백][\d만천백.]*)?원?)")
_CODE_LIKE = re.compile(r"(?=(?:\D*\d){3})[0-9a-z]{5,10}")


class PartAnswer(Struct, frozen=True):
    """The contracts that one part means."""

    part: TypedPart
    hits: tuple[SearchHit, ...] = ()
    best: tuple[str, ...] = ()
    """The codes that are added unless the user chooses others among `hits`."""
    near: tuple[SearchHit, ...] = ()
    """Listed contracts close to what was typed, where that is not listed."""
    no_level: Instrument | None = None
    """An option whose underlying has no known level, so that none is at the money."""
    problem: UserText | None = None
    """Why a combination cannot be made of the part."""

    @property
    def is_found(self) -> bool:
        """Whether all of the part is a contract."""
        return not self.part.words or bool(self.hits)


class PartSearch:
    """Answers parts by the contracts of the masters."""

    def __init__(
        self,
        contracts: Contracts,
        search: Search,
        find: Callable[[str], list[SearchHit]],
        level: Callable[[Instrument], float],
    ) -> None:
        """`find` finds contracts by words; `level` returns an option's forward, nan if unknown."""
        self._contracts = contracts
        self._search = search
        self._find = find
        self._level = level
        self._closest = lru_cache(64)(search.closest_codes)

    def answer(self, part: TypedPart, now: datetime) -> PartAnswer:
        """Return what a part means at `now`."""
        beside = words_beside_atm(part.words)
        if beside is not None:
            return self._at_the_money(part, beside, now)
        if not part.words:
            unlisted = [code for code in part.codes if not self._contracts.instrument(code).listed]
            near = self._closest(unlisted[0].lower(), _NEAR_COUNT) if unlisted else []
            return PartAnswer(part, near=self._hits(near, now))
        hits = tuple(self._find(part.words))
        if hits:
            return PartAnswer(part, hits, (hits[0].instrument.code,))
        return PartAnswer(part, near=self._hits(self._near_codes(part.words, now), now))

    def _at_the_money(self, part: TypedPart, beside: str, now: datetime) -> PartAnswer:
        """Find call, put or both at the money of the nearest monthly expiry.

        A weekly is taken where the words name one.
        """
        series = [one for one in self._search.option_series(beside) if self._trades(one, now)]
        first = next((one for one in series if not one.code.weekly), series[0] if series else None)
        if first is None:
            return PartAnswer(part)
        option = self._contracts.instrument(first.contracts[0].code)
        forward = self._level(option)
        if not forward > 0:
            return PartAnswer(part, no_level=option)
        expiry = (first.code.product, first.expiry_name, first.underlying_code)
        codes = [
            _nearest(one, forward)
            for one in series
            if (one.code.product, one.expiry_name, one.underlying_code) == expiry
        ]
        return PartAnswer(part, self._hits(codes, now), tuple(codes))

    def _trades(self, series: Series, now: datetime) -> bool:
        has_strikes = any(contract.strike is not None for contract in series.contracts)
        known = self._contracts.instrument(series.contracts[0].code)
        return has_strikes and not has_expired(known, now)

    def _near_codes(self, typed: str, now: datetime) -> list[str]:
        """Return the contracts of the strikes nearest to one that is not listed, or near codes."""
        words = words_of(typed)
        for at, word in enumerate(words):
            found = _STRIKE.fullmatch(word)
            if found is None or self._search.is_name(word):
                continue
            strike = _number(found["strike"])
            rest = [*words[:at], *([found["name"]] if found["name"] else []), *words[at + 1 :]]
            if strike is None or not rest:
                continue
            for series in self._search.option_series(" ".join(rest)):
                if self._trades(series, now):
                    return _around(series, strike)
        if len(words) == 1 and _CODE_LIKE.fullmatch(read := keys_of(words[0]).lower()):
            return self._closest(read, _NEAR_COUNT)
        return []

    def _hits(self, codes: list[str], now: datetime) -> tuple[SearchHit, ...]:
        return tuple(self._search.hit(code, now.date()) for code in codes)


def words_beside_atm(typed: str) -> str | None:
    """Return the words beside ``ATM`` or 등가(격), joined by spaces, or None if it is not there."""
    words = words_of(typed)
    for at, word in enumerate(words):
        for read in (word, keys_of(word).lower()):
            if (found := _AT_THE_MONEY.fullmatch(read)) is not None:
                beside = found["after"] or found["before"] or ""
                return " ".join([*words[:at], *([beside] if beside else []), *words[at + 1 :]])
    return None


def _nearest(series: Series, level: float) -> str:
    listed = [contract for contract in series.contracts if contract.strike is not None]
    return min(listed, key=lambda contract: abs((contract.strike or 0.0) - level)).code


def _around(series: Series, strike: float) -> list[str]:
    """Return the contracts of the two strikes nearest to one, the nearest first."""
    listed = [contract for contract in series.contracts if contract.strike is not None]
    listed.sort(key=lambda contract: abs((contract.strike or 0.0) - strike))
    return [contract.code for contract in listed[:2]]


def _number(text: str) -> float | None:
    amount = amount_of(text)
    if amount is not None:
        return amount.value
    try:
        return float(text)
    except ValueError:
        return None
