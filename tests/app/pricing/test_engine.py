"""The values of options in sight, as quotes, future and clock move."""

from collections.abc import Iterator
from datetime import datetime
from math import exp, isnan, log, nan, sqrt
from statistics import NormalDist

import pytest
from harness.pricing_rows import (
    CONTRACTS,
    FUTURE,
    NIGHT,
    RATE,
    PricingRows,
    market_with_future,
    move_future,
    option_price,
    trade_option,
    years,
)
from msgspec.structs import replace

from app.pricing.black76 import greeks, implied_volatility, price
from app.pricing.engine import MOST
from app.system.clock import KST
from specs.market.theoretical import TheoreticalValues
from widgets import greeks_detail

CALL, PUT = "B01612A20", "C01612A20"
"""At 1,080."""
LOW, MID, HIGH = "B01612950", "B01612960", "B01612970"
STOCK_CALL = "B11612A01"


def test_the_volatility_is_that_of_the_middle_of_bid_and_ask() -> None:
    market = market_with_future(1080.0)
    market.trade(CALL, 19.0, 20.0, 21.0)
    own = market.poll(CALL)[CALL]
    about = (True, 1080.0, 1080.0, years(market))
    volatility = implied_volatility(*about, 20.5, RATE)
    known = greeks(*about, volatility, RATE)
    assert own.volatility == pytest.approx(100 * volatility)
    assert (own.price, own.delta, own.gamma) == pytest.approx((20.5, known.delta, known.gamma))
    assert (own.vega, own.theta) == pytest.approx((known.vega, known.theta))
    assert (own.forward, own.years) == (1080.0, years(market))
    assert (own.carried, own.borrowed, own.why) == (False, False, "")


@pytest.mark.parametrize(("code", "sign"), [(CALL, 1), (PUT, -1)])
def test_rho_is_of_the_spot_and_positive_for_calls(code: str, sign: int) -> None:
    """Source: kis-protocol section 5, rho = +K·T·e^(−rT)·N(d2)/100 of a call."""
    market = market_with_future(1085.0)
    market.trade(code, 20.5, 20.4, 20.6)
    own = market.poll(code)[code]
    deviation = own.volatility / 100 * sqrt(own.years)
    d2 = log(1085.0 / 1080.0) / deviation - deviation / 2
    known = sign * 1080.0 * own.years * exp(-RATE * own.years) * NormalDist().cdf(sign * d2) / 100
    assert own.rho == pytest.approx(known)


@pytest.mark.parametrize(
    ("bid", "ask", "price"),
    [
        (0, 20.0, 19.0),
        (0, 18.0, 18.0),
        (20.0, 0, 20.0),
        (18.0, 0, 19.0),
        (0, 0, 19.0),
        (21.0, 20.0, 19.0),
        (nan, nan, 19.0),
    ],
)
def test_volatility_is_of_last_price_within_quotes_when_book_is_crossed_or_one_sided(
    bid: float, ask: float, price: float
) -> None:
    market = market_with_future(1080.0)
    market.trade(CALL, 19.0, bid, ask)
    market.quote(CALL, 0 if isnan(bid) else bid, 0 if isnan(ask) else ask)
    assert market.poll(CALL)[CALL].price == pytest.approx(price)


def test_greeks_live_on_with_the_future_where_an_option_does_not_trade() -> None:
    market = market_with_future(1080.0)
    market.trade(CALL, 20.5)
    first = market.poll(CALL)[CALL]
    market.pass_time(120)
    move_future(market, 1090.0)
    own = market.poll(CALL)[CALL]
    assert own.volatility == first.volatility
    assert own.price == pytest.approx(option_price(market, CALL, 1090.0, first.volatility / 100))
    assert own.price > first.price + 4
    assert own.delta > first.delta
    assert own.forward == 1090.0


def test_a_last_price_is_read_against_the_forward_of_its_own_moment() -> None:
    market = market_with_future(1080.0)
    market.poll(PUT)
    trade_option(market, CALL, 1080.0, 0.2)
    market.pass_time(60)
    move_future(market, 1095.0)
    own = market.poll(CALL)[CALL]
    assert own.volatility == pytest.approx(20.0)
    assert own.forward == 1095.0


