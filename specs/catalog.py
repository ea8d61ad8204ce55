"""The catalogue of TRs: tr_id to struct, channel, session and family, and back.

Source: the KIS Developers portal, real-time pages of domestic futures and options.
"""

from enum import StrEnum
from typing import NamedTuple

from specs.codes import CodeFacts, Family
from specs.record import BookRecord, ExpectedRecord, Record, TradeRecord, elements
from specs.trs.commodity_futures_book import CommodityFuturesBook
from specs.trs.commodity_futures_trade import CommodityFuturesTrade
from specs.trs.index_futures_book import IndexFuturesBook
from specs.trs.index_futures_trade import IndexFuturesTrade
from specs.trs.index_option_book import IndexOptionBook
from specs.trs.index_option_trade import IndexOptionTrade
from specs.trs.night_futures_book import NightFuturesBook
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_expected import NightOptionExpected
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_futures_book import StockFuturesBook
from specs.trs.stock_futures_expected import StockFuturesExpected
from specs.trs.stock_futures_trade import StockFuturesTrade
from specs.trs.stock_option_book import StockOptionBook
from specs.trs.stock_option_expected import StockOptionExpected
from specs.trs.stock_option_trade import StockOptionTrade


class Channel(StrEnum):
    """The kind of data that a TR sends."""

    TRADE = "trade"
    BOOK = "book"
    EXPECTED = "expected"


_CHANNELS: dict[type[Record], Channel] = {
    TradeRecord: Channel.TRADE,
    BookRecord: Channel.BOOK,
    ExpectedRecord: Channel.EXPECTED,
}


class Session(StrEnum):
    """The two sessions of a KRX derivatives trading day."""

    DAY = "day"
    NIGHT = "night"


class Absent(StrEnum):
    """The reason for which no TR carries a channel of a family in a session."""

    STOCK_AT_NIGHT = "stock_at_night"
    NOT_AT_NIGHT = "not_at_night"
    UNKNOWN_PRODUCT = "unknown_product"
    INDEX_FUTURES_EXPECTED = "index_futures_expected"
    COMMODITY_FUTURES_EXPECTED = "commodity_futures_expected"
    INDEX_OPTION_EXPECTED_BY_DAY = "index_option_expected_by_day"


DAY_ONLY = (Absent.STOCK_AT_NIGHT, Absent.NOT_AT_NIGHT)
"""Reasons of contracts that trade by day alone."""


class CatalogEntry(NamedTuple):
    """One TR; `width` is the number of its documented fields."""

    tr_id: str
    spec: type[Record]
    width: int
    channel: Channel
    session: Session
    family: Family
    volatility_scale: float
    """Multiplies the TR's implied volatility into percent."""
    turnover_unit: float
    """Won in one unit of the TR's accumulated turnover."""


def channel_of(spec: type[Record]) -> Channel:
    """Return the channel of a record struct, from the base that marks its kind.

    Raises:
        TypeError: no such base; no board would show its records.
    """
    for base, channel in _CHANNELS.items():
        if issubclass(spec, base):
            return channel
    raise TypeError(f"{spec.__name__} is not a trade, order book or expected record")


def _entry(
    tr_id: str,
    spec: type[Record],
    session: Session,
    family: Family,
    volatility_scale: float = 1.0,
    turnover_unit: float = 1.0,
) -> CatalogEntry:
    width, channel = len(elements(spec)), channel_of(spec)
    return CatalogEntry(
        tr_id, spec, width, channel, session, family, volatility_scale, turnover_unit
    )


_D, _N = Session.DAY, Session.NIGHT
_ENTRIES = (
    _entry("H0EUCNT0", NightOptionTrade, _N, Family.INDEX_OPTION, turnover_unit=1000.0),
    _entry("H0MFCNT0", NightFuturesTrade, _N, Family.INDEX_FUTURES, turnover_unit=1000.0),
    _entry("H0IFCNT0", IndexFuturesTrade, _D, Family.INDEX_FUTURES, turnover_unit=1000.0),
    # [?] Scale and unit of H0IOCNT0 are taken from its night sibling.
    _entry("H0IOCNT0", IndexOptionTrade, _D, Family.INDEX_OPTION, turnover_unit=1000.0),
    _entry("H0ZFCNT0", StockFuturesTrade, _D, Family.STOCK_FUTURES),
    _entry("H0ZOCNT0", StockOptionTrade, _D, Family.STOCK_OPTION, volatility_scale=100.0),
    # [?] The unit of H0CFCNT0 is taken from its sibling H0IFCNT0.
    _entry("H0CFCNT0", CommodityFuturesTrade, _D, Family.COMMODITY_FUTURES, turnover_unit=1000.0),
    _entry("H0EUASP0", NightOptionBook, _N, Family.INDEX_OPTION),
    _entry("H0MFASP0", NightFuturesBook, _N, Family.INDEX_FUTURES),
    _entry("H0IFASP0", IndexFuturesBook, _D, Family.INDEX_FUTURES),
    _entry("H0IOASP0", IndexOptionBook, _D, Family.INDEX_OPTION),
    _entry("H0CFASP0", CommodityFuturesBook, _D, Family.COMMODITY_FUTURES),
    _entry("H0ZFASP0", StockFuturesBook, _D, Family.STOCK_FUTURES),
    _entry("H0ZOASP0", StockOptionBook, _D, Family.STOCK_OPTION),
    _entry("H0EUANC0", NightOptionExpected, _N, Family.INDEX_OPTION),
    _entry("H0ZOANC0", StockOptionExpected, _D, Family.STOCK_OPTION),
    _entry("H0ZFANC0", StockFuturesExpected, _D, Family.STOCK_FUTURES),
)

CATALOG: dict[str, CatalogEntry] = {entry.tr_id: entry for entry in _ENTRIES}

_BY_USE = {(e.family, e.session, e.channel): e for e in _ENTRIES} | {
    # At night one pair of TRs carries all futures.
    (Family.COMMODITY_FUTURES, _N, Channel.TRADE): CATALOG["H0MFCNT0"],
    (Family.COMMODITY_FUTURES, _N, Channel.BOOK): CATALOG["H0MFASP0"],
}
_STOCKS = (Family.STOCK_FUTURES, Family.STOCK_OPTION)
_NO_EXPECTED = {
    Family.INDEX_FUTURES: Absent.INDEX_FUTURES_EXPECTED,
    Family.COMMODITY_FUTURES: Absent.COMMODITY_FUTURES_EXPECTED,
}


def choose(
    family: Family | None, session: Session, channel: Channel, *, night: bool = True
) -> CatalogEntry | Absent:
    """Return the TR for a family's channel in a session, or the reason for its absence.

    `night` is whether the night session has the product.
    """
    if family is None:
        return Absent.UNKNOWN_PRODUCT
    if session is Session.NIGHT and family in _STOCKS:
        return Absent.STOCK_AT_NIGHT
    if session is Session.NIGHT and not night:
        return Absent.NOT_AT_NIGHT
    entry = _BY_USE.get((family, session, channel))
    return entry or _NO_EXPECTED.get(family, Absent.INDEX_OPTION_EXPECTED_BY_DAY)


def choose_for(code: CodeFacts, session: Session, channel: Channel) -> CatalogEntry | Absent:
    """Return the TR for a contract's channel in a session, or the reason for its absence."""
    return choose(code.family, session, channel, night=code.night)
