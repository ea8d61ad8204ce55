"""The index of the search: the contracts that a word matches, as a set of contracts in one integer.

Contracts are numbered in the order that answers come in: futures before options, indices before
stocks, then by expiry and strike.  A set is an integer with one bit a contract: 10,000 of them are
joined or cut in a microsecond.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import accumulate, islice

from msgspec import Struct

from app.instruments.hangul import is_hangul, keys_of
from app.instruments.search_words import (
    NICKNAMES,
    SPELLINGS,
    amount_of,
    are_initials,
    initials,
    month_spellings,
    plain,
    squeezed,
    strike_spelling,
    week_spellings,
)
from app.instruments.series import Series
from app.krx.products import (
    COMMODITIES,
    KOSDAQ150,
    KOSPI200,
    KRX300,
    MINI,
    VOLATILITY,
    WEEKLY_MONDAY,
    WEEKLY_THURSDAY,
)
from specs.code_input import code_of
from specs.codes import Family, Right

_TIERS = (
    Family.INDEX_FUTURES,
    Family.INDEX_OPTION,
    Family.STOCK_FUTURES,
    Family.STOCK_OPTION,
    Family.COMMODITY_FUTURES,
    None,
)
INDEX_OPTIONS = _TIERS.index(Family.INDEX_OPTION)
"""The tier of index options."""

_LIQUID = ("01", "09", "AF", "05", "06", "AJ", "AK", "75", "65", "67")
_NUMBER = re.compile(r"\d+\.?\d*", re.ASCII)
_CODE_PART = re.compile(r"[0-9a-z]{2,9}")
_LONGEST_WORD = 32
_KEPT = 256
_PARTS = 5
_TRIED = 24


class MatchedCodes(Struct, frozen=True):
    """The contracts that a word matches, as bit sets.

    `exactly` are those it names in full, `perhaps` also those it is a beginning of.
    """

    exactly: int
    perhaps: int

    def union(self, other: "MatchedCodes") -> "MatchedCodes":
        """Return the contracts that either of two words matches."""
        return MatchedCodes(self.exactly | other.exactly, self.perhaps | other.perhaps)


_NO_MATCH = MatchedCodes(0, 0)


def tier(series: Series) -> int:
    """Return the rank of a series in the results before its expiry counts; spreads are last."""
    return len(_TIERS) if series.is_spread else _TIERS.index(series.code.family)


class SearchIndex:
    """The series of a master, ready to be searched by words."""

    def __init__(self, listed: Iterable[Series]) -> None:
        self.series = sorted(listed, key=_order)
        self.starts = list(accumulate((len(s.contracts) for s in self.series), initial=0))
        self.codes: list[str] = []
        self.strikes: list[float] = []
        self.isins: dict[str, int] = {}
        """Index of the contract by ISIN."""
        self._names: dict[str, int] = defaultdict(int)
        """Words that name a set of contracts in full."""
        self._underlyings: dict[str, int] = defaultdict(int)
        self._initials: dict[str, int] = defaultdict(int)
        priced: dict[str, int] = defaultdict(int)
        for start, series in zip(self.starts, self.series, strict=False):
            members = sorted(series.contracts, key=lambda c: (c.strike or 0.0, c.code))
            self.codes += [member.code.lower() for member in members]
            self.strikes += [member.strike or 0.0 for member in members]
            everyone = ((1 << len(members)) - 1) << start
            for word in _names_of(series):
                self._names[word] |= everyone
            self._underlyings[squeezed(series.underlying)] |= everyone
            self._initials[initials(series.underlying)] |= everyone
            for at, member in enumerate(members, start):
                self.isins[member.isin.lower()] = at
                if member.strike is not None:
                    priced[strike_spelling(member.strike)] |= 1 << at
        self._priced = dict(priced)
        self.places = {code: place for place, code in enumerate(self.codes)}
        self.matched = lru_cache(_KEPT)(self._matched)

    def _matched(self, word: str) -> MatchedCodes:
        """Return the contracts that a word matches, also as Latin keys typed in Hangul mode."""
        if len(word) > _LONGEST_WORD:
            return _NO_MATCH
        found = self._read(word)
        if not found.perhaps and is_hangul(word):
            return self._read(keys_of(word).lower())
        return found

    def _read(self, word: str) -> MatchedCodes:
        found = self._named(word).union(self._coded(word))
        place = self._pasted(word)
        if place is not None:
            found = found.union(MatchedCodes(1 << place, 1 << place))
        if word in self._names:
            # WKM is one name, not a weekly of a Monday.
            return found
        for parts in islice(_splits(word, self._is_whole), _TRIED):
            joined = MatchedCodes(-1, -1)
            for part in parts:
                of = self._named(part)
                joined = MatchedCodes(joined.exactly & of.exactly, joined.perhaps & of.perhaps)
            found = found.union(joined)
            if joined.perhaps:
                break
        return found

    def _pasted(self, word: str) -> int | None:
        """Return the place of a standard code, or of a code with its type before it."""
        if word in self.isins:
            return self.isins[word]
        return self.places.get((code_of(word) or "").lower())

    def _is_whole(self, part: str) -> bool:
        is_number = _NUMBER.fullmatch(part) is not None or amount_of(part) is not None
        return is_number or part in self._names

    def _named(self, word: str) -> MatchedCodes:
        """By what it is called, or its strike."""
        exactly = self._names.get(word, 0)
        begun = exactly
        for name, members in self._names.items():
            if name.startswith(word):
                begun |= members
        if len(word) > 1:
            for name, members in self._underlyings.items():
                if word in name:
                    begun |= members
        if are_initials(word):
            for name, members in self._initials.items():
                if name.startswith(word):
                    begun |= members
        if _NUMBER.fullmatch(word):
            exactly |= self._priced.get(plain(word), 0)
            for strike, members in self._priced.items():
                if strike.startswith(word):
                    begun |= members
        elif (amount := amount_of(word)) is not None:
            exactly |= self._priced.get(strike_spelling(amount.value), 0)
            for strike, members in self._priced.items():
                if amount.begin <= float(strike) < amount.end:
                    begun |= members
        return MatchedCodes(exactly, begun | exactly)

    def _coded(self, word: str) -> MatchedCodes:
        """By its code: in full, its beginning, or three characters within."""
        if not _CODE_PART.fullmatch(word):
            return _NO_MATCH
        within = len(word) > 2
        exactly = perhaps = 0
        for at, code in enumerate(self.codes):
            if word in code and (within or code.startswith(word)):
                perhaps |= 1 << at
                if code == word:
                    exactly = 1 << at
        return MatchedCodes(exactly, perhaps)


def _order(series: Series) -> tuple[int, date, int, str]:
    product = series.code.product
    liquid = _LIQUID.index(product) if product in _LIQUID else len(_LIQUID)
    return tier(series), series.expiry or date.max, liquid, series.code.code


def _names_of(series: Series) -> Iterator[str]:
    """Every word that means a whole series."""
    for mark in _marks(series):
        yield from SPELLINGS[mark]
    if series.code.month is not None:
        yield from month_spellings(*series.code.month)
    elif series.week is not None:
        year, month, _ = series.week
        # A week is named by two digits of the year: 202610 means the month's own contract.
        yield from (word for word in month_spellings(year, month) if not word.startswith(str(year)))
        yield from week_spellings(*series.week)
    if series.underlying:
        yield squeezed(series.underlying)
        yield from NICKNAMES.get(series.underlying, ())
    if series.code.family in (Family.STOCK_FUTURES, Family.STOCK_OPTION):
        yield from _ticker_spellings(series.underlying_code.lower())
    if series.is_spread and series.name:
        yield series.name.split()[-1].lower()
    title = re.match(r"\D*", series.name)
    if title is not None and len(squeezed(title[0])) > 1:
        yield squeezed(title[0])


def _ticker_spellings(ticker: str) -> tuple[str, ...]:
    """Return the spellings of a stock's ticker (단축코드), with and without its leading A."""
    return (ticker, f"a{ticker}") if ticker else ()


