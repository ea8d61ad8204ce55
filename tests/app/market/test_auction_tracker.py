"""The auction result that is still shown after a restart."""

from datetime import datetime
from pathlib import Path

import pytest

from app.krx.calendar import MarketPhase
from app.market.auction_file import Auction, AuctionFile
from app.market.auction_tracker import AuctionTracker
from app.system.clock import KST
from specs.frame import decode
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
