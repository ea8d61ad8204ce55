"""The lane of trades: nothing conflated, sides by the running totals, moments by the exchange."""

from datetime import datetime, timedelta
from math import inf

import pytest

from app.feed import trade_lane
from app.feed.trade_lane import TradeLane
from app.system.clock import KST, ManualClock
from specs.market.trade_print import AUCTION, BUY, FIELDS, NIGHT, SELL
from specs.record import Record
from specs.trs.index_futures_trade import IndexFuturesTrade
from specs.trs.night_futures_book import NightFuturesBook
from specs.trs.night_option_trade import NightOptionTrade

TR, CODE = "H0EUCNT0", "B01612A31"
EVENING = datetime(2026, 1, 5, 19, 0, 0, tzinfo=KST)


def trade(
    volume: float, size: float, bought: float, time: str = "190000", code: str = CODE
) -> NightOptionTrade:
    return NightOptionTrade(
        code=code,
        time=time,
        price=1.25,
        last_volume=size,
        accumulated_volume=volume,
        buy_volume=bought,
        sell_volume=volume - bought,
        open_interest=70.0,
        implied_volatility=21.5,
        delta=0.25,
    )


def lane_at(moment: datetime = EVENING) -> TradeLane:
    return TradeLane(ManualClock(moment))


def taken(lane: TradeLane, code: str = CODE) -> list[tuple[float, ...]]:
    values = lane.collect().trades.get(code, ())
    return [tuple(values[at : at + FIELDS]) for at in range(0, len(values), FIELDS)]


def marks(lane: TradeLane, code: str = CODE) -> list[int]:
    return [int(one[-1]) & ~NIGHT for one in taken(lane, code)]


def test_every_trade_of_a_frame_is_handed_over_once() -> None:
    lane = lane_at()
    lane.apply(TR, [trade(10, 1, 5), trade(12, 2, 7), trade(15, 3, 7)])
    found = taken(lane)
    assert [one[2:4] for one in found] == [(1, 10), (2, 12), (3, 15)]
    assert found[0] == (EVENING.timestamp(), 1.25, 1, 10, 70, 21.5, 0.25, NIGHT)
    assert taken(lane) == []


def test_side_is_the_total_that_grew_by_the_trade() -> None:
    lane = lane_at()
    lane.apply(TR, [trade(10, 1, 5), trade(12, 2, 7), trade(15, 3, 7)])
    assert marks(lane) == [0, BUY, SELL]


def test_side_is_unknown_where_missed_trades_grew_both_totals() -> None:
    lane = lane_at()
    lane.apply(TR, [trade(10, 1, 5), trade(20, 2, 9), trade(30, 2, 10)])
    # Of ten contracts four and six were bought and sold; then one and nine.
    assert marks(lane) == [0, 0, SELL]


def test_side_is_known_of_the_first_trade_of_a_session() -> None:
    lane = lane_at()
    lane.apply(TR, [trade(4, 4, 4)])
    assert marks(lane) == [BUY]


def test_side_is_unknown_where_a_trade_comes_late() -> None:
    lane = lane_at()
    lane.apply(TR, [trade(10, 1, 5), trade(9, 2, 5), trade(12, 2, 7)])
    assert marks(lane) == [0, 0, BUY]


@pytest.mark.parametrize(
    ("time", "volume", "is_auction"),
    [
        ("180000", 50.0, True),
        ("180003", 50.0, True),
        ("180003", 51.0, False),
        ("191500", 50.0, False),
        ("055000", 900.0, False),
        ("060000", 900.0, True),
        ("300000", 900.0, True),
    ],
)
def test_auctions_are_marked_at_both_ends_of_a_night(
    time: str, volume: float, is_auction: bool
) -> None:
    lane = lane_at(EVENING if time < "2" and time > "1" else EVENING + timedelta(hours=11))
    lane.apply(TR, [trade(volume, 50, 50, time)])
    assert bool(marks(lane)[0] & AUCTION) is is_auction


def test_auctions_are_marked_by_day() -> None:
    lane = lane_at(datetime(2026, 1, 6, 15, 45, 2, tzinfo=KST))
    for time, volume in (("084500", 7.0), ("153500", 900.0), ("154500", 990.0)):
        future = IndexFuturesTrade(
            code="A01603", time=time, price=500.0, last_volume=7, accumulated_volume=volume
        )
        lane.apply("H0IFCNT0", [future])
    assert [mark & AUCTION for mark in marks(lane, "A01603")] == [AUCTION, 0, AUCTION]


@pytest.mark.parametrize(
    ("now", "time", "day"),
    [
        ("2026-01-05T23:59:59", "235958", 5),
        ("2026-01-06T00:00:02", "235959", 5),
        ("2026-01-06T00:00:02", "000001", 6),
        ("2026-01-06T00:00:02", "240001", 6),
        ("2026-01-05T23:59:59", "000000", 6),
    ],
)
def test_time_is_the_moment_nearest_to_its_arrival(now: str, time: str, day: int) -> None:
    lane = lane_at(datetime.fromisoformat(now).replace(tzinfo=KST))
    lane.apply(TR, [trade(10, 1, 5, time)])
    moment = datetime.fromtimestamp(taken(lane)[0][0], KST)
    assert (moment.day, f"{moment:%M%S}") == (day, time[2:])


def test_time_of_another_day_is_not_taken_from_the_last_one() -> None:
    clock = ManualClock(EVENING)
    lane = TradeLane(clock)
    lane.apply(TR, [trade(10, 1, 5)])
    clock.move_to(EVENING + timedelta(hours=9))
    lane.apply(TR, [trade(11, 1, 5, "040000")])
    clock.move_to(EVENING + timedelta(days=1))
    lane.apply(TR, [trade(12, 1, 5)])
    first, _, last = (one[0] for one in taken(lane))
    assert last - first == 86_400


def test_an_unreadable_time_is_the_arrival() -> None:
    lane = lane_at()
    lane.apply(TR, [trade(10, 1, 5, "99")])
    assert taken(lane)[0][0] == EVENING.timestamp()


def test_books_and_records_without_a_size_are_no_trades() -> None:
    lane = lane_at()
    book: list[Record] = [NightFuturesBook(code="A01603", time="190000")]
    lane.apply("H0MFASP0", book)
    lane.apply(TR, [trade(10, 0, 5)])
    assert lane.collect().trades == {}


def test_a_screen_that_stands_still_bounds_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trade_lane, "MOST", 100)
    lane = lane_at()
    for n in range(1, 400):
        lane.apply(TR, [trade(n, 1, n)])
    found = taken(lane)
    assert len(found) <= 100
    assert found[-1][3] == 399
    assert max(one[3] for one in found) - min(one[3] for one in found) == len(found) - 1


def test_trades_that_are_only_followed_are_not_handed_over() -> None:
    lane = lane_at()
    lane.keeps = False
    lane.apply(TR, [trade(10, 1, 5)])
    lane.keeps = True
    lane.apply(TR, [trade(12, 2, 7)])
    assert [one[3] for one in taken(lane)] == [12]


def test_a_missing_size_keeps_its_trade() -> None:
    lane = lane_at()
    lane.apply(TR, [NightOptionTrade(code=CODE, time="190000", price=1.0, accumulated_volume=inf)])
    assert len(taken(lane)) == 1
