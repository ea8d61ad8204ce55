"""The chains of index options: KOSPI200 by month, by Thursday and by Monday, mini, KOSDAQ150.

Strikes of 1000 and above are coded by one rule, which KIS has not; KOSDAQ150 strikes are serials.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from math import exp

from app.simulator import expiries, mondays, ticks
from app.simulator.expiries import monthly, weekly
from app.simulator.instrument import KOSDAQ150, KOSPI200, Instrument
from specs.codes import Family, Right

_STEP = 2.5
_CHAIN = tuple(_STEP * n for n in range(-15, 16))
_WINGS = (50.0, 75.0, 100.0, 150.0, 200.0, 250.0)
_CENTRE = round(KOSPI200.level / _STEP) * _STEP
_STRIKES = tuple(
    sorted(
        [_CENTRE + away for away in _CHAIN]
        + [_CENTRE + sign * away for away in _WINGS for sign in (-1, 1)]
    )
)
_KOSDAQ_STEP, _KOSDAQ_SIDE, _KOSDAQ_SERIAL = 25.0, 8, 60
_MONTHS = 3
# How much of the front month's trading each month after it has.
_SHARES = (1.0, 0.25, 0.08)

_option = partial(Instrument, family=Family.INDEX_OPTION)
_kospi = partial(_option, underlying=KOSPI200, multiplier=250_000, grid=ticks.INDEX_OPTIONS)
_mini = partial(_option, underlying=KOSPI200, multiplier=50_000, grid=ticks.MINI_OPTIONS)
_kosdaq = partial(_option, underlying=KOSDAQ150, multiplier=10_000, grid=ticks.KOSDAQ_OPTIONS)


def index_options(day: date) -> Iterator[Instrument]:
    """Every index option listed on a day."""
    yield from _monthlies(day)
    yield from _weeklies(day)
    yield from _monday_weeklies(day)
    yield from _minis(day)
    yield from _kosdaqs(day)


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


def _monthlies(day: date) -> Iterator[Instrument]:
    for rank, (expiry, share) in enumerate(option_months(day, _MONTHS)):
        for right, letter in ((Right.CALL, "5"), (Right.PUT, "6")):
            for strike in _STRIKES:
                yield _kospi(
                    code=f"{kind(right)}01{year_month(expiry)}{_tail(strike)}",
                    name=f"{right} {expiry:%Y%m} {strike:>7,.1f}",
                    product=letter,
                    expiry=expiry,
                    right=right,
                    strike=strike,
                    rate=_rate(right, strike - _CENTRE, 0.12 * share, 40.0),
                    size=3.0,
                    rank=rank,
                )


def _weeklies(day: date) -> Iterator[Instrument]:
    for rank, expiry in enumerate(weekly(day, 2 if day in weekly(day, 1) else 1)):
        for right, letter in ((Right.CALL, "L"), (Right.PUT, "M")):
            for strike in _STRIKES:
                week = expiries.week_name(expiry)
                yield _kospi(
                    code=f"{kind(right)}09{expiries.counter(expiry)}W{_tail(strike)}",
                    name=f"위클리{right} {week} {strike:>7,.1f}",
                    product=letter,
                    expiry=expiry,
                    right=right,
                    strike=strike,
                    rate=_rate(right, strike - _CENTRE, 0.09, 22.0),
                    size=4.0,
                    rank=rank,
                )


def _monday_weeklies(day: date) -> Iterator[Instrument]:
    listed = mondays.mondays(day, 2)
    for rank, expiry in enumerate(listed if day in listed else listed[:1]):
        for right, letter in ((Right.CALL, "N"), (Right.PUT, "O")):
            for strike in _STRIKES:
                week = mondays.week_name(expiry)
                yield _kospi(
                    code=f"{kind(right)}AF{mondays.counter(expiry)}W{_tail(strike)}",
                    name=f"위클리M {right} {week} {strike:>7,.1f}",
                    product=letter,
                    expiry=expiry,
                    right=right,
                    strike=strike,
                    rate=_rate(right, strike - _CENTRE, 0.08, 22.0),
                    size=4.0,
                    rank=rank,
                )


def _minis(day: date) -> Iterator[Instrument]:
    for rank, (expiry, share) in enumerate(option_months(day, 2)):
        for right, letter in ((Right.CALL, "D"), (Right.PUT, "E")):
            for strike in _STRIKES:
                yield _mini(
                    code=f"{kind(right)}05{year_month(expiry)}{_tail(strike)}",
                    name=f"미니{right} {expiry:%Y%m} {strike:>7,.1f}",
                    product=letter,
                    expiry=expiry,
                    right=right,
                    strike=strike,
                    rate=_rate(right, strike - _CENTRE, 0.03 * share, 25.0),
                    size=2.0,
                    rank=rank,
                )


def _kosdaqs(day: date) -> Iterator[Instrument]:
    centre = round(KOSDAQ150.level / _KOSDAQ_STEP) * _KOSDAQ_STEP
    for rank, (expiry, share) in enumerate(option_months(day, 2)):
        for right, letter in ((Right.CALL, "J"), (Right.PUT, "K")):
            for n in range(-_KOSDAQ_SIDE, _KOSDAQ_SIDE + 1):
                away = n * _KOSDAQ_STEP
                yield _kosdaq(
                    code=f"{kind(right)}06{year_month(expiry)}{_KOSDAQ_SERIAL + n:03}",
                    name=f"코스닥150{right} {expiry:%Y%m} {centre + away:>5,.0f}",
                    product=letter,
                    expiry=expiry,
                    right=right,
                    strike=centre + away,
                    rate=_rate(right, away, 0.01 * share, 75.0),
                    size=2.0,
                    rank=rank,
                )


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
