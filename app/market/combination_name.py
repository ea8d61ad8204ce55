"""Names of combinations that traders use, in Korean as KRX' names of contracts are."""

import re
from collections.abc import Callable, Sequence
from math import gcd

from msgspec import Struct

from specs.codes import Right
from specs.market.combination import CombinationLeg

_NAME = re.compile(r"(?P<before>.*?)\s*(?:F|SP|C|P)\s+(?P<expiry>\S+)")
_MONTH = re.compile(r"20\d\d(0[1-9]|1[0-2])")
_RIGHTS = {Right.CALL: "콜", Right.PUT: "풋"}


class _Side(Struct, frozen=True):
    """The facts of one leg that a name contains."""

    right: Right | None
    strike: float
    expiry: str
    before: str
    """The product before the right: 미니, 위클리, a stock's name."""
    quantity: int


def combination_name(legs: Sequence[CombinationLeg]) -> str:
    """Return the name of a combination: its kind, strikes and expiry, or its legs one by one."""
    sides = [_side(leg) for leg in legs]
    size = gcd(*(side.quantity for side in sides))
    units = [side.quantity // size for side in sides]
    name = ""
    if len({side.before for side in sides}) == 1 and all(side.right for side in sides):
        name = next((found for kind in _KINDS if (found := kind(sides, units))), "")
    if not name:
        return _listed(sides)
    before = sides[0].before
    return " ".join(part for part in (before, f"{size}×" if size > 1 else "", name) if part)


def _side(leg: CombinationLeg) -> _Side:
    known = leg.instrument
    found = _NAME.match(known.name)
    expiry = found["expiry"] if found is not None else known.series
    month = _MONTH.fullmatch(expiry)
    if month is not None:
        expiry = f"{int(month[1])}월"
    before = found["before"] if found is not None else ""
    return _Side(known.right, known.strike, expiry, before, leg.quantity)


def _pair(sides: Sequence[_Side], units: Sequence[int]) -> str:
    """Name a call and a put: straddle, strangle, synthetic future or risk reversal."""
    if len(sides) != 2 or {side.right for side in sides} != set(_RIGHTS):
        return ""
    (put, put_units), (call, call_units) = sorted(
        zip(sides, units, strict=True), key=lambda one: one[0].right is Right.CALL
    )
    if put.expiry != call.expiry or abs(put_units) != abs(call_units):
        return ""
    same = put.strike == call.strike
    strikes = _number(put.strike) if same else f"{_number(put.strike)}/{_number(call.strike)}"
    if put_units == call_units:
        kind = "스트래들" if same else "스트랭글"
        side = " 매도" if call_units < 0 else ""
    else:
        kind = "합성선물" if same else "리스크리버설"
        side = " 매도" if call_units < 0 else ""
    return f"{kind}{side} {strikes} {call.expiry}"


def _spread(sides: Sequence[_Side], units: Sequence[int]) -> str:
    """Name two options of one right, one bought and one sold; the bought one comes first."""
    if len(sides) != 2 or sides[0].right is not sides[1].right or units[0] * units[1] > 0:
        return ""
    bought, sold = sides if units[0] > 0 else sides[::-1]
    right = _RIGHTS[bought.right or Right.CALL]
    ratio = "" if abs(units[0]) == abs(units[1]) else f" {_ratio(bought, sold, units)}"
    if bought.expiry == sold.expiry:
        kind = f"{right}스프레드" if not ratio else f"{right}비율스프레드"
        return f"{kind}{ratio} {_number(bought.strike)}/{_number(sold.strike)} {bought.expiry}"
    if bought.strike == sold.strike:
        return f"{right}캘린더{ratio} {_number(bought.strike)} {bought.expiry}/{sold.expiry}"
    return ""


def _ratio(bought: _Side, sold: _Side, units: Sequence[int]) -> str:
    large = abs(units[0]) if units[0] > 0 else abs(units[1])
    small = abs(units[1]) if units[0] > 0 else abs(units[0])
    return f"{large}:{small}"


def _butterfly(sides: Sequence[_Side], units: Sequence[int]) -> str:
    """Name three options of one right and expiry around the middle one."""
    alike = {(side.right, side.expiry) for side in sides}
    if len(sides) != 3 or len(alike) != 1:
        return ""
    ordered = sorted(zip(sides, units, strict=True), key=lambda one: one[0].strike)
    (low, one), (middle, two), (high, three) = ordered
    if one != three or two != -2 * one:
        return ""
    right = _RIGHTS[middle.right or Right.CALL]
    strikes = "/".join(_number(side.strike) for side in (low, middle, high))
    return f"{right}버터플라이{' 매도' if one < 0 else ''} {strikes} {middle.expiry}"


_KINDS: tuple[Callable[[Sequence[_Side], Sequence[int]], str], ...] = (_pair, _spread, _butterfly)


def _listed(sides: Sequence[_Side]) -> str:
    """Return legs one by one, such as ``콜 1085 -2*풋 1080 12월``."""
    expiries = {side.expiry for side in sides}
    words = []
    for at, side in enumerate(sides):
        sign = "-" if side.quantity < 0 else "+" if at else ""
        count = f"{abs(side.quantity)}*" if abs(side.quantity) > 1 else ""
        right = _RIGHTS[side.right] if side.right is not None else "선물"
        strike = _number(side.strike) if side.right is not None else ""
        expiry = side.expiry if len(expiries) > 1 or side.right is None else ""
        name = " ".join(part for part in (strike, expiry) if part)
        words.append(f"{sign}{count}{side.before}{right} {name}".rstrip())
    shared = f" {sides[0].expiry}" if len(expiries) == 1 and sides[0].right is not None else ""
    return " ".join(words) + shared


def _number(strike: float) -> str:
    return f"{strike:g}" if strike < 1e6 else f"{strike:.0f}"
