"""Reading of drawn figures: the number that a text shows, and how exactly it shows it."""

import re
from collections.abc import Sequence
from math import ulp
from typing import NamedTuple

UNITS = {"": 1.0, "만": 1e4, "억": 1e8, "조": 1e12, "k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
FIGURE = re.compile(r"(\d[\d,]*)(?:\.(\d+))?([만억조kMBT]?)")
CUT = re.compile(r"[\d,.]…|…[\d,.]")
"""An ellipsis behind or before digits."""


class DrawnFigure(NamedTuple):
    """A number and the difference that its last digit makes."""

    value: float
    step: float

    def shows(self, value: float) -> bool:
        """Return whether it is a value, rounded to its last digit."""
        rounding = 1e-9 + 4 * ulp(abs(value))
        return abs(self.value - abs(value)) <= self.step / 2 * (1 + 1e-9) + rounding


def read_figures(text: str) -> list[DrawnFigure]:
    """Return the figures of a text, without their signs."""
    found = []
    for whole, decimals, unit in FIGURE.findall(text):
        size = UNITS[unit]
        number = float(f"{whole.replace(',', '')}.{decimals or 0}")
        found.append(DrawnFigure(number * size, size / 10 ** len(decimals)))
    return found


def assert_whole(drawn: str, full: str, shorter: Sequence[str] = ()) -> None:
    """Assert that a drawn text shows the figures of the full text, or nothing at all of them.

    `shorter` are further texts that it may show.
    """
    assert not CUT.search(drawn), (drawn, full)
    if drawn.strip() in ("…", "", *(text.strip() for text in shorter)):
        return
    figures, wanted = read_figures(drawn), read_figures(full)
    assert len(figures) == len(wanted), (drawn, full)
    if "≈0" in drawn:
        assert all(one.value < 1 for one in wanted), (drawn, full)
        return
    for figure, value in zip(figures, wanted, strict=True):
        assert figure.shows(value.value), (drawn, full)
