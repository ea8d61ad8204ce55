"""Log events of a feed: dials, outcomes, waits and refusals, as counts if there are many."""

import logging
from datetime import datetime
from math import inf

import pytest
from harness.log_lines import capture_log, read_line

from app.feed.demand import WatchRequest
from app.feed.events import (
    KeyIssued,
    MachineSuspended,
    RetryRequested,
    SendControl,
    SocketClosed,
    SocketOpened,
    TimePassed,
)
from app.feed.feed_log import RefusedFrames, is_traced, trace_message
from app.feed.feed_settings import FeedSettings
from app.feed.registrations import RegistrationKey
from app.feed.session import LinkSession
from app.feed.subscriber import Subscriber
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import KST
from app.system.logs import LogRing
from app.system.secret import Secret
from specs.control import Ack

KEYS = [RegistrationKey("H0EUCNT0", f"B01612A{number}") for number in range(10, 40)]


def events(ring: LogRing) -> list[str]:
    """The lines without time and level."""
    return [line.partition(" feed ")[2] for line in ring.lines()]


class Steered(LinkSession):
    """A pilot whose draws are known."""

    def __init__(self) -> None:
        super().__init__(lambda: 0.5)

    def poll_at(self, now: float) -> None:
        """Let time pass up to a moment, and the server take every registration."""
        for effect in self.poll(TimePassed(now), now):
            if isinstance(effect, SendControl):
                self.answer(Ack(effect.key.tr_id, effect.key.code, "OPSP0000", ""), now)


def connected(pilot: Steered) -> None:
    """Bring a pilot to its first acknowledged registration, at 101 seconds."""
    pilot.request(KEYS[:2], 100.0, brisk=True)
    pilot.event(KeyIssued(), 100.2)
    pilot.event(SocketOpened(), 100.5)
    pilot.poll_at(101.0)


def test_connect_logs_its_steps_and_registrations_as_a_count() -> None:
    with capture_log() as ring:
        pilot = Steered()
        connected(pilot)
        pilot.poll_at(102.0)
        pilot.poll_at(103.0)
        pilot.poll_at(104.0)
    assert events(ring) == [
        "approval=asked",
        "approval=issued",
        "dial=1 budget_spent=1",
        "dialled=1 took=0.3s",
        "registered=2 of=2 limit=41 refused=0",
    ]


def test_cut_session_logs_its_cause_and_the_wait() -> None:
    with capture_log() as ring:
        pilot = Steered()
        connected(pilot)
        pilot.poll_at(103.0)
        ring._lines.clear()
        pilot.event(SocketClosed("1006"), 112.5)
    assert events(ring) == [
        "cut=1006 lived=12.0s",
        "wait=7.5s why=1006 attempt=1 phase=backoff",
    ]


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        (SocketClosed("HTTP 503"), ['dial_failed="HTTP 503" local=no',
         'wait=1.5s why="HTTP 503" attempt=1 phase=backoff']),
        (SocketClosed("dns", True), ["dial_failed=dns local=yes",
         "wait=12.5s why=dns attempt=0 phase=offline"]),
    ],
    ids=["server", "local"],
)  # fmt: skip
def test_failed_dial_logs_its_reason(closed: SocketClosed, expected: list[str]) -> None:
    with capture_log() as ring:
        pilot = Steered()
        pilot.request(KEYS[:2], 100.0, brisk=True)
        pilot.event(KeyIssued(), 100.2)
        ring._lines.clear()
        pilot.event(closed, 100.5)
    assert events(ring) == expected


def test_reconnect_by_hand_is_logged() -> None:
    with capture_log() as ring:
        pilot = Steered()
        connected(pilot)
        pilot.event(MachineSuspended(), 200.0)
        pilot.event(SocketClosed("1000"), 201.0)
        pilot.event(SocketOpened(), 202.0)
        ring._lines.clear()
        pilot.event(RetryRequested(), 203.0)
    assert events(ring) == ["reconnect_asked", "close=asked"]


def test_occupied_key_without_a_next_try_waits_until_asked() -> None:
    with capture_log() as ring:
        pilot = Steered()
        connected(pilot)
        ring._lines.clear()
        pilot.answer(Ack("(null)", "", "OPSP8996", "ALREADY IN USE appkey"), 110.0)
        pilot.event(SocketClosed("1000"), 110.5)
    assert pilot.connection.next_at == inf
    assert events(ring) == [
        'refused=OPSP8996 reaction=occupied tr=(null) code="" words="ALREADY IN USE appkey"',
        "session_refused=OPSP8996 reaction=occupied",
        "close=occupied code=OPSP8996",
        "cut=1000 lived=10.0s closed_for=occupied",
        "wait=until_asked why=occupied attempt=0 phase=occupied code=OPSP8996",
    ]


