"""Rows and positions for portfolio tests, all at 03:00, three hours before the night ends."""

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


def index_contract(code: str, *, strike: float = 1080.0, expiry: date = EXPIRY) -> Instrument:
    """Return a contract on an index; product code 05 is the mini KOSPI200, 06 the KOSDAQ150."""
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


def stock_contract(code: str, *, strike: float = nan, multiplier: float = 10.0) -> Instrument:
    """Return a contract on a stock."""
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
    """Return a row with a night trade."""
    trade: TradeRecord
    if instrument.right is None:
        trade = NightFuturesTrade(instrument.code, "030000", price=price, bid=bid, ask=ask)
    else:
        trade = NightOptionTrade(instrument.code, "030000", price=price, bid=bid, ask=ask)
    return Ticker(instrument, trade, theoretical=own)


def theoretical_values(
    instrument: Instrument, forward: float, volatility: float
) -> TheoreticalValues:
    """Return theoretical values by Black-76; `volatility` in percent."""
    years = years_left(instrument.expiry or date.max, NOW)
    call = instrument.right is Right.CALL
    found = black76.greeks(call, forward, instrument.strike, years, volatility / 100, RATE)
    return TheoreticalValues(
        found.price, volatility, found.delta, found.gamma, found.vega, found.theta, found.rho,
        forward, years,
    )  # fmt: skip


def option_row(code: str, forward: float, volatility: float, **known: object) -> Ticker:
    """Return an option that is quoted 0.01 around its theoretical price."""
    instrument = index_contract(code, **known)  # type: ignore[arg-type]
    own = theoretical_values(instrument, forward, volatility)
    return row(instrument, own.price - 0.01, own.price + 0.01, own.price, own)


def value_positions(
    rows: Iterable[Ticker],
    *positions: Position,
    now: datetime = NOW,
    asleep: Collection[str] = (),
    seconds: float = nan,
) -> tuple[Holding, ...]:
    """Value positions at the prices of these rows."""
    known = {row.code: row for row in rows}
    return value(
        positions, known.get, index_contract, now, RATE, lambda code: code in asleep, seconds
    )
