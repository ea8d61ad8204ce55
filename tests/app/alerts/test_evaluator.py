"""The evaluation of alerts: each fires exactly once where it must."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from harness.sample_frames import frame, record
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.alerts.alert import Alert, FiredAlert
from app.alerts.alert_parser import parse_alert
from app.alerts.evaluator import AlertEvaluator
from app.system.clock import KST, ManualClock
from specs.frame import decode

START = datetime(2026, 11, 20, 21, 0, tzinfo=KST)
CODE = "B01612A34"


class Bench:
    """An evaluator of alerts by their texts, and what fired."""

    def __init__(self, *texts: str, ignores_history: bool = False) -> None:
        self.clock = ManualClock(START)
        self.fired: list[FiredAlert] = []
        self.evaluator = AlertEvaluator(
            self.clock, self.fired.append, ignores_history=ignores_history
        )
        self.alerts = [
            replace(parse_alert(text), id=number) for number, text in enumerate(texts, 1)
        ]
        self.evaluator.watch(self.alerts)

    def trade(self, **changed: object) -> None:
        """Let a second pass and a night option's trade come."""
        self.pass_time(1)
        values = {name: str(value) for name, value in changed.items()}
        found = decode(frame("H0EUCNT0", record("H0EUCNT0", CODE, **values)))
        self.evaluator.accept(found.tr_id, found.records)

    def quote(self, tr_id: str = "H0EUASP0", **changed: object) -> None:
        """Let an order book or an expected execution come."""
        values = {name: str(value) for name, value in changed.items()}
        found = decode(frame(tr_id, record(tr_id, CODE, **values)))
        self.evaluator.accept(found.tr_id, found.records)

    def pass_time(self, seconds: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    @property
    def values(self) -> list[float]:
        return [one.value for one in self.fired]


def test_an_alert_fires_once_at_the_first_record_that_meets_it() -> None:
    bench = Bench(f"{CODE} price > 5")
    for price in (4.9, 5, 5.1, 5.2, 4, 6):
        bench.trade(price=price)
    assert bench.values == [5.1]
    assert bench.fired[0].at == START + timedelta(seconds=3)


def test_an_alert_that_already_holds_fires_at_the_first_record() -> None:
    bench = Bench(f"{CODE} price <= 5")
    bench.trade(price=5)
    assert bench.values == [5]


def test_a_repeating_alert_waits_for_its_hysteresis() -> None:
    bench = Bench(f"{CODE} price > 5 repeat 0s hysteresis 0.5")
    for price in (5.1, 4.9, 5.1, 4.5, 5.1):
        bench.trade(price=price)
    assert bench.values == [5.1, 5.1]
    assert bench.fired[1].at == START + timedelta(seconds=5)


def test_a_condition_that_is_met_in_the_pause_fires_after_it_if_it_still_holds() -> None:
    bench = Bench(f"{CODE} price > 5 repeat 10s")
    for price in (6, 4, 7):
        bench.trade(price=price)
    assert bench.values == [6]
    bench.pass_time(20)
    bench.trade(price=8)
    bench.trade(price=9)
    assert bench.values == [6, 8]


def test_an_alert_fires_within_its_hours_alone() -> None:
    bench = Bench(f"{CODE} price > 5 21:01-02:00")
    bench.trade(price=6)
    assert bench.values == []
    bench.pass_time(60)
    bench.trade(price=7)
    assert bench.values == [7]


def test_an_alert_does_not_fire_after_its_end() -> None:
    bench = Bench()
    alert = replace(parse_alert(f"{CODE} price > 5"), id=1, ends=START)
    bench.evaluator.watch([alert])
    bench.trade(price=6)
    assert bench.values == []


def test_an_alert_that_fired_in_an_earlier_run_fires_again_on_a_tape_alone() -> None:
    for ignores_history, expected in ((False, []), (True, [6])):
        bench = Bench(ignores_history=ignores_history)
        alert = replace(parse_alert(f"{CODE} price > 5"), id=1, fired=START - timedelta(days=1))
        bench.evaluator.watch([alert])
        bench.trade(price=6)
        assert bench.values == expected


def test_watch_keeps_the_state_of_alerts_that_stay() -> None:
    bench = Bench(f"{CODE} price > 5")
    bench.trade(price=6)
    bench.evaluator.watch([*bench.alerts, replace(parse_alert(f"{CODE} price < 3"), id=2)])
    bench.trade(price=7)
    bench.trade(price=2)
    assert bench.values == [6, 2]


def test_a_new_high_fires_at_each_and_not_at_the_first_one_seen() -> None:
    bench = Bench(f"{CODE} high new repeat 0s")
    for high in (5, 5, 5.5, 5.5, 6):
        bench.trade(high=high)
    assert bench.values == [5.5, 6]


def test_the_high_of_another_session_is_no_new_high() -> None:
    bench = Bench(f"{CODE} high new repeat 0s")
    for high in (5, 2, 2.5):
        bench.trade(high=high)
    assert bench.values == [2.5]


def test_every_large_print_fires() -> None:
    bench = Bench(f"{CODE} size >= 100 repeat 0s")
    for size in (100, 100, 99, 150):
        bench.trade(last_volume=size)
    assert bench.values == [100, 100, 150]


@pytest.mark.parametrize("missing", ["0", ""])
def test_a_missing_price_meets_no_condition(missing: str) -> None:
    bench = Bench(f"{CODE} price < 5", f"{CODE} bid < 5")
    bench.trade(price=missing, bid=missing)
    assert bench.values == []


def test_a_falling_sign_makes_the_change_negative() -> None:
    bench = Bench(f"{CODE} change < -1")
    bench.trade(change=2, change_sign=5)
    assert bench.values == [-2]


def test_a_dynamic_limit_fires_when_it_is_touched() -> None:
    bench = Bench(f"{CODE} limit touched", f"{CODE} lower touched")
    limits = {
        "dynamic_upper_limit": 10, "dynamic_lower_limit": 2, "dynamic_limit_flag": "N",
    }  # fmt: skip
    bench.trade(price=9.99, **limits)
    assert bench.fired == []
    bench.trade(price=10, **limits)
    assert [one.alert.id for one in bench.fired] == [1]
    bench.trade(price=2, **limits)
    assert [one.alert.id for one in bench.fired] == [1, 2]


def test_quotes_of_trade_and_book_are_one_quantity() -> None:
    bench = Bench(f"{CODE} bid > 5 repeat 0s")
    bench.quote(bid=6, bid_size=1)
    bench.trade(bid=6, bid_size=1)
    assert bench.values == [6]
    bench.trade(bid=4, bid_size=1)
    bench.quote(bid=7, bid_size=1)
    assert bench.values == [6, 7]


def test_an_expected_price_fires() -> None:
    bench = Bench(f"{CODE} expected > 5")
    bench.quote("H0EUANC0", expected_price=5.5)
    assert bench.values == [5.5]


def test_computed_values_fire_when_they_are_polled() -> None:
    bench = Bench("link down 30s", f"{CODE} iv > 25")
    bench.evaluator.poll(lambda condition: {"link": 29.0, "iv": float("nan")}[condition.quantity])
    assert bench.values == []
    bench.evaluator.poll(lambda condition: {"link": 30.0, "iv": 25.5}[condition.quantity])
    bench.evaluator.poll(lambda condition: {"link": 31.0, "iv": 26.0}[condition.quantity])
    assert bench.values == [30, 25.5]


def expected_firings(values: list[float], alert: Alert) -> list[int]:
    """Return where a repeating alert without a pause fires, by its definition alone."""
    found, armed = [], True
    limit, gap = alert.condition.limit, alert.hysteresis
    for at, value in enumerate(values):
        above = alert.condition.relation == ">"
        if not armed and (value <= limit - gap if above else value >= limit + gap):
            armed = True
        if armed and (value > limit if above else value < limit):
            found.append(at)
            armed = False
    return found


@given(
    st.lists(st.integers(1, 40), max_size=30),
    st.lists(
        st.tuples(st.sampled_from("<>"), st.integers(1, 40), st.integers(0, 10)),
        min_size=1,
        max_size=5,
    ),
)
def test_alerts_fire_exactly_where_their_definition_says(
    values: list[int], alerts: list[tuple[str, int, int]]
) -> None:
    bench = Bench(*(
        f"{CODE} price {relation} {limit} repeat 0s hysteresis {gap}"
        for relation, limit, gap in alerts
    ))  # fmt: skip
    for value in values:
        bench.trade(price=value)
    for alert in bench.alerts:
        at = [(one.at - START).seconds - 1 for one in bench.fired if one.alert is alert]
        assert at == expected_firings([float(value) for value in values], alert)


@given(st.lists(st.integers(1, 40), max_size=40), st.integers(1, 10))
def test_a_pause_is_never_undercut(values: list[int], pause: int) -> None:
    bench = Bench(f"{CODE} price > 20 repeat {pause}s")
    for value in values:
        bench.trade(price=value)
    moments = [one.at for one in bench.fired]
    assert all(later - one >= timedelta(seconds=pause) for one, later in pairwise(moments))
    assert bool(moments) is (max(values, default=0) > 20)
