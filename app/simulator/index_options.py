"""The chains of index options: KOSPI200 by month, by Thursday and by Monday, mini, KOSDAQ150.

Strikes of 1000 and above are coded by one rule, which KIS has not; KOSDAQ150 strikes are serials.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from math import exp

from msgspec import Struct

from app.simulator import ticks
from app.simulator.expiries import monthly
from app.simulator.instrument import KOSDAQ150, KOSPI200, SimulatedInstrument
from app.simulator.weekly import MONDAYS, THURSDAYS, WeeklySeries
from specs.codes import Family, Right

_STEP = 2.5
_CHAIN = tuple(_STEP * n for n in range(-24, 25))
_WINGS = (75.0, 100.0, 150.0, 200.0, 250.0)
_CENTRE = round(KOSPI200.level / _STEP) * _STEP
_STRIKES = tuple(
    sorted(
        [_CENTRE + away for away in _CHAIN]
        + [_CENTRE + sign * away for away in _WINGS for sign in (-1, 1)]
    )
)
_KOSDAQ_STEP, _KOSDAQ_SIDE, _KOSDAQ_SERIAL = 25.0, 8, 60
_MONTHS = 3
# Trading of each month as a part of the front month's.
_SHARES = (1.0, 0.25, 0.08)

_option = partial(SimulatedInstrument, family=Family.INDEX_OPTION)
_kospi = partial(_option, underlying=KOSPI200, multiplier=250_000, grid=ticks.INDEX_OPTIONS)
_mini = partial(_option, underlying=KOSPI200, multiplier=50_000, grid=ticks.MINI_OPTIONS)
_kosdaq = partial(_option, underlying=KOSDAQ150, multiplier=10_000, grid=ticks.KOSDAQ_OPTIONS)


class _Strike(Struct, frozen=True):
    """One line of a chain."""

    strike: float
    away: float
    """From the centre of the chain."""
    tail: str
    """The last three characters of a code."""
    shown: str
    """The end of a name."""


class _Chain(Struct, frozen=True):
    """A kind of option, calls and puts, at every strike of an expiry."""

    option: Callable[..., SimulatedInstrument]
    products: str
    """The code master's letters for a call and for a put."""
    strikes: tuple[_Strike, ...]
    code: Callable[[date], str]
    """The part of a code between its first letter and the strike."""
    name: Callable[[Right, date], str]
    """The part of a name before the strike."""
    most: float
    width: float
    size: float

    def listed(self, expiries: Iterable[tuple[date, float]]) -> Iterator[SimulatedInstrument]:
        """Yield the options of expiries, each given with its part of the usual trading."""
        for rank, (expiry, share) in enumerate(expiries):
            for right, product in zip((Right.CALL, Right.PUT), self.products, strict=True):
                for at in self.strikes:
                    yield self.option(
                        code=f"{kind(right)}{self.code(expiry)}{at.tail}",
                        name=f"{self.name(right, expiry)} {at.shown}",
                        product=product,
                        expiry=expiry,
                        right=right,
                        strike=at.strike,
                        rate=_rate(right, at.away, self.most * share, self.width),
                        size=self.size,
                        rank=rank,
                    )


def index_options(day: date) -> Iterator[SimulatedInstrument]:
    """Every index option listed on a day."""
    yield from _MONTHLIES.listed(option_months(day, _MONTHS))
    yield from _THURSDAYS.listed(_weeks(THURSDAYS, day))
    yield from _MONDAYS.listed(_weeks(MONDAYS, day))
    yield from _MINIS.listed(option_months(day, 2))
    yield from _KOSDAQS.listed(option_months(day, 2))
    yield from _KOSDAQ_THURSDAYS.listed(_weeks(THURSDAYS, day))
    yield from _KOSDAQ_MONDAYS.listed(_weeks(MONDAYS, day))


def option_months(day: date, count: int) -> list[tuple[date, float]]:
    """The next months' expiries and how much each trades; one of today is listed beside them."""
    months = monthly(day, count + (monthly(day, 1)[0] == day))
    shares = (1.0, *_SHARES) if months[0] == day else _SHARES
    return list(zip(months, shares, strict=False))


def kind(right: Right) -> str:
    """The letter that an option's code begins with."""
    return "B" if right is Right.CALL else "C"


