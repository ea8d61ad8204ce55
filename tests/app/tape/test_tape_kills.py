"""A recorder that is killed: a small version of ``rig.tape_kills``."""

from pathlib import Path

from rig.tape_kills import run


def test_what_a_killed_recorder_said_was_written_is_in_its_tape(tmp_path: Path) -> None:
    folder = tmp_path / "tapes"
    folder.mkdir()
    found = run(20, folder, seed=6)
    assert found.kills == 20
    assert found.said > 20
    assert found.lost == 0
