"""Every dialog with each of its keys twice in one write, on the real program on a pseudo-terminal.

    PYTHONPATH=tests .venv/bin/python -m rig.double_keys

A key that closes a dialog is often followed by another that was typed at it.  That one must do
nothing: neither end the program nor reach the screen below.
"""

import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from rig.keystrokes import KITTY_ESCAPE
from rig.terminal import COMMAND, Terminal

from widgets.texts import t

F12 = "\x1b[24~"

CLOSING = {
    "enter": "\r",
    "escape": KITTY_ESCAPE,
    "ctrl+c": "\x03",
    "click": "\x1b[<0;60;20M\x1b[<0;60;20m",
}
"""Keys that close a dialog or may; each is tried on one that was just opened."""

STAYING = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "page up": "\x1b[5~",
    "page down": "\x1b[6~",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "letter": "q",
    "palette": "\x10",
    "paste": "\x1b[200~A01703\x1b[201~",
}
"""Keys that leave a dialog open; all are tried one after the other."""


class Opened(NamedTuple):
    """A dialog: the keys that open it, what is then to be seen, and what is typed into it."""

    name: str
    keys: str
    title: str
    text: str = ""
    page: str = ""
    """The key of the page that it is opened from."""
    closing: tuple[str, ...] = ()
    sign: str = ""
    """What is seen while it is open, where the title is a placeholder that typed text replaces."""
    """Keys of its own that close it."""

    @property
    def pairs(self) -> int:
        """Return the number of keys that are typed twice."""
        return len(STAYING) + len(CLOSING) + len(self.closing)


DIALOGS = (
    Opened("add", "a", "add.title", "A01703"),
    Opened("search", "a", "add.title", "c108"),
    Opened("sort", "s", "sort.title"),
    Opened("columns", "c", "columns.title"),
    Opened("panels", "v", "panels.title"),
    Opened("save", "w", "save.title", "night"),
    Opened("open", "o", "open.title"),
    Opened("slots", "b", "slots.title"),
    Opened("help", "?", "help.placeholder", sign=t("help.hint").partition(" · ")[0]),
    Opened("palette", "\x10", "palette.placeholder", sign="🔎"),
    Opened("log", "`", "log.title", closing=("`", F12)),
    Opened("chain columns", "c", "columns.title", page="5"),
    Opened("chain product", "p", "chain.product_title", page="5"),
    Opened("position", "a", "position.add", "1", page="P"),
    Opened("position edit", "e", "position.edit", "2", page="P"),
    Opened("export", "x", "positions.export", page="P"),
    Opened("import", "i", "positions.import", "~/no-such-file.csv", page="P"),
)
TIME = Opened("time", "t", "goto.title", "1830")

IN_SUITE = {
    "demo": ("add", "panels", "save", "help", "palette", "log", "chain product", "position edit"),
    "replay": ("time",),
}
"""A dialog of each kind, for the tests; `main` tries all."""

PROGRAMS = {"demo": ("--demo",), "replay": ("--replay", "demo")}


def dialogs_of(program: str) -> tuple[Opened, ...]:
    """The dialogs that a program has."""
    return DIALOGS if program == "demo" else (*DIALOGS, TIME)


class Typist:
    """The real program, and what is typed at it."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._page = ""

    def prepare(self) -> None:
        """Wait for the first picture, and have a layout and a position to choose."""
        terminal = self._terminal
        terminal.shows(t("panel.watchlist"))
        self.open(next(one for one in DIALOGS if one.name == "save"))
        terminal.type("first\r")
        terminal.hides(t("save.title"))
        self.open(next(one for one in DIALOGS if one.name == "position"))
        terminal.type("1")
        terminal.shows(t("position.long", count=1))
        terminal.type("\r")
        terminal.type("350")
        terminal.shows("350")
        terminal.type("\r")
        terminal.hides(t("position.add"))

    def open(self, dialog: Opened) -> None:
        """Open a dialog from its page, or from the boards."""
        terminal = self._terminal
        if self._page and self._page != dialog.page:
            terminal.type(KITTY_ESCAPE)
            terminal.hides(t("hint.back"))
        if dialog.page:
            # The Escape behind a dialog that had closed by itself has left the page.
            terminal.type(dialog.page)
            terminal.shows(t("hint.back"))
        self._page = dialog.page
        terminal.type(dialog.keys)
        terminal.shows(t(dialog.title))

    def type_twice(self, dialog: Opened, *keys: str) -> None:
        """Open a dialog, fill it in, type each key twice in one write, and leave it."""
        self.open(dialog)
        terminal = self._terminal
        for key in keys:
            terminal.type(dialog.text + 2 * key)
        terminal.type(KITTY_ESCAPE)
        terminal.hides(dialog.sign or t(dialog.title))


def run(home: Path, program: str, names: Collection[str] = ()) -> int:
    """Type each key twice at the dialogs of these names, or at all; return how many pairs it were.

    Raises:
        AssertionError: the program ended, or did not do what was typed next.
    """
    log = home / "run.log"
    dialogs = [one for one in dialogs_of(program) if not names or one.name in names]
    with Terminal([COMMAND, *PROGRAMS[program], "--log-file", str(log)], home) as terminal:
        typist = Typist(terminal)
        typist.prepare()
        for dialog in dialogs:
            try:
                typist.type_twice(dialog, *STAYING.values())
                for key in (*CLOSING.values(), *dialog.closing):
                    typist.type_twice(dialog, key)
            except AssertionError as error:
                raise AssertionError(f"{program}: the dialog {dialog.name}") from error
        terminal.type("\x11")
        assert terminal.ends() == 0, terminal.text
        assert not terminal.not_restored, terminal.not_restored
    assert not list(home.rglob("crash-*")), log.read_text()
    assert "Traceback" not in log.read_text(), log.read_text()
    return sum(dialog.pairs for dialog in dialogs)


def main() -> None:
    """Try the whole matrix."""
    for program in PROGRAMS:
        with tempfile.TemporaryDirectory() as folder:
            pairs = run(Path(folder), program)
            print(
                f"{program}: {len(dialogs_of(program))} dialogs, {pairs} pairs of keys, all lived"
            )


if __name__ == "__main__":
    main()
