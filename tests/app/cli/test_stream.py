"""``kis-tui stream`` over the simulator: data on standard output, narration beside it."""

import json
import os
import signal
import sys
from datetime import datetime
from typing import Any

import msgspec
import pytest
from harness.command_line import CommandLine, Outcome, run_process
from harness.live_simulator import LiveSimulator

from app.system.clock import KST
from specs.catalog import CATALOG, Session
from specs.record import elements
from widgets.texts import t


def records(told: Outcome) -> list[dict[str, Any]]:
    """The records of the output, one a line."""
    assert told.code == 0, told.err
    return [json.loads(line) for line in told.out.splitlines()]


def demo(kis_tui: CommandLine, *words: str) -> Outcome:
    return kis_tui("stream", *words, "--demo", "--speed", "20", "--timeout", "25")


def test_every_field_is_there_under_its_english_name(kis_tui: CommandLine) -> None:
    told = demo(kis_tui, "A01612", "B01612A33", "--start", "18:00", "--count", "40")
    found = records(told)
    assert len(found) == 40
    for record in found:
        fields = [f.name for f in msgspec.structs.fields(CATALOG[record["tr_id"]].spec)]
        assert list(record) == ["tr_id", "received", *fields]
        assert datetime.fromisoformat(record["received"]).utcoffset() is not None
        assert record["received"].startswith("2026-11-20T18:")
    assert {record["tr_id"] for record in found} == {"H0MFCNT0", "H0EUCNT0"}
    assert {type(record["price"]) for record in found} == {float}
    assert "실시간" in told.err


def test_kis_own_names_are_upper_case(kis_tui: CommandLine) -> None:
    [record] = records(
        demo(kis_tui, "B01612A33", "--start", "18:00", "--count", "1", "--names", "kis")
    )
    assert list(record)[2:] == list(elements(CATALOG["H0EUCNT0"].spec))
    assert record["OPTN_SHRN_ISCD"] == "B01612A33"
    assert all(name == name.upper() for name in list(record)[2:])


def test_a_missing_number_is_null(kis_tui: CommandLine) -> None:
    # Far from the money, where KIS sends nan for what it could not work out.
    words = ("stream", "B01612832", "C01612832", "B01612B35", "--demo", "--start", "18:05")
    told = kis_tui(*words, "--speed", "1000", "--count", "1", "--timeout", "25")
    [record] = records(told)
    assert "NaN" not in told.out
    assert record["theta"] is None


def test_expected_executions_are_a_channel_of_their_own(kis_tui: CommandLine) -> None:
    found = records(demo(kis_tui, "B01612A33", "--channel", "expected", "--count", "3"))
    assert {record["tr_id"] for record in found} == {"H0EUANC0"}
    both = records(
        demo(kis_tui, "A01612", "B01612A33", "--channel", "trade,expected", "--count", "300")
    )
    assert {record["tr_id"] for record in both} == {"H0EUANC0", "H0EUCNT0", "H0MFCNT0"}


@pytest.mark.parametrize(
    ("session", "code", "start", "tr_id"),
    [("night", "A01612", "18:00", "H0MFCNT0"), ("day", "A01612", "09:00", "H0IFCNT0")],
)
def test_the_session_decides_the_tr(
    kis_tui: CommandLine, session: str, code: str, start: str, tr_id: str
) -> None:
    found = records(demo(kis_tui, code, "--session", session, "--start", start, "--count", "2"))
    assert {record["tr_id"] for record in found} == {tr_id}


@pytest.mark.parametrize(("code", "day"), [("301V06362", "24/06/13"), ("211V05059", "24/05/09")])
def test_codes_of_the_old_shapes_have_expired(kis_tui: CommandLine, code: str, day: str) -> None:
    told = demo(kis_tui, code)
    assert told.code == 2
    assert f"{code}: {t('row.expired', day=day)}" in told.err


