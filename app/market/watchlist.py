"""The watched codes in named lists: added to, removed from, moved within and between, and undone.

One list is open; without a choice there is one, whose name is empty.
"""

from collections.abc import Iterable, Mapping

Lists = dict[str, tuple[str, ...]]
"""The codes of each list by its name, in the order of the tabs."""


class Watchlist:
    """Lists of codes without repeats; every change of codes, names or lists can be undone."""

    LONGEST_UNDO = 50

    def __init__(self, codes: Iterable[str] = ()) -> None:
        self._lists: Lists = {"": tuple(dict.fromkeys(codes))}
        self._open = ""
        self._past: list[tuple[Lists, str, int]] = []
        self._newest = 0
        self.version = 0
        """A number that each change makes another one; undoing brings back the one before."""
        self.sorts: dict[str, str] = {}
        """The sort column of lists that are not open, with a minus where it descends."""

    # --- what is watched

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the open list, most wanted first."""
        return self._lists[self._open]

    @property
    def all_codes(self) -> tuple[str, ...]:
        """The codes of all lists, those of the open one first."""
        others = (code for codes in self._lists.values() for code in codes)
        return tuple(dict.fromkeys((*self.codes, *others)))

    @property
    def name(self) -> str:
        """The name of the open list; empty for a list that nobody named."""
        return self._open

    @property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of all lists by their names, in order."""
        return self._lists

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the lists, in order."""
        return tuple(self._lists)

    # --- the open list

    def replace(self, codes: Iterable[str]) -> None:
        """Watch these codes in the open list instead."""
        self._change_codes(dict.fromkeys(codes))

    def add(self, codes: Iterable[str], *, after: str = "") -> list[str]:
        """Add codes behind `after`, or at the end, and return those new in the open list."""
        known = self.codes
        new = [code for code in dict.fromkeys(codes) if code not in known]
        if new:
            at = known.index(after) + 1 if after in known else len(known)
            self._change_codes([*known[:at], *new, *known[at:]])
        return new

    def replace_code(self, code: str, replaced: str) -> bool:
        """Replace a code by another; return False if that is watched or the first is not."""
        if code in self.codes or replaced not in self.codes:
            return False
        self._change_codes([code if other == replaced else other for other in self.codes])
        return True

    def remove(self, code: str) -> bool:
        """Remove a code; return False if it was not watched."""
        if code not in self.codes:
            return False
        self._change_codes([other for other in self.codes if other != code])
        return True

    def shift(self, code: str, way: int, *, over: str = "") -> bool:
        """Move a code up (-1) or down (1) by a row, or to the row of `over`.

        Return False at the end.
        """
        if code not in self.codes:
            return False
        at = self.codes.index(code)
        to = self.codes.index(over) if over in self.codes else at + way
        if not 0 <= to < len(self.codes):
            return False
        codes = list(self.codes)
        codes.insert(to, codes.pop(at))
        self._change_codes(codes)
        return True

    # --- the lists

    def open(self, name: str) -> bool:
        """Open a list; return False if it is open or unknown."""
        if name == self._open or name not in self._lists:
            return False
        self._open = name
        return True

    def step(self, way: int) -> bool:
        """Open the list behind (1) or before (-1); return False at the end."""
        to = self.names.index(self._open) + way
        return 0 <= to < len(self._lists) and self.open(self.names[to])

    def replace_all(self, lists: Mapping[str, Iterable[str]], name: str) -> None:
        """Watch these lists instead, with one of them open."""
        found = {one: tuple(dict.fromkeys(codes)) for one, codes in lists.items()}
        self._change(found, name if name in found else next(iter(found)))

    def create(self, name: str) -> bool:
        """Open a new, empty list behind the open one; return False if the name is taken."""
        if name in self._lists:
            return False
        pairs = list(self._lists.items())
        pairs.insert(self.names.index(self._open) + 1, (name, ()))
        self._change(dict(pairs), name)
        return True

    def rename(self, name: str, new: str) -> bool:
        """Rename a list; return False if it is unknown or the new name is taken."""
        if name not in self._lists or new in self._lists:
            return False
        renamed = {new if one == name else one: codes for one, codes in self._lists.items()}
        self.sorts[new] = self.sorts.get(name, "")
        self._change(renamed, new if self._open == name else self._open)
        return True

    def delete(self, name: str) -> bool:
        """Delete a list with its codes; return False for the only one or an unknown one."""
        if name not in self._lists or len(self._lists) == 1:
            return False
        at = self.names.index(name)
        left = {one: codes for one, codes in self._lists.items() if one != name}
        near = tuple(left)[min(at, len(left) - 1)]
        self._change(left, near if self._open == name else self._open)
        return True

    def reorder(self, name: str, way: int) -> bool:
        """Move a list one place to the left (-1) or right (1); return False at the end."""
        names = list(self._lists)
        at = names.index(name)
        if not 0 <= at + way < len(names):
            return False
        names[at], names[at + way] = names[at + way], names[at]
        self._change({one: self._lists[one] for one in names}, self._open)
        return True

    def move(self, code: str, to: str) -> bool:
        """Move a code of the open list to the end of another list, a new one if need be.

        Return False if the code is not watched or the list is the open one.
        """
        if code not in self.codes or to == self._open:
            return False
        left = tuple(other for other in self.codes if other != code)
        target = tuple(dict.fromkeys((*self._lists.get(to, ()), code)))
        self._change(self._lists | {self._open: left, to: target}, self._open)
        return True

    def undo(self) -> bool:
        """Undo the last change and open the list in which it was; return False without one."""
        if not self._past:
            return False
        self._lists, self._open, self.version = self._past.pop()
        return True

    def _change_codes(self, codes: Iterable[str]) -> None:
        self._change(self._lists | {self._open: tuple(codes)}, self._open)

    def _change(self, lists: Lists, name: str) -> None:
        if list(lists.items()) != list(self._lists.items()):
            self._past.append((self._lists, self._open, self.version))
            del self._past[: -self.LONGEST_UNDO]
            self._newest += 1
            self.version = self._newest
        self._lists, self._open = lists, name
