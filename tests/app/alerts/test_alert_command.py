"""The user's command: its environment, its pace, and what it cannot do to the program."""

import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.alerts.alert import FiredAlert
from app.alerts.alert_command import MOST_WAITING, AlertCommand, environment_of
from app.alerts.alert_parser import parse_alert
from app.system.clock import KST

FIRED = FiredAlert(
    datetime(2026, 11, 20, 21, 0, 5, tzinfo=KST),
    replace(parse_alert("A01612 price > 400"), id=3),
    400.5,
)


def program(path: Path, more: str = "") -> tuple[str, ...]:
    """Return a command that appends its monotonic time to a file."""
    code = f"import time; open({str(path)!r}, 'a').write(f'{{time.monotonic()}} '); {more}"
    return sys.executable, "-c", code


def wait_for(path: Path, count: int) -> list[float]:
    """Return the times in a file once there are so many."""
    for _ in range(400):
        found = path.read_text().split() if path.exists() else []
        if len(found) >= count:
            return [float(one) for one in found]
        time.sleep(0.05)
    pytest.fail("the command did not run")


def test_environment_has_the_values_and_no_keys() -> None:
    found = environment_of(FIRED, "A01612 $(x)", {"PATH": "/bin", "KIS_APP_SECRET": "s"})
    assert found == {
        "PATH": "/bin",
        "KIS_TUI_ALERT_ID": "3",
        "KIS_TUI_ALERT": "A01612 price > 400",
        "KIS_TUI_ALERT_CODE": "A01612",
        "KIS_TUI_ALERT_VALUE": "400.5",
        "KIS_TUI_ALERT_AT": "2026-11-20T21:00:05.000+09:00",
        "KIS_TUI_ALERT_TEXT": "A01612 $(x)",
    }


def test_commands_start_a_pause_apart(tmp_path: Path) -> None:
    path = tmp_path / "told"
    command = AlertCommand(program(path), pause=0.5)
    assert all(command.run(FIRED, "text") for _ in range(3))
    first, second, third = wait_for(path, 3)
    assert min(second - first, third - second) > 0.45


def test_a_command_that_hangs_or_is_missing_does_not_stop_the_next(tmp_path: Path) -> None:
    path = tmp_path / "told"
    command = AlertCommand(program(path, "time.sleep(60)"), pause=0.0, timeout=2.0)
    for _ in range(2):
        command.run(FIRED, "text")
    wait_for(path, 2)
    missing = AlertCommand((str(tmp_path / "nowhere"),), pause=0.0)
    assert missing.run(FIRED, "text")


def test_alerts_beyond_the_waiting_ones_run_no_command(tmp_path: Path) -> None:
    command = AlertCommand(program(tmp_path / "told", "time.sleep(60)"), timeout=3.0)
    ran = [command.run(FIRED, "text") for _ in range(MOST_WAITING + 5)]
    assert ran.count(False) >= 4