@pytest.mark.parametrize(
    ("code", "session", "trs"),
    [
        ("B01612A33", "night", {"H0EUCNT0", "H0EUANC0"}),
        ("C11612040", "day", {"H0ZOCNT0", "H0ZOANC0"}),
        ("A01612", "day", {"H0IFCNT0"}),
    ],
)
def test_expected_executions_that_are_asked_for_are_registered_outside_of_auctions(
    live: LiveSimulator, code: str, session: str, trs: set[str]
) -> None:
    channel = ("--channel", "trade,expected")
    with run_process("--lang", "en", "stream", code, "--session", session, *channel) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "LIVE" in line or "connected" in line:
                break
        assert live.thread.simulator.registrations == {(tr_id, code) for tr_id in trs}
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM


def test_an_interrupt_ends_it_with_130(live: LiveSimulator) -> None:
    with run_process("stream", "A01612", "--session", "night") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["code"] == "A01612"
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert live.thread.simulator.approvals == 1


def test_a_closed_pipe_ends_it_quietly(live: LiveSimulator) -> None:
    if sys.platform == "win32":
        pytest.skip("SIGPIPE is POSIX")
    with run_process("stream", "A01612", "--session", "night") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) in (0, 128 + signal.SIGPIPE)
        assert "Traceback" not in process.stderr.read()


def test_a_time_that_is_over_without_a_connection_is_exit_code_3(
    kis_tui: CommandLine, live: LiveSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.stop()
    told = kis_tui("stream", "A01612", "--session", "night", "--timeout", "0.3")
    assert told.code == 3
    assert "시간 안에 연결되지 않았습니다" in told.err
    assert told.out == ""


def test_a_time_that_is_over_before_the_count_is_reached_is_exit_code_1(
    kis_tui: CommandLine, live: LiveSimulator
) -> None:
    told = kis_tui("stream", "B01612832", "--session", "night", "--count", "9", "--timeout", "1")
    assert told.code == 1
    assert "모자랍니다" in told.err


def test_a_rejected_app_key_is_exit_code_4_and_is_not_printed(
    kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator = LiveSimulator(app_key="another")
    for name, value in simulator.variables.items():
        monkeypatch.setenv(name, value)
    try:
        told = kis_tui("stream", "A01612", "--session", "night", "--timeout", "20")
    finally:
        simulator.stop()
    assert told.code == 4
    assert "EGW00103" in told.err
    assert "PSuser0123456789" not in told.err
    assert "secret0123456789" not in told.err


def test_an_app_key_that_another_session_has_is_exit_code_5(
    kis_tui: CommandLine, live: LiveSimulator
) -> None:
    elsewhere = {"XDG_STATE_HOME": os.environ["XDG_STATE_HOME"] + "-other"}
    with run_process("stream", "A01612", "--session", "night", variables=elsewhere) as other:
        assert other.stdout is not None
        other.stdout.readline()
        told = kis_tui("stream", "A01612", "--session", "night", "--timeout", "20")
        assert told.code == 5
        assert "앱키" in told.err
        assert other.poll() is None


def test_narration_never_mixes_with_data(live: LiveSimulator) -> None:
    with run_process("stream", "A01612", "--session", "night", "--count", "3") as process:
        out, err = process.communicate(timeout=30)
    assert [json.loads(line)["tr_id"] for line in out.splitlines()] == ["H0MFCNT0"] * 3
    assert err
    assert process.returncode == 0


def test_expected_executions_come_outside_of_the_calendars_auctions(
    kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A circuit breaker at 10:01 re-opens with an auction from 10:21 to 10:31."""
    halt = datetime(2026, 11, 20, 10, 1, tzinfo=KST)
    simulator = LiveSimulator(session=Session.DAY, start=halt.replace(minute=25), halt=halt)
    for name, value in simulator.variables.items():
        monkeypatch.setenv(name, value)
    words = ("--session", "day", "--channel", "expected", "--count", "4", "--timeout", "20")
    try:
        told = kis_tui("stream", "A11612", "C11612040", *words)
    finally:
        simulator.stop()
    found = records(told)
    assert {record["tr_id"] for record in found} == {"H0ZFANC0", "H0ZOANC0"}
    assert all(record["time"].startswith("102") for record in found)