def test_a_book_that_is_registered_holds_now_and_is_read_against_the_forward_of_now() -> None:
    market = market_with_future(1080.0)
    market.quote(CALL, 20.0, 21.0)
    first = market.poll(CALL)[CALL]
    market.pass_time(60)
    move_future(market, 1085.0)
    own = market.poll(CALL)[CALL]
    assert own.price == pytest.approx(20.5)
    assert own.volatility < first.volatility


def test_a_book_that_is_dropped_leaves_the_trade() -> None:
    market = market_with_future(1080.0)
    market.trade(CALL, 19.0)
    market.quote(CALL, 20.0, 21.0)
    market.poll(CALL)
    market.drop_book(CALL)
    assert market.poll(CALL)[CALL].price == pytest.approx(19.0)


def test_nothing_is_told_twice() -> None:
    market = market_with_future(960.0)
    trade_option(market, LOW, 960.0, 0.2)
    codes = (LOW, MID, "B01612A35", "B09ZZW950", "B01703950", FUTURE, "no code")
    found = market.poll(*codes)
    assert found.keys() == {*codes} - {FUTURE, "no code"}
    assert market.poll(*codes) == {}


def test_what_comes_back_into_sight_is_told_again_unless_its_row_holds_it() -> None:
    market = market_with_future(960.0)
    trade_option(market, LOW, 960.0, 0.2)
    first = market.poll(LOW, MID)
    assert market.poll() == {}
    assert market.poll(LOW, MID) == {MID: first[MID]}
    market.rows[LOW] = replace(market.rows[LOW], theoretical=None)
    assert market.poll(LOW, MID) == {LOW: first[LOW]}


def test_before_the_first_look_nothing_is_known() -> None:
    theory = PricingRows().engine
    assert theory.values_of(LOW) is None
    assert theory.forward(CONTRACTS.instrument(LOW)) is None


def test_less_than_half_a_tick_of_the_future_changes_nothing() -> None:
    market = market_with_future(960.0)
    trade_option(market, LOW, 960.0, 0.2)
    market.poll(LOW)
    market.trade(FUTURE, 960.0, 959.95, 960.07)
    assert market.poll(LOW) == {}
    market.trade(FUTURE, 960.0, 959.95, 960.10)
    assert market.poll(LOW)[LOW].forward == pytest.approx(960.025)


def test_time_alone_moves_values_the_sooner_the_nearer_the_expiry() -> None:
    for moment, still, enough in (
        (NIGHT, 59.0, 60.0),
        (datetime(2026, 12, 9, 23, 0, tzinfo=KST), 5.0, 6.0),
        (datetime(2026, 12, 10, 15, 0, tzinfo=KST), 0.5, 1.0),
    ):
        market = PricingRows(moment=moment)
        move_future(market, 960.0)
        trade_option(market, LOW, 960.0, 0.2)
        first = market.poll(LOW)[LOW]
        market.pass_time(still)
        assert market.poll(LOW) == {}
        market.pass_time(enough - still)
        assert market.poll(LOW)[LOW].years < first.years


def test_a_stock_options_greeks_are_those_to_the_stock() -> None:
    market = PricingRows(moment=datetime(2026, 11, 20, 11, 0, tzinfo=KST))
    market.trade("A11612", 162_800.0, 162_700.0, 162_900.0, market_basis=500.0)
    market.trade(STOCK_CALL, 7_000.0, 6_950.0, 7_050.0)
    own = market.poll(STOCK_CALL)[STOCK_CALL]
    years_ = years(market, STOCK_CALL)
    carry, volatility = 162_800 / 162_300, own.volatility / 100

    def at(spot: float) -> float:
        return price(True, spot * carry, 160_000.0, years_, volatility, RATE)

    assert own.price == pytest.approx(7_000.0)
    assert own.delta == pytest.approx((at(162_301) - at(162_299)) / 2, rel=1e-6)
    gamma = (at(162_400) - 2 * at(162_300) + at(162_200)) / 100**2
    assert own.gamma == pytest.approx(gamma, rel=1e-4)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("B06612123", "no_strike"),
        ("B09ZZW950", "no_expiry"),
        ("B01611950", "expired"),
        ("B01703950", "no_quote"),
        ("B11612A01", "no_future"),
    ],
)
def test_without_what_a_value_needs_there_is_a_reason(code: str, why: str) -> None:
    market = market_with_future(960.0)
    own = market.poll(code)[code]
    assert own.why == why
    assert isnan(own.price)
    assert isnan(own.delta)
    assert greeks_detail.short_reason(own)
    assert len(greeks_detail.full_reason(own)) > len(greeks_detail.short_reason(own))


