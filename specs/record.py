"""The base of every record struct: fields in wire order, KIS' element name as the encoded name."""

from math import nan
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct, field
from msgspec.structs import fields

Quantity = Annotated[float, Meta(ge=0)]
"""A number of contracts, trades or won: never negative, nan where KIS sends none."""

Sign = Annotated[str, Meta(max_length=1)]
"""1 upper limit, 2 up, 3 unchanged, 4 lower limit, 5 down; longer is a shifted column."""

TimeOfDay = Annotated[str, Meta(max_length=6)]
"""HHMMSS in KST; longer is a shifted column."""

Flag = Annotated[str, Meta(max_length=1)]
"""One character; a longer one is the price that stands beside it, and neither can be trusted."""

CodeText = Annotated[str, Meta(max_length=5)]
"""A code of KIS' own, shown as it comes; shorter than a contract's, which never fits in here."""


class Record(Struct, array_like=True, frozen=True, gc=False):
    """One record of a data frame.

    Text stays text (codes and times keep their leading zeros), every number is a float, and a
    missing number is nan.  Trailing fields that a frame lacks take their default.
    """

    if TYPE_CHECKING:
        # Every record begins with these two, under an element name of its own.
        @property
        def code(self) -> str: ...
        @property
        def time(self) -> str: ...


def number(element: str) -> float:
    """A numeric field under KIS' element name; missing is nan."""
    return field(default=nan, name=element)


def text(element: str) -> str:
    """A text field (code, time, sign, flag) under KIS' element name; missing is empty."""
    return field(default="", name=element)


def elements(spec: type[Record]) -> tuple[str, ...]:
    """KIS' element names of a record struct, in wire order."""
    return tuple(f.encode_name for f in fields(spec))
