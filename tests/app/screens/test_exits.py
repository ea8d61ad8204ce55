"""Every way out, on a real terminal over a real socket: what it leaves behind, and how soon."""

import re
import signal
import stat
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from rig.kis_host import KisHost
from rig.posix_calls import kill_process
from rig.runs import APP_KEY, LIVE, Run, run

from app.system.lock import is_held
from widgets.texts import t

HANGUP, KILLED = 129, 137
"""Exit codes of SIGHUP and SIGKILL, as a shell counts."""

SOON = 2.0
"""Seconds that a way out may take."""

NORMAL_CLOSURE = 1000

FATAL = ("thread", "feed", "feed_task")
CONTAINED = ("action", "handler", "timer", "callback", "worker", "task")


@pytest.fixture
def host() -> Iterator[KisHost]:
    """KIS, as far as an exit needs it."""
    with KisHost() as serving:
        yield serving


def leave(running: Run, host: KisHost) -> int:
    """Wait for the end that has been set off, and hold it to time and to the close frame."""
    begun = time.monotonic()
    code = running.ends()
    assert running.ended_at - begun < SOON
    running.until(lambda: host.ends)
    assert host.ends == [NORMAL_CLOSURE]
    assert not host.sockets
    return code


@pytest.mark.parametrize("key", ["q", "\x11", "\x03"], ids=["q", "ctrl+q", "ctrl+c"])
def test_a_key_that_quits_leaves_everything_in_order(host: KisHost, home: Path, key: str) -> None:
    with run(host, home) as running:
        running.goes_live()
        assert is_held(running.lock)
        running.type(key)
        assert leave(running, host) == 0
        running.lets_go()
        assert running.reports == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process by a signal")
@pytest.mark.parametrize("stop", ["SIGSTOP", "SIGTSTP"])
def test_a_program_that_was_stopped_paints_all_and_quits_by_key(
    host: KisHost, home: Path, stop: str
) -> None:
    with run(host, home) as running:
        running.goes_live()
        frames = [line for line in running.text.splitlines() if "─" * 20 in line]
        running.kill(signal.Signals[stop])
        time.sleep(0.5)
        written = len(running.output)
        running.kill(signal.Signals["SIGCONT"])
        # Frames do not change with time, and yet are written again.
        running.until(lambda: ("─" * 20).encode() in running.output[written:])
        running.shows(*frames)
        running.type("\x11")
        assert leave(running, host) == 0
        running.lets_go()
        assert running.reports == []


ENDING = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
if sys.platform != "win32":
    ENDING += [(signal.SIGHUP, 129), (signal.SIGQUIT, 131)]


@pytest.mark.parametrize(("number", "code"), ENDING, ids=lambda value: getattr(value, "name", ""))
def test_a_signal_ends_the_program_as_a_shell_counts(
    host: KisHost, home: Path, number: signal.Signals, code: int
) -> None:
    with run(host, home) as running:
        running.goes_live()
        running.kill(number)
        assert leave(running, host) == code
        running.lets_go()
        assert running.reports == []


def has_report(running: Run) -> None:
    """Hold a program that ended to its report: private, named on the terminal, without a key."""
    [report] = running.reports
    told = bytes(running.output).rpartition(b"\x1b[?1006l")[2].decode().replace("\r\n", "")
    assert str(report) in told
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert stat.S_IMODE(report.parent.stat().st_mode) == 0o700
    assert "ValueError: rejected by the host: '***'" in report.read_text()
    # A report of locals would show the name beside its value.
    assert "app_key =" not in report.read_text()


@pytest.mark.parametrize("fault", FATAL)
def test_a_failed_thread_or_feed_is_reported_and_the_terminal_restored(
    host: KisHost, home: Path, fault: str
) -> None:
    with run(host, home, fault=fault) as running:
        running.goes_live()
        running.type("r")
        assert leave(running, host) == 1
        running.lets_go()
        has_report(running)


