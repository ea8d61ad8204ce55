"""The watched codes: an ordered list that is added to, removed from, moved in, and undone."""

from collections.abc import Iterable


class Watchlist:
    """Codes in the order of the watchlist, without repeats; every change can be undone."""

    LONGEST_UNDO = 50

    def __init__(self, codes: Iterable[str] = ()) -> None:
        self._codes = list(dict.fromkeys(codes))
        self._past: list[list[str]] = []

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, most wanted first."""
        return tuple(self._codes)

    def replace(self, codes: Iterable[str]) -> None:
        """Watch these codes instead."""
        self._change(list(dict.fromkeys(codes)))

    def add(self, codes: Iterable[str], *, after: str = "") -> list[str]:
        """Add codes behind `after`, or at the end, and return the new ones."""
        new = [code for code in dict.fromkeys(codes) if code not in self._codes]
        if new:
            at = self._codes.index(after) + 1 if after in self._codes else len(self._codes)
            self._change([*self._codes[:at], *new, *self._codes[at:]])
        return new

    def replace_code(self, code: str, replaced: str) -> bool:
        """Replace a code by another; return False if that is watched or the first is not."""
        if code in self._codes or replaced not in self._codes:
            return False
        self._change([code if other == replaced else other for other in self._codes])
        return True

    def remove(self, code: str) -> bool:
        """Remove a code; return False if it was not watched."""
        if code not in self._codes:
            return False
        self._change([other for other in self._codes if other != code])
        return True

    def shift(self, code: str, way: int) -> bool:
        """Move a code up (-1) or down (1); return False at the end."""
        if code not in self._codes:
            return False
        at = self._codes.index(code)
        to = at + way
        if not 0 <= to < len(self._codes):
            return False
        codes = list(self._codes)
        codes[at], codes[to] = codes[to], codes[at]
        self._change(codes)
        return True

    def undo(self) -> bool:
        """Undo the last change; return False if nothing was changed."""
        if not self._past:
            return False
        self._codes = self._past.pop()
        return True

    def _change(self, codes: list[str]) -> None:
        if codes == self._codes:
            return
        self._past.append(self._codes)
        del self._past[: -self.LONGEST_UNDO]
        self._codes = codes
