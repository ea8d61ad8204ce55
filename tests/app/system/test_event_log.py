"""The log's lines: one an event, by a grammar that any reader can undo, and never a secret."""

import logging

import pytest
from harness.log_lines import capture_log, read_line
from hypothesis import given
from hypothesis import strategies as st

from app.system.event_log import LONGEST_TRACE, LONGEST_VALUE, RateLimit, log_event, seconds
from app.system.secret import Secret, redact_foreign


def test_an_event_is_one_line_of_pairs_as_documented() -> None:
    with capture_log() as ring:
        log_event("feed", "wait", seconds(2.1), why="1006", attempt=2, code=None)
    assert ring.lines() == ("2026-11-30T19:00:01+09:00 INFO feed wait=2.1s why=1006 attempt=2",)


def test_an_event_may_have_no_value_and_lists_and_truths_are_values() -> None:
    with capture_log() as ring:
        log_event(
            "feed", "session", auction=True, codes=("A01612", "B01612A31"), rate=2.70, none=()
        )
    assert ring.lines()[0].endswith(
        'INFO feed session auction=yes codes=A01612,B01612A31 rate=2.7 none=""'
    )


@given(st.text(max_size=LONGEST_VALUE), st.text(max_size=LONGEST_VALUE))
def test_a_line_gives_back_every_value_and_is_printable(first: str, second: str) -> None:
    with capture_log() as ring:
        log_event("feed", "refused", first, words=second)
    [line] = ring.lines()
    assert line.isprintable()
    # Redaction goes by telling names, which chance text hardly ever holds.
    if "***" not in line:
        assert read_line(line)[1] == {"refused": first, "words": second}


def test_a_traceback_stays_on_the_line_of_its_event() -> None:
    with capture_log() as ring:
        try:
            raise ValueError("first\nsecond")
        except ValueError as error:
            log_event("program", "crash", level=logging.CRITICAL, error=error)
    [line] = ring.lines()
    head, pairs = read_line(line)
    assert (head["level"], head["room"]) == ("CRITICAL", "program")
    assert pairs["error"] == "ValueError: first\nsecond"
    assert (pairs["trace"] or "").startswith("Traceback (most recent call last):\n  File ")


def test_a_plain_record_becomes_a_message_with_its_traceback_on_one_line() -> None:
    with capture_log() as ring:
        try:
            raise KeyError(0)
        except KeyError as error:
            logging.getLogger("app.guard").error("handler failed id=%s", "ab12", exc_info=error)
    [line] = ring.lines()
    head, pairs = read_line(line)
    assert head["room"] == "guard"
    assert pairs["message"] == "handler failed id=ab12"
    assert pairs["error"] == "KeyError: 0"
    assert "\n  File " in (pairs["trace"] or "")


def test_a_record_whose_arguments_do_not_fit_is_logged_as_its_text() -> None:
    with capture_log() as ring:
        logging.getLogger("app.guard").error("%d of %d", "one")
    assert read_line(ring.lines()[0])[1] == {"message": "%d of %d"}


def test_a_long_value_loses_its_end_and_a_long_trace_its_beginning() -> None:
    with capture_log() as ring:
        log_event("feed", "refused", "x" * (LONGEST_VALUE + 1))
        log_event("feed", "refused", error=ValueError("y" * 3 * LONGEST_TRACE + "end"))
    first, second = (read_line(line)[1] for line in ring.lines())
    assert first["refused"] == "x" * (LONGEST_VALUE - 1) + "…"
    assert len(second["trace"] or "") == LONGEST_TRACE
    assert (second["trace"] or "").endswith("yend")


@pytest.mark.parametrize(
    "text", ["Bearer: {}", "before\n{}\tafter", '"{}"', "{}" + "x" * 600, "x" * 480 + "{}"]
)
def test_a_secret_is_masked_wherever_it_stands(text: str) -> None:
    secret = "sentinel0of0the0event0log/+=0123456789"
    Secret(secret)
    with capture_log() as ring:
        log_event("feed", "refused", text.format(secret), words=text.format(secret))
        log_event("feed", "refused", error=ValueError(text.format(secret)))
    lines = "\n".join(ring.lines())
    assert "sentinel0of0the0event0log" not in lines
    assert "***" in lines


def test_redact_foreign_masks_the_first_part_of_a_secret_where_the_text_was_cut() -> None:
    secret = "sentinel.cut.in.two.0123456789"
    Secret(secret)
    assert redact_foreign(f"refused {secret[:17]}") == "refused ***"
    assert redact_foreign(f"refused {secret[:3]}") == f"refused {secret[:3]}"
    assert redact_foreign(f"{secret} refused") == "*** refused"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SUBSCRIBE SUCCESS", "SUBSCRIBE SUCCESS"),
        ("ALREADY IN USE appkey", "ALREADY IN USE appkey"),
        ("INVALID_APPROVAL_KEY_FOR_CUSTOMER", "INVALID_APPROVAL_KEY_FOR_CUSTOMER"),
        ("B01612A31 H0EUCNT0 OPSP0000", "B01612A31 H0EUCNT0 OPSP0000"),
        ("iv c1f3e71ec70e1b2d!", "iv ***!"),
        ("6e3f2b1a-0000-1111-2222-333344445555", "***"),
    ],
)
def test_redact_foreign_masks_what_has_the_shape_of_a_key(text: str, expected: str) -> None:
    assert redact_foreign(text) == expected


def test_a_value_with_a_telling_name_is_masked() -> None:
    with capture_log() as ring:
        log_event("feed", "control", "json", text='{"approval_key":"6e3f2b1a-0000-1111"}')
    assert "6e3f2b1a" not in ring.lines()[0]


def test_rate_limit_lets_some_of_a_kind_through_and_counts_the_others() -> None:
    limit = RateLimit(2, 60.0)
    assert [limit.admit("json", 100.0 + at) for at in range(5)] == [1, 1, None, None, None]
    assert limit.admit("number", 105.0) == 1
    assert limit.admit("json", 159.9) is None
    assert limit.admit("json", 160.0) == 5
    assert limit.admit("json", 160.1) == 1
