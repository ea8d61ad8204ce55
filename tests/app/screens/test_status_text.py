"""The left of the status line and the auction's title, in words."""

from datetime import datetime, timedelta

import pytest
from rich.cells import cell_len

from app.feed.registrations import RegistrationState
from app.krx.calendar import MarketPhase, at
from app.market.auction_file import SINGLE_PRICE, Auction
from app.screens.status_text import auction_title, no_expected, session_parts
from app.system.clock import KST
from specs.catalog import Session
from specs.codes import Family
from widgets.texts import has, speaking, use


def said(text: str) -> list[str]:
    now = datetime.fromisoformat(text).replace(tzinfo=KST)
    return [part.text for part in session_parts(at(now), now, "")[1:]]


@pytest.mark.parametrize(
    ("now", "end", "words"),
    [
        ("2026-12-10T15:19:22", "15:20", "만기 15:20까지 0:38"),
        ("2026-12-10T13:00:00", "15:20", "만기 15:20까지 2:20:00"),
        ("2026-12-10T08:35:00", "15:20", "예상체결까지 5:00"),
        ("2026-12-10T10:00:00", "11:30", "만기 11:30까지 1:30:00"),
        ("2026-12-10T15:21:00", "15:35", "종가 단일가까지 14:00"),
    ],
)
def test_header_counts_to_the_first_end_when_it_comes_before_the_next_phase(
    now: str, end: str, words: str
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=KST)
    hour, minute = map(int, end.split(":"))
    ends = moment.replace(hour=hour, minute=minute, second=0)
    assert session_parts(at(moment), moment, "", expiry=ends)[-1].text == words


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (
            "2026-11-21T03:12:44",
            ["야간 장중", "03:12:44 +1", "거래일 11/23(월)", "종가 단일가까지 2:37:16"],
        ),
        (
            "2026-11-20T15:44:49",
            ["주간 종가 단일가", "15:44:49", "거래일 11/20(금)", "장 마감까지 11초"],
        ),
        (
            "2026-11-20T15:45:00",
            ["거래시간 아님", "15:45:00", "거래일 11/23(월)", "야간 17:50 시가 단일가까지 2:05:00"],
        ),
        (
            "2026-11-20T06:30:00",
            ["거래시간 아님", "06:30:00", "거래일 11/20(금)", "주간 08:30 시가 단일가까지 2:00:00"],
        ),
        (
            "2026-11-20T08:35:00",
            ["주간 시가 단일가", "08:35:00", "거래일 11/20(금)", "예상체결까지 5:00"],
        ),
        (
            "2026-11-20T08:40:00",
            ["주간 시가 단일가", "08:40:00", "거래일 11/20(금)", "장 시작까지 5:00"],
        ),
        (
            "2026-11-21T06:00:00",
            ["휴장", "06:00:00", "거래일 11/23(월)", "주간 08:30 시가 단일가까지 2일 2시간"],
        ),
        (
            "2026-12-30T18:00:00",
            ["야간 장중", "18:00:00", "거래일 01/04(월)", "종가 단일가까지 11:50:00"],
        ),
        (
            "2026-12-31T18:00:00",
            ["휴장", "18:00:00", "거래일 01/04(월)", "주간 09:30 시가 단일가까지 3일 15시간"],
        ),
        (
            "2026-09-24T08:30:00",
            ["휴장", "08:30:00", "거래일 09/28(월)", "주간 08:30 시가 단일가까지 4일"],
        ),
    ],
)
def test_the_status_line_says_what_is_on_and_what_comes(now: str, words: list[str]) -> None:
    assert said(now) == words


def test_the_status_line_says_it_in_english() -> None:
    try:
        use("en")
        assert said("2026-11-20T15:45:00")[::3] == [
            "between sessions",
            "night 17:50 opening auction in 2:05:00",
        ]
        assert said("2026-11-21T06:00:00")[0] == "closed today"
    finally:
        use("ko")


@pytest.mark.parametrize(
    ("now", "end"),
    [("2026-11-21T05:55:00", "06:00 +1"), ("2026-11-20T15:40:00", "15:45")],
)
def test_an_auction_that_ends_after_midnight_is_marked(now: str, end: str) -> None:
    state = at(datetime.fromisoformat(now).replace(tzinfo=KST))
    assert state.auction is not None
    moment = datetime.fromisoformat(now).replace(tzinfo=KST)
    auction = Auction(str(MarketPhase.CLOSING_AUCTION), state.auction[1])
    title = auction_title(auction, state, moment)
    assert end in title
    assert (" +1" in title) is ("+1" in end)


def test_an_auction_outside_of_the_calendar_is_under_way_while_it_speaks() -> None:
    spoke = datetime(2026, 11, 20, 10, 23, 15, tzinfo=KST)
    auction = Auction(SINGLE_PRICE, spoke)
    said = [
        auction_title(auction, at(now), now)
        for now in (spoke, spoke + timedelta(seconds=60), spoke + timedelta(seconds=61))
    ]
    assert ["진행 중" in title for title in said] == [True, True, False]
    assert "임시 단일가 11/20 10:23 결과" in said[2]


@pytest.mark.parametrize(
    "standing",
    [s for s in RegistrationState if s not in (RegistrationState.NONE, RegistrationState.ACTIVE)],
)
def test_a_row_that_is_not_registered_says_how_it_stands(standing: RegistrationState) -> None:
    assert has(f"row.{standing}")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("asks_rest", [False, True])
def test_missing_expected_executions_by_day_are_told_within_the_panel(
    language: str, *, asks_rest: bool
) -> None:
    """Source: the panel's frame leaves 54 cells at 120 columns."""
    with speaking(language):
        words = no_expected({Family.INDEX_FUTURES}, Session.DAY, asks_rest=asks_rest)
    assert "REST" in words
    assert ("first_picture = true" in words) is not asks_rest
    assert cell_len(words) <= 54
