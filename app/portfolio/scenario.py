"""Values of positions in a scenario: the future moved, volatility moved, time passed.

Every option is repriced by Black-76 at its own volatility, with its forward moved by as many
points as the future; a future moves one for one, calendar spreads and expired contracts do not
move.  An option priced below its intrinsic value has its intrinsic value at every volatility.
"""

from collections.abc import Sequence
from datetime import date
from math import floor, fsum, isfinite, log10, nan

from app.pricing.black76 import price
from specs.codes import Right, is_spread
from specs.market.holding import Holding, ScenarioGrid
from specs.market.theoretical import DAYS_PER_YEAR

SHARES = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05)
"""Parts of the future's price that a step may be about."""

HOURS = (0, 1, 2, 3, 6, 9, 12, 24, 48, 72, 120, 168)
"""Hours of a scenario that a user can choose."""

LEVELS = (-4.0, -2.0, 0.0, 2.0, 4.0)
"""Moves of volatility, in %p."""

_HOURS_A_YEAR = DAYS_PER_YEAR * 24
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def reference(holdings: Sequence[Holding]) -> float:
    """Return the price of the nearest future, otherwise the forward of the nearest option."""
    best: tuple[tuple[date, bool], float] | None = None
    for held in holdings:
        option = held.instrument.right is not None
        level = held.price
        if option:
            level = held.theoretical.forward if held.theoretical is not None else nan
        rank = (held.instrument.expiry or date.max, option)
        usable = isfinite(level) and level > 0 and not is_spread(held.code) and not held.is_over
        if usable and (best is None or rank < best[0]):
            best = (rank, level)
    return best[1] if best is not None else nan


def step(level: float, share: float) -> float:
    """About a share of a level, as a round number: 1, 2, 2.5 or 5 times a power of ten."""
    if not (isfinite(level) and level > 0 and share > 0):
        return nan
    wanted = level * share
    power = 10.0 ** floor(log10(wanted))
    return min((power * digit for digit in _ROUND), key=lambda found: abs(found - wanted))


def around(
    holdings: Sequence[Holding], *, share: float, side: int, hours: float, rate: float
) -> ScenarioGrid:
    """The grid of `side` steps down and up, each about a share of the future's price.

    It is empty where no price is known.
    """
    size = step(reference(holdings), share)
    if not isfinite(size):
        return ScenarioGrid()
    points = [size * count for count in range(-side, side + 1)]
    return scenario(holdings, points=points, volatilities=LEVELS, hours=hours, rate=rate)


def scenario(
    holdings: Sequence[Holding],
    *,
    points: Sequence[float],
    volatilities: Sequence[float],
    hours: float,
    rate: float,
) -> ScenarioGrid:
    """The change of worth at every move; `holdings` are of one underlying, `rate` is a fraction.

    An option whose life ends within `hours` is worth what it would pay at the moved forward.
    """
    level = reference(holdings)
    alive = [held for held in holdings if not held.is_over]
    known = [held for held in alive if _is_known(held)]
    changes = [_changes(held, points, volatilities, hours, rate) for held in known]
    cells = tuple(
        tuple(fsum(column) for column in zip(*lines, strict=True))
        for lines in zip(*changes, strict=True)
    )
    if not known:
        cells = ((nan,) * len(points),) * len(volatilities)
    return ScenarioGrid(
        underlying=holdings[0].underlying if holdings else "",
        points=tuple(points),
        percents=tuple(move / level * 100 for move in points),
        volatilities=tuple(volatilities),
        hours=hours,
        cells=cells,
        missing=len(alive) - len(known),
    )


def _is_known(held: Holding) -> bool:
    if not isfinite(held.exposure.delta):
        return False
    if held.instrument.right is None:
        return True
    own = held.theoretical
    return own is not None and all(map(isfinite, (own.volatility, own.forward, own.years)))


def _changes(
    held: Holding,
    points: Sequence[float],
    volatilities: Sequence[float],
    hours: float,
    rate: float,
) -> list[list[float]]:
    """Return the changes of one position's value, one row for each volatility."""
    known, own = held.instrument, held.theoretical
    if known.right is None or own is None:
        return [[held.exposure.delta * move for move in points]] * len(volatilities)
    contracts = held.quantity * known.multiplier
    call, forward, strike = known.right is Right.CALL, own.forward, known.strike
    volatility = own.volatility / 100
    years = max(0.0, own.years - hours / _HOURS_A_YEAR)
    now = price(call, forward, strike, own.years, volatility, rate)
    return [
        [
            contracts * (price(call, forward + move, strike, years, level, rate) - now)
            for move in points
        ]
        for level in (
            max(0.0, volatility + more / 100) if volatility else 0.0 for more in volatilities
        )
    ]
