"""The dashboard over a tape: its keys, its timeline, what it says, what it never does."""

import socket
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from replayed import Replay, replayed
from tapes import ended, entry, trades, write
from textual.fuzzy import Matcher

from app import commands
from app.cli.replay import notices_of
from app.clock import KST
from app.contracts import Contracts
from app.master import Master
from app.modals.help import HelpDialog
from app.modals.moment import MomentDialog
from app.pages.chain import ChainPage
from app.pages.page import Page
from app.pages.positions import PositionsPage
from app.pages.smile import SmilePage
from app.tape.entry import Kind
from app.tape.reader import Tape
from app.tape.timeline import What
from widgets.hints import KeyHints
from widgets.timeline import ASIDE, TimelineBar


async def test_it_is_unmistakably_a_replay_and_its_time_is_the_tapes() -> None:
    async with replayed() as one:
        assert " REPLAY " in one.text
        assert "재생 ▶ 1×" in one.status
        assert "실시간" not in one.status
        assert "17:49" in one.status
        assert "거래일 11/23(월)" in one.status
        await one.play(60.0)
        assert "17:50" in one.status


async def test_what_is_on_the_tape_is_watched_with_the_names_it_has() -> None:
    async with replayed() as one:
        assert len(one.codes) == 9
        assert "미니F 202701" in one.text


async def test_keys_pause_step_and_change_the_speed() -> None:
    async with replayed() as one:
        await one.hit("greater_than_sign", "greater_than_sign", "greater_than_sign")
        assert "▶ 10×" in one.timeline
        await one.play(60.0)
        assert one.place == pytest.approx(600.0)
        await one.hit("space")
        assert "⏸ 10×" in one.timeline
        await one.play(60.0)
        assert one.place == pytest.approx(600.0)
        frames = one.app.counters.frames
        await one.hit("right")
        assert one.place > 600.0
        assert one.app.counters.frames > frames
        await one.hit("left", "left")
        assert one.place < 600.0
        await one.hit(*["less_than_sign"] * 9)
        assert "⏸ 0.25×" in one.timeline


async def test_end_and_beginning() -> None:
    async with replayed() as one:
        await one.hit("end")
        assert "■ 끝" in one.timeline
        assert one.app.tape_clock.now().hour == 19
        last = one.app.book.rows[0].trade
        assert last is not None
        await one.hit("home")
        assert one.place == 0.0
        assert all(row.trade is None for row in one.app.book.rows)


async def test_a_time_that_is_typed_is_gone_to() -> None:
    async with replayed() as one:
        await one.press("t")
        assert isinstance(one.app.screen, MomentDialog)
        await one.write("25:99")
        assert "시각이 아닙니다" in one.reading
        await one.press("enter")
        assert isinstance(one.app.screen, MomentDialog)
        await one.write("01:30")
        assert "테이프에 없는 시각입니다 — 17:49:" in one.reading
        assert "19:00" in one.reading
        await one.press("enter")
        assert isinstance(one.app.screen, MomentDialog)
        assert one.place == 0.0
        await one.write("17:49")
        assert "11/20 17:49:00" in one.reading
        await one.write("183015")
        assert "11/20 18:30:15" in one.reading
        await one.hit("enter")
        assert f"{one.app.tape_clock.now():%H:%M:%S}" == "18:30:15"
        assert "18:30:15" in one.timeline


async def test_events_are_gone_to_with_their_time_and_words() -> None:
    async with replayed() as one:
        await one.hit("full_stop")
        assert f"{one.app.tape_clock.now():%H:%M}" == "17:50"
        assert "17:50:00 단일가: 시가 단일가" in one.toasts[-1]
        await one.app.run_action("go('gap')")
        await one.settle()
        assert f"{one.app.tape_clock.now():%H:%M}" == "18:37"
        assert "공백" in one.toasts[-1]
        assert "당시" in one.status
        assert not one.app.link.is_live(one.app.clock.monotonic())
        await one.hit("comma")
        assert f"{one.app.tape_clock.now():%H:%M}" < "18:37"
        await one.app.run_action("go('move')")
        await one.settle()
        assert "눈에 띄는 등락이 없습니다" in one.toasts[-1]
        await one.app.run_action("go('auction')")
        await one.settle()
        assert "이 뒤에는 단일가가 없습니다" in one.toasts[-1]


