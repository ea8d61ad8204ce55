"""What a case measured, as a table: medians, spreads, ratios, and which targets hold.

A variant is one way of doing a thing; all variants of a table are measured once a round, in an
order that is drawn anew each round, so that a noisy minute falls on all of them.  A ratio is the
median over the rounds of variant / base *of the same round*; only ratios and checks are judged.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf, nan
from statistics import median, quantiles
from typing import TypeVar

_T = TypeVar("_T")


@dataclass
class Variant:
    """One row; the bounds hold for its ratio to `base`, which is another row of the table."""

    name: str
    base: str = ""
    at_most: float = inf
    at_least: float = 0.0
    samples: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.samples) if self.samples else nan

    @property
    def spread(self) -> tuple[float, float]:
        """The 10th and the 90th percentile."""
        if len(self.samples) < 2:
            return self.median, self.median
        tenths = quantiles(self.samples, n=10, method="inclusive")
        return tenths[0], tenths[-1]


@dataclass
class Table:
    """The variants of one measurement, in one unit; smaller or larger may be better."""

    title: str
    unit: str
    variants: list[Variant]
    checks: list[tuple[str, bool]] = field(default_factory=list)
    """What is true or not, without a ratio: every frame counted, and the like."""
    notes: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Variant:
        return next(variant for variant in self.variants if variant.name == name)

    def add(self, name: str, value: float) -> None:
        """Keep what a variant took in one round."""
        self[name].samples.append(value)

    def ratio(self, variant: Variant) -> float:
        """How a variant compares with its base; nan without one."""
        if not variant.base:
            return nan
        pairs = zip(variant.samples, self[variant.base].samples, strict=False)
        ratios = [mine / base for mine, base in pairs if base]
        return median(ratios) if ratios else nan

    def check(self, text: str, holds: bool) -> None:
        """Keep whether something is true."""
        self.checks.append((text, holds))

    @property
    def missed(self) -> list[str]:
        """The targets that do not hold; those of a variant that was not measured are left out."""
        judged = [v for v in self.variants if v.samples and _target(v) and not self._holds(v)]
        return [
            *(text for text, holds in self.checks if not holds),
            *(f"{v.name}: {self.ratio(v):.2f}, not {_target(v)}" for v in judged),
        ]

    def __str__(self) -> str:
        head = (f"{self.title} ({self.unit})", "median", "p10", "p90", "ratio", "target", "holds")
        rows = [head, *(self._row(variant) for variant in self.variants)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                cell.rjust(width) if at else cell.ljust(width)
                for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        lines.insert(1, "-" * (sum(widths) + 2 * (len(widths) - 1)))
        lines += [f"{'holds' if holds else 'MISSED'}: {text}" for text, holds in self.checks]
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _row(self, variant: Variant) -> tuple[str, ...]:
        if not variant.samples:
            return (variant.name, "—", "", "", "", _target(variant), "")
        low, high = variant.spread
        ratio = f"{self.ratio(variant):.2f} × {variant.base}" if variant.base else ""
        verdict = ("yes" if self._holds(variant) else "MISSED") if _target(variant) else ""
        figures = (_figure(variant.median), _figure(low), _figure(high))
        return (variant.name, *figures, ratio, _target(variant), verdict)

    def _holds(self, variant: Variant) -> bool:
        return variant.at_least <= self.ratio(variant) <= variant.at_most


def interleave(
    table: Table, rounds: int, measures: Mapping[str, Callable[[], float]], seed: int = 5
) -> None:
    """Measure every variant once a round, in a new order each round."""
    for name, measure in interleaved(rounds, measures, seed):
        table.add(name, measure())


def interleaved(rounds: int, measures: Mapping[str, _T], seed: int = 5) -> Iterator[tuple[str, _T]]:
    """Every variant once a round, in a new order each round."""
    draw = random.Random(seed)
    for _ in range(rounds):
        yield from draw.sample(sorted(measures.items(), key=lambda item: item[0]), len(measures))


def _target(variant: Variant) -> str:
    if variant.at_most < inf:
        return f"≤ {variant.at_most:g} ×"
    return f"≥ {variant.at_least:g} ×" if variant.at_least else ""


def _figure(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.3g}"