def test_a_future_that_comes_late_makes_the_values() -> None:
    market = PricingRows()
    market.trade(LOW, 20.0)
    assert market.poll(LOW)[LOW].why == "no_future"
    move_future(market, 960.0)
    assert market.poll(LOW)[LOW].why == ""


@pytest.mark.parametrize(("last", "why"), [(9.0, "below_intrinsic"), (961.0, "above_bound")])
def test_a_price_outside_the_bounds_has_a_reason_until_it_comes_back(last: float, why: str) -> None:
    market = market_with_future(960.0)
    market.trade(LOW, last)
    own = market.poll(LOW)[LOW]
    assert (own.why, own.forward) == (why, 960.0)
    assert isnan(own.volatility)
    market.trade(LOW, 20.0)
    assert market.poll(LOW)[LOW].why == ""


def test_an_option_has_no_values_from_the_minute_at_which_it_expires() -> None:
    market = PricingRows(moment=datetime(2026, 12, 10, 15, 19, 58, tzinfo=KST))
    move_future(market, 960.0)
    market.trade(LOW, 10.5)
    assert market.poll(LOW)[LOW].why == ""
    market.pass_time(2)
    assert market.poll(LOW)[LOW].why == "expired"


def test_a_look_stops_at_its_budget_and_the_oldest_come_first() -> None:
    ticking: Iterator[int] = iter(range(1_000_000))
    market = PricingRows(seconds=lambda: next(ticking) * 0.003)
    codes = [f"B01612{strike}" for strike in range(900, 999, 5)]
    move_future(market, 960.0)
    for code in codes:
        trade_option(market, code, 960.0, 0.2)
    first = market.poll(*codes)
    assert 0 < len(first) < len(codes)
    assert market.engine.behind == len(codes) - len(first)
    market.pass_time(0.1)
    second = market.poll(*codes)
    assert not first.keys() & second.keys()
    for _ in range(5):
        market.pass_time(0.1)
        market.poll(*codes)
    assert market.engine.behind == 0
    assert all(market.theoretical_values(code).volatility == pytest.approx(20.0) for code in codes)


def test_another_rate_changes_all_values() -> None:
    market = market_with_future(960.0)
    trade_option(market, LOW, 960.0, 0.2)
    before = market.poll(LOW)[LOW]
    market.engine.rate = 0.05
    after = market.poll(LOW)[LOW]
    assert after.price == pytest.approx(before.price)
    assert after.volatility > before.volatility


def test_a_strike_that_a_master_tells_later_is_taken() -> None:
    market = market_with_future(1080.0)
    market.trade(CALL, 20.0)
    known = market.rows[CALL]
    blank = CONTRACTS.instrument("B01612A35")
    market.rows[CALL] = type(known)(blank, known.trade, known.trade_at)
    assert market.poll(CALL)[CALL].why == "no_strike"
    market.rows[CALL] = known
    assert market.poll(CALL)[CALL].why == ""


def test_what_is_remembered_has_a_bound() -> None:
    market = market_with_future(960.0)
    trade_option(market, LOW, 960.0, 0.2)
    for start in range(0, MOST + 2_000, 500):
        codes = [f"B{n // 1000 + 11}612{n % 1000:03}" for n in range(start, start + 500)]
        market.poll(LOW, *codes)
    assert market.engine.values_of("B11612000") is None
    assert market.theoretical_values(LOW).volatility == pytest.approx(20.0)


def test_an_own_forward_of_a_weekly_is_marked_as_carried() -> None:
    market = market_with_future(1080.0)
    market.trade("B09FMWA20", 12.0)
    own = market.poll("B09FMWA20")["B09FMWA20"]
    assert isinstance(own, TheoreticalValues)
    assert own.carried
    assert own.forward == pytest.approx(
        1080.0 * exp(RATE * (own.years - years(market))),
    )
