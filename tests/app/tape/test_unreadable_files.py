"""Files that are not tapes, or belong to another user."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from harness.named_pipe import make_named_pipe
from harness.tape_samples import trades, write_tape

from app.tape.entry import (
    MAGIC,
    Header,
    TapeError,
    pack_header,
)
from app.tape.reader import Tape
from widgets.message_text import message_text
from widgets.texts import speaking

NOBODY = 65534


def made(folder: Path, kind: str) -> Path:
    """Make something that is not a tape."""
    path = folder / f"{kind}.ktape"
    if kind == "text":
        path.write_text("관심종목\n" * 10_000)
    elif kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        make_named_pipe(path)
    elif kind == "zero":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "dangling":
        path.symlink_to(folder / "nowhere")
    elif kind == "socket":
        if sys.platform == "win32":
            pytest.skip("a socket in a folder is POSIX")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
    elif kind == "newer":
        path.write_bytes(pack_header(Header("2026-11-23", "night", version=2)))
    elif kind == "newer format":
        path.write_bytes(MAGIC[:-1] + b"\x02" + b"?" * 100)
    elif kind == "zstd":
        path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(100))
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "missing":
        pass
    elif kind == "sparse":
        with path.open("wb") as file:
            file.truncate(1 << 42)
    return path


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("text", "not a tape"),
        ("zstd", "not a tape"),
        ("sparse", "not a tape"),
        ("empty", "is empty"),
        ("folder", "not a regular file"),
        ("fifo", "not a regular file"),
        ("zero", "not a regular file"),
        ("loop", "cannot be read (symbolic link"),
        ("socket", "cannot be read"),
        ("dangling", "no such tape"),
        ("missing", "no such tape"),
        ("newer", "newer kis-tui (version 2)"),
        ("newer format", "newer kis-tui (version 2)"),
    ],
)
def test_a_file_of_the_wrong_kind_is_said_in_one_sentence(
    tmp_path: Path, kind: str, said: str
) -> None:
    path = made(tmp_path, kind)
    with pytest.raises(TapeError) as caught:
        Tape(path)
    with speaking("en"):
        text = message_text(caught.value.message)
    assert said in text
    assert path.name in text
    assert "\n" not in text
    assert caught.value.exit_code == 2


@contextmanager
def nobody() -> Iterator[None]:
    """Without the rights of root, who may read everything."""
    if sys.platform == "win32":
        pytest.skip("rights of a user are POSIX")
    own = os.geteuid()
    if own == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(own)


def test_a_tape_of_somebody_else_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, trades(3))
    path.chmod(0)
    with nobody(), pytest.raises(TapeError):
        Tape(path)
