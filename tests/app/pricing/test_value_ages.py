"""Own values are as old as the oldest of what they were computed from."""

from math import inf

from harness.pricing_rows import CALL, FUTURE, market_with_future, move_future, trade_option

from app.pricing.option_state import RESTAMP

LOW, MID, HIGH = "B01612950", "B01612960", "B01612970"


def test_own_values_are_as_old_as_the_older_of_quote_and_future() -> None:
    market = market_with_future(1080.0)
    trade_option(market, CALL, 1080.0, 0.2)
    traded_at = market.now
    assert market.poll(CALL)[CALL].at == traded_at
    market.pass_time(3.0)
    move_future(market, 1081.0)
    assert market.poll(CALL)[CALL].at == traded_at
    market.pass_time(90.0)
    trade_option(market, CALL, 1081.0, 0.2)
    assert market.poll(CALL)[CALL].at == traded_at + 3.0


def test_own_values_stay_recent_when_new_records_bring_the_same_prices() -> None:
    market = market_with_future(1080.0)
    trade_option(market, CALL, 1080.0, 0.2)
    market.poll(CALL)
    for _ in range(4):
        market.pass_time(RESTAMP)
        move_future(market, 1080.0)
        market.quote(CALL, 24.0, 24.05)
        market.poll(CALL)
        assert market.now - market.theoretical_values(CALL).at < RESTAMP


def test_future_alone_renews_values_whose_quote_is_newer_than_its_last_price() -> None:
    market = market_with_future(1080.0)
    market.pass_time(20.0)
    trade_option(market, CALL, 1080.0, 0.2)
    assert market.poll(CALL)[CALL].at == market.now - 20.0
    move_future(market, 1080.0)
    assert market.poll(CALL)[CALL].at == market.now


def test_borrowed_values_are_as_old_as_the_oldest_neighbour() -> None:
    market = market_with_future(960.0)
    trade_option(market, LOW, 960.0, 0.22)
    low_at = market.now
    market.poll(LOW)
    market.pass_time(30.0)
    trade_option(market, HIGH, 960.0, 0.18)
    move_future(market, 960.0)
    assert market.poll(MID, LOW, HIGH)[MID].at == low_at
    trade_option(market, LOW, 960.0, 0.22)
    assert market.poll(MID, LOW, HIGH)[MID].at == market.now


def test_values_of_a_price_from_rest_are_of_unknown_age() -> None:
    market = market_with_future(1080.0)
    market.rest_price(CALL, 24.0)
    assert market.poll(CALL)[CALL].at == -inf
    assert market.rows[FUTURE].trade_at == market.now
