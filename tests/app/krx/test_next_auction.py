"""The next auction with expected prices after a moment."""

from datetime import datetime

import pytest

from app.krx.calendar import KRX, MarketPhase, next_auction
from app.system.clock import KST
from specs.catalog import Session

DAY, NIGHT = Session.DAY, Session.NIGHT


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KST)


@pytest.mark.parametrize(
    ("now", "session", "phase", "begin"),
    [
        ("2026-11-20 17:49:59", NIGHT, MarketPhase.OPENING_AUCTION, "2026-11-20 17:50:00"),
        ("2026-11-20 17:55:00", NIGHT, MarketPhase.CLOSING_AUCTION, "2026-11-21 05:50:00"),
        ("2026-11-21 05:55:00", DAY, MarketPhase.OPENING_AUCTION, "2026-11-23 08:40:00"),
        # Orders come from 08:30, expected prices from 08:40.
        ("2026-11-23 08:35:00", DAY, MarketPhase.OPENING_AUCTION, "2026-11-23 08:40:00"),
        ("2026-11-23 08:40:00", DAY, MarketPhase.CLOSING_AUCTION, "2026-11-23 15:35:00"),
        ("2026-12-24 16:00:00", NIGHT, MarketPhase.OPENING_AUCTION, "2026-12-24 17:50:00"),
    ],
)
def test_next_auction_is_the_first_whose_expected_prices_come(
    now: str, session: Session, phase: MarketPhase, begin: str
) -> None:
    found = next_auction(KRX, moment(now))
    assert (found.session, found.phase, found.begin) == (session, phase, moment(begin))
