"""Combinations of contracts as a text in place of a code: ``B01612A33+C01612A33``, ``A01612-2*…``.

A leg is a short code with its quantity before it, ``2*``, and a minus where it is sold.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from specs.codes import read

MOST_LEGS = 6
MOST_QUANTITY = 99
"""Legs of a combination, and contracts of a leg."""

Legs = tuple[tuple[str, int], ...]
"""Codes with their quantities, below 0 for a sold leg."""

_LEG = re.compile(r"(?P<sign>[+-]?)(?:(?P<quantity>[1-9][0-9]?)\*)?(?P<code>[0-9A-Z]{6,9})")


@lru_cache(maxsize=4_000)
def legs_of(code: str) -> Legs:
    """Return the legs of a combination's text; none for the code of a contract or another text."""
    if code.isalnum():
        return ()
    legs: list[tuple[str, int]] = []
    end = 0
    for found in _LEG.finditer(code):
        if found.start() != end or (legs and not found["sign"]) or read(found["code"]) is None:
            return ()
        quantity = int(found["quantity"] or 1)
        legs.append((found["code"], -quantity if found["sign"] == "-" else quantity))
        end = found.end()
    codes = {one for one, _ in legs}
    is_whole = end == len(code) and len(codes) == len(legs) <= MOST_LEGS
    return tuple(legs) if is_whole and combination_code(legs) == code else ()


def is_combination(code: str) -> bool:
    """Return whether a watched text is a combination's, not a contract's code."""
    return bool(legs_of(code))


def combination_code(legs: Iterable[tuple[str, int]]) -> str:
    """Return the text of legs; several of one contract become one, and legs of 0 are left out."""
    total: dict[str, int] = {}
    for code, quantity in legs:
        total[code] = total.get(code, 0) + quantity
    text = "".join(
        f"{'-' if quantity < 0 else '+'}{f'{abs(quantity)}*' if abs(quantity) > 1 else ''}{code}"
        for code, quantity in total.items()
        if quantity
    )
    return text.removeprefix("+")


def contract_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """Return codes with the legs of combinations in their place, each once."""
    found: dict[str, None] = {}
    for code in codes:
        for leg in (one for one, _ in legs_of(code)) if not code.isalnum() else (code,):
            found[leg] = None
    return tuple(found)


def first_contract(code: str) -> str:
    """Return the first leg of a combination, and another code unchanged."""
    return next(iter(contract_codes((code,))), "")
