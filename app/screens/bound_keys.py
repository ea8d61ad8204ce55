"""Binds the keys in force: in the app itself, and in the texts that name keys."""

from functools import partial

from app.screens.keymap import (
    COMMANDS,
    REPLAY,
    Command,
    app_bindings,
    apply_user_keys,
    replay_bindings,
    replayed,
)
from app.screens.textual_compat import SafeApp
from app.screens.textual_compat.key_bindings import rebind
from app.screens.user_keys import key_in_text
from app.storage.key_file import UserKeys
from widgets.texts import name_keys


def bind_keys(app: SafeApp, keys: UserKeys) -> tuple[Command, ...]:
    """Bind the app's keys, and return the table that help, hints and palette show."""
    name_keys(partial(key_in_text, keys))
    table = apply_user_keys(COMMANDS, keys)
    rebind(app, app_bindings(table), keys.keys)
    return table


def bind_replay_keys(app: SafeApp, keys: UserKeys) -> tuple[Command, ...]:
    """Bind the keys of a replay besides; its commands come first in the table."""
    table, replay = bind_keys(app, keys), apply_user_keys(REPLAY, keys)
    rebind(app, replay_bindings(replay), {*keys.keys} & {command.id for command in REPLAY})
    return replayed(replay, table)
