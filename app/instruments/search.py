"""The search for contracts by what people call them, answered as they type.

Words are taken together: each narrows.  A code in full comes first, then who every word names in
full, then who it may turn into; among these futures before options, indices before stocks and
commodities, then the nearest expiry, then the index that trades most, then the nearest to the money
and the kind that trades most.
"""

from collections.abc import Iterator, Mapping
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
        exactly = perhaps = -1
        for word in words:
            matched = self._index.matched(word)
            exactly &= matched.exactly
            perhaps &= matched.perhaps | matched.exactly
            if not perhaps:
                return []
        places: dict[int, None] = {}
        if len(words) == 1 and words[0] in self._index.places:
            places[self._index.places[words[0]]] = None
        for members in (exactly, perhaps):
            for place in self._ranked(members, today, near):
                if len(places) >= limit:
                    break
                places[place] = None
        hits = (self._hit(place, today) for place in list(places)[:limit])
        return [hit for hit in hits if hit.days is None or hit.days >= 0]

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

    def _hit(self, place: int, today: date) -> SearchHit:
        instrument = self._contracts.instrument(self._index.codes[place].upper())
        expiry = instrument.expiry
        return SearchHit(instrument, None if expiry is None else (expiry - today).days)

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