async def test_an_outage_that_is_over_leaves_the_status_line_with_its_end() -> None:
    async with replayed() as one:
        line = one.app.player.timeline
        outage = line.after(0.0, What.GAP)
        assert outage is not None
        one.app.player.seek((outage.place + outage.end) / 2)
        await one.settle()
        assert "당시" in one.status
        assert "수신하지 못했음" not in one.status
        one.app.player.seek(outage.end + 1.0)
        await one.settle()
        assert one.app.link.is_live(one.app.clock.monotonic())
        assert "재접속" not in one.status
        assert outage.words not in one.status
        await one.hit("comma")
        assert "동안 수신하지 못했음 (" in one.toasts[-1]


async def test_what_the_recorder_missed_is_told_as_long_as_it_lasts(tmp_path: Path) -> None:
    gap = b'{"why":"record.why_full","seconds":20.0,"missed":7}'
    entries = [*trades(20), entry(40, gap, Kind.GAP), entry(60, "0|damaged")]
    write(tmp_path / "a.ktape", entries)
    async with replayed(tmp_path / "a.ktape", size=(200, 40)) as one:
        for place, told in ((10.0, False), (30.0, True), (41.0, False)):
            one.app.player.seek(place)
            await one.settle()
            assert ("기록 빠짐" in one.status) is told


