"""The base of boards and pages: status line, key hints, palette entries and exports."""

from abc import abstractmethod
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual import getters, on
from textual.app import ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from app.feed.demand import WatchRequest
from app.screens.keymap import Command, hints_of
from app.screens.textual_compat import SafeApp
from app.screens.textual_compat.key_bindings import rebind
from app.screens.workspace import Workspace
from app.system.errors import KisTuiError
from widgets.hints import KeyHints
from widgets.line_selection import LinesSelected
from widgets.line_view import LineView
from widgets.status import StatusLine
from widgets.texts import t

if TYPE_CHECKING:
    from app.storage.csv_text import Value

SMALLEST = (60, 14)
"""Columns and rows below which only a sentence is shown."""

NOT_IN_PALETTE = ("palette", "back")


class DashboardScreen(Screen[None]):
    """A screen that fills the terminal; a terminal that is too small gets one sentence."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-too-narrow"),
        (SMALLEST[0], "-wide-enough"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-too-low"),
        (SMALLEST[1], "-high-enough"),
    ]

    app = getters.app(SafeApp)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.program = workspace.program
        self.market = workspace.market
        self.status = StatusLine()
        self.below: tuple[Widget, ...] = ()
        """Widgets between the body and the key hints."""

    @property
    def screen_commands(self) -> tuple[Command, ...]:
        """The commands of this screen alone, which the help names first."""
        return ()

    @property
    def shared_commands(self) -> tuple[Command, ...]:
        """The commands of the table that work here."""
        return ()

    @property
    def hinted_commands(self) -> tuple[Command, ...]:
        """The commands that the bottom line hints at."""
        return self.shared_commands

    def rebind_user_keys(self, bindings: Iterable[BindingType]) -> None:
        """Bind the keys in force in place of those of the class, where the user has others."""
        rebind(self, bindings, self.program.keys.keys)

    # --- what it wants of the market

    @property
    def codes(self) -> tuple[str, ...]:
        """The contracts that it wants data of, besides the watched ones."""
        return ()

    @property
    def shown_codes(self) -> tuple[str, ...]:
        """The contracts whose rows it shows, registered or not."""
        return self.codes

    @property
    def focus_code(self) -> str:
        """The contract under its cursor; it has its registrations first."""
        return ""

    @property
    def subject_code(self) -> str:
        """Return the contract that another page in its place begins with."""
        return self.focus_code

    @property
    def visible_codes(self) -> frozenset[str]:
        """The contracts that are registered before the other watched ones."""
        return frozenset(self.codes)

    @property
    def valued(self) -> frozenset[str]:
        """The contracts that our own theory values at every beat, registered or not."""
        return frozenset()

    @property
    def books_first(self) -> bool:
        """Whether it looks at quotes more than at trades."""
        return False

    @property
    def expected_first(self) -> bool:
        """Whether it looks at expected prices in auctions."""
        return False

    def watch_request(self, codes: tuple[str, ...], others: frozenset[str]) -> WatchRequest:
        """Return the request for these codes while it is in front.

        `others` are those that it does not ask for and that the open list has not.
        """
        return WatchRequest(
            codes,
            self.focus_code,
            self.visible_codes,
            self.books_first,
            self.expected_first,
            others,
        )

    # --- what it shows

    def refresh_rows(self, *, live: bool) -> None:
        """Bring everything up to date; called ten times a second, and when time has passed."""

    def reset_history(self) -> None:
        """Compare nothing with what was shown before: the tape was wound to another place."""

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.compose_body()
        yield from self.below
        yield KeyHints(hints_of(self.hinted_commands))
        columns, rows = SMALLEST
        yield Static(Content(t("screen.too_small", columns=columns, rows=rows)), id="too_small")

    @abstractmethod
    def compose_body(self) -> Widget:
        """Return what is shown between status line and key hints."""

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Yield what the command palette offers here; keys that move the cursor are left out."""
        for command in (*self.screen_commands, *self.shared_commands):
            if command.id not in NOT_IN_PALETTE and not command.action.startswith("move("):
                run = partial(self.app.call_later, self.run_action, command.action)
                yield SystemCommand(t(f"command.{command.id}"), command.shown, run)

    @on(KeyHints.Chosen)
    async def run_hint(self, message: KeyHints.Chosen) -> None:
        """Run the command of a hint that was clicked."""
        message.stop()
        await self.run_action(message.action)

    @on(LinesSelected)
    def copy_lines(self, message: LinesSelected) -> None:
        """Copy the lines over which the mouse was dragged."""
        message.stop()
        self.app.copy_to_clipboard(message.text)
        self.app.show_toast(t("toast.copied", count=len(message.text.splitlines())))

    def clear_lines(self) -> bool:
        """Select no lines; return False if none were selected."""
        views = (one for one in self.query("*") if isinstance(one, LineView))
        return bool([view for view in views if view.clear_lines()])

    def write_export(self, what: str, lines: "list[list[Value]]") -> None:
        """Write a heading and lines to a file named for `what`, and show which."""
        from app.market import panel_export

        if len(lines) < 2:
            self.app.show_toast(t("export.nothing"))
            return
        try:
            path = panel_export.save(self.program.exports, what, self.program.clock.now(), lines)
        except KisTuiError as error:
            self.app.show_toast(error.message, warning=True)
        else:
            self.app.show_toast(t("export.done", path=path))
