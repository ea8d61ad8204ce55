"""What the user has set for a row: a note, and the price from which its change is measured."""

from math import nan
from typing import Annotated, Literal

from msgspec import Meta, Struct

Baseline = Literal["settlement", "close", "open", "mark"]
"""What 대비 is measured from: the previous settlement price (기준가), which is KIS' own change; the
close of the session before; the session's open; or the price when the user marked it."""


class RowView(Struct, frozen=True, gc=False):
    """The user's settings of a row; its identity is its version, like that of the row."""

    remark: str = ""
    """The user's note on the contract."""
    baseline: Baseline = "settlement"
    base: float = nan
    """The price to measure from, for ``close`` and ``mark``; nan where it is unknown."""


PLAIN_VIEW = RowView()
"""The view of a row for which nothing is set."""


class BaselineSetup(Struct, frozen=True, omit_defaults=True):
    """The baseline of all rows; of ``mark`` the time of day (HH:MM) and the prices by code."""

    kind: Baseline = "settlement"
    at: Annotated[str, Meta(pattern=r"^([0-2][0-9]:[0-5][0-9])?$")] = ""
    prices: dict[str, float] = {}