async def test_damage_is_told_at_opening_marked_and_gone_to(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    write(path, trades(100), every=25)
    with Tape(path) as tape:
        start = tape.segments[2].start
    content = bytearray(path.read_bytes())
    content[start + 400 : start + 600] = bytes(200)
    path.write_bytes(content)
    async with replayed(path) as one:
        assert any("테이프가 손상되었습니다 — 1곳, 처음은 18:00:" in told for told in one.toasts)
        assert "✖" in one.timeline
        await one.app.run_action("go('gap')")
        await one.settle()
        assert 50 <= one.place < 75
        assert "손상: 테이프 손상" in one.toasts[-1]
        assert "테이프 손상" in one.status


def test_a_tape_that_is_still_being_recorded_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    contracts = Contracts(Master.from_lines([], []))
    write(path, trades(10))
    with Tape(path) as tape:
        now = datetime.fromtimestamp(tape.written, tz=KST)
        told = "아직 기록 중인 테이프입니다"
        assert any(told in one for one in notices_of(tape, contracts, now))
        later = now + timedelta(hours=1)
        assert not any(told in one for one in notices_of(tape, contracts, later))
    path.unlink()
    write(path, ended(trades(10)))
    with Tape(path) as tape:
        now = datetime.fromtimestamp(tape.written, tz=KST)
        assert not any(told in one for one in notices_of(tape, contracts, now))


async def test_an_auctions_result_stands_as_of_the_moment_that_is_shown() -> None:
    async with replayed() as one:
        title = one.app.desk.expected
        await one.go(18, 30)
        assert "시가 단일가 11/20 18:00 결과" in str(title.border_title)
        assert title.codes
        await one.go(17, 55)
        assert "진행 중" in str(title.border_title)
        await one.hit("home")
        assert title.codes == []
        assert "단일가" not in str(title.border_title)


async def test_nothing_flashes_and_ages_are_right_after_going_back() -> None:
    async with replayed() as one:
        await one.hit("end")
        await one.go(18, 10)
        board = one.app.desk.watchlist
        assert not any(line.flashing for line in board._lines.values())
        now = one.app.clock.monotonic()
        ages = [now - row.trade_at for row in one.app.book.rows if row.trade is not None]
        assert ages
        assert all(0 <= age < 600 for age in ages)


PAGES: dict[str, type[Page]] = {"5": ChainPage, "6": SmilePage, "P": PositionsPage}


@pytest.mark.parametrize("opens", PAGES)
async def test_a_page_is_played_with_the_same_keys_over_its_own_timeline(opens: str) -> None:
    async with replayed() as one:
        await one.hit(opens)
        page = one.app.page
        assert isinstance(page, PAGES[opens])
        bar = page.query_one(TimelineBar)
        hints = page.query_one(KeyHints)
        assert bar.region.height == 2
        assert bar.region.bottom == hints.region.y
        await one.hit("full_stop")
        assert f"{one.app.tape_clock.now():%H:%M}" == "17:50"
        await one.hit("space", "greater_than_sign")
        assert "⏸ 2×" in bar.text
        place = one.place
        await one.hit("l", "l", "h")
        assert one.place == pytest.approx(place + 60)
        await one.hit("comma")
        assert one.place == pytest.approx(place)
        await one.press("t")
        assert isinstance(one.app.screen, MomentDialog)
        await one.write("18:30")
        await one.hit("enter")
        assert "18:30:00" in bar.text
        left, room = bar._bar()
        await one.pilot.click(bar, offset=(1 + left + (room - 1) // 2, 1))
        await one.settle()
        assert one.place == pytest.approx(one.app.player.reel.length / 2, rel=0.02)
        assert one.app.page is page


async def test_arrows_and_ends_stay_with_a_page_that_uses_them() -> None:
    async with replayed() as one:
        await one.hit("5")
        await one.go(18, 30)
        place = one.place
        page = one.app.page
        assert isinstance(page, ChainPage)
        before = page.focus_code
        await one.hit("right", "home", "end", "left")
        assert one.place == place
        assert page.focus_code != before
        told = {c.id: c for c in (*page.table, *page.lent)}
        assert told["chain_call"].shown == "←"
        assert told["chain_money"].keys == ("0",)
        assert told["event_after"].keys == ("full_stop",)
        assert told["step_on"].keys == ()


def test_no_key_of_a_page_is_lost_to_a_replay() -> None:
    for page in PAGES.values():
        for command in page.KEYS:
            assert not command.keys or command.keys[0] not in commands.keys_of(
                commands.without(commands.REPLAY, {c.keys[0] for c in page.KEYS if c.keys})
            )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("공백", "다음 공백"),
        ("단일가", "다음 단일가"),
        ("등락", "가장 큰 등락"),
        ("큰 등락", "가장 큰 등락"),
        ("시각", "시각으로 이동"),
        ("이전 사건", "이전 사건"),
    ],
)
async def test_the_word_that_names_a_command_finds_it_first(typed: str, found: str) -> None:
    async with replayed() as one:
        titles = [c.title for c in one.app.get_system_commands(one.app.screen)]
        match = Matcher(typed)
        best = max(titles, key=match.match)
        assert match.match(best) > 0
        assert best == found


async def test_a_click_on_the_timeline_goes_there() -> None:
    async with replayed() as one:
        bar = one.app.screen.query_one(TimelineBar)
        left, room = bar._bar()
        assert left > ASIDE
        await one.pilot.click(bar, offset=(1 + left + (room - 1) // 2, 1))
        await one.settle()
        assert one.place == pytest.approx(one.app.player.reel.length / 2, rel=0.02)


async def test_the_timeline_names_phases_and_marks_what_happened() -> None:
    async with replayed() as one:
        first, second = one.timeline.splitlines()
        assert "시가 단일가" in first
        assert "야간 정규장" in first
        assert "17:49" in first
        assert "19:00" in first
        assert "◆" in second
        assert "●" in second


async def test_what_a_replay_has_no_use_for_is_said() -> None:
    async with replayed() as one:
        await one.press("r")
        assert "연결이 없습니다" in one.toasts[-1]
        await one.press("R")
        assert "재생 중에는 기록하지 않습니다" in one.toasts[-1]


async def test_a_code_that_is_not_on_the_tape_says_so_in_its_row() -> None:
    async with replayed() as one:
        await one.add("B01612A34")
        await one.settle()
        assert "테이프에 없음" in one.text


async def test_nothing_of_it_is_kept(home: Path) -> None:
    before = files(home)
    async with replayed() as one:
        await one.press("d")
        await one.go(18, 30)
        one.app.keep()
    assert files(home) == before


def files(folder: Path) -> list[Path]:
    """What lies in a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def test_its_keys_are_in_its_help_and_in_no_other() -> None:
    async with replayed() as one:
        await one.press("question_mark")
        assert isinstance(one.app.screen, HelpDialog)
        assert "Space" in one.text
        assert "재생 · 일시정지" in one.text
    live = {key for command in commands.COMMANDS for key in command.keys}
    assert "space" not in live
    assert {c.id for c in commands.replayed()} >= {c.id for c in commands.REPLAY}


async def test_it_never_opens_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a replay dials")

    async with replayed() as one:
        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "create_connection", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        await one.play(30.0)
        await one.hit("r", "home", "end")
        assert one.app.counters.records


async def test_in_a_small_terminal_the_timeline_gives_its_room() -> None:
    async with replayed(size=(60, 14)) as one:
        assert isinstance(one, Replay)
        assert "REPLAY" in one.text
        await one.resize((50, 10))
        assert "REPLAY" not in one.text
