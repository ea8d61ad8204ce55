"""Keys of the boards, the app and replays: bindings, help, hints, palette and README follow them.

The keys of a page stand in the page's own table, those of a dialog in the dialog.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from textual.binding import Binding, BindingType

from app.screens.key_names import key_word
from app.storage.key_file import UserKeys
from widgets.hints import Hint
from widgets.texts import t


class Command(NamedTuple):
    """A command and its keys; its words are ``command.<id>`` in the catalogue."""

    id: str
    keys: tuple[str, ...]
    shown: str
    action: str
    """An action of the screen, or with the prefix ``app.`` of the app."""
    group: str
    hint: int = 0
    """Place among the key hints, from 1; 0 for none."""


COMMANDS: tuple[Command, ...] = (
    Command("add", ("a", "plus"), "a +", "add", "list", 1),
    Command("remove", ("d", "minus"), "d -", "remove", "list", 2),
    Command("undo", ("u",), "u", "undo", "list", 3),
    Command("roll", ("n",), "n", "roll", "list"),
    Command("find", ("slash",), "/", "find", "list"),
    Command("row_up", ("alt+up", "K"), "alt+↑ K", "shift_row(-1)", "list"),
    Command("row_down", ("alt+down", "J"), "alt+↓ J", "shift_row(1)", "list"),
    Command("sort", ("s",), "s", "sort", "list", 4),
    Command("reverse", ("tilde",), "~", "reverse", "list"),
    Command("columns", ("c",), "c", "columns", "list", 13),
    Command("list_before", ("left_square_bracket",), "[", "list(-1)", "list"),
    Command("list_after", ("right_square_bracket",), "]", "list(1)", "list"),
    Command("lists", ("t", "L"), "t L", "lists", "list"),
    Command("new_list", (), "", "new_list", "list"),
    Command("move_row", ("A",), "A", "move_row", "list"),
    Command("note", ("e",), "e", "note", "list"),
    Command("baseline", ("equals_sign",), "=", "baseline", "list"),
    Command("up", ("up", "k"), "↑ k", "move('up')", "move"),
    Command("down", ("down", "j"), "↓ j", "move('down')", "move"),
    Command("top", ("home", "g"), "Home g", "move('top')", "move"),
    Command("bottom", ("end", "G"), "End G", "move('bottom')", "move"),
    Command("page_up", ("pageup", "ctrl+u"), "PgUp ^u", "move('page_up')", "move"),
    Command("page_down", ("pagedown", "ctrl+d"), "PgDn ^d", "move('page_down')", "move"),
    Command("cell_left", ("left",), "←", "cell(-1)", "move"),
    Command("cell_right", ("right",), "→", "cell(1)", "move"),
    Command("clear", ("escape",), "Esc", "clear", "move"),
    Command("watchlist", ("1",), "1", "panel('watchlist')", "panel"),
    Command("greeks", ("2",), "2", "panel('greeks')", "panel"),
    Command("expected", ("3",), "3", "panel('expected')", "panel"),
    Command("book", ("4",), "4", "panel('book')", "panel"),
    Command("chain", ("5",), "5", "app.page('chain')", "panel", 9),
    Command("smile", ("6",), "6", "app.page('smile')", "panel", 10),
    Command("trades", ("7",), "7", "panel('trades')", "panel"),
    Command("filter", ("f",), "f", "filter", "panel"),
    Command("chart", ("8",), "8", "app.page('chart')", "panel", 16),
    Command("auction", ("9",), "9", "app.page('auction')", "panel"),
    Command("fields", ("enter",), "Enter", "app.page('fields')", "panel"),
    Command("next_panel", ("tab",), "Tab", "next_panel(1)", "panel"),
    Command("last_panel", ("shift+tab",), "⇧Tab", "next_panel(-1)", "panel"),
    Command("panels", ("v",), "v", "panels", "panel"),
    Command("smaller", ("left_curly_bracket",), "{", "resize(-1)", "panel"),
    Command("larger", ("right_curly_bracket",), "}", "resize(1)", "panel"),
    Command("arrange", ("0",), "0", "arrange", "panel"),
    Command("greeks_source", ("i",), "i", "app.greeks_source", "panel"),
    Command("zoom", ("z", "m"), "z m", "zoom", "panel", 12),
    Command("positions", ("P",), "P", "app.page('positions')", "panel", 11),
    Command("alerts", ("exclamation_mark",), "!", "app.page('alerts')", "panel"),
    Command("open", ("o",), "o", "open", "layout", 7),
    Command("save", ("w",), "w", "save", "layout", 8),
    Command("colours", (), "", "colours", "layout"),
    Command("copy", ("y",), "y", "app.copy('row')", "program"),
    Command("copy_panel", ("Y",), "Y", "app.copy('panel')", "program"),
    Command("mouse", ("percent_sign",), "%", "app.mouse", "program"),
    Command("freeze", ("space",), "Space", "app.freeze", "program"),
    Command("slots", ("b",), "b", "app.slots", "program"),
    Command("record", ("R",), "R", "app.record", "program", 14),
    Command("reconnect", ("r",), "r", "app.reconnect", "program", 15),
    Command("log", ("grave_accent", "f12", "won_sign"), "` F12 ₩", "app.log", "program"),
    Command("export", ("E", "x"), "E x", "export", "program"),
    Command("settings", ("comma",), ",", "app.settings", "program"),
    Command("help", ("question_mark",), "?", "app.help", "program", 5),
    Command("manual", ("f1",), "F1", "app.manual", "program"),
    Command("palette", ("ctrl+p", "colon"), "^p :", "app.command_palette", "program"),
    Command("quit", ("q", "ctrl+q", "ctrl+c"), "q ^q ^c", "app.quit", "program", 6),
)

REPLAY: tuple[Command, ...] = (
    Command("pause", ("space",), "Space", "app.pause", "replay", 1),
    Command("step_back", ("left",), "←", "app.step(-1)", "replay", 2),
    Command("step_on", ("right",), "→", "app.step(1)", "replay", 3),
    Command("minute_back", ("h",), "h", "app.skip(-60)", "replay"),
    Command("minute_on", ("l",), "l", "app.skip(60)", "replay"),
    Command("slower", ("less_than_sign",), "<", "app.faster(-1)", "replay", 4),
    Command("faster", ("greater_than_sign",), ">", "app.faster(1)", "replay", 5),
    Command("begin", ("home",), "Home", "app.go('begin')", "replay"),
    Command("end", ("end",), "End", "app.go('end')", "replay"),
    Command("go_to_time", ("t",), "t", "app.go_to_time", "replay", 6),
    Command("event_before", ("comma",), ",", "app.go('before')", "replay", 7),
    Command("event_after", ("full_stop",), ".", "app.go('after')", "replay", 8),
    Command("next_auction", (), "", "app.go('auction')", "replay"),
    Command("next_gap", (), "", "app.go('gap')", "replay"),
    Command("biggest_move", (), "", "app.go('move')", "replay"),
)
"""The keys of a replay; they come before the keys of boards and pages."""

WITHOUT_FEED = frozenset(("reconnect", "record", "freeze"))
"""Commands that a replay lacks."""

ON_PAGES = frozenset(command.id for command in COMMANDS if command.action.startswith("app."))
"""Commands that work on pages as on the boards: the actions of the app."""

ALWAYS_QUITS = "ctrl+q"
"""The key that quits from everywhere, dialogs included."""

GROUPS = ("replay", "list", "move", "panel", "layout", "program")


def apply_user_keys(table: Iterable[Command], user: UserKeys) -> tuple[Command, ...]:
    """Return a table of commands with the user's keys in place of the standard ones."""
    rest = []
    for command in table:
        keys = user.keys.get(command.id, command.keys)
        if keys != command.keys:
            command = command._replace(keys=keys, shown=" ".join(map(key_word, keys)))
        rest.append(command)
    return tuple(rest)


