"""Times of day as they are typed, and the moments of a tape that they mean."""

from datetime import time

import pytest

from app.system.files import ProgramFolders
from app.tape.library import find
from app.tape.reader import Tape
from app.tape.tape_clock import moment
from app.tape.tape_index import TapeIndex
from app.tape.times import time_of_day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("01:30", time(1, 30)),
        ("1:30", time(1, 30)),
        ("130", time(1, 30)),
        ("0130", time(1, 30)),
        ("01:30:05", time(1, 30, 5)),
        ("013005", time(1, 30, 5)),
        ("25:30", time(1, 30)),
        (" 18:00 ", time(18, 0)),
        ("30:00", time(6, 0)),
        ("31:00", None),
        ("12:60", None),
        ("12:00:60", None),
        ("12", None),
        ("", None),
        ("noon", None),
        ("-1:30", None),
        ("１２:００", None),
    ],
)
def test_a_time_is_read_as_it_is_typed(text: str, found: time | None) -> None:
    assert time_of_day(text) == found


def test_on_a_nights_tape_the_morning_is_the_next() -> None:
    with Tape(find("demo", ProgramFolders.find())) as tape:
        tape_index = TapeIndex(tape)
        assert f"{tape_index.moment_of(time(18, 30)):%m-%d %H:%M}" == "11-20 18:30"
        assert f"{tape_index.moment_of(time(1, 30)):%m-%d %H:%M}" == "11-21 01:30"


def test_a_place_and_its_wall_time_are_each_others() -> None:
    with Tape(find("demo", ProgramFolders.find())) as tape:
        tape_index = TapeIndex(tape)
        for place in (0.0, 1.25, 600.0, 3000.5, tape_index.length):
            assert tape_index.position_at(tape_index.wall_at(place)) == pytest.approx(
                place, abs=1e-6
            )
        assert f"{moment(tape_index.wall_at(0.0)):%H:%M}" == "17:49"
        assert tape_index.position_at(0) == 0.0
        assert tape_index.position_at(2**63 - 1) == tape_index.length
