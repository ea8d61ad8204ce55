"""The forward of an option: which future, what of it is the price, and what stands in for it."""

from datetime import date, datetime
from math import exp

import pytest
from theory_rows import CONTRACTS, NIGHT, RATE, Market

from app.clock import KST
from app.contracts import Contracts
from app.master import Master
from app.theory.expiry import years_left
from app.theory.forward import Forward
from app.theory.futures import futures_of

CALL = "B01612A20"
WEEKLY = "B09FMWA20"
STOCK_CALL = "B11612A01"


def found(market: Market, code: str = CALL) -> Forward:
    forward = market.forward(code)
    assert forward is not None
    return forward


def test_years_are_calendar_seconds_to_twenty_past_three_of_the_last_day() -> None:
    day = date(2026, 12, 10)
    assert years_left(day, datetime(2026, 12, 9, 15, 20, tzinfo=KST)) == pytest.approx(1 / 365)
    assert years_left(day, datetime(2026, 12, 10, 15, 19, tzinfo=KST)) == pytest.approx(
        60 / (365 * 86_400)
    )
    assert years_left(day, datetime(2026, 12, 10, 15, 20, tzinfo=KST)) == 0
    assert years_left(day, datetime(2026, 12, 10, 15, 21, tzinfo=KST)) < 0


def test_on_the_day_of_the_exam_an_expiry_is_an_hour_later() -> None:
    day = date(2026, 11, 19)
    hour = years_left(day, datetime(2026, 11, 19, 15, 20, tzinfo=KST)) * 365 * 24
    assert hour == pytest.approx(1)


def test_the_forward_is_the_middle_of_the_quotes_of_the_future_of_the_same_month() -> None:
    market = Market()
    market.trade("A01612", 1080.40, 1080.05, 1080.15)
    forward = found(market)
    assert forward.price == pytest.approx(1080.10)
    assert (forward.source, forward.carried, forward.growth) == ("A01612", False, 1.0)
    assert forward.tick == 0.05


@pytest.mark.parametrize(
    ("bid", "ask", "price"),
    [
        (0, 1080.15, 1080.15),
        (0, 1080.55, 1080.40),
        (1080.05, 0, 1080.40),
        (1080.45, 0, 1080.45),
        (0, 0, 1080.40),
        (1081.0, 1080.0, 1080.40),
        (1070.0, 1090.0, 1080.40),
        (1082.0, 1090.0, 1082.0),
    ],
)
def test_forward_holds_last_price_within_one_sided_or_wide_quotes(
    bid: float, ask: float, price: float
) -> None:
    market = Market()
    market.trade("A01612", 1080.40, 1080.05, 1080.15)
    market.quote("A01612", bid, ask)
    assert found(market).price == price


def test_a_book_later_than_the_trade_is_the_price() -> None:
    market = Market()
    market.trade("A01612", 1080.40, 1080.05, 1080.15)
    market.wait(1)
    market.quote("A01612", 1081.0, 1081.1)
    assert found(market).price == pytest.approx(1081.05)
    market.wait(1)
    market.trade("A01612", 1081.50, 1081.45, 1081.55)
    assert found(market).price == pytest.approx(1081.50)


def test_of_the_big_future_and_the_mini_the_liquid_one_counts() -> None:
    market = Market()
    market.trade("A01612", 1080.0, accumulated_volume=1_000)
    market.trade("A05612", 1080.3, accumulated_volume=3_000)
    assert found(market).source == "A01612"
    market.trade("A05612", 1080.3, accumulated_volume=6_000)
    assert found(market).source == "A05612"


def test_a_liquid_future_that_has_not_been_heard_gives_way() -> None:
    market = Market()
    market.trade("A01612", 1080.0, accumulated_volume=9_000)
    market.wait(61)
    market.trade("A05612", 1082.0, accumulated_volume=10)
    assert found(market).source == "A05612"
    assert found(market, "B05612A20").source == "A05612"


def test_after_the_close_all_futures_are_old_and_still_count() -> None:
    market = Market()
    market.trade("A01612", 1080.0)
    market.wait(3600 * 10)
    assert found(market).price == 1080.0


