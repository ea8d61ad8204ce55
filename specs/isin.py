"""Standard codes (ISIN) of KRX derivatives.

``KR4``, the first three characters of the short code, two characters for the expiry, the last three
characters of the short code of an option or spread (``000`` for a future), and a check digit.  The
expiry is the last digit of the year and the month in hexadecimal; of weeklies it is the running
counter that their short codes have before the W.  KR4B016CA343 is B01612A34, KR4B09FEA490 is
B09FEWA49.
"""

import re

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
