"""The contracts that the simulator lists on a day, and those that a demo begins with.

KOSPI200, mini, KOSDAQ150 and V-KOSPI futures, the chains of options on both indices, futures and
options on two stocks, futures on currencies, bonds and gold, calendar spreads of all futures.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache

from app.simulator import ticks
from app.simulator.futures import commodity_futures, index_futures, padded, stock_futures
from app.simulator.hours import SimulatedHours
from app.simulator.index_options import index_options, kind, option_months, year_month
from app.simulator.instrument import (
    HYNIX,
    KOSDAQ150,
    KOSPI200,
    SAMSUNG,
    USD,
    SimulatedInstrument,
    SimulatedUnderlying,
)
from app.simulator.listing import master_lines
from specs.catalog import Session
from specs.codes import Family, Right

__all__ = ["SimulatedInstrument", "demo_codes", "master_lines", "universe"]


@cache
def universe(day: date) -> tuple[SimulatedInstrument, ...]:
    """Every contract listed on a day; one that expires on it is listed beside its successor."""
    return (
        *index_futures(day),
        *index_options(day),
        *stock_futures(day),
        *_stock_options(day),
        *commodity_futures(day),
    )


def demo_codes(moment: datetime, session: Session) -> list[str]:
    """Return the codes of a demo that begins at a moment of a session.

    Every panel shows data of them, and each is still traded.
    """
    listed = universe(SimulatedHours.containing(session, moment).day)
    alive = [i for i in listed if i.last_moment > moment]
    codes = [_first(alive, "1", KOSPI200), _first(alive, "B", KOSPI200)]
    if session is Session.NIGHT:
        codes += [*_around(alive, "5", KOSPI200, 5), *_around(alive, "6", KOSPI200, 5)]
        return [*codes, *_around(alive, "L", KOSPI200, 1)]
    codes.append(_first(alive, "3", KOSDAQ150))
    codes += [*_around(alive, "5", KOSPI200, 2), *_around(alive, "6", KOSPI200, 2)]
    for stock in (SAMSUNG, HYNIX):
        codes.append(_first(alive, "1", stock))
        codes += [*_around(alive, "5", stock, 2), *_around(alive, "6", stock, 2)]
    return [*codes, next(i.code for i in alive if i.underlying is USD)]


def _first(
    alive: Iterable[SimulatedInstrument], product: str, underlying: SimulatedUnderlying
) -> str:
    return next(i.code for i in alive if i.product == product and i.underlying is underlying)


def _around(
    alive: Iterable[SimulatedInstrument], product: str, underlying: SimulatedUnderlying, count: int
) -> list[str]:
    """The options of one kind nearest to the money, front expiry, by strike."""
    kind = [i for i in alive if i.product == product and i.underlying is underlying]
    front = [i for i in kind if i.expiry == kind[0].expiry]
    front.sort(key=lambda i: abs(i.strike - underlying.level))
    return [i.code for i in sorted(front[:count], key=lambda i: i.strike)]


def _stock_options(day: date) -> Iterator[SimulatedInstrument]:
    for stock, product, step in ((SAMSUNG, "11", 5_000), (HYNIX, "16", 20_000)):
        title = padded(stock)
        centre = round(stock.level / step) * step
        for rank, (expiry, share) in enumerate(option_months(day, 2)):
            for right, letter in ((Right.CALL, "5"), (Right.PUT, "6")):
                for n in range(-3, 4):
                    strike = float(centre + n * step)
                    yield SimulatedInstrument(
                        code=f"{kind(right)}{product}{year_month(expiry)}{n + 40:03}",
                        name=f"{title}{right} {expiry:%Y%m} {strike:>9,.0f}(  10)",
                        family=Family.STOCK_OPTION,
                        product=letter,
                        underlying=stock,
                        expiry=expiry,
                        right=right,
                        strike=strike,
                        multiplier=10,
                        grid=ticks.STOCK_OPTIONS,
                        rate=0.06 * share / (1 + n * n),
                        size=5.0,
                        rank=rank,
                    )
