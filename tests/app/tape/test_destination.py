"""The path of ``--record [FILE|DIR]``, and the paths that are refused before a connection."""

from datetime import datetime
from pathlib import Path

import pytest

from app.krx.calendar import KRX
from app.system.clock import KST
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from app.tape.destination import TapeDestination, is_tape_name, resolve_destination
from app.tape.trade_session import label_at
from widgets.message_text import message_text


@pytest.fixture
def places(tmp_path: Path) -> ProgramFolders:
    return ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))


def test_nothing_means_the_folder_of_tapes(places: ProgramFolders) -> None:
    found = resolve_destination(places, demo=True)
    assert (found.folder, found.file) == (places.data / "tapes", None)
    assert found.is_generated
    assert found.demo


def test_a_folder_is_one_that_is_there(places: ProgramFolders, tmp_path: Path) -> None:
    for text in (f"{tmp_path}", f"{tmp_path}/"):
        found = resolve_destination(places, text)
        assert (found.folder, found.file) == (tmp_path, None)
        assert not found.is_generated


def test_a_folder_that_is_not_there_is_refused_and_not_made(
    places: ProgramFolders, tmp_path: Path
) -> None:
    for text in ("new/", "new/a.ktape", "new/new/a.ktape"):
        with pytest.raises(UsageError, match=r"record\.no_folder") as caught:
            resolve_destination(places, f"{tmp_path}/{text}")
        assert str(tmp_path / "new") in str(caught.value.values["path"])
        assert "--" not in message_text(caught.value.hint)
    assert not (tmp_path / "new").exists()


def test_a_file_is_that_very_file(
    places: ProgramFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = resolve_destination(places, "mine")
    assert (found.folder, found.file) == (tmp_path, tmp_path / "mine")
    label = label_at(datetime(2026, 11, 20, 18, tzinfo=KST))
    names = found.paths(label)
    assert [next(names).name for _ in range(3)] == ["mine", "mine-2", "mine-3"]


def test_what_is_there_is_refused(places: ProgramFolders, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for text in (f"{tmp_path}/kept", f"{tmp_path}/link", "/etc/passwd", "/dev/full", "/dev/null"):
        with pytest.raises(UsageError) as caught:
            resolve_destination(places, text)
        assert str(caught.value.values["path"]) == text
        assert caught.value.hint
    assert (tmp_path / "kept").read_text() == "mine"


@pytest.mark.parametrize("text", ["-", "a\0b", "x" * 300, "가" * 100])
def test_what_can_be_no_file_is_refused(places: ProgramFolders, text: str) -> None:
    with pytest.raises(UsageError):
        resolve_destination(places, text)


@pytest.mark.parametrize(
    ("moment", "label", "until"),
    [
        ("2026-11-20 09:00", "2026-11-20 day", "2026-11-20 15:46"),
        ("2026-11-20 15:45", "2026-11-20 day", "2026-11-20 15:46"),
        ("2026-11-20 15:46", "2026-11-23 night", "2026-11-21 06:01"),
        ("2026-11-20 18:00", "2026-11-23 night", "2026-11-21 06:01"),
        ("2026-11-21 06:00", "2026-11-23 night", "2026-11-21 06:01"),
        ("2026-11-21 06:01", "2026-11-23 day", "2026-11-23 15:46"),
        ("2026-11-22 12:00", "2026-11-23 day", "2026-11-23 15:46"),
    ],
)
def test_a_tape_is_of_the_session_that_is_on_or_comes(moment: str, label: str, until: str) -> None:
    found = label_at(datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=KST))
    assert f"{found.trade_date} {found.session}" == label
    assert f"{found.until:%Y-%m-%d %H:%M}" == until


def test_own_tapes_are_told_by_their_names() -> None:
    for name in ("20261123-night", "20261123-day-2", "20261123-night-demo-17"):
        assert is_tape_name(f"{name}.ktape")
    for name in (
        "20261123-night", "20261123-night.ktape.tmp", "mine.ktape", "20261123-dusk.ktape",
        ".20261123-night.ktape", "20261123-night-mine.ktape", "２0261123-night.ktape",
        "20261123-night.ktape\n",
    ):  # fmt: skip
        assert not is_tape_name(name)


@pytest.mark.parametrize(("length", "is_taken"), [(240, True), (241, False)])
def test_a_files_name_has_240_bytes_at_most(
    places: ProgramFolders, tmp_path: Path, length: int, is_taken: bool
) -> None:
    text = f"{tmp_path}/{'x' * length}"
    if is_taken:
        assert resolve_destination(places, text, demo=True).demo
        return
    with pytest.raises(UsageError) as caught:
        resolve_destination(places, text)
    assert caught.value.key == "files.unwritable"


def test_9999_names_are_tried_for_a_tape(tmp_path: Path) -> None:
    label = label_at(datetime(2026, 11, 20, 18, tzinfo=KST))
    names = [path.name for path in TapeDestination(tmp_path, demo=True).paths(label)]
    assert len(names) == 9999
    assert names[0] == "20261123-night-demo.ktape"
    assert names[1] == "20261123-night-demo-2.ktape"
    assert names[-1] == "20261123-night-demo-9999.ktape"
    assert all(map(is_tape_name, names))


def test_a_folder_of_the_user_keeps_its_old_tapes(places: ProgramFolders, tmp_path: Path) -> None:
    found = resolve_destination(places, f"{tmp_path}", demo=True)
    assert (found.demo, found.is_generated, found.schedule) == (True, False, KRX)
    plain = TapeDestination(tmp_path)
    assert (plain.file, plain.demo, plain.is_generated) == (None, False, False)
