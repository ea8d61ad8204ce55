"""The market behind the simulator: the same for everybody, and its sums add up."""

from datetime import datetime
from itertools import pairwise
from math import isnan

import pytest
from harness.quantlib_options import spot_option
from msgspec.structs import fields

from app.simulator.encode import frame
from app.simulator.hours import SimulatedHours
from app.simulator.instrument import KOSPI200
from app.simulator.market import MarketModel
from app.simulator.streams import SimulatedRecord, TradeStream
from app.system.clock import KST
from specs.catalog import CATALOG, Channel, Session, choose
from specs.frame import decode
from specs.record import ExpectedRecord, FuturesTradeRecord, OptionTradeRecord, TradeRecord
from specs.trs.index_option_trade import IndexOptionTrade
from specs.trs.night_option_trade import NightOptionTrade

NIGHT = SimulatedHours.containing(Session.NIGHT, datetime(2026, 11, 20, 17, 59, tzinfo=KST))
DAY = SimulatedHours.containing(Session.DAY, datetime(2026, 11, 20, 9, 0, tzinfo=KST))
PAIRS = [
    *((NIGHT, code) for code in ("A01612", "A05612", "A06612")),
    *((NIGHT, code) for code in ("B01612A33", "C01612A20", "B09FMWA34")),
    *((DAY, code) for code in ("A01612", "B01612A33", "A11612", "C11612040", "B16612041")),
]
MARKETS = {hours: MarketModel(hours) for hours in (NIGHT, DAY)}
NAMES = {tr_id: [field.name for field in fields(entry.spec)] for tr_id, entry in CATALOG.items()}


