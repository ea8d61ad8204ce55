"""The help: every key and every sign, from the table and the catalogue, found by typing."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from app.screens.dialogs.dialog import Dialog, Field
from app.screens.keymap import COMMANDS, Command, grouped
from widgets import cells
from widgets.texts import catalogue, language, t, with_keys


def help_text(
    wanted: str = "", page: Sequence[Command] = (), table: Iterable[Command] = COMMANDS
) -> Content:
    """The help's lines that hold the words that are wanted; a page's own keys come first."""
    words = wanted.casefold().split()
    lines: list[Content] = []
    for group, commands in (("page", page), *grouped(table)):
        found = [
            (command.shown, t(f"command.{command.id}"))
            for command in commands
            if all(w in f"{command.shown} {t(f'command.{command.id}')}".casefold() for w in words)
        ]
        lines += _section(t(f"group.{group}"), found)
    sections = (
        ("help.signs", catalogue()["legend"]),
        ("help.auction", catalogue()["auction_legend"]),
    )
    for title, area in sections:
        legend = [with_keys(entry[language()]) for entry in area.values()]
        signs = [
            (sign, meaning)
            for sign, _, meaning in (line.partition("|") for line in legend)
            if all(w in f"{sign} {meaning}".casefold() for w in words)
        ]
        lines += _section(t(title), signs)
    return Content("\n").join(lines) if lines else Content(t("help.nothing"))


def _section(title: str, entries: list[tuple[str, str]]) -> list[Content]:
    if not entries:
        return []
    lines = [Content.assemble((title, "bold $accent"))]
    lines += [Content.assemble("  ", (cells.fit(key, 14), "bold"), text) for key, text in entries]
    return [*lines, Content("")]


class HelpField(Field):
    """The search of the help, which leaves the help's own key to the dialog."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return character != "?" and super().check_consume_key(key, character)


class HelpDialog(Dialog[str]):
    """Shows the help; its own key and F1 open the manual over it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "app.manual", show=False, priority=True)
    ]

    def __init__(self, page: Sequence[Command] = (), table: Sequence[Command] = COMMANDS) -> None:
        super().__init__(t("help.title"), "help.hint")
        self._page = page
        self._table = table

    def compose_body(self) -> list[Widget]:
        text = help_text("", self._page, self._table)
        return [
            HelpField(placeholder=t("help.placeholder"), max_length=40),
            VerticalScroll(Static(text, id="help_text"), can_focus=True),
        ]

    @on(Input.Changed)
    def find(self, event: Input.Changed) -> None:
        """Show only what was asked for."""
        text = help_text(event.value, self._page, self._table)
        self.query_one("#help_text", Static).update(text)
