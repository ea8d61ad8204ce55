"""Messages about a recording: one for each change, none without one."""

import pytest
from msgspec.structs import replace

from app.feed.recording import ClosedTape, Recording
from app.tape.recording_news import news
from specs.user_message import UserMessage

OFF, ON = Recording(on=False), Recording(on=True)
BEGUN = Recording(on=True, begun=1, name="a.ktape")
FULL = replace(BEGUN, trouble="record.why_full")


def closed(before: Recording, why: str) -> Recording:
    return replace(before, on=why != "asked", closed=(ClosedTape("a.ktape", 7, why),))


@pytest.mark.parametrize(
    ("before", "now", "keys"),
    [
        (OFF, OFF, []), (ON, ON, []), (BEGUN, BEGUN, []), (FULL, FULL, []), (OFF, ON, []),
        (OFF, BEGUN, ["record.started"]), (ON, BEGUN, ["record.started"]),
        (BEGUN, replace(BEGUN, begun=2), ["record.next"]),
        (BEGUN, closed(BEGUN, "asked"), ["record.stopped"]),
        (BEGUN, closed(BEGUN, "session"), ["record.stopped"]),
        (BEGUN, closed(BEGUN, "lost"), ["record.lost"]),
        (BEGUN, closed(BEGUN, "moved"), ["record.moved"]),
        (BEGUN, FULL, ["record.halted"]),
        (FULL, replace(FULL, trouble="record.why_slow"), ["record.halted"]),
        (FULL, BEGUN, ["record.resumed"]),
        (FULL, replace(BEGUN, begun=2), ["record.next"]),
        (BEGUN, replace(BEGUN, removed=2), ["record.removed"]),
        (ON, OFF, ["record.over"]), (BEGUN, replace(BEGUN, on=False), ["record.over"]),
        (BEGUN, replace(BEGUN, dropped=3), ["record.dropped"]),
        (replace(BEGUN, dropped=3), replace(BEGUN, dropped=3), []),
        (FULL, replace(FULL, dropped=3), []),
        (FULL, replace(FULL, dropped=3, on=False), ["record.over", "record.dropped"]),
    ],
)  # fmt: skip
def test_news_has_a_message_for_each_change(
    before: Recording, now: Recording, keys: list[str]
) -> None:
    found = list(news(before, now))
    assert [one.message.key for one in found] == keys  # type: ignore[union-attr]
    bad = {"record.lost", "record.halted", "record.dropped"}
    assert [one.bad for one in found] == [key in bad for key in keys]


def test_news_say_names_and_counts() -> None:
    lost = replace(BEGUN, closed=(ClosedTape("a.ktape", 1234, "lost"),), begun=2, name="b.ktape")
    found = [one.message for one in news(BEGUN, replace(lost, removed=3, dropped=5678))]
    assert found == [
        UserMessage("record.lost", name="a.ktape", count="1,234"),
        UserMessage("record.next", name="b.ktape"),
        UserMessage("record.removed", count=3),
        UserMessage("record.dropped", count="5,678"),
    ]
    more = news(replace(lost, removed=3), replace(lost, removed=5))
    assert [one.message for one in more] == [UserMessage("record.removed", count=2)]
    [halted] = news(BEGUN, FULL)
    assert halted.message == UserMessage("record.halted", why=UserMessage("record.why_full"))
    [resumed] = news(FULL, BEGUN)
    assert resumed.message == UserMessage("record.resumed", name="a.ktape")


def test_news_of_a_new_recording_begin_anew() -> None:
    before = Recording(on=False, begun=4, closed=(ClosedTape("a.ktape", 7, "asked"),), dropped=9)
    [one] = news(before, BEGUN)
    assert one.message == UserMessage("record.started", name="a.ktape")
