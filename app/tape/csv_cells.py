"""Fields of KIS' frames as CSV cells, each text turned into its cell once."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from app.storage.csv_text import cell
from app.system.clock import KST

MOST = 100_000
"""Texts that are known at a time."""

_NUMBER = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})")
_WHOLE = re.compile(r"[1-9][0-9]{0,14}")
"""The same text as a float's cell has."""

_MISSING = ("", "nan", "-nan")
_EPOCH = datetime(1970, 1, 1, 9, tzinfo=KST)


class CellCache(dict[str, str]):
    """The cells of a kind of column: text of up to `longest`, numbers, or quantities (never < 0).

    A look-up raises ValueError for a text that such a column may not hold.
    """

    def __init__(self, is_number: bool, is_quantity: bool, longest: int) -> None:
        super().__init__()
        self._is_number, self._is_quantity, self._longest = is_number, is_quantity, longest

    def __missing__(self, text: str) -> str:
        if self._is_number and _WHOLE.fullmatch(text):
            # Totals differ from row to row and are not kept.
            return text
        if self._is_number and text not in _MISSING:
            negative = self._is_quantity and text.startswith("-")
            if negative or not _NUMBER.fullmatch(text):
                raise ValueError(text)
        elif not self._is_number and len(text) > self._longest:
            raise ValueError(text)
        found = self.trusted(text)
        if len(self) >= MOST:
            self.clear()
        self[text] = found
        return found

    def trusted(self, text: str) -> str:
        """Return the cell of a text of a decoded record."""
        if self._is_number:
            return "" if text in _MISSING else cell(float(text))
        found = cell(text)
        # Quotes as RFC 4180 has them; the cells of ordinary frames need none.
        return f'"{found.replace(chr(34), chr(34) * 2)}"' if set(found) & set(',"\r\n') else found


class _CellCaches(dict[tuple[bool, bool, int], CellCache]):
    def __missing__(self, kind: tuple[bool, bool, int]) -> CellCache:
        self[kind] = CellCache(*kind)
        return self[kind]


CELLS = _CellCaches()
"""By whether it is a number, whether it is a quantity, and the longest text."""


def time_cell(micros: int) -> str:
    """Return µs since 1970 as ISO in KST."""
    second, rest = divmod(micros, 1_000_000)
    return f"{_second(second)}.{rest:06}+09:00"


@lru_cache(maxsize=64)
def _second(second: int) -> str:
    return f"{_EPOCH + timedelta(seconds=second):%Y-%m-%dT%H:%M:%S}"
