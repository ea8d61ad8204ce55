"""Long files: complete or absent, never over another file, on any file system."""

import os
from pathlib import Path

import pytest

from app.system.errors import KisTuiError, UsageError
from app.system.staging import staged
from specs.user_message import UserMessage


@pytest.fixture(params=["links", "no links"])
def disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that knows hard links, and one that does not."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if request.param == "no links":
        monkeypatch.setattr(os, "link", refuse)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.is_file())


@pytest.mark.usefixtures("disk")
def test_a_file_has_its_name_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a"
    with staged(path) as beside:
        beside.write_bytes(b"half")
        assert not path.exists()
        beside.write_bytes(b"whole")
    assert path.read_bytes() == b"whole"
    assert names(path.parent) == ["a"]
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("disk")
def test_a_file_that_is_there_stays_unless_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"mine")
    with pytest.raises(UsageError), staged(path):
        pass
    with staged(path, replacing=True) as beside:
        beside.write_bytes(b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.usefixtures("disk")
@pytest.mark.parametrize("kind", ["file", "dangling"])
def test_a_name_that_is_taken_meanwhile_is_not_written_over(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"

    def meanwhile() -> None:
        with staged(path) as beside:
            beside.write_bytes(b"ours")
            if kind == "file":
                path.write_bytes(b"theirs")
            else:
                path.symlink_to(tmp_path / "nowhere")

    with pytest.raises(UsageError):
        meanwhile()
    assert path.is_symlink() or path.read_bytes() == b"theirs"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt, KisTuiError("x"), RuntimeError])
def test_whatever_stops_it_nothing_is_left(
    tmp_path: Path, error: type[BaseException] | BaseException
) -> None:

    def stopped() -> None:
        with staged(tmp_path / "a") as beside:
            beside.write_bytes(b"half")
            raise error

    with pytest.raises(error if isinstance(error, type) else type(error)):
        stopped()
    assert names(tmp_path) == []


def test_a_disk_that_takes_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(KisTuiError) as caught, staged(tmp_path / "file" / "a"):
        pass
    assert caught.value.message == UserMessage(
        "files.unwritable", path=tmp_path / "file" / "a", why=UserMessage("os_error.not_a_folder")
    )
