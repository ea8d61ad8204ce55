"""The line that describes an alert: what it means, and what it is refused for."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.alert import Alert, Condition, Relation
from app.alerts.alert_parser import parse_alert
from app.alerts.quantities import EXTREMES, LIMITS, QUANTITIES, Subject
from app.system.errors import UsageError
from widgets.message_text import message_text
from widgets.texts import speaking


@pytest.mark.parametrize(
    ("typed", "condition", "text"),
    [
        ("B01612A34 iv > 25", ("B01612A34", "iv", ">", 25), "B01612A34 iv > 25"),
        ("b01612a34 IV>25", ("B01612A34", "iv", ">", 25), "B01612A34 iv > 25"),
        ("A01612 현재가 이상 400.5", ("A01612", "price", ">=", 400.5), "A01612 price >= 400.5"),
        ("A01612 change% below -2", ("A01612", "change_percent", "<", -2), "A01612 change% < -2"),
        ("link down 2m", ("", "link", ">=", 120), "link down 2m"),
        ("연결 끊김 30초", ("", "link", ">=", 30), "link down 30s"),
        ("A01612 quiet 90s", ("A01612", "quiet", ">=", 90), "A01612 quiet 90s"),
        ("A01612 limit touched", ("A01612", "limit", "<=", 0), "A01612 limit touched"),
        ("pnl < -1,000,000", ("", "pnl", "<", -1e6), "pnl < -1000000"),
        ("D01612S3 price < -0.5", ("D01612S3", "price", "<", -0.5), "D01612S3 price < -0.5"),
    ],
)
def test_parse_alert_reads_the_condition(
    typed: str, condition: tuple[str, str, str, float], text: str
) -> None:
    code, name, relation, limit = condition
    found = parse_alert(typed)
    assert found.condition == Condition(code, name, Relation(relation), limit)
    assert found.text == text


def test_parse_alert_reads_a_new_high() -> None:
    found = parse_alert("A01612 high new")
    assert (found.condition.quantity, found.condition.relation) == ("high", Relation.NEW)
    assert not found.repeats


def test_parse_alert_reads_every_option() -> None:
    found = parse_alert("A01612 price > 400 repeat 5m hysteresis 0.5 20:00-26:30 session")
    assert (found.repeats, found.pause, found.hysteresis) == (True, 300, 0.5)
    assert (found.hours, found.only_session) == ((time(20), time(2, 30)), True)
    assert found.text == "A01612 price > 400 repeat 5m hysteresis 0.5 20:00-02:30 session"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "alerts.empty"),
        ("A01612", "alerts.no_condition"),
        ("KOSPI price > 1", "alerts.not_a_code"),
        ("price > 1", "alerts.needs_code"),
        ("A01612 prize > 1", "alerts.no_quantity"),
        ("A01612 ㅋ", "alerts.no_quantity"),
        ("B01612A34 zzz 5", "alerts.no_quantity"),
        ("A01612 link down 30s", "alerts.link_has_no_code"),
        ("A01612 iv > 25", "alerts.no_option"),
        ("A01612 expected > 400", "alerts.no_expected"),
        ("A01612 high > 400", "alerts.wants_new"),
        ("A01612 limit > 400", "alerts.wants_touched"),
        ("link 30s", "alerts.wants_down"),
        ("A01612 price = 400", "alerts.no_relation"),
        ("A01612 price", "alerts.no_relation"),
        ("A01612 price >", "alerts.no_number"),
        ("A01612 price > nan", "alerts.no_number"),
        ("A01612 price > 4_0", "alerts.no_number"),
        ("A01612 quiet 30", "alerts.no_span"),
        ("link down 0s", "alerts.impossible"),
        ("B01612A34 iv > -1", "alerts.impossible"),
        ("B01612A34 delta > 1.5", "alerts.impossible"),
        ("A01612 volume > -1", "alerts.impossible"),
        ("A01612 price < -1", "alerts.negative_price"),
        ("A01612 price > 1 hysteresis -1", "alerts.bad_hysteresis"),
        ("A01612 high new hysteresis 1", "alerts.bad_hysteresis"),
        ("A01612 price > 1 loud", "alerts.bad_option"),
        ("A01612 price > 1 25:61-26:00", "alerts.bad_hours"),
        ("A01612 price > 1 20:00-20:00", "alerts.bad_hours"),
        ("A01612 price > 1" + " " * 200, "alerts.too_long"),
    ],
)
def test_parse_alert_refuses_in_words(typed: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_alert(typed)
    assert caught.value.key == key
    for language in ("ko", "en"):
        with speaking(language):
            assert message_text(caught.value.message)
            if caught.value.hint is not None:
                assert message_text(caught.value.hint)


def test_parse_alert_refuses_a_code_that_no_master_lists() -> None:
    with pytest.raises(UsageError, match=r"alerts\.unknown_code"):
        parse_alert("A01612 price > 1", lambda code: False)


def test_parse_alert_names_the_nearest_quantity() -> None:
    with pytest.raises(UsageError) as caught:
        parse_alert("A01612 prise > 1")
    assert caught.value.hint is not None
    with speaking("en"):
        assert message_text(caught.value.hint) == "did you mean price?"


_PLAIN = [
    one
    for one in QUANTITIES
    if one.subject is Subject.CONTRACT and one.name not in EXTREMES | LIMITS
    and not one.is_duration and not one.name.startswith("expected")
]  # fmt: skip


@given(
    st.sampled_from(_PLAIN),
    st.sampled_from([">", ">=", "<", "<="]),
    st.floats(0.01, 0.99),
    st.integers(0, 100_000),
    st.booleans(),
    st.floats(0, 10),
)
def test_alert_text_parses_to_the_same_alert(
    quantity: object, relation: str, limit: float, pause: int, repeats: bool, hysteresis: float
) -> None:
    word = getattr(quantity, "word")  # noqa: B009
    typed = f"B01612A34 {word} {relation} {limit:.6f} hysteresis {hysteresis:.3f}"
    found: Alert = parse_alert(typed + (f" repeat {pause}s" if repeats else ""))
    assert parse_alert(found.text) == found


@given(st.text(max_size=60))
def test_parse_alert_reads_or_refuses_any_text(typed: str) -> None:
    try:
        found = parse_alert(typed)
    except UsageError:
        return
    assert parse_alert(found.text) == found
