"""The one table of keys: bindings, help, hints, palette and README are drawn from it."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from textual.binding import Binding

from widgets.hints import Hint
from widgets.texts import t


class Command(NamedTuple):
    """What a key does; its words are ``command.<id>`` in the catalogue."""

    id: str
    keys: tuple[str, ...]
    shown: str
    action: str
    group: str
    hint: int = 0
    """Place among the key hints, from 1; 0 for none."""


COMMANDS: tuple[Command, ...] = (
    Command("add", ("a", "plus"), "a +", "add", "list", 1),
    Command("remove", ("d", "minus"), "d -", "remove", "list", 2),
    Command("undo", ("u",), "u", "undo", "list", 3),
    Command("roll", ("n",), "n", "roll", "list"),
    Command("row_up", ("alt+up", "K"), "alt+↑ K", "shift_row(-1)", "list"),
    Command("row_down", ("alt+down", "J"), "alt+↓ J", "shift_row(1)", "list"),
    Command("sort", ("s",), "s", "sort", "list", 4),
    Command("reverse", ("tilde",), "~", "reverse", "list"),
    Command("columns", ("c",), "c", "columns", "list", 13),
    Command("up", ("up", "k"), "↑ k", "move('up')", "move"),
    Command("down", ("down", "j"), "↓ j", "move('down')", "move"),
    Command("top", ("home", "g"), "Home g", "move('top')", "move"),
    Command("bottom", ("end", "G"), "End G", "move('bottom')", "move"),
    Command("page_up", ("pageup", "ctrl+u"), "PgUp ^u", "move('page_up')", "move"),
    Command("page_down", ("pagedown", "ctrl+d"), "PgDn ^d", "move('page_down')", "move"),
    Command("watchlist", ("1",), "1", "panel('watchlist')", "panel"),
    Command("greeks", ("2",), "2", "panel('greeks')", "panel"),
    Command("expected", ("3",), "3", "panel('expected')", "panel"),
    Command("book", ("4",), "4", "panel('book')", "panel"),
    Command("chain", ("5",), "5", "chain", "panel", 9),
    Command("smile", ("6",), "6", "smile", "panel", 10),
    Command("next_panel", ("tab",), "Tab", "next_panel(1)", "panel"),
    Command("last_panel", ("shift+tab",), "⇧Tab", "next_panel(-1)", "panel"),
    Command("panels", ("v",), "v", "panels", "panel"),
    Command("smaller", ("left_curly_bracket",), "{", "resize(-1)", "panel"),
    Command("larger", ("right_curly_bracket",), "}", "resize(1)", "panel"),
    Command("arrange", ("0",), "0", "arrange", "panel"),
    Command("greeks_source", ("y",), "y", "greeks_source", "panel"),
    Command("zoom", ("z", "m"), "z m", "zoom", "panel", 12),
    Command("positions", ("P",), "P", "positions", "panel", 11),
    Command("open", ("o",), "o", "open", "layout", 7),
    Command("save", ("w",), "w", "save", "layout", 8),
    Command("colours", (), "", "colours", "layout"),
    Command("slots", ("b",), "b", "slots", "program"),
    Command("record", ("R",), "R", "record", "program", 14),
    Command("reconnect", ("r",), "r", "reconnect", "program", 15),
    Command("log", ("grave_accent", "f12", "won_sign"), "` F12 ₩", "log", "program"),
    Command("export", ("E", "x"), "E x", "export", "program"),
    Command("help", ("question_mark", "f1"), "? F1", "help", "program", 5),
    Command("palette", ("ctrl+p", "colon"), "^p :", "command_palette", "program"),
    Command("quit", ("q", "ctrl+q", "ctrl+c"), "q ^q ^c", "quit", "program", 6),
)

REPLAY: tuple[Command, ...] = (
    Command("pause", ("space",), "Space", "pause", "replay", 1),
    Command("step_back", ("left",), "←", "step(-1)", "replay", 2),
    Command("step_on", ("right",), "→", "step(1)", "replay", 3),
    Command("minute_back", ("h",), "h", "skip(-60)", "replay"),
    Command("minute_on", ("l",), "l", "skip(60)", "replay"),
    Command("slower", ("less_than_sign",), "<", "faster(-1)", "replay", 4),
    Command("faster", ("greater_than_sign",), ">", "faster(1)", "replay", 5),
    Command("begin", ("home",), "Home", "go('begin')", "replay"),
    Command("end", ("end",), "End", "go('end')", "replay"),
    Command("go_to_time", ("t",), "t", "go_to_time", "replay", 6),
    Command("event_before", ("comma",), ",", "go('before')", "replay", 7),
    Command("event_after", ("full_stop",), ".", "go('after')", "replay", 8),
    Command("next_auction", (), "", "go('auction')", "replay"),
    Command("next_gap", (), "", "go('gap')", "replay"),
    Command("biggest_move", (), "", "go('move')", "replay"),
)
"""What keys do besides, or instead, where a tape is played."""

WITHOUT_FEED = frozenset(("reconnect", "record"))
"""What a tape that is played has no use for."""

ON_PAGES = frozenset(
    (
        *("chain", "smile", "positions", "greeks_source", "slots", "record"),
        *("reconnect", "log", "help", "palette", "quit"),
    )
)
"""What keys do on pages as they do on the boards."""

ALWAYS_QUITS = "ctrl+q"
"""Leaving must be possible from everywhere, dialogs included."""

GROUPS = ("replay", "list", "move", "panel", "layout", "program")


def bindings(commands: Iterable[Command] = COMMANDS) -> list[Binding]:
    """The table as bindings of the app."""
    table = []
    for command in commands:
        keys = ",".join(key for key in command.keys if key != ALWAYS_QUITS)
        if keys:
            table.append(Binding(keys, command.action, command.id, show=False, id=command.id))
    return [*table, Binding(ALWAYS_QUITS, "quit", "quit", show=False, priority=True)]


def hints() -> list[Hint]:
    """The table's hints for the bottom line, most useful first."""
    return hints_of(COMMANDS)


