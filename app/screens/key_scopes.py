"""The keys of each screen together: what can clash, and where an action is found by its id."""

from collections.abc import Iterator, Mapping
from functools import cache

from app.screens.keymap import COMMANDS, REPLAY, Command, on_pages
from app.screens.page_screen import BACK
from app.screens.pages import PAGES, page_class

BOARDS = "boards"
REPLAYS = "replay"
"""The keys of a replay, which come before those of boards and pages."""

FIXED = ("quit", "back")
"""Actions that keep their standard keys whatever else is bound to them."""


@cache
def scopes() -> Mapping[str, tuple[Command, ...]]:
    """Return the standard commands by screen: boards, replay, and each page by its name.

    A page's own come first, then those of the app that work there.  All pages are imported.
    """
    quits = next(command for command in COMMANDS if command.id == "quit")
    pages = {name: (*page_class(name).KEYS, BACK, *on_pages(COMMANDS)) for name in PAGES}
    return {BOARDS: COMMANDS, REPLAYS: (*REPLAY, quits), **pages}


def all_commands() -> Iterator[tuple[str, Command]]:
    """Yield every command once, with the first screen that has it."""
    seen: set[str] = set()
    for screen, commands in scopes().items():
        for command in commands:
            if command.id not in seen:
                seen.add(command.id)
                yield screen, command


def standard_command(action: str) -> Command | None:
    """Return a command by its id, with its standard keys; None if there is none.

    Pages are imported only for an id that neither boards nor replays have.
    """
    for command in (*COMMANDS, *REPLAY):
        if command.id == action:
            return command
    return next((command for _, command in all_commands() if command.id == action), None)
