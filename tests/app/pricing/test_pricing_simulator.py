"""The theory on the simulator's night: what it finds is what the market was made with."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import isfinite

import pytest
from msgspec.structs import replace

from app.pricing.black76 import greeks
from app.pricing.engine import PricingEngine
from app.simulator.encode import frame
from app.simulator.fair import RATE, FairValue
from app.simulator.hours import SimulatedHours
from app.simulator.market import MarketModel
from app.system.clock import KST
from specs.catalog import CatalogEntry, Channel, Session, choose
from specs.codes import Right
from specs.frame import decode
from specs.market.displayed_greeks import GREEKS, displayed_greek, is_coarse, kis_value
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.record import TradeRecord

HOURS = SimulatedHours.containing(Session.NIGHT, datetime(2026, 11, 20, 17, 59, tzinfo=KST))
MARKET = MarketModel(HOURS)
FUTURES = ("A01612", "A05612")
SINCE, UNTIL, BEAT = 3600.0, 3900.0, 1.0
"""Seconds of the night: an hour after its begin, for five minutes."""


def near(product: str, width: float) -> list[str]:
    """The December options of a product, not far from the future."""
    return [
        code
        for code, option in MARKET.instruments.items()
        if code[1:6] == f"{product}612" and option.right and abs(option.strike - 1080) <= width
    ]


def instrument(code: str) -> Instrument:
    known = MARKET.instruments[code]
    return Instrument(
        code,
        known.name,
        known.family,
        known.right,
        known.strike,
        known.expiry,
        code[1:3],
        multiplier=known.multiplier,
    )


def trades(code: str) -> Iterator[tuple[float, TradeRecord]]:
    entry = choose(MARKET.instruments[code].family, Session.NIGHT, Channel.TRADE)
    assert isinstance(entry, CatalogEntry)
    stream = MARKET.stream(entry.tr_id, code)
    assert stream is not None
    stream.skip(SINCE)
    for event in stream.records_until(UNTIL):
        [record] = decode(frame(event.tr_id, [event.body])).records
        assert isinstance(record, TradeRecord)
        yield event.second, record


@pytest.fixture(scope="module")
def found() -> dict[str, TheoreticalValues]:
    """Theoretical values of quoted options, and of unregistered minis, at the end."""
    quoted = near("01", 15)
    told = sorted(
        (item for code in (*FUTURES, *quoted) for item in trades(code)), key=lambda item: item[0]
    )
    rows = {code: Ticker(instrument(code)) for code in (*FUTURES, *quoted)}
    theory = PricingEngine(instrument, lambda: 0.0, RATE)
    in_sight = [*quoted, *near("05", 10)]
    now, done = SINCE, 0
    while now < UNTIL:
        now += BEAT
        while done < len(told) and told[done][0] <= now:
            at, trade = told[done]
            rows[trade.code] = replace(rows[trade.code], trade=trade, trade_at=at)
            done += 1
        theory.poll(rows, in_sight, HOURS.begin + timedelta(seconds=now), now)
    return {code: own for code in in_sight if (own := theory.values_of(code)) is not None}


@pytest.mark.parametrize("product", ["01", "05"])
def test_volatilities_and_greeks_are_the_markets_own(
    found: dict[str, TheoreticalValues], product: str
) -> None:
    codes = [code for code in found if code[1:3] == product]
    assert len(codes) > 10
    for code in codes:
        own, option = found[code], MARKET.instruments[code]
        fair: FairValue = MARKET.tape(option).fair
        forward, years = fair.forward(UNTIL), fair.years(UNTIL)
        volatility = fair.volatility(UNTIL)
        known = greeks(option.right is Right.CALL, forward, option.strike, years, volatility, RATE)
        assert own.why == ""
        assert own.borrowed is (product == "05")
        assert own.years == pytest.approx(years, rel=1e-3)
        # The future trades at ticks around its worth.
        assert own.forward == pytest.approx(forward, abs=0.5)
        assert own.volatility == pytest.approx(100 * volatility, abs=0.3)
        assert own.delta == pytest.approx(known.delta, abs=0.01)
        assert own.gamma == pytest.approx(known.gamma, rel=0.02)
        assert own.vega == pytest.approx(known.vega, rel=0.02)
        assert own.theta == pytest.approx(known.theta, rel=0.02)


def test_auto_keeps_its_side_on_a_market_where_the_two_sides_differ() -> None:
    """Source: kis-protocol section 5; the simulator computes KIS' values by KIS' conventions."""
    codes = near("01", 10)
    told = sorted(
        (item for code in (*FUTURES, *codes) for item in trades(code)), key=lambda item: item[0]
    )
    rows = {code: Ticker(instrument(code)) for code in (*FUTURES, *codes)}
    theory = PricingEngine(instrument, lambda: 0.0, RATE)
    sides: dict[tuple[str, str], set[bool]] = {}
    differing = set()
    for at, trade in told:
        rows[trade.code] = replace(rows[trade.code], trade=trade, trade_at=at)
        moment = HOURS.begin + timedelta(seconds=at)
        for code, own in theory.poll(rows, codes, moment, at).items():
            rows[code] = replace(rows[code], theoretical=own)
        for code in codes:
            row = rows[code]
            if row.theoretical is None or row.theoretical.why:
                continue
            for which in (*GREEKS, "volatility"):
                found = displayed_greek(row, which)
                sides.setdefault((code, which), set()).add(found.is_theoretical)
                kis = kis_value(row, which)
                if isfinite(kis) and abs(kis - found.value) > 0.02 * abs(found.value):
                    differing.add(which)
            if row.option is not None:
                assert row.option.gamma == round(row.option.gamma, 2)
                assert is_coarse(row, "gamma")
                assert (row.option.rho > 0) is (row.theoretical.rho > 0) is (code[0] == "B")
    assert {"gamma", "theta", "volatility"} <= differing
    assert len(sides) == 6 * len(codes)
    assert all(side == {True} for side in sides.values())
