"""Every action with its keys, as ``kis-tui keys`` lists them and its probe names them."""

from collections.abc import Collection, Iterator

from msgspec import Struct

from app.screens.key_scopes import BOARDS, scopes
from app.screens.keymap import apply_user_keys
from app.screens.pages import PAGES
from app.storage.key_file import UserKeys
from widgets.texts import t


class ListedAction(Struct, frozen=True):
    """An action with its keys in force."""

    id: str
    screens: list[str]
    """Where it works: ``boards``, ``replay`` and names of pages."""
    keys: list[str]
    """Names of its keys, as ``keys.toml`` takes them."""
    shown: str
    """Its keys as help and hints show them, blanks between."""
    standard: list[str]
    """Its standard keys."""
    changed: bool
    description: str


def listed_actions(user: UserKeys) -> list[ListedAction]:
    """Return every action once, in the order of the help, those of pages behind the others."""
    found: dict[str, ListedAction] = {}
    for screen, commands in scopes().items():
        for standard, command in zip(commands, apply_user_keys(commands, user), strict=True):
            if command.id in found:
                found[command.id].screens.append(screen)
                continue
            found[command.id] = ListedAction(
                command.id,
                [screen],
                [*command.keys],
                command.shown,
                [*standard.keys],
                command.keys != standard.keys,
                t(f"command.{command.id}"),
            )
    return [*found.values()]


def bound_actions(user: UserKeys, key: str) -> Iterator[tuple[str, str]]:
    """Yield each screen on which a key does something, and the action's id.

    A page's own action comes before the app's.
    """
    for screen, commands in scopes().items():
        table = apply_user_keys(commands, user)
        action = next((command.id for command in table if key in command.keys), None)
        if action is not None:
            yield screen, action


def screen_words(screens: Collection[str]) -> str:
    """Return names of screens as a text; one for all pages, and for all pages and the boards."""
    if {*PAGES} <= {*screens}:
        return t("key_screen.everywhere" if BOARDS in screens else "key_screen.pages")
    return ", ".join(t(f"key_screen.{screen}") for screen in screens)
