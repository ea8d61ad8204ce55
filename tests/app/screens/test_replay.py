"""The dashboard over a tape: its keys, its timeline, its texts, and what it must not do."""

import socket
from pathlib import Path

import pytest
from harness.replay_harness import ReplayHarness, run_replay

from app.screens import keymap
from app.screens.dialogs.help_dialog import HelpDialog
from app.screens.dialogs.moment_dialog import MomentDialog
from widgets.timeline import ASIDE, TimelineBar


async def test_it_is_unmistakably_a_replay_and_its_time_is_the_tapes() -> None:
    async with run_replay() as one:
        assert " REPLAY " in one.text
        assert "재생 ▶ 1×" in one.status
        assert "실시간" not in one.status
        assert "17:49" in one.status
        assert "거래일 11/23(월)" in one.status
        await one.play(60.0)
        assert "17:50" in one.status


async def test_what_is_on_the_tape_is_watched_with_the_names_it_has() -> None:
    async with run_replay() as one:
        assert one.codes == ["A01612", "B01612A34", "B01612A55", "C01612A12"]
        assert "F 202612" in one.text


async def test_keys_pause_step_and_change_the_speed() -> None:
    async with run_replay() as one:
        await one.press_and_settle("greater_than_sign", "greater_than_sign", "greater_than_sign")
        assert "▶ 10×" in one.timeline
        await one.play(60.0)
        assert one.position == pytest.approx(600.0)
        await one.press_and_settle("space")
        assert "⏸ 10×" in one.timeline
        await one.play(60.0)
        assert one.position == pytest.approx(600.0)
        frames = one.app.counters.frames
        await one.press_and_settle("right")
        assert one.position > 600.0
        assert one.app.counters.frames > frames
        await one.press_and_settle("left", "left")
        assert one.position < 600.0
        await one.press_and_settle(*["less_than_sign"] * 9)
        assert "⏸ 0.25×" in one.timeline


async def test_end_and_beginning() -> None:
    async with run_replay() as one:
        await one.press_and_settle("end")
        assert "■ 끝" in one.timeline
        assert one.app.tape_clock.now().hour == 19
        last = one.app.market.book.rows[0].trade
        assert last is not None
        await one.press_and_settle("home")
        assert one.position == 0.0
        assert all(row.trade is None for row in one.app.market.book.rows)


async def test_a_time_that_is_typed_is_gone_to() -> None:
    async with run_replay() as one:
        await one.press("t")
        assert isinstance(one.app.screen, MomentDialog)
        await one.fill_field("25:99")
        assert "시각이 아닙니다" in one.dialog_message
        await one.press("enter")
        assert isinstance(one.app.screen, MomentDialog)
        await one.fill_field("01:30")
        assert "이 기록에 없는 시각입니다 — 17:49:" in one.dialog_message
        assert "19:00" in one.dialog_message
        await one.press("enter")
        assert isinstance(one.app.screen, MomentDialog)
        assert one.position == 0.0
        await one.fill_field("17:49")
        assert "11/20 17:49:00" in one.dialog_message
        await one.fill_field("183015")
        assert "11/20 18:30:15" in one.dialog_message
        await one.press_and_settle("enter")
        assert f"{one.app.tape_clock.now():%H:%M:%S}" == "18:30:15"
        assert "18:30:15" in one.timeline


async def test_events_are_gone_to_with_their_time_and_words() -> None:
    async with run_replay() as one:
        await one.press_and_settle("full_stop")
        assert f"{one.app.tape_clock.now():%H:%M}" == "17:50"
        assert "17:50:00 단일가: 시가 단일가" in one.toasts[-1]
        await one.app.run_action("go('gap')")
        await one.settle()
        assert f"{one.app.tape_clock.now():%H:%M}" == "18:37"
        assert "수신 끊김" in one.toasts[-1]
        assert "당시" in one.status
        assert not one.app.link.is_live(one.app.clock.monotonic())
        await one.press_and_settle("comma")
        assert f"{one.app.tape_clock.now():%H:%M}" < "18:37"
        await one.app.run_action("go('move')")
        await one.settle()
        assert "눈에 띄는 급등락이 없습니다" in one.toasts[-1]
        await one.app.run_action("go('auction')")
        await one.settle()
        assert "이 뒤에는 단일가가 없습니다" in one.toasts[-1]


