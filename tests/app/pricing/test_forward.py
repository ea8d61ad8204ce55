"""The forward of an option: its future, the price used, and the replacement without one."""

from datetime import date, datetime
from math import exp, isnan

import pytest
from harness.pricing_rows import CONTRACTS, NIGHT, RATE, PricingRows
from msgspec.structs import replace

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.krx.dividends import ex_dividend_days
from app.pricing.black76 import price
from app.pricing.forward import Forward, preference
from app.pricing.parity import parity_forward
from app.pricing.underlying_futures import futures_of
from app.pricing.year_fraction import years_left
from app.system.clock import KST

CALL = "B01612A20"
WEEKLY = "B09FMWA20"
STOCK_CALL = "B11612A01"


def found(market: PricingRows, code: str = CALL) -> Forward:
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
    market = PricingRows()
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
    market = PricingRows()
    market.trade("A01612", 1080.40, 1080.05, 1080.15)
    market.quote("A01612", bid, ask)
    assert found(market).price == price


def test_a_book_later_than_the_trade_is_the_price() -> None:
    market = PricingRows()
    market.trade("A01612", 1080.40, 1080.05, 1080.15)
    market.pass_time(1)
    market.quote("A01612", 1081.0, 1081.1)
    assert found(market).price == pytest.approx(1081.05)
    market.pass_time(1)
    market.trade("A01612", 1081.50, 1081.45, 1081.55)
    assert found(market).price == pytest.approx(1081.50)


def test_big_future_is_preferred_to_its_mini_whatever_their_volumes() -> None:
    market = PricingRows()
    market.trade("A05612", 1080.3, accumulated_volume=60_000)
    assert found(market).source == "A05612"
    market.trade("A01612", 1080.0, accumulated_volume=1_000)
    assert found(market).source == "A01612"
    assert found(market, "B05612A20").source == "A01612"


def test_big_future_gives_way_to_its_mini_when_it_is_silent() -> None:
    market = PricingRows()
    market.trade("A01612", 1080.0, accumulated_volume=9_000)
    market.pass_time(61)
    market.trade("A05612", 1082.0, accumulated_volume=10)
    assert found(market).source == "A05612"
    assert found(market, "B05612A20").source == "A05612"


def test_after_the_close_all_futures_are_old_and_still_count() -> None:
    market = PricingRows()
    market.trade("A01612", 1080.0)
    market.pass_time(3600 * 10)
    assert found(market).price == 1080.0


def test_a_month_without_a_live_future_has_the_nearest_one_carried_at_the_rate() -> None:
    market = PricingRows()
    market.trade("A01612", 1080.0)
    market.trade("A01703", 1090.0)
    forward = found(market, WEEKLY)
    gap = years_left(date(2026, 11, 26), NIGHT) - years_left(date(2026, 12, 10), NIGHT)
    assert gap < 0
    assert forward.price == pytest.approx(1080.0 * exp(RATE * gap))
    assert (forward.source, forward.carried) == ("A01612", True)


def test_a_future_of_the_month_that_is_long_silent_gives_way_to_another_month() -> None:
    market = PricingRows()
    market.trade("A01612", 1080.0)
    market.pass_time(601)
    market.trade("A01703", 1090.0)
    forward = found(market)
    assert (forward.source, forward.carried) == ("A01703", True)
    assert forward.price < 1090.0


def test_a_future_whose_book_is_registered_is_live_however_quiet() -> None:
    market = PricingRows()
    market.quote("A01612", 1080.0, 1080.1)
    market.pass_time(3600)
    market.trade("A01703", 1090.0)
    forward = found(market)
    assert (forward.source, forward.carried) == ("A01612", False)


def test_a_future_of_another_underlying_is_none() -> None:
    market = PricingRows()
    market.trade("A06612", 1500.0)
    assert market.forward(CALL) is None


def test_a_future_that_has_expired_is_none() -> None:
    market = PricingRows(moment=datetime(2026, 12, 10, 15, 20, tzinfo=KST))
    market.trade("A01612", 1080.0)
    assert market.forward(CALL) is None
    market.trade("A01703", 1090.0)
    assert found(market, "B01703950").source == "A01703"


def test_a_future_without_a_price_is_none() -> None:
    market = PricingRows()
    market.trade("A01612", float("nan"))
    assert market.forward(CALL) is None


def test_a_stock_option_has_its_stocks_future_and_the_carry_of_that() -> None:
    market = PricingRows(moment=datetime(2026, 11, 20, 11, 0, tzinfo=KST))
    market.trade("A11612", 162_800.0, 162_700.0, 162_900.0, market_basis=500.0)
    forward = found(market, STOCK_CALL)
    assert forward.price == 162_800.0
    assert forward.growth == pytest.approx(162_800 / 162_300)
    assert not forward.carried


def test_a_stock_option_without_a_future_has_the_spot_that_kis_shows_carried() -> None:
    moment = datetime(2026, 11, 20, 11, 0, tzinfo=KST)
    market = PricingRows(moment=moment)
    market.trade(STOCK_CALL, 5_000.0, market_basis=5_000.0 - 162_300.0)
    forward = found(market, STOCK_CALL)
    growth = exp(RATE * years_left(date(2026, 12, 10), moment))
    assert forward.price == pytest.approx(162_300 * growth)
    assert forward.growth == pytest.approx(growth)
    assert forward.carried


def test_where_a_forward_stood_is_remembered_from_the_first_look_on() -> None:
    market = PricingRows()
    began = market.now
    for level in (1080.0, 1081.0, 1082.0):
        market.trade("A01612", level)
        forward = found(market)
        market.pass_time(10)
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
        assert futures_of(option, CONTRACTS.instrument, NIGHT, named=True) == codes


