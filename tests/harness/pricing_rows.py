"""Rows of futures and options, decoded from frames, with a pricing engine that values them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf, nan

from harness.sample_frames import decode_one, frame, record
from msgspec.structs import replace

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.pricing.black76 import price
from app.pricing.engine import PricingEngine
from app.pricing.forward import Forward, Forwards, underlying_key
from app.pricing.year_fraction import years_left
from app.system.clock import KST
from specs.codes import Family, Right
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.record import BookRecord, Record, TradeRecord

NIGHT = datetime(2026, 11, 21, 1, 0, tzinfo=KST)
"""A Friday's night; the December contracts have nineteen days and some hours left."""

RATE = 0.03
FUTURE, CALL = "A01612", "B01612A20"
MASTER = Master.from_lines(
    [
        "1|A01612|KR4A01C60009|F 202612|0| |1|2001|KOSPI200",
        "1|A01703|KR4A01730001|F 202703|0| |2|2001|KOSPI200",
        "B|A05612|KR4A05C60005|미니F 202612|0| |1|2001|KOSPI200",
        "B|A05701|KR4A05710005|미니F 202701|0| |2|2001|KOSPI200",
        "3|A06612|KR4A06C60004|코스닥150F 202612|0| |1|3003|KSQ150",
        "5|B01612A20|KR4B01612A20|C 202612 1,080.0|1|1080.00| |2001|KOSPI200",
        "5|B01612A25|KR4B01612A25|C 202612 1,100.0|1|1100.00| |2001|KOSPI200",
        "6|C01612A20|KR4C01612A20|P 202612 1,080.0|1|1080.00| |2001|KOSPI200",
        "D|B05612A20|KR4B05612A20|미니C 202612 1,080.0|1|1080.00| |2001|KOSPI200",
        "L|B09FMWA20|KR4B09FMWA20|위클리C 2611W4 1,080.0|1|1080.00| |2001|KOSPI200",
    ],
    [
        "1|A11612|KR4A11612001|삼성전자   F 202612 (  10)|0| |1|005930|삼성전자",
        "5|B11612A01|KR4B11612A01|삼성전자   C 202612   160,000(  10)|1|160000| |005930|삼성전자",
    ],
)
CONTRACTS = Contracts(MASTER)

_TRADES = {
    Family.INDEX_FUTURES: "H0MFCNT0",
    Family.INDEX_OPTION: "H0EUCNT0",
    Family.STOCK_FUTURES: "H0ZFCNT0",
    Family.STOCK_OPTION: "H0ZOCNT0",
}
_BOOKS = {Family.INDEX_FUTURES: "H0MFASP0", Family.INDEX_OPTION: "H0EUASP0"}


def decoded_record(tr_id: str, code: str, **values: float) -> Record:
    """Return a decoded record of a TR; a field given as nan arrives as "nan"."""
    return decode_one(
        frame(tr_id, record(tr_id, code, **{k: f"{v:.10f}" for k, v in values.items()}))
    )


@dataclass
class PricingRows:
    """Rows by code, the time, and a pricing engine polled as the dashboard does it."""

    moment: datetime = NIGHT
    now: float = 1000.0
    rows: dict[str, Ticker] = field(default_factory=dict)
    forwards: Forwards = field(default_factory=Forwards)
    seconds: Callable[[], float] = lambda: 0.0
    """The clock by which the engine measures its budget per poll."""

    def __post_init__(self) -> None:
        self.engine = PricingEngine(CONTRACTS.instrument, self.seconds, RATE)

    def trade(
        self, code: str, price: float, bid: float = nan, ask: float = nan, **more: float
    ) -> None:
        """Apply a trade at the present time, with the best quotes in it."""
        record = decoded_record(
            _TRADES[self._family(code)], code, price=price, bid=bid, ask=ask, **more
        )
        assert isinstance(record, TradeRecord)
        self._lay(code, trade=record, trade_at=self.now, asked_at="")

    def rest_price(self, code: str, price: float) -> None:
        """Apply a last price from REST: the time of its trade is unknown."""
        record = decoded_record(_TRADES[self._family(code)], code, price=price, bid=nan, ask=nan)
        assert isinstance(record, TradeRecord)
        self._lay(code, trade=record, trade_at=-inf, asked_at="010000")

    def quote(self, code: str, bid: float, ask: float) -> None:
        """Apply an order book at the present time; 0 is an empty side."""
        record = decoded_record(_BOOKS[self._family(code)], code, bid=bid, ask=ask)
        assert isinstance(record, BookRecord)
        self._lay(code, book=record, book_at=self.now)

    def drop_book(self, code: str) -> None:
        """Remove the book, as when its registration ends."""
        self._lay(code, book=None)

    def pass_time(self, seconds: float) -> None:
        """Move the time forward."""
        self.now += seconds
        self.moment += timedelta(seconds=seconds)

    def forward(self, code: str) -> Forward | None:
        """Return the forward of an option by these rows, or None."""
        option = CONTRACTS.instrument(code)
        assert option.expiry is not None
        self.forwards.update(self.rows, self.moment, self.now, RATE)
        return self.forwards.forward_at(underlying_key(option), option.expiry)

    def poll(self, *in_sight: str) -> dict[str, TheoreticalValues]:
        """Poll the engine once, and write its values into the rows."""
        found = self.engine.poll(self.rows, in_sight, self.moment, self.now)
        for code, own in found.items():
            if code in self.rows:
                self.rows[code] = replace(self.rows[code], theoretical=own)
        return found

    def theoretical_values(self, code: str) -> TheoreticalValues:
        """Return the theoretical values of an option."""
        own = self.engine.values_of(code)
        assert own is not None
        return own

    def _family(self, code: str) -> Family:
        family = CONTRACTS.instrument(code).family
        assert family is not None
        return family

    def _lay(self, code: str, **changed: object) -> None:
        row = self.rows.get(code) or Ticker(CONTRACTS.instrument(code))
        self.rows[code] = replace(row, **changed)


def years(market: PricingRows, code: str = CALL) -> float:
    """Return the time to expiry in years."""
    expiry = CONTRACTS.instrument(code).expiry
    assert expiry is not None
    return years_left(expiry, market.moment)


def option_price(market: PricingRows, code: str, forward: float, volatility: float) -> float:
    """Return the Black-76 price of an option at a volatility (as a fraction)."""
    option = CONTRACTS.instrument(code)
    call = option.right is Right.CALL
    return price(call, forward, option.strike, years(market, code), volatility, RATE)


def market_with_future(forward: float) -> PricingRows:
    """Return rows whose December future trades at `forward`."""
    market = PricingRows()
    move_future(market, forward)
    return market


def move_future(market: PricingRows, forward: float) -> None:
    """Trade the December future, its quotes 0.05 to either side."""
    market.trade(FUTURE, forward, forward - 0.05, forward + 0.05)


def trade_option(market: PricingRows, code: str, forward: float, volatility: float) -> None:
    """Trade an option at its Black-76 price for a volatility."""
    market.trade(code, option_price(market, code, forward, volatility))
