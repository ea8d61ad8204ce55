"""Which TR carries what: tr_id to struct, channel, session and family, and back.

Source: the KIS Developers portal, real-time pages of domestic futures and options.
"""

from enum import StrEnum
from typing import NamedTuple

from specs.codes import Family
from specs.index_futures_book import IndexFuturesBook
from specs.index_futures_trade import IndexFuturesTrade
from specs.index_option_book import IndexOptionBook
from specs.index_option_trade import IndexOptionTrade
from specs.night_futures_book import NightFuturesBook
from specs.night_futures_trade import NightFuturesTrade
from specs.night_option_book import NightOptionBook
from specs.night_option_expected import NightOptionExpected
from specs.night_option_trade import NightOptionTrade
from specs.record import Record, elements
from specs.stock_futures_book import StockFuturesBook
from specs.stock_futures_expected import StockFuturesExpected
from specs.stock_futures_trade import StockFuturesTrade
from specs.stock_option_book import StockOptionBook
from specs.stock_option_expected import StockOptionExpected
from specs.stock_option_trade import StockOptionTrade


class Channel(StrEnum):
    """What a TR tells about a contract."""

    TRADE = "trade"
    BOOK = "book"
    EXPECTED = "expected"


class Session(StrEnum):
    """The two sessions of a KRX derivatives trading day."""

    DAY = "day"
    NIGHT = "night"


class Absent(StrEnum):
    """Why no TR carries a channel of a family in a session."""

    STOCK_AT_NIGHT = "stock_at_night"
    INDEX_FUTURES_EXPECTED = "index_futures_expected"
    INDEX_OPTION_EXPECTED_BY_DAY = "index_option_expected_by_day"


class Entry(NamedTuple):
    """One TR; `width` is the number of its documented fields."""

    tr_id: str
    spec: type[Record]
    width: int
    channel: Channel
    session: Session
    family: Family
    volatility_scale: float = 1.0
    """Multiplies the TR's implied volatility into percent."""
    turnover_unit: float = 1.0
    """Won in one unit of the TR's accumulated turnover."""


def _entry(
    tr_id: str,
    spec: type[Record],
    channel: Channel,
    session: Session,
    family: Family,
    volatility_scale: float = 1.0,
    turnover_unit: float = 1.0,
) -> Entry:
    width = len(elements(spec))
    return Entry(tr_id, spec, width, channel, session, family, volatility_scale, turnover_unit)


_T, _B, _X = Channel.TRADE, Channel.BOOK, Channel.EXPECTED
_D, _N = Session.DAY, Session.NIGHT
_ENTRIES = (
    _entry("H0EUCNT0", NightOptionTrade, _T, _N, Family.INDEX_OPTION, turnover_unit=1000.0),
    _entry("H0MFCNT0", NightFuturesTrade, _T, _N, Family.INDEX_FUTURES, turnover_unit=1000.0),
    _entry("H0IFCNT0", IndexFuturesTrade, _T, _D, Family.INDEX_FUTURES, turnover_unit=1000.0),
    # [?] Scale and unit of H0IOCNT0 are taken from its night sibling.
    _entry("H0IOCNT0", IndexOptionTrade, _T, _D, Family.INDEX_OPTION, turnover_unit=1000.0),
    _entry("H0ZFCNT0", StockFuturesTrade, _T, _D, Family.STOCK_FUTURES),
    _entry("H0ZOCNT0", StockOptionTrade, _T, _D, Family.STOCK_OPTION, volatility_scale=100.0),
    _entry("H0EUASP0", NightOptionBook, _B, _N, Family.INDEX_OPTION),
    _entry("H0MFASP0", NightFuturesBook, _B, _N, Family.INDEX_FUTURES),
    _entry("H0IFASP0", IndexFuturesBook, _B, _D, Family.INDEX_FUTURES),
    _entry("H0IOASP0", IndexOptionBook, _B, _D, Family.INDEX_OPTION),
    _entry("H0ZFASP0", StockFuturesBook, _B, _D, Family.STOCK_FUTURES),
    _entry("H0ZOASP0", StockOptionBook, _B, _D, Family.STOCK_OPTION),
    _entry("H0EUANC0", NightOptionExpected, _X, _N, Family.INDEX_OPTION),
    _entry("H0ZOANC0", StockOptionExpected, _X, _D, Family.STOCK_OPTION),
    _entry("H0ZFANC0", StockFuturesExpected, _X, _D, Family.STOCK_FUTURES),
)

CATALOG: dict[str, Entry] = {entry.tr_id: entry for entry in _ENTRIES}

_BY_USE = {(e.family, e.session, e.channel): e for e in _ENTRIES}


def choose(family: Family, session: Session, channel: Channel) -> Entry | Absent:
    """The TR for a family's channel in a session, or why there is none."""
    entry = _BY_USE.get((family, session, channel))
    if entry is not None:
        return entry
    if session is Session.NIGHT and family in (Family.STOCK_FUTURES, Family.STOCK_OPTION):
        return Absent.STOCK_AT_NIGHT
    if family is Family.INDEX_FUTURES:
        return Absent.INDEX_FUTURES_EXPECTED
    return Absent.INDEX_OPTION_EXPECTED_BY_DAY
