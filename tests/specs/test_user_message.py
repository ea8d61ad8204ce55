"""Messages for the user: equal by key and values, readable in a log."""

from specs.user_message import Elapsed, MessageList, News, UserMessage

FULL = UserMessage("record.halted", why=UserMessage("record.why_full"))


def test_messages_are_equal_by_key_fallback_and_values() -> None:
    assert UserMessage("a", x=1) == UserMessage("a", x=1)
    assert hash(UserMessage("a", x=1)) == hash(UserMessage("a", x=1))
    for other in (UserMessage("b", x=1), UserMessage("a", x=2), UserMessage("a", "f", x=1), "a"):
        assert UserMessage("a", x=1) != other
    assert {FULL, UserMessage("record.halted", why=UserMessage("record.why_full"))} == {FULL}
    assert len({UserMessage("a"), UserMessage("a", "f"), UserMessage("b")}) == 3


def test_a_message_keeps_key_fallback_and_values() -> None:
    message = UserMessage("a", "text", x=1)
    assert (message.key, message.fallback, message.values) == ("a", "text", {"x": 1})
    assert UserMessage("a").fallback is None


def test_a_message_prints_as_a_call_of_its_key() -> None:
    assert str(FULL) == "record.halted(why=record.why_full())"
    assert str(UserMessage("a", x=1, span=Elapsed(5))) == "a(x=1, span=Elapsed(seconds=5))"


def test_lists_are_equal_by_parts_and_separator() -> None:
    parts = (FULL, "text")
    assert MessageList(parts) == MessageList(iter(parts))
    assert hash(MessageList(parts)) == hash(MessageList(list(parts)))
    for other in (MessageList(parts[:1]), MessageList(parts, " · "), "text", FULL):
        assert MessageList(parts) != other
    assert hash(MessageList(parts)) != hash(MessageList(parts, " · "))
    found = MessageList(parts)
    assert (found.parts, found.separator) == (parts, "; ")
    assert str(found) == f"[{FULL}; text]"


def test_news_are_no_warnings_unless_they_say_so() -> None:
    assert News(FULL) == News(FULL, bad=False) != News(FULL, bad=True)