def year_month(expiry: date) -> str:
    """The three digits of a month in a code."""
    return f"{expiry.year % 10}{expiry:%m}"


def _weeks(weekly: WeeklySeries, day: date) -> list[tuple[date, float]]:
    return [(expiry, 1.0) for expiry in weekly.listed(day)]


def _kospi_strikes() -> Iterator[_Strike]:
    for strike in _STRIKES:
        yield _Strike(strike, strike - _CENTRE, _tail(strike), f"{strike:>7,.1f}")


def _kosdaq_strikes() -> Iterator[_Strike]:
    centre = round(KOSDAQ150.level / _KOSDAQ_STEP) * _KOSDAQ_STEP
    for n in range(-_KOSDAQ_SIDE, _KOSDAQ_SIDE + 1):
        strike = centre + n * _KOSDAQ_STEP
        yield _Strike(strike, strike - centre, f"{_KOSDAQ_SERIAL + n:03}", f"{strike:>5,.0f}")


def _tail(strike: float) -> str:
    """The three characters of a strike: A01 is 1000, A02 is 1002.5; A99 is followed by B01."""
    if strike < 1000:
        return f"{int(strike):03}"
    letter, number = divmod(round((strike - 1000) / _STEP), 99)
    return f"{'ABCDEFGH'[letter]}{number + 1:02}"


def _rate(right: Right, away: float, most: float, width: float) -> float:
    """Trades a second; what is in the money trades less than what is out of it."""
    inside = -away if right is Right.CALL else away
    return most * exp(-((away / width) ** 2)) * (0.5 if inside > 5 else 1.0) + 0.0004


_KOSPI_STRIKES = tuple(_kospi_strikes())
_MONTHLIES = _Chain(
    _kospi,
    "56",
    _KOSPI_STRIKES,
    code=lambda expiry: f"01{year_month(expiry)}",
    name=lambda right, expiry: f"{right} {expiry:%Y%m}",
    most=0.12,
    width=40.0,
    size=3.0,
)
_THURSDAYS = _Chain(
    _kospi,
    "LM",
    _KOSPI_STRIKES,
    code=lambda expiry: f"09{THURSDAYS.counter(expiry)}W",
    name=lambda right, expiry: f"위클리{right} {THURSDAYS.week_name(expiry)}",
    most=0.09,
    width=22.0,
    size=4.0,
)
_MONDAYS = _Chain(
    _kospi,
    "NO",
    _KOSPI_STRIKES,
    code=lambda expiry: f"AF{MONDAYS.counter(expiry)}W",
    name=lambda right, expiry: f"위클리M {right} {MONDAYS.week_name(expiry)}",
    most=0.08,
    width=22.0,
    size=4.0,
)
_MINIS = _Chain(
    _mini,
    "DE",
    _KOSPI_STRIKES,
    code=lambda expiry: f"05{year_month(expiry)}",
    name=lambda right, expiry: f"미니{right} {expiry:%Y%m}",
    most=0.03,
    width=25.0,
    size=2.0,
)
_KOSDAQ_STRIKES = tuple(_kosdaq_strikes())
_KOSDAQS = _Chain(
    _kosdaq,
    "JK",
    _KOSDAQ_STRIKES,
    code=lambda expiry: f"06{year_month(expiry)}",
    name=lambda right, expiry: f"코스닥150{right} {expiry:%Y%m}",
    most=0.01,
    width=75.0,
    size=2.0,
)
# [?] Letters and names of the KOSDAQ 150's weeklies are in no source.
_KOSDAQ_THURSDAYS = _Chain(
    _kosdaq,
    "PQ",
    _KOSDAQ_STRIKES,
    code=lambda expiry: f"AJ{THURSDAYS.counter(expiry)}W",
    name=lambda right, expiry: f"코스닥150위클리{right} {THURSDAYS.week_name(expiry)}",
    most=0.012,
    width=50.0,
    size=2.0,
)
_KOSDAQ_MONDAYS = _Chain(
    _kosdaq,
    "RS",
    _KOSDAQ_STRIKES,
    code=lambda expiry: f"AK{MONDAYS.counter(expiry)}W",
    name=lambda right, expiry: f"코스닥150위클리M {right} {MONDAYS.week_name(expiry)}",
    most=0.012,
    width=50.0,
    size=2.0,
)
