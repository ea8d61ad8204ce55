"""The contracts that the simulator lists on a day, and those that a demo begins with.

KOSPI200, mini and KOSDAQ150 futures, the chains of options on both indices, futures and options on
two stocks.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from app.session import last_trading_day
from app.simulator import ticks
from app.simulator.expiries import monthly
from app.simulator.index_options import index_options, kind, option_months, year_month
from app.simulator.instrument import HYNIX, KOSDAQ150, KOSPI200, SAMSUNG, Instrument, Underlying
from app.simulator.listing import master_lines
from specs.catalog import Session
from specs.codes import Family, Right

__all__ = ["Instrument", "demo_codes", "master_lines", "universe"]

_NAME_CELLS = 11


@cache
def universe(day: date) -> tuple[Instrument, ...]:
    """Every contract listed on a day; one that expires on it is listed beside its successor."""
    return (*_index_futures(day), *index_options(day), *_stocks(day))


def demo_codes(day: date, session: Session) -> list[str]:
    """What a demo watches: contracts on which every panel has something to show."""
    alive = [i for i in universe(day) if i.expiry > day or session is Session.DAY]
    codes = [_first(alive, "1", KOSPI200), _first(alive, "B", KOSPI200)]
    if session is Session.NIGHT:
        codes += [*_around(alive, "5", KOSPI200, 5), *_around(alive, "6", KOSPI200, 5)]
        return [*codes, *_around(alive, "L", KOSPI200, 1)]
    codes += [*_around(alive, "5", KOSPI200, 2), *_around(alive, "6", KOSPI200, 2)]
    for stock in (SAMSUNG, HYNIX):
        codes.append(_first(alive, "1", stock))
        codes += [*_around(alive, "5", stock, 2), *_around(alive, "6", stock, 2)]
    return codes


def _first(alive: Iterable[Instrument], product: str, underlying: Underlying) -> str:
    return next(i.code for i in alive if i.product == product and i.underlying is underlying)


def _around(
    alive: Iterable[Instrument], product: str, underlying: Underlying, count: int
) -> list[str]:
    """The options of one kind nearest to the money, front expiry, by strike."""
    kind = [i for i in alive if i.product == product and i.underlying is underlying]
    front = [i for i in kind if i.expiry == kind[0].expiry]
    front.sort(key=lambda i: abs(i.strike - underlying.level))
    return [i.code for i in sorted(front[:count], key=lambda i: i.strike)]


def _index_futures(day: date) -> Iterator[Instrument]:
    quarters = monthly(day, 3 if day in monthly(day, 1, 3) else 2, 3)
    for n, expiry in enumerate(quarters):
        rate = (0.8, 0.02, 0.01)[n]
        yield _future("01", "F", "1", KOSPI200, expiry, n, 250_000, ticks.INDEX_FUTURES, rate, 1.8)
    for n, expiry in enumerate(_months(day)):
        rate = (0.8, 0.05, 0.02)[n]
        yield _future("05", "미니F", "B", KOSPI200, expiry, n, 50_000, ticks.MINI_FUTURES, rate, 3)
    for n, expiry in enumerate(quarters[:-1]):
        yield _future(
            "06", "코스닥150F", "3", KOSDAQ150, expiry, n, 10_000, ticks.KOSDAQ_FUTURES, 0.15, 2.0
        )


def _months(day: date) -> tuple[date, ...]:
    return monthly(day, 3 if day == last_trading_day(day.year, day.month) else 2)


def _future(
    product: str,
    title: str,
    letter: str,
    underlying: Underlying,
    expiry: date,
    rank: int,
    multiplier: int,
    grid: ticks.Grid,
    rate: float,
    size: float,
) -> Instrument:
    stock = underlying.unit == 1
    return Instrument(
        code=f"A{product}{year_month(expiry)}",
        name=f"{title} {expiry:%Y%m}{' (  10)' if stock else ''}",
        family=Family.STOCK_FUTURES if stock else Family.INDEX_FUTURES,
        product=letter,
        underlying=underlying,
        expiry=expiry,
        right=None,
        strike=0.0,
        multiplier=multiplier,
        grid=grid,
        rate=rate,
        size=size,
        rank=rank,
    )


def _stocks(day: date) -> Iterator[Instrument]:
    for stock, product, step in ((SAMSUNG, "11", 5_000), (HYNIX, "16", 20_000)):
        # The master pads to cells, and a Hangul syllable fills two.
        cells = sum(2 if ord(c) > 0x7F else 1 for c in stock.name)
        title = stock.name + " " * (_NAME_CELLS - cells)
        for n, expiry in enumerate(_months(day)):
            rate = (0.4, 0.03, 0.01)[n]
            yield _future(
                product, f"{title}F", "1", stock, expiry, n, 10, ticks.STOCK_FUTURES, rate, 6.0
            )
        centre = round(stock.level / step) * step
        for rank, (expiry, share) in enumerate(option_months(day, 2)):
            for right, letter in ((Right.CALL, "5"), (Right.PUT, "6")):
                for n in range(-3, 4):
                    strike = float(centre + n * step)
                    yield Instrument(
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
