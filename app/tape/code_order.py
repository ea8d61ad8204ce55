"""The order in which what is on a tape is listed."""

from collections.abc import Iterable

from specs.codes import CodeError, Family, parse

_LAST = (9999, 0)
_STOCKS = (Family.STOCK_FUTURES, Family.STOCK_OPTION)


def in_order(codes: Iterable[str], named: Iterable[str]) -> list[str]:
    """Codes in the order in which the recording named them, and behind them all others.

    Those are futures before options, by product, expiry, strike, a call before its put.
    """
    present = set(codes)
    known = [code for code in dict.fromkeys(named) if code in present]
    return [*known, *sorted(present.difference(known), key=_rank)]


def _rank(code: str) -> tuple[bool, bool, str, tuple[int, int], str, str, str]:
    try:
        facts = parse(code)
    except CodeError:
        return True, True, "", _LAST, "", "", code
    strike = code[-3:] if facts.right is not None else ""
    series = code[1:-3] if facts.right is not None else code[1:]
    # A strike's characters ascend as it does: digits, then letters for the thousands.
    return (
        facts.right is not None,
        facts.family in _STOCKS,
        facts.product,
        facts.month or _LAST,
        series,
        strike,
        code[0],
    )