def hints_of(commands: Iterable[Command]) -> list[Hint]:
    """The hints of a table, most useful first."""
    chosen = sorted((c for c in commands if c.hint), key=lambda c: c.hint)
    return [
        Hint(c.keys[0] if len(c.keys[0]) == 1 else c.shown.split()[0], t(f"hint.{c.id}"), c.action)
        for c in chosen
    ]


def replayed() -> tuple[Command, ...]:
    """The table of a tape that is played: its keys go before, its hints too."""
    rest = [
        command._replace(hint=command.hint and command.hint + len(REPLAY))
        for command in without(COMMANDS, keys_of(REPLAY))
        if command.id not in WITHOUT_FEED
    ]
    return (*REPLAY, *rest)


def keys_of(table: Iterable[Command]) -> frozenset[str]:
    """All keys of a table."""
    return frozenset(key for command in table for key in command.keys)


def without(table: Iterable[Command], taken: Collection[str]) -> tuple[Command, ...]:
    """A table but for some keys."""
    rest = []
    for command in table:
        pairs = zip(command.keys, command.shown.split(), strict=True)
        kept = [(key, word) for key, word in pairs if key not in taken]
        keys, words = (tuple(pair[at] for pair in kept) for at in (0, 1))
        rest.append(command._replace(keys=keys, shown=" ".join(words)))
    return tuple(rest)


def on_pages(table: Iterable[Command]) -> tuple[Command, ...]:
    """What of a table works on pages, too."""
    return tuple(command for command in table if command.id in ON_PAGES)


def grouped(
    commands: Iterable[Command] = COMMANDS,
) -> Iterator[tuple[str, list[Command]]]:
    """The table by group, in the order of the help."""
    table = tuple(commands)
    for group in GROUPS:
        yield group, [c for c in table if c.group == group]