async def test_an_auctions_result_stands_as_of_the_moment_that_is_shown() -> None:
    async with run_replay() as one:
        title = one.app.main.grid.expected
        await one.seek_to(18, 30)
        assert "시가 단일가 11/20 18:00 결과" in str(title.border_title)
        assert title.codes
        await one.seek_to(17, 55)
        assert "체결까지" in str(title.border_title)
        await one.press_and_settle("home")
        assert title.codes == []
        assert "단일가" not in str(title.border_title)


async def test_nothing_flashes_and_ages_are_right_after_going_back() -> None:
    async with run_replay() as one:
        await one.press_and_settle("end")
        await one.seek_to(18, 10)
        board = one.app.main.grid.watchlist
        assert not any(line.flashing for line in board._lines.values())
        now = one.app.clock.monotonic()
        ages = [now - row.trade_at for row in one.app.market.book.rows if row.trade is not None]
        assert ages
        assert all(0 <= age < 600 for age in ages)


async def test_a_click_on_the_timeline_goes_there() -> None:
    async with run_replay() as one:
        bar = one.app.screen.query_one(TimelineBar)
        left, room = bar._bar()
        assert left > ASIDE
        await one.pilot.click(bar, offset=(1 + left + (room - 1) // 2, 1))
        await one.settle()
        assert one.position == pytest.approx(one.app.player.tape_index.length / 2, rel=0.02)


async def test_the_timeline_names_phases_and_marks_what_happened() -> None:
    async with run_replay() as one:
        first, second = one.timeline.splitlines()
        assert "시가 단일가" in first
        assert "야간 장중" in first
        assert "17:49" in first
        assert "19:00" in first
        assert "◆" in second
        assert "●" in second


async def test_what_a_replay_has_no_use_for_is_said() -> None:
    async with run_replay() as one:
        await one.press("r")
        assert "연결이 없습니다" in one.toasts[-1]
        await one.press("R")
        assert "재생 중에는 기록하지 않습니다" in one.toasts[-1]


async def test_a_code_that_is_not_on_the_tape_says_so_in_its_row() -> None:
    async with run_replay() as one:
        await one.add("B01612A40")
        await one.settle()
        assert "기록에 없음" in one.text


async def test_nothing_of_it_is_kept(home: Path) -> None:
    before = files(home)
    async with run_replay() as one:
        await one.press("d")
        await one.seek_to(18, 30)
        one.app.save_changes()
    assert files(home) == before


def files(folder: Path) -> list[Path]:
    """Return the files of a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def test_its_keys_are_in_its_help_and_in_no_other() -> None:
    async with run_replay() as one:
        await one.press("question_mark")
        assert isinstance(one.app.screen, HelpDialog)
        assert "Space" in one.text
        await one.until(lambda: "재생 · 일시정지" in one.text)
    assert [command.id for command in keymap.COMMANDS if "space" in command.keys] == ["freeze"]
    assert [command.id for command in keymap.replayed() if "space" in command.keys] == ["pause"]
    assert {c.id for c in keymap.replayed()} >= {c.id for c in keymap.REPLAY}


async def test_it_never_opens_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a replay dials")

    async with run_replay() as one:
        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "create_connection", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        await one.play(30.0)
        await one.press_and_settle("r", "home", "end")
        assert one.app.counters.records


async def test_in_a_small_terminal_the_timeline_gives_its_room() -> None:
    async with run_replay(size=(60, 14)) as one:
        assert isinstance(one, ReplayHarness)
        assert "REPLAY" in one.text
        await one.resize((50, 10))
        assert "REPLAY" not in one.text
