"""The neighbour's volatility for an option without a quote, or with one of unknown time."""

import pytest
from harness.pricing_rows import CONTRACTS, market_with_future, option_price, trade_option

from specs.market.ticker import Ticker

CALL = "B01612A20"
LOW, MID, HIGH = "B01612950", "B01612960", "B01612970"


def test_a_price_of_an_unknown_moment_gives_way_to_quoted_neighbours() -> None:
    market = market_with_future(960.0)
    market.rest_price(MID, option_price(market, MID, 990.0, 0.2))
    alone = market.poll(MID)[MID]
    assert alone.volatility > 30
    assert not alone.borrowed
    trade_option(market, LOW, 960.0, 0.21)
    trade_option(market, HIGH, 960.0, 0.19)
    own = market.poll(MID, LOW, HIGH)[MID]
    assert own.volatility == pytest.approx(20.0)
    assert own.borrowed
    trade_option(market, MID, 960.0, 0.25)
    assert market.poll(MID)[MID].volatility == pytest.approx(25.0)


def test_a_price_of_an_unknown_moment_stays_where_neighbours_are_on_one_side_only() -> None:
    market = market_with_future(960.0)
    market.rest_price(MID, option_price(market, MID, 960.0, 0.2))
    trade_option(market, LOW, 960.0, 0.4)
    own = market.poll(MID, LOW)[MID]
    assert own.volatility == pytest.approx(20.0)
    assert not own.borrowed


def test_an_option_without_a_quote_borrows_between_its_neighbours_and_flat_beyond_them() -> None:
    market = market_with_future(960.0)
    trade_option(market, LOW, 960.0, 0.22)
    trade_option(market, HIGH, 960.0, 0.18)
    far_down, far_up, put = "B01612900", "B01612990", "C01612965"
    found = market.poll(far_down, MID, put, far_up)
    volatilities = [found[code].volatility for code in (far_down, MID, put, far_up)]
    assert volatilities == pytest.approx([22.0, 20.0, 19.0, 18.0])
    assert all(own.borrowed and own.price > 0 for own in found.values())
    assert found[MID].price == pytest.approx(option_price(market, MID, 960.0, 0.2))


def test_the_neighbours_of_a_row_without_records_are_read_though_out_of_sight() -> None:
    """A row that is watched and registered, for which nothing has come yet."""
    market = market_with_future(960.0)
    trade_option(market, LOW, 960.0, 0.22)
    trade_option(market, HIGH, 960.0, 0.18)
    market.rows[MID] = Ticker(CONTRACTS.instrument(MID))
    own = market.poll(MID)[MID]
    assert own.borrowed
    assert own.volatility == pytest.approx(20.0)
    trade_option(market, LOW, 960.0, 0.26)
    assert market.poll(MID)[MID].volatility == pytest.approx(22.0)
    market.quote(MID, 0.0, 0.0)
    trade_option(market, LOW, 960.0, 0.30)
    assert market.poll(MID)[MID].volatility == pytest.approx(24.0)


def test_a_mini_borrows_from_the_big_options_of_its_day_and_other_expiries_do_not_lend() -> None:
    market = market_with_future(1080.0)
    trade_option(market, CALL, 1080.0, 0.2)
    found = market.poll("B05612A20", "B01703950")
    assert found["B05612A20"].volatility == pytest.approx(20.0)
    assert found["B01703950"].why == "no_quote"


def test_of_two_rights_at_a_strike_the_one_out_of_the_money_lends() -> None:
    market = market_with_future(1000.0)
    trade_option(market, LOW, 1000.0, 0.30)
    trade_option(market, "C01612950", 1000.0, 0.25)
    assert market.poll("B05612950")["B05612950"].volatility == pytest.approx(25.0)


def test_a_lender_that_moves_moves_its_borrowers() -> None:
    market = market_with_future(960.0)
    trade_option(market, LOW, 960.0, 0.20)
    assert market.poll(MID)[MID].volatility == pytest.approx(20.0)
    trade_option(market, LOW, 960.0, 0.20005)
    assert market.poll(MID) == {}
    trade_option(market, LOW, 960.0, 0.21)
    assert market.poll(MID)[MID].volatility == pytest.approx(21.0)
