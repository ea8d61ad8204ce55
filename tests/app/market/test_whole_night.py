"""A whole night of the simulator, against its own trades: memory, panel, sides, and what is missed.

Records take the way of live ones: frames, decoding, the lane beside conflation, a batch each
100 ms, the session's memory, the lines of the panel.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple

import pytest

from app.feed.trade_lane import TradeLane
from app.market.session_memory import SessionMemory
from app.simulator.encode import frame
from app.simulator.hours import SimulatedHours
from app.simulator.market import MarketModel
from app.system.clock import KST, ManualClock
from specs.catalog import Session
from specs.frame import decode
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from widgets.time_and_sales import TimeAndSales

EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
CONTRACTS = (("A01612", "H0MFCNT0"), ("B01612A34", "H0EUCNT0"))
BEAT = 0.1
PAGE = 400


class Sold(NamedTuple):
    """A trade by the simulator's own books."""

    second: float
    at: int
    price: float
    size: float
    side: int


class Sent(NamedTuple):
    """A trade's record as it is sent."""

    second: float
    tr_id: str
    body: str


@lru_cache(maxsize=1)
def model() -> MarketModel:
    return MarketModel(SimulatedHours.containing(Session.NIGHT, EVENING))


@lru_cache(maxsize=2)
def night(code: str, tr_id: str) -> tuple[list[Sold], list[Sent]]:
    """Return the trades of a night as the simulator counts them, and as it sends them."""
    market = model()
    totals = market.tape(market.instruments[code])
    sold, bought = [], 0
    for second in totals.trades(float(market.hours.end)):
        price = round(totals.price * totals.instrument.unit, 4)
        side = 1 if totals.bought > bought else -1
        moment = int(market.hours.moment(second).timestamp())
        sold.append(Sold(second, moment, price, float(totals.size), side))
        bought = totals.bought
    stream = market.stream(tr_id, code)
    assert stream is not None
    records = stream.records_until(float(market.hours.end))
    return sold, [Sent(one.second, one.tr_id, one.body) for one in records]


def received(sent: list[Sent], seed: int = 1) -> SessionMemory:
    """Return the memory of these records: frames of one to four, a batch each beat."""
    market, draw = model(), Random(seed)
    clock, memory = ManualClock(EVENING - timedelta(minutes=10)), SessionMemory()
    lane, due, at = TradeLane(clock), 0.0, 0
    while at < len(sent):
        count = draw.randint(1, 4)
        # The records of a frame are of one moment.
        some = [one for one in sent[at : at + count] if one.second - sent[at].second < BEAT]
        clock.move_to(market.hours.moment(some[-1].second))
        decoded = decode(frame(some[0].tr_id, (one.body for one in some)))
        lane.apply(decoded.tr_id, decoded.records)
        if some[-1].second >= due:
            memory.apply(lane.collect().trades)
            due = some[-1].second + BEAT
        at += len(some)
    memory.apply(lane.collect().trades)
    return memory


def known(memory: SessionMemory, code: str) -> list[tuple[int, float, float, int]]:
    return [(one.time, one.price, one.size, one.side) for one in memory.prints(code)]


class PanelLine(NamedTuple):
    """A line of time & sales, as it can be read: without a run's marks."""

    time: str
    price: float
    size: float
    side: str


def panel_lines(memory: SessionMemory, code: str) -> Iterator[PanelLine | float]:
    """Yield every line of the panel, newest first: a trade, or contracts that were missed."""
    panel = TimeAndSales(memory)
    panel._row = Ticker(Instrument(code))
    stop = memory.end(code)
    while stop > memory.first(code):
        panel._stop = stop
        shown = 0
        # One line is the header, and the last trade's gap may be on the next page.
        for line in panel.lines(60, PAGE)[1:]:
            text = "".join(text for text, _ in line)
            if text.startswith("≠"):
                yield float(text[1:].partition("계")[0].replace(",", ""))
                continue
            price, size = (float(text[a:b].replace(",", "")) for a, b in ((13, 21), (22, 27)))
            yield PanelLine(text[4:12], price, size, text[28:30])
            shown += 1
        stop -= shown


@pytest.mark.parametrize(("code", "tr_id"), CONTRACTS)
def test_every_trade_of_a_night_is_in_memory_with_its_side(code: str, tr_id: str) -> None:
    sold, sent = night(code, tr_id)
    assert len(sold) > 1_000
    memory = received(sent)
    assert known(memory, code) == [one[1:] for one in sold]
    prints = memory.prints(code)
    assert sum(one.missed for one in prints) == 0
    # Both auctions, and nothing else.
    auctions = [n for n, one in enumerate(prints) if one.is_auction]
    assert auctions[0] == 0
    assert {one.at for one in sold if one.second >= model().hours.end} == {
        prints[n].time for n in auctions[1:]
    }


@pytest.mark.parametrize(("code", "tr_id"), CONTRACTS)
def test_every_trade_of_a_night_is_on_the_panel(code: str, tr_id: str) -> None:
    sold, sent = night(code, tr_id)
    lines = list(panel_lines(received(sent), code))
    sides = {1: "매수", -1: "매도"}
    assert len(lines) == len(sold)
    for line, one in zip(reversed(lines), sold, strict=True):
        assert isinstance(line, PanelLine)
        time = datetime.fromtimestamp(one.at, KST)
        assert (line.time, line.price, line.size) == (f"{time:%H:%M:%S}", one.price, one.size)
        assert line.side in ("단일", sides[one.side])


@pytest.mark.parametrize("seed", [1, 2])
def test_with_cuts_what_is_missing_is_what_is_said(seed: int) -> None:
    draw = Random(seed)
    begins = [draw.uniform(0, model().hours.end) for _ in range(8)]
    cuts = [(begin, begin + draw.uniform(1, 1_800)) for begin in begins]
    code, tr_id = CONTRACTS[1]
    sold, sent = night(code, tr_id)
    lost = [any(begin <= one.second < end for begin, end in cuts) for one in sold]
    memory = received([one for one, gone in zip(sent, lost, strict=True) if not gone])
    prints = memory.prints(code)
    kept = [one for one, gone in zip(sold, lost, strict=True) if not gone]
    assert [(one.time, one.price, one.size) for one in prints] == [one[1:4] for one in kept]
    # A side is right or unknown, and unknown only next to a gap.
    for at, (one, true) in enumerate(zip(prints, kept, strict=True)):
        assert one.side in (true.side, 0)
        assert one.side or one.missed or at == 0
    first, last = lost.index(False), len(lost) - lost[::-1].index(False)
    missing = sum(
        o.size for o, gone in zip(sold[first:last], lost[first:last], strict=True) if gone
    )
    assert sum(one.missed for one in prints) == missing
    said = [line for line in panel_lines(memory, code) if isinstance(line, float)]
    assert sum(said) == missing
    assert said == [one.missed for one in reversed(prints) if one.missed]
    # The bars have what came, and nothing where nothing came.
    bars = memory.bars(code, 60)
    assert sum(bar.volume for bar in bars) == sum(one.size for one in kept)
    minutes = {one.at - one.at % 60 for one in kept}
    assert {bar.start for bar in bars} == minutes
