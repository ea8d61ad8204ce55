"""A chain of 500 options valued: price, greeks and implied volatility, and a look of the theory.

Beside ours stands what most write first: the volatility by bisection of a plain Black-76 in normal
distribution functions of the standard library.  CPU time of the process, µs an option; the
collector is off meanwhile.  The chain has 250 strikes 2.50 points apart, calls and puts, twenty
days to expiry, quoted to the tick.
"""

import gc
from collections.abc import Callable
from datetime import datetime
from math import exp, log, sqrt
from statistics import NormalDist
from time import process_time

from benchmarks.table import Table, Variant, interleave
from harness.sample_frames import decode_one, frame, record
from msgspec.structs import replace

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.pricing.black76 import greeks, implied_volatility, price
from app.pricing.engine import PricingEngine
from app.system.clock import KST
from specs.market.ticker import Ticker
from specs.record import TradeRecord

NAME = "theory of 500 options (µs of CPU an option)"
ROUNDS, QUICK_ROUNDS = 25, 7
FORWARD, YEARS, RATE = 900.0, 20 / 365, 0.03
LOWEST, STEP, STRIKES = 300.0, 2.5, 250
MOMENT = datetime(2026, 11, 21, 1, 0, tzinfo=KST)
FUTURE = "A01612"

Contract = tuple[bool, float, float]
"""Whether it is a call, strike and price."""
CDF = NormalDist().cdf


def run(rounds: int, quick: bool) -> list[Table]:
    """The engine against the plain way, then looks at rows."""
    rounds = rounds or (QUICK_ROUNDS if quick else ROUNDS)
    return [_engine(rounds), _looks(rounds)]


def chain() -> list[Contract]:
    """The options with their prices, at a smile, in whole ticks."""
    found = []
    for call in (True, False):
        for place in range(STRIKES):
            strike = LOWEST + STEP * place
            volatility = 0.2 + abs(strike - FORWARD) / 1500
            value = price(call, FORWARD, strike, YEARS, volatility, RATE)
            found.append((call, strike, max(round(value, 2), 0.01)))
    return found


def bisected(call: bool, strike: float, value: float) -> float:
    """The implied volatility by halving, to 1e-8."""
    low, high = 1e-4, 5.0
    while high - low > 1e-8:
        middle = (low + high) / 2
        if plain(call, strike, middle) < value:
            low = middle
        else:
            high = middle
    return low


def plain(call: bool, strike: float, volatility: float) -> float:
    """Black-76 as it stands in the books."""
    deviation = volatility * sqrt(YEARS)
    d1 = log(FORWARD / strike) / deviation + deviation / 2
    sign = 1 if call else -1
    worth = FORWARD * CDF(sign * d1) - strike * CDF(sign * (d1 - deviation))
    return sign * exp(-RATE * YEARS) * worth


def _engine(rounds: int) -> Table:
    options = chain()
    title = f"{len(options)} options"
    table = Table(
        title,
        "µs",
        [
            Variant("plain price"),
            Variant("price and five greeks", "plain price", at_most=3.0),
            Variant("bisection"),
            Variant("implied volatility", "bisection", at_most=0.25),
            Variant("volatility and greeks", "bisection", at_most=0.35),
        ],
    )
    ways: dict[str, Callable[[Contract], object]] = {
        "plain price": lambda c: plain(c[0], c[1], 0.2),
        "price and five greeks": lambda c: greeks(c[0], FORWARD, c[1], YEARS, 0.2, RATE),
        "bisection": lambda c: bisected(*c),
        "implied volatility": lambda c: implied_volatility(c[0], FORWARD, c[1], YEARS, c[2], RATE),
        "volatility and greeks": _whole,
    }
    interleave(table, rounds, {name: _over(options, way) for name, way in ways.items()})
    chain_ms = table["volatility and greeks"].median * len(options) / 1000
    table.notes.append(f"volatility and greeks of the chain: {chain_ms:.1f} ms (8 ms are asked)")
    return table


