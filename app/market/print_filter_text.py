"""Parses the line that chooses trades, such as ``buy >=50`` or ``매도 10-50 단일가``."""

import re
from math import inf

from msgspec.structs import replace

from app.system.errors import UsageError
from specs.clean import clean
from specs.market.print_filter import ALL_PRINTS, PrintFilter
from specs.user_message import UserMessage

LONGEST_FILTER = 60
MOST_CONTRACTS = 10_000_000

_GLUED = re.compile(r"(>=|<=|>|<|=|≥|≤)\s*")
_RANGE = re.compile(r"(\d+)(?:-|\.\.|~)(\d+)")
_SIZE = re.compile(r"(>=|<=|>|<|=|≥|≤)?(\d+)(\+?)")
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")


def parse_print_filter(typed: str) -> PrintFilter:
    """Return the filter that a line describes; a number alone is the least size.

    Raises:
        UsageError: a word means nothing, or no trade could fulfil it.
    """
    if len(typed) > LONGEST_FILTER:
        raise UsageError("print_filter.too_long", most=LONGEST_FILTER)
    found = ALL_PRINTS
    words = _GLUED.sub(r" \1", _NUMBER_COMMA.sub("", typed.lower())).replace(",", " ").split()
    for word in words:
        match word:
            case "buy" | "buys" | "매수":
                found = _with_side(found, 1)
            case "sell" | "sells" | "매도":
                found = _with_side(found, -1)
            case "large" | "큰" | "대량":
                found = replace(found, large=True)
            case "auction" | "단일" | "단일가":
                found = replace(found, auction=True)
            case "all" | "모두" | "전체":
                found = ALL_PRINTS
            case _:
                least, most = _sizes(word)
                found = replace(found, least=max(found.least, least), most=min(found.most, most))
    if found.least > found.most:
        raise UsageError("print_filter.impossible")
    return found


def _with_side(found: PrintFilter, side: int) -> PrintFilter:
    if found.side == -side:
        raise UsageError("print_filter.both_sides")
    return replace(found, side=side)


def _sizes(word: str) -> tuple[float, float]:
    """Return the least and the most contracts that a word allows."""
    between = _RANGE.fullmatch(word)
    if between is not None:
        return _contracts(between[1]), _contracts(between[2])
    size = _SIZE.fullmatch(word)
    if size is None or (size[1] and size[3]):
        hint = UserMessage("print_filter.examples")
        raise UsageError("print_filter.no_word", word=clean(word, 16), hint=hint)
    count = _contracts(size[2])
    match size[1]:
        case ">":
            return count + 1, inf
        case "<":
            return 0, count - 1
        case "<=" | "≤":
            return 0, count
        case "=":
            return count, count
    return count, inf


def _contracts(text: str) -> int:
    count = int(text)
    if count > MOST_CONTRACTS:
        raise UsageError("print_filter.too_large", most=f"{MOST_CONTRACTS:,}")
    return count
