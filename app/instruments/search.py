"""The search for contracts by what people call them, answered as they type.

Words are taken together: each narrows.  A code in full comes first, then who every word names in
full, then who it may turn into; among these futures before options, indices before stocks and
commodities, then the nearest expiry, then the index that trades most, then the nearest to the money
and the kind that trades most.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType

from msgspec import Struct

from app.instruments.contracts import Contracts
from app.instruments.search_index import INDEX_OPTIONS, SearchIndex, tier
from app.instruments.search_words import words_of
from app.instruments.series import Series
from specs.market.instrument import Instrument

_NOWHERE: Mapping[str, float] = MappingProxyType({})
_AT_THE_MONEY = "1"


class SearchHit(Struct, frozen=True):
    """A contract that was found, and the days to its expiry, if that is known."""

    instrument: Instrument
    days: int | None


class Search:
    """Finds what a master lists.

    The first question makes the index, and so does the first one after an expiry was stated.
    """

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._indexed: tuple[Series, ...] | None = None

    def prepare(self) -> None:
        """Make the index before the first question; with 10,000 contracts it takes 0.2 s."""
        self._update()
        _ = self._index, self._money

    def find(
        self,
        typed: str,
        *,
        today: date,
        near: Mapping[str, float] = _NOWHERE,
        limit: int = 50,
    ) -> list[SearchHit]:
        """Return the contracts that match a typed text, best first; empty without a word.

        `near` holds last prices by the code or the name of an underlying.  Without one, the
        strike that the master marks as at the money is used.  Contracts that expired before
        `today` are left out.
        """
        words = words_of(typed)
        if not words:
            return []
        self._update()
        exactly, perhaps = self._matched(words)
        places: dict[int, None] = {}
        if len(words) == 1 and words[0] in self._index.places:
            places[self._index.places[words[0]]] = None
        for members in (exactly, perhaps):
            for place in self._ranked(members, today, near):
                if len(places) >= limit:
                    break
                places[place] = None
        codes = (self._index.codes[place].upper() for place in list(places)[:limit])
        hits = (self.hit(code, today) for code in codes)
        return [hit for hit in hits if hit.days is None or hit.days >= 0]

    def option_series(self, typed: str) -> list[Series]:
        """Return the series of options that every word names, the nearest expiry first.

        Without a word these are all options, indices before stocks; words that name none in full
        may be the beginnings of names.
        """
        self._update()
        exactly, perhaps = self._matched(words_of(typed))
        members, index = exactly or perhaps, self._index
        return [
            series
            for start, series in zip(index.starts, index.series, strict=False)
            if series.code.right is not None
            and not series.is_spread
            and (members >> start) & ((1 << len(series.contracts)) - 1)
        ]

    def is_name(self, word: str) -> bool:
        """Return whether a word names contracts in full, such as 12월 or 202612."""
        self._update()
        return bool(self._index.matched(word).exactly)

    def closest_codes(self, code: str, most: int) -> list[str]:
        """Return the listed codes that differ least from a lower-case code, the closest first."""
        self._update()
        ranked = sorted(
            (distance, place)
            for place, listed in enumerate(self._index.codes)
            if (distance := code_distance(code, listed)) is not None
        )
        return [self._index.codes[place].upper() for _, place in ranked[:most]]

    def hit(self, code: str, today: date) -> SearchHit:
        """Return a contract as the search answers it."""
        instrument = self._contracts.instrument(code)
        expiry = instrument.expiry
        return SearchHit(instrument, None if expiry is None else (expiry - today).days)

    def _matched(self, words: Sequence[str]) -> tuple[int, int]:
        """Return the bit sets that every word names, in full and perhaps; all without a word."""
        exactly = perhaps = -1
        for word in words:
            matched = self._index.matched(word)
            exactly &= matched.exactly
            perhaps &= matched.perhaps | matched.exactly
        return exactly, perhaps

    def _update(self) -> None:
        """Clear the index where expiries have changed since it was made."""
        if self._indexed is not self._contracts.series:
            self._indexed = self._contracts.series
            for name in ("_index", "_money"):
                self.__dict__.pop(name, None)

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex(self._contracts.series)

    @cached_property
    def _money(self) -> dict[str, float]:
        """The strikes that the master calls at the money, by underlying."""
        return {
            contract.underlying_code: contract.strike
            for series in self._index.series
            for contract in series.contracts
            if contract.moneyness == _AT_THE_MONEY and contract.strike is not None
        }

    def _ranked(self, members: int, today: date, near: Mapping[str, float]) -> Iterator[int]:
        """The places of a set in their order, as far as they are asked for."""
        index = self._index
        block: list[tuple[float, int]] = []
        at: tuple[int, date | None, str] | None = None
        for start, series in zip(index.starts, index.series, strict=False):
            found = (members >> start) & ((1 << len(series.contracts)) - 1)
            if not found or (series.expiry is not None and series.expiry < today):
                continue
            # Stocks are sorted together by distance from the money, each index by itself.
            index_code = series.underlying_code if tier(series) == INDEX_OPTIONS else ""
            if at != (at := (tier(series), series.expiry, index_code)):
                yield from (place for _, place in sorted(block))
                block = []
            money = self._level(series, near)
            block += [
                (_distance(index.strikes[place], money), place)
                for place in range(start, start + len(series.contracts))
                if found >> (place - start) & 1
            ]
        yield from (place for _, place in sorted(block))

    def _level(self, series: Series, near: Mapping[str, float]) -> float:
        for name in (series.underlying_code, series.underlying):
            if (price := near.get(name)) is not None and price == price:
                return price
        return self._money.get(series.underlying_code, 0.0)


def _distance(strike: float, money: float) -> float:
    """Return the relative distance of a strike from the money, comparable between underlyings."""
    return abs(strike / money - 1) if strike and money else strike


def code_distance(typed: str, listed: str) -> tuple[int, int] | None:
    """Return how much a typed code differs from a listed one, or None if by too much.

    At most two characters differ or two neighbours are swapped, or one is missing or too many.
    Of equal differences the later one is closer: the strike is behind product and month.
    """
    common = next((at for at, (a, b) in enumerate(zip(typed, listed, strict=False)) if a != b), -1)
    if common < 0:
        common = min(len(typed), len(listed))
    if len(typed) == len(listed):
        if typed[common : common + 2] == listed[common : common + 2][::-1]:
            common_end = common + 2
            return (1, -common) if typed[common_end:] == listed[common_end:] else None
        differ = sum(a != b for a, b in zip(typed[common:], listed[common:], strict=True))
        return (differ, -common) if differ <= 2 else None
    if len(typed) - len(listed) == 1:
        return (1, -common) if typed[common + 1 :] == listed[common:] else None
    if len(listed) - len(typed) == 1:
        return (1, -common) if typed[common:] == listed[common + 1 :] else None
    return None
