"""The mark of an option and the price its volatility is taken from: every last price and book.

Rules: the middle of a quote is the mark unless the quote is too wide; else the last price, held
within what is quoted.  A quote that is too wide gives no volatility.
"""

from math import isnan, nan

import pytest
from harness.pricing_rows import (
    CONTRACTS,
    RATE,
    PricingRows,
    market_with_future,
    option_price,
    years,
)

from app.pricing.black76 import implied_volatility, vega
from app.pricing.market_price import MarkKind, mark_of
from app.pricing.quote_width import TICKS, WIDEST, is_wide_future, is_wide_option
from app.pricing.smile_curve import quoted

CALL, WING = "B01612A20", "C01612850"
FORWARD = 1080.0

# Last price, bid, ask | mark, what it is, the price of the volatility (nan: none), too wide.
MATRIX: list[tuple[float, float, float, float, MarkKind, float, bool]] = [
    # A narrow quote: its middle, wherever the last price is.
    (20.2, 20.0, 20.5, 20.25, "middle", 20.25, False),
    (25.0, 20.0, 20.5, 20.25, "middle", 20.25, False),
    (nan, 20.0, 20.5, 20.25, "middle", 20.25, False),
    # One side.
    (20.2, 0.0, 20.5, 20.2, "last", 20.2, False),
    (25.0, 0.0, 20.5, 20.5, "ask", 20.5, False),
    (20.2, 20.0, 0.0, 20.2, "last", 20.2, False),
    (15.0, 20.0, 0.0, 20.0, "bid", 20.0, False),
    (nan, 20.0, 0.0, nan, "", nan, False),
    (nan, 0.0, 20.5, nan, "", nan, False),
    # No side, and a crossed book.
    (20.2, 0.0, 0.0, 20.2, "last", 20.2, False),
    (20.2, 21.0, 20.0, 20.2, "last", 20.2, False),
    (nan, 0.0, 0.0, nan, "", nan, False),
    # Too wide: no middle, no volatility; the last price stays within it.
    (14.0, 0.05, 30.0, 14.0, "last", nan, True),
    (35.0, 0.05, 30.0, 30.0, "ask", nan, True),
    (0.02, 0.05, 30.0, 0.05, "bid", nan, True),
    (nan, 0.05, 30.0, nan, "", nan, True),
]


def market_of(last: float, bid: float, ask: float, *, asked: bool = False) -> PricingRows:
    """An option with a last price of a minute ago and a book of now."""
    market = market_with_future(FORWARD)
    market.poll(CALL)
    if not isnan(last):
        if asked:
            market.rest_price(CALL, last)
        else:
            market.trade(CALL, last)
    market.pass_time(60)
    market.quote(CALL, bid, ask)
    return market


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize(("last", "bid", "ask", "mark", "kind", "taken", "wide"), MATRIX)
def test_mark_and_volatility_follow_from_last_price_and_book(
    last: float,
    bid: float,
    ask: float,
    mark: float,
    kind: MarkKind,
    taken: float,
    wide: bool,
    asked: bool,
) -> None:
    market = market_of(last, bid, ask, asked=asked)
    own = market.poll(CALL)[CALL]
    found = mark_of(market.rows[CALL], FORWARD, years(market), RATE)
    assert (found.kind, found.wide) == (kind, wide)
    assert found.price == pytest.approx(mark, nan_ok=True)
    assert found.is_standing is (kind in ("middle", "bid", "ask"))
    if kind == "last":
        assert found.at == market.rows[CALL].trade_at
    if isnan(taken):
        assert own.why == ("wide_quote" if wide else "no_quote")
        assert isnan(own.volatility)
    else:
        # A last price that stays is read at its own moment, a minute before.
        left = years(market) + (0 if found.is_standing or asked else 60 / (365 * 86_400))
        expected = implied_volatility(True, FORWARD, 1080.0, left, taken, RATE)
        assert own.volatility == pytest.approx(100 * expected)


def test_mark_is_last_price_of_trade_without_book_when_its_quotes_are_wide() -> None:
    market = market_with_future(FORWARD)
    market.trade(CALL, 14.0, 0.05, 30.0)
    found = mark_of(market.rows[CALL], FORWARD, years(market), RATE)
    assert (found.price, found.kind, found.wide) == (14.0, "last", True)
    assert market.poll(CALL)[CALL].why == "wide_quote"


def test_wide_quote_borrows_its_neighbours_volatility_and_says_so() -> None:
    market = market_with_future(FORWARD)
    market.quote(CALL, 0.05, 30.0)
    value = option_price(market, "C01612A20", FORWARD, 0.2)
    market.quote("C01612A20", round(value, 2) - 0.05, round(value, 2) + 0.05)
    own = market.poll(CALL, "C01612A20")[CALL]
    assert (own.wide, own.borrowed, own.why) == (True, True, "")
    assert own.volatility == pytest.approx(20.0, abs=0.1)


def test_bound_is_in_vega_with_a_floor_in_ticks() -> None:
    market = market_with_future(FORWARD)
    about = (FORWARD, years(market), RATE)
    call, wing = CONTRACTS.instrument(CALL), CONTRACTS.instrument(WING)
    middle = option_price(market, CALL, FORWARD, 0.2)
    allowed = WIDEST * vega(FORWARD, 1080.0, about[1], 0.2, RATE)
    assert not is_wide_option(call, middle - 0.49 * allowed, middle + 0.49 * allowed, *about)
    assert is_wide_option(call, middle - 0.51 * allowed, middle + 0.51 * allowed, *about)
    # Far out vega is a hundredth of that, and ten ticks of 0.01 are let through.
    assert not is_wide_option(wing, 0.02, 0.02 + TICKS * 0.01, *about)
    assert is_wide_option(wing, 0.02, 0.03 + TICKS * 0.01, *about)


def test_bound_is_a_share_of_the_middle_when_no_forward_is_known() -> None:
    call = CONTRACTS.instrument(CALL)
    assert not is_wide_option(call, 20.0, 22.0)
    assert is_wide_option(call, 0.05, 30.0)


@pytest.mark.parametrize(
    ("code", "bid", "ask", "wide"),
    [
        ("A01612", 1080.0, 1080.5, False),
        ("A01612", 1079.0, 1081.0, False),
        ("A01612", 1070.0, 1090.0, True),
        ("A11612", 162_000.0, 163_000.0, False),
        ("A11612", 150_000.0, 170_000.0, True),
    ],
)
def test_wide_quote_of_future_is_a_share_of_its_price(
    code: str, bid: float, ask: float, wide: bool
) -> None:
    assert is_wide_future(CONTRACTS.instrument(code), bid, ask) is wide


def test_quotes_of_a_newer_trade_without_any_leave_those_of_the_book() -> None:
    market = market_with_future(FORWARD)
    market.quote(CALL, 20.0, 20.5)
    market.pass_time(1)
    market.trade(CALL, 20.4, 0.0, 0.0)
    found = mark_of(market.rows[CALL], FORWARD, years(market), RATE)
    assert (found.price, found.is_standing) == (20.25, True)


def test_smile_takes_the_same_quotes() -> None:
    market = market_of(14.0, 20.0, 20.5)
    found = quoted(market.rows[CALL])
    assert found is not None
    assert (found.bid, found.ask) == (20.0, 20.5)
    assert found.floor == pytest.approx(TICKS * 0.05)
