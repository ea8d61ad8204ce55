"""The auction result that is still shown after a restart."""

from array import array
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.feed.batch import Batch, Counters, LinkState, Received
from app.feed.phase import LinkPhase
from app.feed.trade_lane import LaneRecords
from app.krx.calendar import MarketPhase
from app.market.auction_file import SINGLE_PRICE, Auction, AuctionFile
from app.market.auction_tracker import AuctionTracker
from app.system.clock import KST
from specs.frame import decode
from specs.market.indication import Indication
from specs.record import ExpectedRecord

FRAME = "0|H0EUANC0|001|B01612A33^175959^26.8^1.65^2^6.56^311^34"


@pytest.mark.parametrize(
    ("end", "now", "shown"),
    [
        # Friday's close until Monday, the end of Saturday's night too, and over Christmas.
        ("2026-11-20T15:45", "2026-11-23T23:00", True),
        ("2026-11-21T06:00", "2026-11-23T08:30", True),
        ("2026-12-25T06:00", "2026-12-28T20:00", True),
        ("2026-11-20T18:00", "2026-11-24T00:30", False),
        ("2026-11-20T18:00", "2026-12-10T15:00", False),
        # A clock that was ahead has kept an auction of the future.
        ("2026-11-20T18:00", "2026-11-20T12:00", False),
    ],
)
def test_result_is_restored_until_the_trading_day_after_it(
    tmp_path: Path, end: str, now: str, shown: bool
) -> None:
    [record] = decode(FRAME).records
    assert isinstance(record, ExpectedRecord)
    file = AuctionFile(tmp_path / "auction.json")
    ended = datetime.fromisoformat(end).replace(tzinfo=KST)
    file.save(Auction(MarketPhase.OPENING_AUCTION, ended), [record])
    watch = AuctionTracker(file)
    watch.restore(datetime.fromisoformat(now).replace(tzinfo=KST))
    assert bool(watch.records) is shown
    assert (watch.auction is not None) is shown


@pytest.mark.parametrize(
    ("now", "restored"),
    [("17:59:45", False), ("17:59:56", False), ("17:59:59", False), ("18:00:05", True)],
)
def test_a_run_that_begins_before_what_was_saved_does_not_know_it(
    tmp_path: Path, now: str, restored: bool
) -> None:
    file = AuctionFile(tmp_path / "auction.json")
    [record] = decode(FRAME).records
    assert isinstance(record, ExpectedRecord)
    ended = moment("18:00:00")
    last, uncrossed = int(ended.timestamp()) - 1, int(ended.timestamp())
    indication = Indication(
        last=last, last_price=26.8, count=1, uncross=26.8, uncrossed_at=uncrossed
    )
    auction = Auction(MarketPhase.OPENING_AUCTION, ended)
    file.save(auction, [record], {record.code: indication})
    tracker = AuctionTracker(file)
    tracker.restore(moment(now))
    assert bool(tracker.records) is restored
    assert bool(tracker.indications.known(moment(now))) is restored


def records(price: str = "26.8") -> list[ExpectedRecord]:
    found = decode(FRAME.replace("175959", "102000").replace("26.8", price)).records
    return [record for record in found if isinstance(record, ExpectedRecord)]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-20T{text}").replace(tzinfo=KST)


def test_note_begins_an_auction_of_its_own_outside_of_the_calendar() -> None:
    tracker = AuctionTracker(None)
    said = [
        tracker.note(records(), moment(text))
        for text in ("08:44:00", "08:45:30", "10:20:00", "10:29:59", "10:39:59", "10:50:00")
    ]
    assert said == [True, False, True, False, False, True]
    assert tracker.auction == Auction(SINGLE_PRICE, moment("10:50:00"))
    assert tracker.note(records(), moment("15:40:00"))
    assert tracker.auction == Auction(MarketPhase.CLOSING_AUCTION, moment("15:45:00"))


def test_an_auction_outside_of_the_calendar_replaces_the_last_result(tmp_path: Path) -> None:
    file = AuctionFile(tmp_path / "auction.json")
    tracker = AuctionTracker(file)
    tracker.note(records("30"), moment("08:44:00"))
    tracker.note(records("31.5"), moment("10:20:00"))
    assert [record.expected_price for record in tracker.records] == [31.5]
    tracker.save()
    again = AuctionTracker(file)
    again.restore(moment("10:25:00"))
    assert again.auction == Auction(SINGLE_PRICE, moment("10:20:00"))


def test_a_record_that_was_delayed_belongs_to_the_auction_of_its_time() -> None:
    tracker = AuctionTracker(None)
    [closing] = decode(FRAME.replace("175959", "154430")).records
    assert isinstance(closing, ExpectedRecord)
    tracker.note([closing], moment("15:44:31"))
    for text, phase in (("15:50:00", MarketPhase.CLOSING_AUCTION), ("16:20:00", SINGLE_PRICE)):
        tracker.note([closing], moment(text))
        assert tracker.auction is not None
        assert tracker.auction.phase == phase


@pytest.mark.parametrize(
    ("time", "arrives", "phase"),
    [
        ("084459", "08:45:01", MarketPhase.OPENING_AUCTION),
        ("084500", "08:45:01", MarketPhase.OPENING_AUCTION),
        ("154430", "16:10:00", MarketPhase.CLOSING_AUCTION),
        # After half an hour it is no late record, and within trading it is another auction's.
        ("154430", "16:20:00", SINGLE_PRICE),
        ("102000", "10:20:00", SINGLE_PRICE),
        ("", "08:45:01", SINGLE_PRICE),
    ],
)
def test_first_record_after_an_auction_belongs_to_the_auction_of_its_time(
    time: str, arrives: str, phase: str
) -> None:
    tracker = AuctionTracker(None)
    [record] = decode(FRAME).records
    assert isinstance(record, ExpectedRecord)
    assert tracker.note([replace(record, time=time)], moment(arrives))
    assert tracker.auction is not None
    assert tracker.auction.phase == phase


def test_first_record_after_midnight_belongs_to_the_auction_of_its_time() -> None:
    tracker = AuctionTracker(None)
    [record] = decode(FRAME).records
    assert isinstance(record, ExpectedRecord)
    at = datetime(2026, 11, 21, 6, 0, 2, tzinfo=KST)
    tracker.note([replace(record, time="055959")], at)
    assert tracker.auction == Auction(MarketPhase.CLOSING_AUCTION, at.replace(second=0))


def test_what_came_before_is_kept_when_it_arrives_with_the_first_record() -> None:
    tracker, [record] = AuctionTracker(None), decode(FRAME).records
    assert isinstance(record, ExpectedRecord)
    now = moment("17:59:59")
    tracker.note([record], now)
    earlier = {record.code: array("d", (now.timestamp() - 100, 26.5, 30.0))}
    batch = Batch(
        (Received("H0EUANC0", record, 1.0),), LinkState(LinkPhase.LIVE), Counters(), {}, (), {},
        earlier=(LaneRecords({}, earlier),), is_reset=True,
    )  # fmt: skip
    found = tracker.apply(batch, {}, now)[record.code]
    assert (found.first_price, found.last_price, found.count) == (26.5, 26.8, 2)
