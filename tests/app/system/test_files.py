"""Files: where they lie, and that what is written is whole, private and never half there."""

import os
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from harness.named_pipe import make_named_pipe

from app.system.clock import KST
from app.system.errors import KisTuiError, UsageError
from app.system.files import ProgramFolders, read_bounded, set_aside, sweep, write_atomically

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=KST)

KILLER = """
import os, signal, sys
from pathlib import Path
from app.system.files import write_atomically

path, rounds = Path(sys.argv[1]), int(sys.argv[2])
texts = [letter * 20_000 for letter in (b"a", b"b")]
write_atomically(path, texts[0])
for round in range(rounds):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        while True:
            for text in texts:
                write_atomically(path, text)
                os.write(writing, b".")
    for _ in range(round % 5 + 1):
        os.read(reading, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    os.close(writing)
    assert path.read_bytes() in texts
    assert path.stat().st_mode & 0o777 == 0o600
print("whole", end="")
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path / "layout.toml"), "100"],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "whole", run.stderr


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_files_and_all_new_folders_are_the_users_own_whatever_the_umask(
    tmp_path: Path, mask: int
) -> None:
    path = tmp_path / "kis-tui" / "layouts" / "night.toml"
    before = os.umask(mask)
    try:
        write_atomically(path, b"x")
    finally:
        os.umask(before)
    assert mode(path) == 0o600
    assert mode(path.parent) == mode(path.parent.parent) == 0o700


def test_a_failed_write_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "night.toml"
    path.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KisTuiError, match=r"files\.unwritable.*record\.why_full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert not list(tmp_path.glob(".*"))


def test_a_symbolic_link_is_replaced_and_what_it_points_at_is_left_alone(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"theirs")
    link.symlink_to(target)
    write_atomically(link, b"ours")
    assert (link.read_bytes(), target.read_bytes()) == (b"ours", b"theirs")


@pytest.mark.parametrize("content", [b"", b"x" * 9, b"x" * 10])
def test_a_file_up_to_the_limit_is_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert read_bounded(path, 10) == content


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(2**32)
    with pytest.raises(UsageError):
        read_bounded(path)


def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    make_named_pipe(fifo)
    for path in (fifo, tmp_path, Path("/dev/zero"), Path("/dev/null"), tmp_path / "a\0b"):
        with pytest.raises(UsageError):
            read_bounded(path)


def test_a_refusal_leaves_no_file_open(tmp_path: Path) -> None:
    first = os.open(tmp_path, os.O_RDONLY)
    os.close(first)
    with pytest.raises(UsageError):
        read_bounded(tmp_path)
    again = os.open(tmp_path, os.O_RDONLY)
    os.close(again)
    assert again == first


def test_a_missing_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_bounded(tmp_path / "none")


def test_damaged_files_are_kept_beside_each_other(tmp_path: Path) -> None:
    path = tmp_path / "session.toml"
    kept = []
    for content in (b"one", b"two", b"three"):
        path.write_bytes(content)
        kept.append(set_aside(path, NOW))
        assert not path.exists()
    assert [k.read_bytes() for k in kept] == [b"one", b"two", b"three"]
    assert kept[0].name == "session.toml.corrupt-20261120T180000"


def test_folders_are_taken_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "darwin":
        pytest.skip("macOS has folders of its own")
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    places = ProgramFolders.find()
    assert places.config == tmp_path / "config" / "kis-tui"
    assert places.data == tmp_path / "data" / "kis-tui"


@pytest.mark.parametrize("value", ["relative/path", ".", ""])
def test_a_relative_folder_in_the_environment_is_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", value)
    assert ProgramFolders.find().config.is_relative_to(tmp_path)


def test_what_a_killed_writer_left_is_swept_and_what_a_live_one_writes_is_not(
    tmp_path: Path,
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = tmp_path / f".a.toml.{ended.pid}-0123abcd.tmp"
    live = tmp_path / f".a.toml.{os.getpid()}-0123abcd.tmp"
    other = tmp_path / ".mine.tmp"
    for path in (dead, live, other):
        path.write_text("half")
    sweep(tmp_path)
    assert sorted(tmp_path.glob(".*")) == sorted((live, other))