@pytest.mark.parametrize("fault", CONTAINED)
def test_an_error_is_shown_and_logged_once_and_the_dashboard_goes_on(
    host: KisHost, home: Path, fault: str
) -> None:
    with run(host, home, fault=fault) as running:
        running.goes_live()
        for _ in range(4):
            running.type("r")
        running.shows(t("error.contained", id="").split()[0])
        running.until(lambda: "exception=" in running.log)
        running.type("?")
        running.shows(t("help.placeholder"))
        running.type("\x03")
        running.hides(t("help.placeholder"))
        running.type("q")
        assert leave(running, host) == 0
        running.lets_go()
        assert running.reports == []
        [line] = [line for line in running.log.splitlines() if "exception=" in line]
        assert re.search(
            r"ERROR screen exception=[0-9a-f]{6} .*rejected by the host: '\*\*\*'", line
        )
        assert "Traceback" in line


def _has_logged(running: Run, count: int) -> bool:
    return running.log.count(" exception=") == count


def test_the_third_different_error_within_a_minute_ends_the_program(
    host: KisHost, home: Path
) -> None:
    with run(host, home, fault="different") as running:
        running.goes_live()
        for count in (1, 2):
            running.type("r")
            running.until(partial(_has_logged, running, count))
        running.type("r")
        assert leave(running, host) == 1
        running.lets_go()
        has_report(running)


def test_a_closed_terminal_is_a_hangup_that_sends_the_close_frame(
    host: KisHost, home: Path
) -> None:
    with run(host, home) as running:
        running.goes_live()
        running.close()
        code = leave(running, host)
        assert not is_held(running.lock)
        assert running.seen() == []
        assert code == HANGUP
        assert not running.reports


def test_a_terminal_that_goes_while_the_screen_ends_does_not_hold_up_the_end(
    host: KisHost, home: Path
) -> None:
    with run(host, home, fault="gone") as running:
        running.goes_live()
        running.type("r")
        assert leave(running, host) in {0, HANGUP}
        assert not is_held(running.lock)
        assert running.reports == []


def test_the_end_does_not_wait_for_a_server_that_is_silent(host: KisHost, home: Path) -> None:
    with run(host, home) as running:
        running.goes_live()
        host.deaf = True
        begun = time.monotonic()
        running.type("q")
        assert running.ends() == 0
        assert running.ended_at - begun < SOON
        running.lets_go()


def test_the_end_does_not_wait_for_a_terminal_that_does_not_read(host: KisHost, home: Path) -> None:
    host.rate = 500
    with run(host, home) as running:
        running.goes_live()
        running.stop_reading()
        # Some thirty paints fit into the buffer of a terminal that is not read.
        sent = host.frames_sent
        running.until(lambda: host.frames_sent > sent + 2000)
        running.kill(signal.SIGTERM)
        assert running.ends(SOON) == 128 + signal.SIGTERM


def test_after_a_kill_the_next_start_works(host: KisHost, home: Path) -> None:
    with run(host, home) as killed:
        killed.goes_live()
        kill_process(killed.pid)
        assert killed.ends() == KILLED
        assert not is_held(killed.lock)
    with run(host, home) as second:
        second.goes_live()
        second.type("q")
        assert second.ends() == 0
        second.lets_go()


def test_a_second_start_runs_through_the_first(host: KisHost, home: Path) -> None:
    with run(host, home) as first:
        first.goes_live()
        with run(host, home) as second:
            second.shows("허브 경유")
            second.goes_live()
            second.type("q")
            assert second.ends() == 0
        assert host.dials == 1
        assert LIVE in first.text


def test_a_second_start_names_the_first_and_changes_nothing_with_the_hub_off(
    host: KisHost, home: Path
) -> None:
    with run(host, home) as first:
        first.goes_live()
        with run(host, home, env={"KIS_TUI_HUB": "off"}) as second:
            assert second.ends() == 5
            assert str(first.pid) in second.text
            assert "--demo" in second.text
            assert second.not_restored == []
            assert APP_KEY not in second.text
        assert host.dials == 1
        assert LIVE in first.text
