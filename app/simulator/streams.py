"""The records of one code on one TR, drawn as they fall due: trades, auctions, order books."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple, Protocol

from app.simulator.auction import AuctionModel, ExpectedExecution
from app.simulator.encode import encode_record
from app.simulator.hours import SimulatedHours
from app.simulator.instrument import SimulatedInstrument
from app.simulator.ladder import QuoteLadder
from app.simulator.quotes import sign, trade_values
from app.simulator.running_totals import RunningTotals
from specs.catalog import CATALOG


class StreamMarket(Protocol):
    """The part of `MarketModel` that its streams use."""

    hours: SimulatedHours
    appended: int

    def time(self, second: float) -> str:
        """Return the wall time of a second as records tell it: HHMMSS."""

    def auctions(self, instrument: SimulatedInstrument) -> tuple[AuctionModel, ...]:
        """Return the auctions of a contract: the opening, a re-opening, and the closing one."""


_OPENING_CODE, _REOPENING_CODE, _CLOSING_CODE = "311", "184", "121"
"""[?] KIS documents no code of derivatives; the middle one is made up."""


class SimulatedRecord(NamedTuple):
    """One record, at its second of the session."""

    second: float
    tr_id: str
    code: str
    body: str


class RecordStream(Protocol):
    """The records of one code on one TR, from the first to the last."""

    def skip(self, until: float) -> None:
        """Pass over all records up to a moment."""
        ...

    def records_until(self, until: float) -> Iterator[SimulatedRecord]:
        """The records after the last one taken or passed over, up to a moment."""
        ...


class TradeStream:
    """A code's trades on its trade TR."""

    def __init__(self, market: StreamMarket, tr_id: str, tape: RunningTotals) -> None:
        self._market, self._tr_id, self._tape = market, tr_id, tape

    def skip(self, until: float) -> None:
        self._tape.advance(until)

    def records_until(self, until: float) -> Iterator[SimulatedRecord]:
        entry, code = CATALOG[self._tr_id], self._tape.instrument.code
        for second in self._tape.trades(until):
            values = trade_values(self._tape, entry, self._market.time(second))
            text = encode_record(self._tr_id, values, self._market.appended)
            yield SimulatedRecord(second, self._tr_id, code, text)


class ExpectedStream:
    """A code's expected executions, of all auctions one after the other."""

    def __init__(
        self, market: StreamMarket, tr_id: str, instrument: SimulatedInstrument, previous: int
    ) -> None:
        self._market, self._tr_id = market, tr_id
        self._instrument, self._previous = instrument, previous
        auctions = market.auctions(instrument)
        self._source = chain.from_iterable(auction.expected() for auction in auctions)
        self._waiting = next(self._source, None)

    def skip(self, until: float) -> None:
        while self._waiting is not None and self._waiting.second <= until:
            self._waiting = next(self._source, None)

    def records_until(self, until: float) -> Iterator[SimulatedRecord]:
        while (due := self._waiting) is not None and due.second <= until:
            self._waiting = next(self._source, None)
            yield SimulatedRecord(due.second, self._tr_id, self._instrument.code, self._body(due))

    def _body(self, due: ExpectedExecution) -> str:
        unit, change = self._instrument.unit, due.price - self._previous
        values: dict[str, str | float] = {
            "code": self._instrument.code,
            "time": self._market.time(due.second),
            "expected_price": due.price * unit,
            "expected_change": change * unit,
            "expected_change_sign": sign(change),
            "expected_change_percent": 100 * change / self._previous,
            "market_operation_code": self._operation(due.second),
            "expected_volume": due.quantity,
        }
        return encode_record(self._tr_id, values, self._market.appended)

    def _operation(self, second: float) -> str:
        if second < self._market.hours.open:
            return _OPENING_CODE
        return _REOPENING_CODE if second < self._market.hours.close else _CLOSING_CODE


class BookStream:
    """A code's order books; each slot of time has one, so that any moment is found at once."""

    def __init__(self, market: StreamMarket, tr_id: str, ladder: QuoteLadder) -> None:
        self._market, self._tr_id, self._ladder = market, tr_id, ladder
        self._slot = 0

    def skip(self, until: float) -> None:
        ladder = self._ladder
        self._slot = max(self._slot, ladder.slot(until))
        while ladder.publish_time(self._slot) <= until:
            self._slot += 1

    def records_until(self, until: float) -> Iterator[SimulatedRecord]:
        ladder, code = self._ladder, self._ladder.instrument.code
        halt = self._market.hours.halt
        while (second := ladder.publish_time(self._slot)) <= min(until, ladder.last):
            if halt is not None and halt.begin <= second < halt.auction:
                self._slot += 1
                continue
            values = ladder.values(self._slot)
            values["code"], values["time"] = code, self._market.time(second)
            self._slot += 1
            yield SimulatedRecord(
                second, self._tr_id, code, encode_record(self._tr_id, values, self._market.appended)
            )
