"""Points of smiles before this start, from quotes that another program of the session kept.

The forward of a moment is the price of today's source then, by the factor that it has now: carry
and parity correction change little within a session.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from math import inf, nan

from app.instruments.option_chain import SeriesKey, key_of
from app.pricing.forward import Forward
from app.pricing.quote_width import floor
from app.pricing.smile_curve import QuotedOption, smile
from app.pricing.year_fraction import years_left
from app.system.clock import KST
from specs.codes import Right
from specs.market.instrument import Instrument
from specs.market.smile import Curve

EVERY = 30
"""Seconds between two samples; there is one in each slot of that length, counted from 1970."""

_FIELDS = 3


class EarlierSmiles:
    """Quotes by moment and code, and the smiles of them."""

    def __init__(self) -> None:
        self._slots: dict[int, dict[str, tuple[float, float]]] = {}
        self._first = inf

    @property
    def first(self) -> float:
        """The beginning of the first slot, in seconds since 1970; infinity without any."""
        return self._first

    def add(self, quotes: "Mapping[str, array[float]]") -> None:
        """Add samples by code: flat arrays of seconds since 1970, bid and ask."""
        for code, values in quotes.items():
            numbers = iter(values)
            for seconds, bid, ask in zip(*[numbers] * _FIELDS, strict=True):
                slot = int(seconds // EVERY)
                self._slots.setdefault(slot, {})[code] = _checked(bid, ask)
                self._first = min(self._first, slot * EVERY)

    def clear(self) -> None:
        """Discard all samples."""
        self._slots.clear()
        self._first = inf

    def curve(
        self,
        key: SeriesKey,
        options: Iterable[Instrument],
        forward: Callable[[Instrument], Forward | None],
        rate: float,
        seconds: float,
    ) -> Curve | None:
        """Return the smile of a series at a moment, or None where its quotes are not known."""
        known = self._slots.get(int(seconds // EVERY), {})
        own = [one for one in options if one.code in known and key_of(one) == key]
        level = forward(own[0]) if own else None
        if level is None or own[0].expiry is None:
            return None
        bid, ask = known.get(level.source, (nan, nan))
        price = (bid + ask) / 2 * level.factor
        quoted = [_quoted(option, *known[option.code]) for option in own]
        years = years_left(own[0].expiry, datetime.fromtimestamp(seconds, KST))
        return smile(quoted, price, years, rate)


def _checked(bid: float, ask: float) -> tuple[float, float]:
    """Return quotes with nan for what is missing, which KIS writes as 0, or crossed."""
    bid, ask = (one if 0 < one < inf else nan for one in (bid, ask))
    return (nan, nan) if bid > ask else (bid, ask)


def _quoted(option: Instrument, bid: float, ask: float) -> QuotedOption:
    call, width = option.right is Right.CALL, floor(option, (bid + ask) / 2)
    return QuotedOption(option.strike, call, bid, ask, floor=width)
