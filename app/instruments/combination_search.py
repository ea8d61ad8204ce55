"""Combinations as they are typed: ``C1085+P1085``, ``2*C1090-C1100 12월``, or with full codes.

Legs are parted by plus and minus; each is a code or words that the search finds, with a quantity
before it.  A leg that does not name its expiry has that of the leg with the most words: a
monthly one, unless the words name a weekly.
"""

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from app.instruments.contracts import Contracts
from app.instruments.hangul import keys_of
from app.instruments.search import SearchHit
from app.krx.products import underlying_of
from app.system.errors import UsageError
from specs.clean import clean
from specs.code_input import code_of
from specs.codes import read
from specs.combination_code import MOST_LEGS, MOST_QUANTITY, combination_code
from specs.market.instrument import Instrument

_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "＊": "*"})
_PARTS = re.compile(r"([+-])")
_LEG = re.compile(r"(?:(?P<quantity>[0-9]+)\s*\*\s*)?(?P<words>.+?)")
_NAMED = re.compile(r"\d|atm|등가", re.IGNORECASE)
"""A strike, a month, a code or the money; each leg has one."""


class _TypedLeg(Struct, frozen=True):
    """A leg as it was typed: its signed quantity and its words."""

    quantity: int
    words: str


def is_combination_text(typed: str) -> bool:
    """Return whether a typed part is a combination and no single contract."""
    legs = _typed_legs(typed)
    several = len(legs) > 1 or any(leg.quantity != 1 for leg in legs)
    return several and all(_NAMED.search(leg.words) for leg in legs)


class CombinationSearch:
    """Finds the legs of typed combinations."""

    def __init__(self, contracts: Contracts, find: Callable[[str], Sequence[SearchHit]]) -> None:
        """`find` finds contracts by words, the best first."""
        self._contracts = contracts
        self._find = find

    def read(self, typed: str) -> str:
        """Return the text of the combination that was typed, as `specs.combination_code` has it.

        Raises:
            UsageError: a leg is not found, its quantity is too large, or legs do not belong
                together: they differ in their underlying or in their size, or cancel out.
        """
        legs = _typed_legs(typed)
        if len(legs) > MOST_LEGS:
            raise UsageError("combination.too_many", most=MOST_LEGS)
        if any(not 0 < abs(leg.quantity) <= MOST_QUANTITY for leg in legs):
            raise UsageError("combination.bad_quantity", most=MOST_QUANTITY)
        candidates = [self._candidates(leg) for leg in legs]
        named = max(range(len(legs)), key=lambda at: (len(legs[at].words.split()), -at))
        leader = _monthly(candidates[named])
        chosen = [_like(leader, found) for found in candidates]
        sizes = {f"{known.multiplier}" for known in chosen}
        if len({underlying_of(known) for known in chosen}) > 1 or len(sizes) > 1:
            raise UsageError("combination.mixed")
        code = combination_code(
            (known.code, leg.quantity) for known, leg in zip(chosen, legs, strict=True)
        )
        if not code:
            raise UsageError("combination.nothing")
        return code

    def _candidates(self, leg: _TypedLeg) -> list[Instrument]:
        """Return the contracts that a leg may be, the best first; never empty."""
        code = code_of(keys_of(leg.words))
        if code is not None:
            return [self._contracts.instrument(code)]
        found = [hit.instrument for hit in self._find(leg.words)]
        if not found:
            raise UsageError("combination.not_found", words=clean(leg.words, 24))
        return found


def _monthly(found: Sequence[Instrument]) -> Instrument:
    """Return the first contract that is not a weekly option, otherwise the first."""
    facts = ((known, read(known.code)) for known in found)
    return next((known for known, one in facts if one is None or not one.weekly), found[0])


def _like(leader: Instrument, found: Sequence[Instrument]) -> Instrument:
    """Return the first contract of the leader's underlying and expiry, otherwise the first."""

    def matches(known: Instrument) -> bool:
        same = (known.expiry, known.product) == (leader.expiry, leader.product)
        return same and underlying_of(known) == underlying_of(leader)

    return next(filter(matches, found), found[0])


def _typed_legs(typed: str) -> list[_TypedLeg]:
    """Return the legs of a text; none where a sign has no leg behind it."""
    legs: list[_TypedLeg] = []
    sign = 1
    pieces = [piece.strip() for piece in _PARTS.split(typed.translate(_SIGNS).strip())]
    for at, piece in enumerate(pieces):
        if at % 2:
            sign = -1 if piece == "-" else 1
            continue
        if not piece and at == 0 and len(pieces) > 1:
            continue
        found = _LEG.fullmatch(piece)
        if found is None:
            return []
        quantity = int((found["quantity"] or "1")[:9])
        legs.append(_TypedLeg(sign * quantity, found["words"]))
    return legs