def _whole(option: Contract) -> object:
    call, strike, value = option
    volatility = implied_volatility(call, FORWARD, strike, YEARS, value, RATE)
    return greeks(call, FORWARD, strike, YEARS, volatility, RATE)


def _over(options: list[Contract], way: Callable[[Contract], object]) -> Callable[[], float]:
    def measure() -> float:
        gc.disable()
        try:
            begun = process_time()
            for option in options:
                way(option)
            return (process_time() - begun) * 1e6 / len(options)
        finally:
            gc.enable()

    return measure


class Screen:
    """Rows of a future and the chain, and a theory that has seen them."""

    def __init__(self) -> None:
        contracts = Contracts(Master())
        self.theory = PricingEngine(contracts.instrument, lambda: 0.0, RATE)
        self.now = 100.0
        self.future = _trade("H0MFCNT0", FUTURE)
        self.rows = {FUTURE: Ticker(contracts.instrument(FUTURE))}
        self.codes: list[str] = []
        told = _trade("H0EUCNT0", "B01612950")
        for call, strike, value in chain():
            code = f"{'B' if call else 'C'}01612{int(strike):03}"
            trade = replace(told, code=code, price=value, bid=value - 0.005, ask=value + 0.005)
            self.rows[code] = Ticker(contracts.instrument(code), trade=trade, trade_at=self.now)
            self.codes.append(code)
        self.moved = 0.0
        self.move_future()
        self.look()

    def look(self) -> None:
        """Look, and lay what was found on the rows."""
        found = self.theory.poll(self.rows, self.codes, MOMENT, self.now)
        for code, own in found.items():
            self.rows[code] = replace(self.rows[code], theoretical=own)

    def move_future(self) -> None:
        """The future moves by a tick."""
        self.moved = 0.05 - self.moved
        trade = replace(self.future, price=FORWARD, bid=FORWARD - 0.05, ask=FORWARD + 0.05)
        trade = replace(trade, bid=trade.bid + self.moved, ask=trade.ask + self.moved)
        self.rows[FUTURE] = replace(self.rows[FUTURE], trade=trade, trade_at=self.now)

    def requote(self) -> None:
        """Every option has traded at other quotes."""
        self.now += 1
        for code in self.codes:
            row = self.rows[code]
            assert row.trade is not None
            trade = replace(row.trade, ask=row.trade.ask + 0.0001)
            self.rows[code] = replace(row, trade=trade, trade_at=self.now)

    def timed(self, change: Callable[[], None]) -> Callable[[], float]:
        """A measure of a look after a change, the change itself left out."""

        def measure() -> float:
            change()
            gc.disable()
            try:
                begun = process_time()
                self.theory.poll(self.rows, self.codes, MOMENT, self.now)
                return (process_time() - begun) * 1e6 / len(self.codes)
            finally:
                gc.enable()
                self.look()

        return measure


def _trade(tr_id: str, code: str) -> TradeRecord:
    decoded = decode_one(frame(tr_id, record(tr_id, code)))
    assert isinstance(decoded, TradeRecord)
    return decoded


def _looks(rounds: int) -> Table:
    """All in one look: the budget is off, its clock stands still."""
    table = Table(
        "a look at 500 options in sight",
        "µs",
        [
            Variant("bisection"),
            Variant("nothing moved", "bisection", at_most=0.2),
            Variant("the future moved", "bisection", at_most=0.35),
            Variant("every quote moved", "bisection", at_most=0.6),
        ],
    )
    screen = Screen()
    measures = {
        "bisection": _over(chain(), lambda c: bisected(*c)),
        "nothing moved": screen.timed(lambda: None),
        "the future moved": screen.timed(screen.move_future),
        "every quote moved": screen.timed(screen.requote),
    }
    interleave(table, rounds, measures)
    whole = table["every quote moved"].median * len(screen.codes) / 1000
    table.notes.append(f"every quote moved, the whole chain: {whole:.1f} ms (8 ms are asked)")
    return table
