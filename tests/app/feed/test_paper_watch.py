"""Paper keys: silence counts from an accepted registration, in continuous trading."""

from datetime import datetime
from math import inf

from app.feed.paper_watch import SILENT_AFTER, PaperState, PaperWatch
from app.krx.calendar import KRX
from app.system.clock import KST

OPEN = KRX.state_at(datetime(2026, 11, 20, 19, tzinfo=KST))
AUCTION = KRX.state_at(datetime(2026, 11, 20, 17, 55, tzinfo=KST))
CLOSED = KRX.state_at(datetime(2026, 11, 21, 12, tzinfo=KST))


def test_real_keys_are_not_watched() -> None:
    watch = PaperWatch(is_paper=False)
    assert not any(watch.poll(OPEN, 3, -inf, now) for now in (0.0, 100.0, 1000.0))
    assert watch.state is PaperState.NONE


def test_silence_is_reported_once_after_a_minute() -> None:
    watch, states = PaperWatch(is_paper=True), []
    for at, last_data in ((0.0, -inf), (59.9, -inf), (60.0, -inf), (61.0, -inf), (75.1, 75.0)):
        states.append((watch.poll(OPEN, 1, last_data, at), watch.state))
    assert states == [
        (False, PaperState.TRIED),
        (False, PaperState.TRIED),
        (True, PaperState.SILENT),
        (False, PaperState.SILENT),
        (True, PaperState.TRIED),
    ]


def test_silence_before_a_registration_or_outside_of_trading_means_nothing() -> None:
    for market, used in ((OPEN, 0), (AUCTION, 1), (CLOSED, 1)):
        watch = PaperWatch(is_paper=True)
        assert not any(watch.poll(market, used, -inf, now) for now in (0.0, 100.0, 1000.0))
        watch.poll(OPEN, 1, -inf, 1001.0)
        assert watch.state is PaperState.TRIED
        assert watch.poll(OPEN, 1, -inf, 1001.0 + SILENT_AFTER)