def test_a_month_without_a_live_future_has_the_nearest_one_carried_at_the_rate() -> None:
    market = Market()
    market.trade("A01612", 1080.0)
    market.trade("A01703", 1090.0)
    forward = found(market, WEEKLY)
    gap = years_left(date(2026, 11, 26), NIGHT) - years_left(date(2026, 12, 10), NIGHT)
    assert gap < 0
    assert forward.price == pytest.approx(1080.0 * exp(RATE * gap))
    assert (forward.source, forward.carried) == ("A01612", True)


def test_a_future_of_the_month_that_is_long_silent_gives_way_to_another_month() -> None:
    market = Market()
    market.trade("A01612", 1080.0)
    market.wait(601)
    market.trade("A01703", 1090.0)
    forward = found(market)
    assert (forward.source, forward.carried) == ("A01703", True)
    assert forward.price < 1090.0


def test_a_future_whose_book_is_registered_is_live_however_quiet() -> None:
    market = Market()
    market.quote("A01612", 1080.0, 1080.1)
    market.wait(3600)
    market.trade("A01703", 1090.0)
    forward = found(market)
    assert (forward.source, forward.carried) == ("A01612", False)


def test_a_future_of_another_underlying_is_none() -> None:
    market = Market()
    market.trade("A06612", 1500.0)
    assert market.forward(CALL) is None


def test_a_future_that_has_expired_is_none() -> None:
    market = Market(moment=datetime(2026, 12, 10, 15, 20, tzinfo=KST))
    market.trade("A01612", 1080.0)
    assert market.forward(CALL) is None
    market.trade("A01703", 1090.0)
    assert found(market, "B01703950").source == "A01703"


def test_a_future_without_a_price_is_none() -> None:
    market = Market()
    market.trade("A01612", float("nan"))
    assert market.forward(CALL) is None


def test_a_stock_option_has_its_stocks_future_and_the_carry_of_that() -> None:
    market = Market(moment=datetime(2026, 11, 20, 11, 0, tzinfo=KST))
    market.trade("A11612", 162_800.0, 162_700.0, 162_900.0, market_basis=500.0)
    forward = found(market, STOCK_CALL)
    assert forward.price == 162_800.0
    assert forward.growth == pytest.approx(162_800 / 162_300)
    assert not forward.carried


def test_a_stock_option_without_a_future_has_the_spot_that_kis_shows_carried() -> None:
    moment = datetime(2026, 11, 20, 11, 0, tzinfo=KST)
    market = Market(moment=moment)
    market.trade(STOCK_CALL, 5_000.0, market_basis=5_000.0 - 162_300.0)
    forward = found(market, STOCK_CALL)
    growth = exp(RATE * years_left(date(2026, 12, 10), moment))
    assert forward.price == pytest.approx(162_300 * growth)
    assert forward.growth == pytest.approx(growth)
    assert forward.carried


def test_where_a_forward_stood_is_remembered_from_the_first_look_on() -> None:
    market = Market()
    began = market.now
    for price in (1080.0, 1081.0, 1082.0):
        market.trade("A01612", price)
        forward = found(market)
        market.wait(10)
    assert market.forwards.before(forward, began + 1) == 1080.0
    assert market.forwards.before(forward, began + 15) == 1081.0
    assert market.forwards.before(forward, began + 99) == 1082.0
    assert market.forwards.before(forward, began - 60) is None


def test_the_futures_of_an_option_are_those_that_the_master_lists_nearest_first() -> None:
    for code, codes in (
        (CALL, ("A01612", "A05612", "A05701", "A01703")),
        (WEEKLY, ("A01612", "A05612", "A05701", "A01703")),
        (STOCK_CALL, ("A11612",)),
    ):
        option = CONTRACTS.instrument(code)
        assert futures_of(option, CONTRACTS.instrument, named=True) == codes


def test_without_a_master_the_futures_of_an_option_are_those_of_the_calendar() -> None:
    bare = Contracts(Master())
    for code, codes in (
        ("B01610950", ("A05610", "A05611", "A01612", "A05612", "A05701")),
        ("B06612001", ("A06612", "A06703")),
        ("B11612001", ("A11612", "A11701", "A11702", "A11703")),
    ):
        assert futures_of(bare.instrument(code), bare.instrument, named=False) == codes
    assert futures_of(bare.instrument("B09FMWA20"), bare.instrument, named=False) == ()
