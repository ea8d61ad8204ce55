"""``kis-tui keys``: every action with its keys, and what the terminal sends for a key."""

from functools import partial
from typing import TYPE_CHECKING

import click
import msgspec

from app.cli.columns import table
from app.cli.invocation import Invocation
from app.cli.terminal import check_terminal
from app.storage.key_file import UserKeys, key_path
from widgets.message_text import message_text
from widgets.texts import name_keys, t

if TYPE_CHECKING:
    from app.screens.key_list import ListedAction

_HEADING = ("mark", "id", "screen", "shown", "description")


@click.command()
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="A table, or an array: id, screens, keys (as keys.toml takes them), shown, standard, "
    "changed, description.",
)
@click.option("--probe", is_flag=True, help="Show what the terminal sends for each key pressed.")
@click.pass_obj
def keys(invocation: Invocation, shape: str, probe: bool) -> None:
    """Print every action of the dashboard: id, screen, keys, description; * marks your own keys.

    keys.toml beside the settings file gives actions other keys: roll = "N", or
    export = ["standard", "ctrl+e"] besides the standard ones, or remove = [] for none.
    """
    from app.screens.key_list import listed_actions
    from app.screens.user_keys import key_in_text, load_user_keys

    user, problems = load_user_keys(key_path(invocation.folders))
    name_keys(partial(key_in_text, user))
    for problem in problems:
        click.echo(message_text(problem), err=True)
    if probe:
        _probe(user)
    elif shape == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(listed_actions(user))))
    else:
        rows = [tuple(t(f"keys_list.{name}") for name in _HEADING)]
        rows += [_row(action) for action in listed_actions(user)]
        click.echo("\n".join(table(rows)))


def _row(action: "ListedAction") -> tuple[str, ...]:
    from app.screens.key_list import screen_words

    mark = "*" if action.changed else ""
    return mark, action.id, screen_words(action.screens), action.shown or "—", action.description


def _probe(user: UserKeys) -> None:
    from app.screens.key_probe import KeyProbe

    check_terminal()
    probe = KeyProbe(user)
    probe.run()
    for line in probe.lines:
        click.echo(line)
