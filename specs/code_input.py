"""Reading of short codes and ISINs that a user typed or pasted."""

import re

from specs.codes import CodeError, normalise, parse

_DERIVATIVE = re.compile(r"KR4([A-D][0-9A-Z]{2})([0-9A-Z])([0-9A-Z])([0-9A-Z]{3})[0-9]")
_MONTHS = {f"{month:X}": f"{month:02}" for month in range(1, 13)}
_WEEKLIES = ("09", "AF", "AJ", "AK")
_FUTURE = "000"


def short_code(isin: str) -> str | None:
    """Return the short code of an ISIN, or None if it is not one of KRX' codes since 2026.

    The check digit is not looked at: the code has the shape of a contract or it has not.
    """
    found = _DERIVATIVE.fullmatch(isin)
    if found is None:
        return None
    product, year, month, tail = found.groups()
    if product[1:] in _WEEKLIES:
        return f"{product}{year}{month}W{tail}"
    if not year.isdecimal() or month not in _MONTHS:
        return None
    return f"{product}{year}{_MONTHS[month]}{'' if tail == _FUTURE else tail}"


_TYPE_BEFORE_CODE = re.compile(r"(?:[0-9A-O]|[1-3][1-9])(?=[A-D][0-9A-Z]{5,8}$)")
"""The type in a line of a fixed-width master, as some programs leave it before the code.

Commodities have two digits of type.
"""


def code_of(text: str) -> str | None:
    """Return the short code of a typed short code or ISIN, or None if the text is neither.

    Case, full-width characters and blanks are ignored, and so is a master's type before the code
    (``1A01612``).
    """
    code = normalise(text)
    code = short_code(code) or code
    return next((read for read in (code, _TYPE_BEFORE_CODE.sub("", code)) if _is_code(read)), None)


def _is_code(code: str) -> bool:
    try:
        parse(code)
    except CodeError:
        return False
    return True