def test_future_has_expired_when_its_stated_last_trading_day_is_over() -> None:
    contracts = Contracts(Master())
    option, evening = contracts.instrument("B01701350"), datetime(2026, 12, 9, 20, 0, tzinfo=KST)
    assert "A01612" in futures_of(option, contracts.instrument, evening, named=False)
    contracts.state_expiry("A01612", date(2026, 12, 9))
    found = futures_of(option, contracts.instrument, evening, named=False)
    assert "A01612" not in found
    assert "A05612" in found


def test_without_a_master_the_futures_of_an_option_are_those_of_the_calendar() -> None:
    bare = Contracts(Master())
    early = datetime(2026, 10, 1, 20, 0, tzinfo=KST)
    for code, codes in (
        ("B01610950", ("A05610", "A05611", "A01612", "A05612", "A05701", "A05702")),
        ("B06612001", ("A06612", "A06703")),
        ("B11612001", ("A11612", "A11611", "A11701", "A11702", "A11703", "A11704")),
    ):
        assert futures_of(bare.instrument(code), bare.instrument, early, named=False) == codes
    assert futures_of(bare.instrument("B09FMWA20"), bare.instrument, early, named=False) == ()


@pytest.mark.parametrize(
    ("option", "better", "worse"),
    [
        # Same last trading day; the rest differs.
        (date(2026, 12, 10), date(2026, 12, 10), date(2026, 12, 3)),
        # The nearest.
        (date(2026, 11, 26), date(2026, 12, 10), date(2027, 1, 14)),
        (date(2026, 12, 17), date(2026, 12, 10), date(2027, 1, 14)),
        # 2026-12-29 lies between 12-24 and 01-14, but not between 12-24 and 12-10.
        (date(2026, 12, 24), date(2026, 12, 10), date(2027, 1, 14)),
        (date(2027, 1, 7), date(2027, 1, 14), date(2026, 12, 10)),
        # 2027-03-30 lies between April and March: June is preferred though it is farther.
        (date(2027, 4, 8), date(2027, 6, 10), date(2027, 3, 11)),
    ],
)
def test_preference_is_same_day_then_no_ex_dividend_day_then_nearest(
    option: date, better: date, worse: date
) -> None:
    assert preference(option, better) < preference(option, worse)


def test_pages_register_the_future_that_the_forward_prefers() -> None:
    for code in (CALL, WEEKLY):
        market = PricingRows()
        codes = futures_of(
            CONTRACTS.instrument(code), CONTRACTS.instrument, market.moment, named=True
        )
        for future in codes:
            market.trade(future, 1080.0)
        assert found(market, code).source == codes[0]


def test_carried_forward_is_corrected_to_what_calls_and_puts_agree_on() -> None:
    """A weekly of 2027-01-07 on the December future is carried across the ex-dividend day."""
    market = PricingRows(moment=datetime(2026, 12, 7, 22, 0, tzinfo=KST))
    market.trade("A01612", 1080.0, 1079.95, 1080.05)
    january = found(market, "B05701A20")
    assert (january.source, january.carried, january.parity) == ("A01612", True, False)
    assert january.ex_dividend == date(2026, 12, 29)
    left = years_left(date(2027, 1, 14), market.moment)
    level = january.price - 6.0
    for code, strike in (("05701A20", 1080.0), ("05701A22", 1085.0)):
        call, put = (price(right, level, strike, left, 0.2, RATE) for right in (True, False))
        for letter, worth in (("B", call), ("C", put)):
            market.quote(letter + code, worth - 0.05, worth + 0.05)
            option = replace(
                market.rows[letter + code].instrument, strike=strike, expiry=date(2027, 1, 14)
            )
            market.rows[letter + code] = replace(market.rows[letter + code], instrument=option)
    market.pass_time(2)
    after = found(market, "B05701A20")
    assert after.parity
    assert after.price == pytest.approx(level, abs=0.05)
    quoted_at = market.now - 2
    assert after.at == quoted_at
    # The correction stays where the options are out of sight, and moves with the future.
    market.rows = {"A01612": market.rows["A01612"]}
    market.pass_time(2)
    market.trade("A01612", 1090.0, 1089.95, 1090.05)
    moved = found(market, "B05701A20")
    assert moved.price == pytest.approx(level * 1090 / 1080, abs=0.1)
    # The future is new, the quotes that the correction was measured on are not.
    assert moved.at == quoted_at


def test_parity_leaves_out_wide_quotes_and_implausible_forwards() -> None:
    market = PricingRows()
    market.quote(CALL, 0.05, 30.0)
    market.quote("C01612A20", 20.0, 20.1)
    left = years_left(date(2026, 12, 10), market.moment)
    rows = market.rows.values()
    assert isnan(parity_forward(rows, 1080.0, left, RATE, market.now).price)
    market.quote(CALL, 20.0, 20.1)
    assert parity_forward(rows, 1080.0, left, RATE, market.now).price == pytest.approx(1080.0)
    market.quote(CALL, 60.0, 60.1)
    assert isnan(parity_forward(rows, 1080.0, left, RATE, market.now).price)


@pytest.mark.parametrize(
    "day", ["2025-12-29", "2026-03-30", "2026-06-29", "2026-09-29", "2026-12-29", "2027-12-29"]
)
def test_ex_dividend_day_is_the_trading_day_before_the_last_of_a_quarter(day: str) -> None:
    """Source: settlement takes two trading days; 2025-12-29 was the ex-dividend day of 2025."""
    known = date.fromisoformat(day)
    assert known in ex_dividend_days(known.year)