def at(time: int) -> datetime:
    """Return a moment of the day, 845 is a quarter to nine."""
    return DAY.begin.replace(hour=time // 100, minute=time % 100)


def tr_of(hours: SimulatedHours, code: str, channel: Channel = Channel.TRADE) -> str:
    entry = choose(MARKETS[hours].instruments[code].family, hours.session, channel)
    return entry.tr_id  # type: ignore[union-attr]


def events(
    hours: SimulatedHours, code: str, since: float, until: float, channel: Channel = Channel.TRADE
) -> list[SimulatedRecord]:
    stream = MarketModel(hours).stream(tr_of(hours, code, channel), code)
    assert stream is not None
    stream.skip(since)
    return list(stream.records_until(until))


def trades(
    hours: SimulatedHours, code: str, since: float = 0, until: float = 1e6
) -> list[TradeRecord]:
    found = []
    for event in events(hours, code, since, until):
        [record] = decode(frame(event.tr_id, [event.body])).records
        assert isinstance(record, TradeRecord)
        found.append(record)
    return found


def expectations(hours: SimulatedHours, code: str) -> list[tuple[float, ExpectedRecord]]:
    found = []
    for event in events(hours, code, 0, 1e6, Channel.EXPECTED):
        [record] = decode(frame(event.tr_id, [event.body])).records
        assert isinstance(record, ExpectedRecord)
        found.append((event.second, record))
    return found


@pytest.mark.parametrize(("hours", "code"), PAIRS)
def test_what_a_code_says_depends_on_the_moment_not_on_who_asked_when(
    hours: SimulatedHours, code: str
) -> None:
    whole = events(hours, code, 0, 5000)
    late = events(hours, code, 3000, 5000)
    assert late == [event for event in whole if event.second > 3000]
    assert late
    stream = MarketModel(hours).stream(tr_of(hours, code), code)
    assert stream is not None
    in_steps = [event for second in range(0, 5001, 37) for event in stream.records_until(second)]
    assert in_steps == [event for event in whole if event.second <= range(0, 5001, 37)[-1]]


def test_another_seed_is_another_market_and_another_day_too() -> None:
    def first(hours: SimulatedHours, seed: int) -> list[str]:
        stream = MarketModel(hours, seed).stream("H0MFCNT0", "A01612")
        assert stream is not None
        return [event.body for event in stream.records_until(900)]

    other_day = SimulatedHours.containing(Session.NIGHT, datetime(2026, 11, 23, 18, 0, tzinfo=KST))
    assert first(NIGHT, 1) == first(NIGHT, 1)
    assert first(NIGHT, 1) != first(NIGHT, 2)
    assert first(NIGHT, 1) != first(other_day, 1)


@pytest.mark.parametrize(("hours", "code"), PAIRS)
def test_the_sums_of_a_session_add_up(hours: SimulatedHours, code: str) -> None:
    found = trades(hours, code, 0, 3000)
    instrument = MARKETS[hours].instruments[code]
    unit = CATALOG[tr_of(hours, code)].turnover_unit
    volume = worth = 0.0
    previous = None
    for record in found:
        volume += record.last_volume
        worth += record.last_volume * record.price * instrument.multiplier / unit
        assert record.accumulated_volume == volume == record.buy_volume + record.sell_volume
        assert record.accumulated_turnover == pytest.approx(worth, abs=1)
        assert record.net_buy_trade_count == record.buy_trade_count - record.sell_trade_count
        assert record.low <= record.price <= record.high
        assert record.open == found[0].price
        assert record.change_from_open == pytest.approx(record.price - record.open, abs=0.006)
        assert record.price - record.change == pytest.approx(found[0].price - found[0].change)
        assert record.change_sign == "523"[(record.change > 0) + 2 * (record.change == 0)]
        assert record.buy_ratio == pytest.approx(record.buy_volume / volume, abs=0.006)
        assert record.bid <= record.price <= record.ask
        assert record.bid < record.ask
        if previous is not None:
            gone = record.open_interest - previous.open_interest
            assert gone == record.open_interest_last_change
            assert gone == record.open_interest_change - previous.open_interest_change
        previous = record
    assert len(found) == found[-1].buy_trade_count + found[-1].sell_trade_count
    assert found[-1].high == max(record.price for record in found)
    assert found[-1].low == min(record.price for record in found)


@pytest.mark.parametrize(("hours", "code"), PAIRS)
def test_prices_stand_on_the_grid_and_within_a_band_of_one_percent(
    hours: SimulatedHours, code: str
) -> None:
    instrument = MARKETS[hours].instruments[code]
    for record in trades(hours, code, 0, 2000):
        for value in (record.price, record.bid, record.ask):
            units = value / instrument.unit
            assert round(units) % instrument.grid.tick_size(round(units)) == 0
        if not isinstance(record, FuturesTradeRecord | NightOptionTrade | IndexOptionTrade):
            continue
        tick = instrument.grid.tick_size(1.02 * record.price / instrument.unit) * instrument.unit
        assert -1e-6 < record.dynamic_upper_limit - 1.01 * record.price < tick + 1e-6
        assert -1e-6 < 0.99 * record.price - record.dynamic_lower_limit < tick + 1e-6


@pytest.mark.parametrize(("hours", "code"), [p for p in PAIRS if p[1][0] in "BC"])
def test_greeks_are_those_of_the_spot_at_the_implied_volatility(
    hours: SimulatedHours, code: str
) -> None:
    tr_id = tr_of(hours, code)
    instrument = MARKETS[hours].instruments[code]
    call, days = instrument.right == "C", (instrument.expiry - hours.day).days + 1
    for record in trades(hours, code, 0, 1800):
        assert isinstance(record, OptionTradeRecord)
        spot = record.price - record.market_basis
        volatility = record.implied_volatility * CATALOG[tr_id].volatility_scale / 100
        known = spot_option(spot, instrument.strike, days, volatility, call)
        # Both the volatility and what is compared are rounded to a hundredth.
        slack = 0.0051 * CATALOG[tr_id].volatility_scale
        assert record.price == pytest.approx(known.NPV(), abs=0.01 + slack * known.vega() / 100)
        assert record.delta == pytest.approx(known.delta(), abs=0.0051 + slack / 20)
        assert record.gamma == pytest.approx(known.gamma(), abs=0.0051 + slack / 1000)
        assert record.vega == pytest.approx(known.vega() / 100, abs=0.0051 + slack * spot / 1000)
        assert record.theta == pytest.approx(known.theta() / 365, rel=0.02, abs=0.0051 + slack)
        assert record.rho == pytest.approx(known.rho() / 100, rel=0.01, abs=0.0051)
        gain = spot - instrument.strike if call else instrument.strike - spot
        assert record.intrinsic_value == pytest.approx(max(0.0, gain), abs=0.02)
        total = record.intrinsic_value + record.time_value
        assert total == pytest.approx(record.price, abs=0.011)


@pytest.mark.parametrize(("hours", "code"), [p for p in PAIRS if p[1][0] in "BC"])
def test_disparity_and_theoretical_basis_follow_from_the_theory(
    hours: SimulatedHours, code: str
) -> None:
    for record in trades(hours, code, 0, 2500):
        assert isinstance(record, OptionTradeRecord)
        spot, theory = record.price - record.market_basis, record.theoretical_price
        assert record.theoretical_basis == pytest.approx(theory - spot, abs=0.011)
        assert record.disparity == pytest.approx(record.price - theory, abs=0.011)


def test_the_theory_is_priced_on_the_spot_at_the_average_volatility() -> None:
    strike, days = MARKETS[DAY].instruments["B01612A33"].strike, 21
    for record in trades(DAY, "B01612A33", 900, 1800):
        assert isinstance(record, IndexOptionTrade)
        spot = record.price - record.market_basis
        known = spot_option(spot, strike, days, record.average_volatility / 100, True)
        assert record.theoretical_price == pytest.approx(known.NPV(), abs=0.015)


def test_greeks_have_two_decimals_on_the_websocket() -> None:
    """Source: kis-protocol, section 5; the gamma of a KOSPI200 option is 0.00 or 0.01."""
    for event in events(NIGHT, "B01612A33", 600, 900):
        texts = dict(zip(NAMES["H0EUCNT0"], event.body.split("^"), strict=True))
        for name in ("delta", "gamma", "vega", "theta", "rho"):
            assert len(texts[name].partition(".")[2]) == 2
        assert texts["gamma"] in ("0.00", "0.01")


def test_an_index_stands_still_all_night_at_the_days_close() -> None:
    day = MarketModel(DAY)
    night = MarketModel(NIGHT, before=day)
    close = day.spot(KOSPI200, DAY.end)[0]
    implied, prices = set(), set()
    for tr_id, code in (("H0MFCNT0", "A01612"), ("H0EUCNT0", "B01612A33")):
        stream = night.stream(tr_id, code)
        assert stream is not None
        for event in stream.records_until(1e6):
            [record] = decode(frame(tr_id, [event.body])).records
            assert isinstance(record, TradeRecord)
            prices.add(record.price)
            implied.add(round(record.price - record.market_basis, 2))
    assert implied == {close}
    assert len(prices) > 50
    assert night.spot(KOSPI200, 3600) == (close, day.spot(KOSPI200, 0)[1])


def test_an_index_stands_still_where_its_stock_market_is_closed() -> None:
    market = MarketModel(DAY)
    levels = {time: market.spot(KOSPI200, DAY.seconds(at(time))) for time in (845, 859, 901, 1529)}
    assert levels[845] == levels[859] != levels[901] != levels[1529]
    assert market.spot(KOSPI200, DAY.seconds(at(1531))) == market.spot(KOSPI200, DAY.end)
    assert {before for _, before in levels.values()} == {levels[845][0]}


def test_far_out_of_the_money_hardly_trades_and_has_no_greeks() -> None:
    for code in ("C09FMW832", "B01612B35", "B09FMWB15"):
        raw = events(NIGHT, code, 0, 1e6)
        assert 0 < len(raw) < 60
        assert all("^-nan^-nan^-nan^nan^-nan^" in event.body for event in raw)
        for record in trades(NIGHT, code):
            assert isinstance(record, NightOptionTrade)
            assert isnan(record.delta)
            assert isnan(record.theta)
            assert isnan(record.theoretical_price)
            assert record.price > 0
    assert len(events(NIGHT, "B01612A33", 0, 3600)) > 200


@pytest.mark.parametrize(("hours", "code"), [p for p in PAIRS if p[0].session is Session.NIGHT])
def test_nothing_trades_within_an_auction_and_nothing_after_the_end(
    hours: SimulatedHours, code: str
) -> None:
    stream = MarketModel(hours).stream(tr_of(hours, code), code)
    assert isinstance(stream, TradeStream)
    seconds = list(stream._tape.trades(1e9))
    assert seconds[0] == hours.open
    assert seconds[-1] == hours.end
    assert all(hours.open < second < hours.close for second in seconds[1:-1])
    assert all(early <= late for early, late in pairwise(seconds))


@pytest.mark.parametrize(
    ("hours", "code"),
    [(NIGHT, "B01612A33"), (NIGHT, "B09FMWA34"), (DAY, "A11612"), (DAY, "C11612040")],
)
def test_an_auction_crosses_at_its_last_expected_price(hours: SimulatedHours, code: str) -> None:
    expected = expectations(hours, code)
    found = trades(hours, code, 0, hours.open) + trades(hours, code, hours.close)
    assert len(found) == 2
    opening = [(s, r) for s, r in expected if s < hours.open]
    closing = [(s, r) for s, r in expected if s > hours.open]
    assert expected == opening + closing
    for auction, begin, end, crossed in (
        (opening, hours.expected, hours.open, found[0]),
        (closing, hours.close, hours.end, found[-1]),
    ):
        second, last = auction[-1]
        assert begin < auction[0][0] < begin + 3
        assert end - 1 <= second < end
        assert last.expected_price == crossed.price
        assert last.expected_change == crossed.change
        if hasattr(last, "expected_volume"):
            assert last.expected_volume == crossed.last_volume
        gaps = [late - early for (early, _), (late, _) in pairwise(auction)]
        assert all(gap <= 4.0 for gap in gaps)
        assert all(gap >= 0.99 for gap in gaps)
        half = len(auction) // 2
        off = [abs(r.expected_price - crossed.price) for _, r in auction]
        assert max(off[-5:]) <= max(off[:half])
        assert max(off[:half]) > 0


def test_a_night_runs_by_the_wall_clock_after_midnight_too() -> None:
    times = [record.time for record in trades(NIGHT, "A01612", 6 * 3600, 6 * 3600 + 1800)]
    assert times[0] >= "235000"
    assert times[-1] <= "002000"
    assert "000000" < times[-1] < "010000"


def test_the_other_sessions_tr_and_unknown_contracts_are_silent() -> None:
    night = MARKETS[NIGHT]
    assert night.stream("H0IFCNT0", "A01612") is None
    assert night.stream("H0EUCNT0", "A01612") is None
    assert night.stream("H0MFCNT0", "A01609") is None
    assert MARKETS[DAY].stream("H0MFCNT0", "A01612") is None


def test_a_contract_that_expired_in_the_afternoon_is_silent_at_night() -> None:
    expiry = datetime(2026, 12, 10, 18, 0, tzinfo=KST)
    by_night = MarketModel(SimulatedHours.containing(Session.NIGHT, expiry))
    assert by_night.stream("H0MFCNT0", "A01612") is None
    by_day = MarketModel(SimulatedHours.containing(Session.DAY, expiry.replace(hour=9)))
    last = by_day.stream("H0IFCNT0", "A01612")
    assert last is not None
    last.skip(by_day.hours.seconds(expiry.replace(hour=15, minute=19)))
    *_, final = last.records_until(by_day.hours.end)
    assert by_day.time(final.second).startswith("1519")


def test_appended_fields_stand_after_every_record() -> None:
    stream = MarketModel(NIGHT, appended=3).stream("H0MFCNT0", "A01612")
    assert stream is not None
    bodies = [event.body for event in stream.records_until(700)][:4]
    decoded = decode(frame("H0MFCNT0", bodies))
    assert decoded.surplus == 3
    assert len(decoded.records) == 4
    assert all(isinstance(record, FuturesTradeRecord) for record in decoded.records)