def app_bindings(table: Iterable[Command] = COMMANDS) -> list[Binding]:
    """Return the keys that work on boards and pages, as bindings of the app."""
    quits = Binding(ALWAYS_QUITS, "quit", "quit", show=False, priority=True)
    return [*_bindings(on_pages(table)), quits]


def board_bindings(table: Iterable[Command] = COMMANDS) -> list[Binding]:
    """Return the keys that work on the boards alone, as bindings of their screen."""
    return _bindings(command for command in table if command.id not in ON_PAGES)


def page_bindings(commands: Iterable[Command]) -> list[BindingType]:
    """Return the keys of a page as bindings of its screen."""
    return [*_bindings(commands)]


def replay_bindings(table: Iterable[Command] = REPLAY) -> list[Binding]:
    """Return the keys of a replay as bindings of the app that come before those of all screens."""
    return [
        Binding(key, f"replay_key('{key}')", show=False, priority=True, id=command.id)
        for command in table
        for key in command.keys
    ]


def _bindings(commands: Iterable[Command]) -> list[Binding]:
    return [
        Binding(key, command.action, command.id, show=False, id=command.id)
        for command in commands
        for key in command.keys
        if key != ALWAYS_QUITS
    ]


def hints_of(commands: Iterable[Command]) -> list[Hint]:
    """Return the hints of a table, most useful first."""
    chosen = sorted((c for c in commands if c.hint and c.keys), key=lambda c: c.hint)
    return [
        Hint(c.keys[0] if len(c.keys[0]) == 1 else c.shown.split()[0], t(f"hint.{c.id}"), c.action)
        for c in chosen
    ]


def replayed(
    replay: tuple[Command, ...] = REPLAY, table: Iterable[Command] = COMMANDS
) -> tuple[Command, ...]:
    """Return the table for a replay: the tape's keys and hints come before the others."""
    rest = [
        command._replace(hint=command.hint and command.hint + len(replay))
        for command in without(table, keys_of(replay))
        if command.id not in WITHOUT_FEED
    ]
    return (*replay, *rest)


def keys_of(table: Iterable[Command]) -> frozenset[str]:
    """Return all keys of a table."""
    return frozenset(key for command in table for key in command.keys)


def first_keys(table: Iterable[Command]) -> frozenset[str]:
    """Return the first key of each command of a table."""
    return frozenset(command.keys[0] for command in table if command.keys)


def without(table: Iterable[Command], keys: Collection[str]) -> tuple[Command, ...]:
    """Return a table whose commands lack some keys, as help and hints show it."""
    rest = []
    for command in table:
        pairs = zip(command.keys, command.shown.split(), strict=True)
        kept = [(key, word) for key, word in pairs if key not in keys]
        left, words = (tuple(pair[at] for pair in kept) for at in (0, 1))
        rest.append(command._replace(keys=left, shown=" ".join(words)))
    return tuple(rest)


def on_pages(table: Iterable[Command]) -> tuple[Command, ...]:
    """Return the commands of a table that work on pages, too."""
    return tuple(command for command in table if command.id in ON_PAGES)


def grouped(
    commands: Iterable[Command] = COMMANDS,
) -> Iterator[tuple[str, list[Command]]]:
    """Yield the table by group, in the order of the help."""
    table = tuple(commands)
    for group in GROUPS:
        yield group, [c for c in table if c.group == group]
