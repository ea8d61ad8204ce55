"""What the expressions that filter rows may name, and how names and words are compared."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from msgspec import Struct

Row = TypeVar("Row")

_LAST_WORD = re.compile(r'[^\s()<>=≤≥≠!&|,"]*$')
_NOTHING = re.compile(r"(?!)")


class FilterNames(Struct, Generic[Row], frozen=True):
    """What an expression may name."""

    values: Mapping[str, Callable[[Row], float]]
    """Returns the value of a row under each name; nan where it is missing."""
    tests: Mapping[str, Callable[[Row], bool]]
    """Words that stand for a property of a row, such as ``콜``."""
    text: Callable[[Row], str]
    """Returns the text of a row in which other words are looked for."""


def plain(text: str) -> str:
    """Return a text as names and words are compared: in small letters, with one kind of minus."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\u2212", "-")


def unfinished_names(typed: str, names: Iterable[str]) -> list[str]:
    """Return the names that the last word of an expression begins, but not those that it is."""
    begun = plain(_last_word(typed))
    return [name for name in names if begun and plain(name) != begun and _begins(name, begun)]


def completed(typed: str, name: str) -> str:
    """Return an expression with a name and a blank in the place of its last word."""
    return f"{typed[: len(typed) - len(_last_word(typed))]}{name} "


def _last_word(typed: str) -> str:
    found = _LAST_WORD.search(typed)
    return found[0] if found is not None else ""


def _begins(name: str, begun: str) -> bool:
    return plain(name).startswith(begun)


def name_key(name: str) -> str:
    """Return a name without what does not tell names apart: case and blanks."""
    return "".join(plain(name).split())


def names_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of the names, the longest first, with any blanks within them."""
    ordered = sorted({" ".join(plain(name).split()) for name in names}, key=len, reverse=True)
    patterns = [
        r"\s*".join(map(re.escape, name.split())) + (r"(?!\w)" if name[-1:].isalnum() else "")
        for name in ordered
        if name
    ]
    return re.compile("|".join(patterns)) if patterns else _NOTHING
