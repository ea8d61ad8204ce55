"""The scale of KIS' implied volatility per TR, decided by comparison with our own inversion.

KIS sends percent in some TRs and a fraction in others, and documents neither.  Each trade near the
money on a forward of the moment is a vote: the scale at which KIS' number is within a factor of two
of the volatility that the trade's price implies.
"""

from collections import Counter
from collections.abc import Mapping
from math import inf, isfinite

from msgspec import Struct

from specs.catalog import CATALOG

SCALES = (0.01, 1.0, 100.0)
WITHIN = 2.0
"""A vote is for the scale that brings KIS' volatility within this factor of ours."""

FEWEST = 20
"""Comparisons before anything is decided."""

SHARE = 2 / 3
"""The part of all comparisons that must agree."""

MOST = 1_000
"""Comparisons of a TR after which no more are made."""


class VolatilityScale(Struct, frozen=True):
    """The factor from KIS' implied volatility to percent, and its number of votes."""

    scale: float
    votes: int


class ScaleComparisons:
    """The comparisons so far, by TR."""

    def __init__(self) -> None:
        self._votes: dict[str, Counter[float]] = {}
        self.decided: Mapping[type, float] = {}
        """Scale by record; another object when a scale was decided otherwise than before."""

    def needs(self, tr_id: str) -> bool:
        """Return whether more comparisons of a TR are needed."""
        return tr_id not in self._votes or self._votes[tr_id].total() < MOST

    def vote(self, tr_id: str, received: float, percent: float) -> None:
        """Compare KIS' volatility with our own in percent; values of 0 or less are skipped."""
        if not (0 < received < inf and 0 < percent < inf and isfinite(percent / received)):
            return
        ratio = percent / received
        found = next((s for s in SCALES if 1 / WITHIN <= ratio / s <= WITHIN), 0.0)
        self._votes.setdefault(tr_id, Counter())[found] += 1
        spec, scale = CATALOG[tr_id].spec, self._outcome(tr_id)
        if scale is not None and self.decided.get(spec) != scale.scale:
            self.decided = {**self.decided, spec: scale.scale}

    def outcomes(self) -> dict[str, VolatilityScale]:
        """Return the decided scales by TR."""
        found = {tr_id: self._outcome(tr_id) for tr_id in sorted(self._votes)}
        return {tr_id: scale for tr_id, scale in found.items() if scale is not None}

    def _outcome(self, tr_id: str) -> VolatilityScale | None:
        votes = self._votes[tr_id]
        (scale, count), total = votes.most_common(1)[0], votes.total()
        if total < FEWEST or not scale or count < SHARE * total:
            return None
        return VolatilityScale(scale, count)
