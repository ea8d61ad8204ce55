"""The bar of a long command: on a terminal only, and not for what takes no time."""

import os
import sys

import pytest
from rig.posix_calls import open_pair

from app.cli import progress


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)


def drawn(monkeypatch: pytest.MonkeyPatch, steps: int) -> str:
    """Return the output that a command of `steps` steps draws on a terminal."""
    ours, theirs = open_pair()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress.progress(steps * 10, "reading") as tick:
            for _ in range(steps):
                tick(10)
        terminal.write("|")
    said = b""
    while not said.endswith(b"|"):
        said += os.read(ours, 4096)
    os.close(ours)
    return said.decode()


@pytest.mark.usefixtures("impatient")
def test_a_bar_goes_to_the_end_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    said = drawn(monkeypatch, 5)
    assert "reading" in said
    assert "100%" in said


def test_what_is_done_within_a_second_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, 5) == "|"


@pytest.mark.usefixtures("impatient")
def test_nothing_is_drawn_into_a_file(capfd: pytest.CaptureFixture[str]) -> None:
    with progress.progress(10, "reading") as tick:
        tick(10)
    assert capfd.readouterr() == ("", "")
