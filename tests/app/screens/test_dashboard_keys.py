"""Keys with the Hangul input method on, and the keys of the program itself."""

import asyncio

import pytest
from harness.dashboard import run_dashboard
from textual import events
from textual.widgets import Input

from app.feed.connection import LinkPhase
from app.instruments.hangul import keys_of
from app.screens.dialogs.add_dialog import AddDialog
from app.screens.dialogs.help_dialog import HelpDialog
from app.screens.keymap import COMMANDS, app_bindings, board_bindings
from widgets.board import Board

FEW = ("A01612", "B01612A31", "C01612A31")


async def test_jamo_are_the_keys_they_stand_on() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("ㅁ")
        assert isinstance(stage.app.screen, AddDialog)
        await stage.press("escape", "ㅇ")
        assert stage.codes == ["B01612A31", "C01612A31"]
        await stage.press("ㅕ")
        assert stage.codes == list(FEW)
        await stage.press("ㅓ")
        assert stage.app.main.grid.watchlist.cursor == 2
        await stage.press("ㅋ")
        assert not stage.app.main.grid.greeks.display
        await stage.press("ㅋ", "ㅂ")
    assert stage.app.return_value == 0


async def test_a_composed_syllable_is_taken_apart() -> None:
    # 어 is ㅇ and ㅓ: d removes the first row, j moves down.
    async with run_dashboard(FEW) as stage:
        stage.app.post_message(events.Key("어", "어"))
        await stage.until(lambda: stage.codes == ["B01612A31", "C01612A31"])
        await stage.until(lambda: stage.app.main.grid.watchlist.code == "C01612A31")


async def test_hangul_in_the_field_reads_as_the_keys_that_were_pressed() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("ㅁ", *"ㅠ01612ㅁ33", "enter")
        assert stage.codes == [*FEW, "B01612A33"]
        await stage.press("w", *"야간", "enter")
        assert stage.app.program.store.names() == ["야간"]


def test_every_letter_that_is_a_key_is_reached_from_the_hangul_keyboard() -> None:
    reached = {keys_of(jamo) for jamo in "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ"}
    letters = {
        key for command in COMMANDS for key in command.keys if key.isalpha() and len(key) < 2
    }
    assert {letter for letter in letters if letter.islower()} <= reached


def test_no_key_does_two_things() -> None:
    bindings = (*app_bindings(), *board_bindings())
    keys = [key for binding in bindings for key in binding.key.split(",")]
    assert len(keys) == len(set(keys))


async def test_escape_characters_in_a_paste_do_not_reach_the_screen() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("a")
        stage.app.screen.query_one(Input).post_message(events.Paste("\x1b[31mB01612A33\x07\u202e"))
        await stage.until(lambda: "B01612A33" in stage.text)
        assert not {"\x1b", "\x07", "\u202e"} & set(stage.text)


async def test_a_click_on_a_hint_does_what_its_key_does() -> None:
    async with run_dashboard(FEW) as stage:
        column = stage.text.splitlines()[-1].index("도움말")
        # Every Korean letter before it is two cells wide.
        cells = len(stage.text.splitlines()[-1][:column].encode("cp949"))
        await stage.pilot.click(offset=(cells, 39))
        await stage.until(lambda: isinstance(stage.app.screen, HelpDialog))


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving_gives_the_exit_code_of_success(key: str) -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press(key)
    assert stage.app.return_code == 0
    assert stage.app.return_value == 0
    assert stage.simulator.sessions == 0


async def test_r_closes_the_session_and_opens_another_with_everything_registered() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        before = stage.simulator.registrations
        await stage.press("r")
        assert stage.toasts == ["다시 연결합니다"]
        await stage.until(lambda: stage.simulator.dials == 2)
        await stage.wait_registered()
        assert stage.simulator.registrations == before
        assert stage.simulator.sessions == 1


async def test_a_lost_connection_dims_the_screen_says_why_and_comes_back() -> None:
    async with run_dashboard(FEW) as stage:
        port = int(stage.thread.ws_url.rpartition(":")[2])
        stage.thread.stop()
        await stage.until(lambda: stage.app.link.phase is LinkPhase.BACKOFF)
        assert "재연결 대기: 연결 끊김" in stage.status
        assert "뒤 재시도 (1회, r 지금)" in stage.status
        again = stage.restart_simulator(port)
        try:
            # The new server knows the old key no more: a try, an answer, a key, another try.
            async with asyncio.timeout(30):
                while stage.simulator.registrations != stage.wanted_registrations:
                    await stage.pass_time(1)
                    stage.wake_feed()
            await stage.wait_registered()
            assert stage.simulator.registrations == stage.wanted_registrations
        finally:
            again.stop()


async def test_a_wrong_app_key_is_said_and_not_tried_again() -> None:
    async with run_dashboard(FEW, app_key="another", live=False) as stage:
        await stage.until(lambda: stage.app.link.phase is LinkPhase.FATAL)
        assert "인증 실패" in stage.status
        assert "demo" not in stage.status.lower().replace(" demo ", "")
        await stage.pass_time(3600)
        stage.wake_feed()
        await stage.pass_time(1)
        assert stage.simulator.dials == 0
        assert stage.app.link.phase is LinkPhase.FATAL


async def test_a_paste_reaches_a_board_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pasted: list[str] = []
    monkeypatch.setattr(
        Board, "on_paste", lambda board, event: pasted.append(event.text), raising=False
    )
    async with run_dashboard(FEW) as stage:
        stage.app.post_message(events.Paste("A01703\nB01612A31"))
        await stage.until(lambda: pasted)
        for _ in range(10):
            await stage.pilot.pause()
        assert pasted == ["A01703 B01612A31"]
        assert stage.app.input_queue.is_empty
