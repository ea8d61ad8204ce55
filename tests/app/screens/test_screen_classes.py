"""Which class owns what: the chain of the apps, and the screen or app behind each command."""

import pytest
from textual.app import App
from textual.screen import ModalScreen

from app.screens.app import KisTui
from app.screens.boards_screen import BoardsScreen
from app.screens.keymap import COMMANDS, REPLAY, Command
from app.screens.page_screen import BACK, PageScreen
from app.screens.pages import page_class
from app.screens.replay_app import ReplayApp
from app.screens.textual_compat import SafeApp

PAGES = [page_class(name) for name in ("chain", "smile", "positions")]


def has_action(screen: type, app: type, command: Command) -> bool:
    target, _, name = command.action.partition("(")[0].rpartition(".")
    return hasattr(app if target == "app" else screen, f"action_{name}")


def test_the_chain_of_apps_has_three_classes() -> None:
    chain = ReplayApp.__mro__
    assert chain[: chain.index(App)] == (ReplayApp, KisTui, SafeApp)


@pytest.mark.parametrize("page", [BoardsScreen, *PAGES])
def test_boards_and_pages_are_not_modal(page: type) -> None:
    assert not issubclass(page, ModalScreen)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_a_command_has_an_action_where_it_says(command: Command) -> None:
    assert has_action(BoardsScreen, KisTui, command)


@pytest.mark.parametrize("command", REPLAY, ids=lambda command: command.id)
def test_a_command_of_a_replay_is_an_action_of_the_app(command: Command) -> None:
    assert command.action.startswith("app.")
    assert has_action(BoardsScreen, ReplayApp, command)


@pytest.mark.parametrize("page", PAGES)
def test_a_key_of_a_page_is_an_action_of_the_page(page: type[PageScreen]) -> None:
    for command in (*page.KEYS, BACK):
        assert not command.action.startswith("app.")
        assert has_action(page, KisTui, command)


def test_an_unknown_page_is_an_error() -> None:
    with pytest.raises(LookupError, match="orders"):
        page_class("orders")
