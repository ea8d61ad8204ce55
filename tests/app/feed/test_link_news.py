"""News of the link: a wrong certificate, a clock that is off."""

from math import nan

import pytest

from app.feed.batch import Batch, Counters, LinkState
from app.feed.connection import LinkPhase
from app.feed.link_news import link_news
from app.feed.paper_watch import PaperState
from app.feed.recording import Recording
from app.screens.link_text import link_words
from app.screens.status_text import link_parts
from specs.user_message import Countdown, UserMessage
from widgets.message_text import message_text
from widgets.status import StatusPart
from widgets.texts import t


def batch(link: LinkState | None = None, skew: float = nan) -> Batch:
    return Batch((), link or LinkState(), Counters(skew=skew), {}, (), {})


def test_silence_for_paper_keys_is_news_once_and_stays_on_the_status_line() -> None:
    tried, silent = (LinkState(paper=state) for state in (PaperState.TRIED, PaperState.SILENT))
    [news] = link_news(tried, Counters(), batch(silent))
    assert news.bad
    assert "모의투자" in message_text(news.message)
    assert link_news(silent, Counters(), batch(silent)) == []
    assert link_news(silent, Counters(), batch(tried)) == []
    for state, words in ((tried, "모의투자"), (silent, "모의투자 · 시세 없음")):
        parts = link_parts(state, Counters(), 0.0, plain=False, recording=Recording(on=False))
        assert words in [part.text for part in parts]


def clock_part(skew: float) -> list[StatusPart]:
    """Return the part of the status line about the clock."""
    parts = link_parts(
        LinkState(), Counters(skew=skew), 0.0, plain=False, recording=Recording(on=False)
    )
    return [part for part in parts if "PC 시계" in part.text]


@pytest.mark.parametrize(
    ("phase", "used", "in_session", "said"),
    [
        (LinkPhase.LIVE, 3, True, "● 실시간"),
        (LinkPhase.LIVE, 3, False, "● 연결됨"),
        (LinkPhase.DEGRADED, 3, False, "● 연결됨 · 일부 종목 등록 실패"),
        (LinkPhase.LIVE, 0, True, "● 연결됨 · 등록된 종목 없음"),
        (LinkPhase.DIAL, 0, False, "◌ 연결 중"),
    ],
)
def test_the_status_line_is_live_only_where_data_can_come(
    phase: LinkPhase, used: int, in_session: bool, said: str
) -> None:
    link = LinkState(phase, used=used, limit=41)
    parts = link_parts(
        link, Counters(), 0.0, plain=False, recording=Recording(on=False), in_session=in_session
    )
    assert parts[0].text == said


@pytest.mark.parametrize("skew", [nan, 0.0, -0.9, 4.9, -4.9])
def test_the_status_line_says_nothing_of_a_clock_that_is_right(skew: float) -> None:
    assert clock_part(skew) == []


@pytest.mark.parametrize(
    ("skew", "said"),
    [(5.0, "PC 시계 5초 느림"), (-7.2, "PC 시계 8초 빠름"), (59.0, "PC 시계 59초 느림")],
)
def test_the_status_line_says_how_far_the_clock_is_off(skew: float, said: str) -> None:
    [part] = clock_part(skew)
    assert (part.text, part.tone) == (said, "$warning")


def test_a_clock_a_minute_off_is_a_warning_with_what_to_do() -> None:
    [part] = clock_part(-125.0)
    assert part.text == "PC 시계 2:05 빠름 — 시각을 동기화하세요"
    assert (part.tone, part.shorter) == ("bold $warning", "PC 시계 2:05 빠름")
    [one] = link_news(LinkState(), Counters(), batch(skew=-125.0))
    assert one.bad
    assert one.message == UserMessage("link_news.clock_fast", span=Countdown(125))
    assert "2:05 빠릅니다" in message_text(one.message)
    assert link_news(LinkState(), Counters(skew=-125.0), batch(skew=-126.0)) == []
    assert link_news(LinkState(), Counters(), batch(skew=-59.0)) == []


@pytest.mark.parametrize(
    ("skew", "key", "seconds"),
    [
        (60.0, "link_news.clock_slow", 60),
        (59.9, "", 0),
        (61.5, "link_news.clock_slow", 62),
        (-60.0, "link_news.clock_fast", 60),
        (-60.1, "link_news.clock_fast", 61),
    ],
)
def test_a_clock_is_slow_or_fast_by_whole_seconds(skew: float, key: str, seconds: int) -> None:
    wanted = [UserMessage(key, span=Countdown(seconds))] if key else []
    assert [one.message for one in link_news(LinkState(), Counters(), batch(skew=skew))] == wanted


def test_an_untrusted_server_is_explained_once() -> None:
    link = LinkState(LinkPhase.UNTRUSTED, "key", t("why.certificate_expired"), 600.0)
    [one] = link_news(LinkState(LinkPhase.AUTH), Counters(), batch(link))
    assert (one.message, one.bad) == (UserMessage("link_news.untrusted"), True)
    for cause in ("프록시", "와이파이", "공격"):
        assert cause in message_text(one.message)
    assert link_news(link, Counters(), batch(link)) == []


def test_the_status_line_names_the_fault_of_a_certificate_and_the_next_try() -> None:
    link = LinkState(LinkPhase.UNTRUSTED, "key", t("why.certificate_expired"), 600.0)
    words = link_words(link, 0.0)
    assert words.startswith("서버 인증서 오류: 만료된 인증서 · 10:00")
    assert "0회" not in words
    assert "r" in words