def test_refusing_answers_are_logged_and_counted_when_many_come() -> None:
    with capture_log() as ring:
        pilot = Steered()
        connected(pilot)
        ring._lines.clear()
        for number in range(200):
            pilot.answer(Ack("H0EUCNT0", f"X{number}", "OPSP8992", "INVALID tr_key"), 110.0)
        pilot.answer(Ack("H0EUCNT0", "X", "OPSP8992", "INVALID tr_key"), 171.0)
    told = events(ring)
    assert told[0] == (
        'refused=OPSP8992 reaction=row_refused tr=H0EUCNT0 code=X0 words="INVALID tr_key"'
    )
    assert len(told) == 51
    assert told[-1].endswith("count=151")


def test_refused_frames_are_logged_by_reason_once_a_minute() -> None:
    with capture_log() as ring:
        refused = RefusedFrames()
        for total in range(1, 1001):
            refused.log("number", total, "0|H0EUCNT0|001|B01612A18^x", 100.0 + total / 100)
        refused.log("json", 1, "{", 100.0)
        refused.log("number", 1001, b"\xff", 170.0)
    assert events(ring) == [
        "refused_frame=number count=1 total=1 flag=0 tr=H0EUCNT0 records=001 code=B01612A18",
        "refused_frame=json count=1 total=1 flag={",
        "refused_frame=number count=1000 total=1001 flag=binary",
    ]


def test_debug_logs_heads_and_control_messages_without_a_key() -> None:
    secret = "PSsentinel0of0a0feed0log0123456789"
    Secret(secret)
    with capture_log(logging.DEBUG) as ring:
        assert is_traced()
        trace_message(f"0|H0EUCNT0|002|{secret}^1.25^3")
        trace_message("0|H0EUCNT0|002|B01612A18^1.25^3")
        trace_message(b"\x00\x01")
        trace_message('{"header":{"tr_id":"PINGPONG","datetime":"20261121031244"}}')
        trace_message(
            '{"header":{"tr_id":"H0EUCNT0","tr_key":"B01612A18","encrypt":"N"},"body":{"rt_cd":"0",'
            f'"msg_cd":"OPSP0000","msg1":"SUBSCRIBE {secret}","output":{{"iv":"0123456789abcdef",'
            '"key":"abcdef"}}}'
        )
        trace_message(f'{{"approval_key":"{secret}"')
    lines = "\n".join(ring.lines())
    assert secret[:12] not in lines
    assert "1.25" not in lines
    assert "0123456789abcdef" not in lines
    told = events(ring)
    assert told[1] == "frame flag=0 tr=H0EUCNT0 records=002 code=B01612A18"
    assert told[2:4] == ["binary=2", "ping=20261121031244"]
    assert told[4].startswith("ack=OPSP0000 tr=H0EUCNT0 code=B01612A18 words=")
    assert told[5].startswith("control=json text=")


def test_session_switch_logs_what_is_wanted() -> None:
    with capture_log() as ring:
        registrar = Subscriber(
            Steered(), FeedSettings(Endpoints(), Credentials(Secret(""), Secret(""), ""))
        )
        registrar.update_request(WatchRequest(("A01612", "B01612A18")))
        registrar.poll(datetime(2026, 11, 20, 15, 44, tzinfo=KST), 100.0)
        registrar.poll(datetime(2026, 11, 20, 18, 1, tzinfo=KST), 200.0)
    heads = [line.split()[0] for line in events(ring)]
    assert heads == ["watch=2", "session=day", "approval=asked", "session=night"]
    assert read_line(ring.lines()[0])[1]["codes"] == "A01612,B01612A18"


def test_silence_is_logged_with_its_length_and_its_end() -> None:
    with capture_log() as ring:
        pilot = Steered()
        connected(pilot)
        pilot.poll_at(102.0)
        pilot.poll_at(103.0)
        ring._lines.clear()
        pilot.poll(TimePassed(103.0), 140.5)
        pilot.poll(TimePassed(141.0), 141.5)
    assert events(ring) == ["silent=37.5s", "answered"]


def test_a_socket_whose_dial_was_not_logged_is_logged_all_the_same() -> None:
    pilot = Steered()
    pilot.request(KEYS[:2], 100.0, brisk=True)
    pilot.event(KeyIssued(), 100.2)
    with capture_log() as ring:
        pilot.event(SocketOpened(), 100.5)
    [line] = events(ring)
    assert line.startswith("dialled=1 took=")


def test_lines_of_one_key_among_several_name_its_profile() -> None:
    with capture_log() as ring:
        session = LinkSession(lambda: 0.5, profile="office")
        session.request(KEYS[:1], 100.0, brisk=True)
        session.event(KeyIssued(), 100.2)
    assert events(ring)[0] == "approval=asked profile=office"
    assert all("profile=office" in line for line in events(ring))
