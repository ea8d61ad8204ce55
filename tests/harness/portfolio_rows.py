"""Rows and positions for tests of portfolios, all of one early morning, three hours before six."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from math import nan

from app.portfolio.positions import Position
from app.portfolio.valuation import value
from app.pricing import black76
from app.pricing.year_fraction import years_left
from app.system.clock import KST
from specs.codes import Family, Right
from specs.market.holding import Holding
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.record import TradeRecord
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.night_option_trade import NightOptionTrade

EXPIRY, LATER = date(2026, 12, 10), date(2027, 1, 14)
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=KST)
RATE = 0.03
RIGHTS = {"B": Right.CALL, "C": Right.PUT}


def contract(code: str, *, strike: float = 1080.0, expiry: date = EXPIRY) -> Instrument:
    """A contract on an index; a 05 is a mini."""
    option = code[0] in RIGHTS
    return Instrument(
        code,
        f"<{code}>",
        Family.INDEX_OPTION if option else Family.INDEX_FUTURES,
        RIGHTS.get(code[0]),
        strike if option else nan,
        expiry,
        code[1:3],
        "코스피200",
        {"05": 50_000.0, "06": 10_000.0}.get(code[1:3], 250_000.0),
    )


def stock(code: str, *, strike: float = nan, multiplier: float = 10.0) -> Instrument:
    """A contract on a stock."""
    right = RIGHTS.get(code[0])
    family = Family.STOCK_OPTION if right else Family.STOCK_FUTURES
    return Instrument(
        code, f"<{code}>", family, right, strike, EXPIRY, code[1:3], "삼성전자", multiplier
    )


def row(
    instrument: Instrument,
    bid: float,
    ask: float,
    price: float,
    own: TheoreticalValues | None = None,
) -> Ticker:
    """A row with a trade."""
    trade: TradeRecord
    if instrument.right is None:
        trade = NightFuturesTrade(instrument.code, "030000", price=price, bid=bid, ask=ask)
    else:
        trade = NightOptionTrade(instrument.code, "030000", price=price, bid=bid, ask=ask)
    return Ticker(instrument, trade, theoretical=own)


def own_of(instrument: Instrument, forward: float, volatility: float) -> TheoreticalValues:
    """Own values by Black-76, volatility in percent."""
    years = years_left(instrument.expiry or date.max, NOW)
    call = instrument.right is Right.CALL
    found = black76.greeks(call, forward, instrument.strike, years, volatility / 100, RATE)
    return TheoreticalValues(
        found.price, volatility, found.delta, found.gamma, found.vega, found.theta, found.rho,
        forward, years,
    )  # fmt: skip


def option_row(code: str, forward: float, volatility: float, **known: object) -> Ticker:
    """An option quoted a hundredth about its own theory."""
    instrument = contract(code, **known)  # type: ignore[arg-type]
    own = own_of(instrument, forward, volatility)
    return row(instrument, own.price - 0.01, own.price + 0.01, own.price, own)


def held(
    rows: Iterable[Ticker],
    *positions: Position,
    now: datetime = NOW,
    asleep: Collection[str] = (),
    seconds: float = nan,
) -> tuple[Holding, ...]:
    """Positions beside these rows."""
    known = {row.code: row for row in rows}
    return value(positions, known.get, contract, now, RATE, lambda code: code in asleep, seconds)
