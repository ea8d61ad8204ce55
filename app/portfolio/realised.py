"""Realised profits beside the values of positions: by contract, for sums, and of today alone."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import fsum, nan

from msgspec.structs import replace

from app.krx.products import underlying_of
from app.portfolio.positions import ClosedLot
from specs.market.holding import Exposure, Holding
from specs.market.instrument import Instrument


def with_realised(
    holdings: Sequence[Holding],
    lots: Iterable[ClosedLot],
    instrument: Callable[[str], Instrument],
    day: date,
) -> tuple[Holding, ...]:
    """Return holdings with what was realised in their contracts.

    Contracts that are held no longer follow, with a quantity of 0.
    `day` is the trade date whose profits are today's.
    """
    by_code: dict[str, list[ClosedLot]] = {}
    for lot in lots:
        by_code.setdefault(lot.code, []).append(lot)
    if not by_code:
        return tuple(holdings)
    found = [
        replace(held, exposure=_realised(held.exposure, held.instrument, by_code[held.code], day))
        if held.code in by_code
        else held
        for held in holdings
    ]
    held_codes = {held.code for held in holdings}
    for code, closed in by_code.items():
        if code not in held_codes:
            found.append(_closed(instrument(code), closed, day))
    return tuple(found)


def _closed(known: Instrument, lots: Sequence[ClosedLot], day: date) -> Holding:
    """Return the row of a contract that is held no longer."""
    nothing = Exposure(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, delta_won=0.0)
    exposure = _realised(nothing, known, lots, day)
    return Holding(known, underlying_of(known), 0, nan, exposure=exposure, is_over=True)


def _realised(
    exposure: Exposure, known: Instrument, lots: Sequence[ClosedLot], day: date
) -> Exposure:
    total = fsum(lot.points for lot in lots) * known.multiplier
    today = fsum(lot.points for lot in lots if lot.day == day)
    return replace(
        exposure,
        realised=total,
        # 0 × nan of an unknown size would be unknown.
        realised_today=today * known.multiplier if today else 0.0,
    )
