"""The numbers of a smile: current value, change from the last close, path over the session."""

from collections.abc import Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from specs.market.smile import Curve
from specs.market.ticker import Freshness
from widgets import cells
from widgets.figures import fit_figure
from widgets.sparkline import sparkline
from widgets.status import AGE_STYLES
from widgets.texts import t

NUMBERS = ("money", "reversal", "butterfly")
STACKED = 60
"""Columns below which the numbers are stacked."""

HEIGHT = 3
"""Lines of the numbers side by side."""

_FRESH = Freshness.FRESH
_NAME, _VALUE, _CHANGE = 10, 8, 9
_GAP = 2

SmilePaths = Mapping[str, Sequence[float]]
"""The points of each number, oldest first."""


class NamedValue(NamedTuple):
    """A name and the text after it."""

    name: str
    text: str
    warning: bool = False


class SmileNumbers(Static):
    """At-the-money volatility, risk reversal and butterfly, and further facts."""

    def __init__(self) -> None:
        super().__init__(id="smile_numbers")
        self._shown: Content | None = None

    def show(
        self,
        curve: Curve,
        close: Curve | None,
        paths: SmilePaths,
        facts: Sequence[NamedValue],
        ages: Mapping[str, Freshness] = MappingProxyType({}),
    ) -> None:
        """Show these; draw only if something changed.

        `ages` are the classes of the numbers' ages; one without is fresh.
        """
        width = self.size.width
        if not width:
            return
        beside = width >= STACKED
        room = (width - _GAP * (len(NUMBERS) - 1)) // len(NUMBERS) if beside else width
        blocks = [
            _block(
                which, curve, close, paths.get(which, ()), room, ages.get(which, Freshness.FRESH)
            )
            for which in NUMBERS
        ]
        lines: list[Content] = []
        if beside:
            gap = Content(" " * _GAP)
            lines += [gap.join(block) for block in zip(*blocks, strict=True)]
            lines.append(Content("  ").join(_fact(fact) for fact in facts))
        else:
            lines.append(_header(close is not None, room))
            roomy = self.size.height > len(NUMBERS) * HEIGHT + len(facts)
            for block in blocks:
                lines += [*block, Content()] if roomy else block
            if roomy:
                lines += [_fact(fact, _NAME) for fact in facts]
            else:
                lines.append(Content("  ").join(_fact(fact) for fact in facts))
        content = Content("\n").join(lines)
        if self._shown is None or not content.is_same(self._shown):
            self._shown = content
            self.update(content)


def _header(close: bool, width: int) -> Content:
    change = t("smile.change") if close else ""
    if cell_len(change) > _room(width):
        change = ""
    text = cells.fit("", _NAME + _VALUE) + cells.fit(change, _room(width), right=True)
    return Content.styled(cells.fit(text, width), "$text-label")


def _room(width: int) -> int:
    """Return the cells that remain for a change."""
    return max(0, min(_CHANGE, width - _NAME - _VALUE))


def _block(
    which: str,
    curve: Curve,
    close: Curve | None,
    path: Sequence[float],
    width: int,
    age: Freshness,
) -> tuple[Content, Content]:
    """Return a number and its path, each exactly `width` cells wide."""
    value: float = getattr(curve, which)
    text = cells.percent(value) + "%" if which == "money" else cells.plus(value) + "%p"
    if not isfinite(value):
        text = cells.MISSING
    change = cells.plus(value - getattr(close, which)) if close is not None else ""
    known = change if change != cells.MISSING else ""
    number = Content.assemble(
        (cells.fit(t(f"smile.{which}"), _NAME), "$text-label"),
        (fit_figure(text, max(0, min(_VALUE, width - _NAME))), AGE_STYLES[age] or "bold"),
        (fit_figure(known, _room(width)), "$text-older"),
    )
    line = cells.fit(sparkline(path, width), width)
    return number.pad_right(max(0, width - number.cell_length)), Content.styled(line, "$text-older")


def _fact(fact: NamedValue, width: int = 0) -> Content:
    name = cells.fit(fact.name, width) if width else f"{fact.name} " if fact.name else ""
    style = "$warning" if fact.warning else "$foreground"
    return Content.assemble((name if fact.name else "", "$text-label"), (fact.text, style))