def _marks(series: Series) -> Iterator[str]:
    code, product = series.code, series.code.product
    market = _MARKS_OF_FAMILIES.get(code.family)
    if series.is_spread:
        yield "spread"
    elif code.right is None:
        yield "future"
    else:
        yield "call" if code.right is Right.CALL else "put"
        yield "option"
        yield "weekly" if code.weekly else "monthly"
    if market is not None:
        yield market
    if code.night:
        yield "night"
    if market == "commodity":
        commodity = COMMODITIES.get(product, series.underlying_code)
        yield from (mark for mark in (commodity, *_BONDS.get(commodity, ())) if mark in SPELLINGS)
    if market != "index":
        return
    for mark, products in (
        ("kospi200", KOSPI200),
        ("kosdaq150", KOSDAQ150),
        ("mini", MINI),
        ("monday", WEEKLY_MONDAY),
        ("thursday", WEEKLY_THURSDAY),
        ("volatility", VOLATILITY),
        ("krx300", KRX300),
        *((product, (product,)) for product in ("01", "05", "06", "09", "AF")),
    ):
        if product in products:
            yield mark


_MARKS_OF_FAMILIES: dict[Family | None, str] = {
    Family.INDEX_FUTURES: "index",
    Family.INDEX_OPTION: "index",
    Family.STOCK_FUTURES: "stock",
    Family.STOCK_OPTION: "stock",
    Family.COMMODITY_FUTURES: "commodity",
}
_BONDS = dict.fromkeys(("B03", "B05", "B10"), ("bond",)) | dict.fromkeys(
    ("USD", "JPY", "EUR", "CMU"), ("currency",)
)


def _splits(word: str, is_whole: Callable[[str], bool], most: int = _PARTS) -> Iterator[list[str]]:
    """The ways to part a word into whole names and one last piece, longest names first."""
    if most < 2:
        return
    for end in range(len(word) - 1, 0, -1):
        # A number is never parted: that would find 11 and 25 for 1125.
        if (word[end - 1].isdigit() and word[end].isdigit()) or not is_whole(word[:end]):
            continue
        rest = word[end:]
        yield [word[:end], rest]
        for parts in _splits(rest, is_whole, most - 1):
            yield [word[:end], *parts]
