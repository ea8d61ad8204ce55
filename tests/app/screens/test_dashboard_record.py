"""Recording from the dashboard: its key, its badge, its words, what is in the tape."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path

from harness.dashboard import DashboardHarness, run_dashboard

from app.screens.messages import BatchArrived
from app.tape.entry import EntryKind
from app.tape.keyframe import read
from app.tape.reader import Tape
from widgets.byte_sizes import size_words
from widgets.texts import t

FEW = ("A01612", "B01612A33")


def written(stage: DashboardHarness) -> int:
    """How long the tape is; the screen hears of it when something else comes."""
    recorder = stage.app.program.feed.recorder
    assert recorder is not None
    return recorder.recording.bytes


async def test_its_key_starts_and_ends_a_recording_that_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "mine.ktape"
    async with run_dashboard(FEW, record=path, notifications=True) as stage:
        status = stage.app.main.status
        assert "R 기록" not in status.text
        await stage.press("R")
        await stage.until(lambda: stage.app.recording.name)
        stage.app.tick()
        assert "R 기록" in status.text
        assert stage.toasts == [t("record.started", name="mine.ktape")]
        await stage.until(lambda: written(stage))
        stage.app.tick()
        assert f"R 기록  {size_words(stage.app.recording.bytes)}" in status.text
        await stage.press("R")
        await stage.until(lambda: not stage.app.recording.on)
        stage.app.tick()
        assert "R 기록" not in status.text
        # A later batch brings no news.
        assert stage.app.batch is not None
        stage.app.apply_batch(BatchArrived(stage.app.batch))
        await stage.pilot.pause()
        [ended] = stage.toasts
        assert "기록 종료" in ended
        assert "mine.ktape" in ended
    with Tape(path) as tape:
        entries = list(tape.entries())
        assert tape.torn() == 0
    assert EntryKind.LINK in {entry.kind for entry in entries}
    assert entries[-1].kind == EntryKind.END
    names: dict[str, str] = {}
    for entry in entries:
        if entry.kind == EntryKind.KEYFRAME:
            names |= read(entry.payload).names
    assert set(FEW) <= set(names)


async def test_what_is_begun_again_is_another_file(tmp_path: Path) -> None:
    async with run_dashboard(FEW, record=tmp_path / "mine.ktape") as stage:
        for name in ("mine.ktape", "mine-2.ktape", "mine-3.ktape"):
            await stage.press("R")
            await stage.until(partial(_is_named, stage, name))
            await stage.press("R")
            await stage.until(lambda: not stage.app.recording.on)


def _is_named(stage: DashboardHarness, name: str) -> bool:
    return stage.app.recording.name == name


async def test_a_tape_that_is_deleted_is_said_and_another_begun(tmp_path: Path) -> None:
    path = tmp_path / "mine.ktape"
    async with run_dashboard(FEW, record=path, notifications=True) as stage:
        await stage.press("R")
        await stage.until(lambda: written(stage))
        path.unlink()
        # The recorder looks once a second of the clock that it is given.
        await stage.until(lambda: _looked(stage))
        begun, deleted = stage.toasts
        assert begun == "새 기록 파일: mine.ktape"
        assert "삭제되었습니다" in deleted
        assert "mine.ktape" in deleted
        assert stage.app.recording.on
        assert path.exists()


def _looked(stage: DashboardHarness) -> bool:
    stage.clock.move_to(stage.clock.now() + timedelta(milliseconds=100))
    return stage.app.recording.begun == 2


async def test_a_disk_that_takes_nothing_is_on_the_status_line_and_the_program_goes_on(
    tmp_path: Path,
) -> None:
    (tmp_path / "blocked").write_text("no folder")
    async with run_dashboard(
        FEW, record=tmp_path / "blocked" / "mine.ktape", notifications=True
    ) as stage:
        await stage.press("R")
        await stage.until(lambda: stage.app.recording.trouble)
        stage.app.tick()
        assert "R 기록 중지: 폴더가 아님" in stage.app.main.status.text
        assert any("기록 중지" in toast for toast in stage.toasts)
        await stage.wait_registered()
        await stage.press("R")
        await stage.until(lambda: not stage.app.recording.on)


async def test_leaving_ends_the_tape(tmp_path: Path) -> None:
    path = tmp_path / "mine.ktape"
    async with run_dashboard(FEW, record=path) as stage:
        await stage.press("R")
        await stage.until(lambda: written(stage))
        await stage.press("q")
    assert await asyncio.to_thread(stage.app.feed_thread.wait, 10)
    with Tape(path) as tape:
        assert [*tape.entries()][-1].kind == EntryKind.END


async def test_without_a_recorder_the_key_says_so() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.press("R")
        said = stage.toasts
        assert t("record.no_recorder") in said


async def test_what_a_page_registers_has_its_name_in_the_tape(tmp_path: Path) -> None:
    path = tmp_path / "named.ktape"
    async with run_dashboard(FEW, record=path) as stage:
        await stage.press("R")
        await stage.until(lambda: stage.app.recording.name)
        await stage.press("down", "5")
        stage.app.tick()
        page = stage.app.page
        assert page is not None
        wanted = set(page.codes)
        assert len(wanted) > len(FEW)
        await stage.until(lambda: written(stage))
        await stage.press("escape", "R")
        await stage.until(lambda: not stage.app.recording.on)
    with Tape(path) as tape:
        frames = [
            read(entry.payload) for entry in tape.entries() if entry.kind == EntryKind.KEYFRAME
        ]
    assert wanted <= set().union(*(frame.names for frame in frames))
