"""A recorder of a night that begins, on a clock that is moved."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from app.system.clock import KST, ManualClock
from app.tape.destination import TapeDestination
from app.tape.recorder import Recorder

NIGHT = datetime(2026, 11, 20, 18, tzinfo=KST)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NIGHT)


@pytest.fixture
def place(tmp_path: Path) -> TapeDestination:
    return TapeDestination(tmp_path / "tapes", is_generated=True)


@pytest.fixture
def recorder(place: TapeDestination, clock: ManualClock) -> Iterator[Recorder]:
    made = Recorder(place, clock)
    yield made
    made.stop()
