"""Dialogs under keys that come faster than they are handled, on the real program above all."""

from pathlib import Path

import pytest
from harness.dashboard import run_dashboard
from rig.double_keys import IN_SUITE, PROGRAMS, run
from rig.keystrokes import KITTY_ESCAPE
from rig.terminal import COMMAND, Terminal
from textual.widgets import Input, OptionList

from app.screens.dialogs.add_dialog import AddDialog
from widgets.texts import t


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_dialog_survives_each_of_its_keys_twice_in_one_write(home: Path, program: str) -> None:
    names = IN_SUITE[program]
    assert run(home, program, names) >= 17 * len(names)


def test_a_terminal_that_was_not_read_for_seconds_may_bring_several_enters(home: Path) -> None:
    with Terminal([COMMAND, "--demo"], home) as terminal:
        terminal.shows(t("panel.watchlist"))
        terminal.type("a")
        terminal.shows(t("add.title"))
        terminal.stop_reading()
        for keys in ("A01703\r", "\r", "\r\r"):
            terminal.type(keys)
        terminal.go_on_reading()
        terminal.hides(t("add.title"))
        terminal.type("q")
        assert terminal.ends() == 0


def test_keys_in_one_write_reach_the_screen_that_the_ones_before_them_opened(home: Path) -> None:
    with Terminal([COMMAND, "--demo"], home) as terminal:
        terminal.shows("A01612")
        assert "A01703" not in terminal.text
        terminal.type("aA01703\rs")
        terminal.shows("A01703", t("sort.title"))
        terminal.type(KITTY_ESCAPE + "q")
        assert terminal.ends() == 0


def test_a_second_escape_in_one_write_does_not_leave_the_page_below_a_dialog(home: Path) -> None:
    pages = (("P", "a", "position.add"), ("5", "p", "chain.product_title"))
    with Terminal([COMMAND, "--demo"], home) as terminal:
        terminal.shows("A01612")
        for page, keys, title in pages:
            terminal.type(page)
            terminal.shows(t("hint.back"))
            terminal.type(keys)
            terminal.shows(t(title))
            terminal.type(2 * KITTY_ESCAPE)
            terminal.hides(t(title))
            # The boards, with the page left, know no such dialog.
            terminal.type(keys)
            terminal.shows(t(title))
            terminal.type(KITTY_ESCAPE)
            terminal.hides(t(title))
            terminal.type(KITTY_ESCAPE)
            terminal.hides(t("hint.back"))
        terminal.type("\x11")
        assert terminal.ends() == 0


def test_the_key_that_always_quits_does_not_wait_for_a_long_burst(home: Path) -> None:
    with Terminal([COMMAND, "--demo"], home) as terminal:
        terminal.shows("A01612")
        # Dialogs and pages that take more than a minute to open and close.
        terminal.type(500 * f"5{KITTY_ESCAPE}s{KITTY_ESCAPE}" + "\x11")
        assert terminal.ends() == 0
        assert not terminal.not_restored


async def test_a_tab_and_text_in_one_go_fill_in_the_next_field() -> None:
    async with run_dashboard() as stage:
        await stage.press("P", "a", "2", "tab", "1", "0", "8")
        fields = {field.id: field.value for field in stage.app.screen.query(Input)}
        assert fields["quantity"] == "2"
        assert fields["average"] == "108"


@pytest.mark.parametrize("way", ["page_down", "page_up", "cursor_down", "cursor_up"])
async def test_a_list_is_moved_before_it_was_laid_out(way: str) -> None:
    async with run_dashboard() as stage:
        await stage.press("a")
        dialog = stage.app.screen
        assert isinstance(dialog, AddDialog)
        field, found = dialog.query_one(Input), dialog.query_one("#found", OptionList)
        dialog.read(Input.Changed(field, "c1085"))
        dialog.action_move(way)
        assert found.highlighted is not None
        if way == "page_down":
            assert found.highlighted > 0
