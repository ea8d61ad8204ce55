"""The dialogs that every screen opens; each is imported when it is first asked for."""

from collections.abc import Callable, Sequence

from app.feed.batch import LinkState
from app.market.book import Book
from app.screens.keymap import Command
from app.screens.textual_compat import SafeApp
from app.system.logs import LogRing
from widgets.status import StatusPart
from widgets.texts import t


def open_log(app: SafeApp, log: LogRing, parts: Callable[[], list[StatusPart]]) -> None:
    """Show the state of the link and the last lines of the log."""
    from app.screens.dialogs.log_dialog import LogDialog

    if not isinstance(app.screen, LogDialog):
        app.push_screen(LogDialog(log, parts))


def open_slots(app: SafeApp, book: Book, link: Callable[[], LinkState]) -> None:
    """Show who has the registrations, and what waits."""
    from app.screens.dialogs.slots_dialog import SlotsDialog, slots_text

    app.push_screen(SlotsDialog(lambda: slots_text(book, link())))


def open_palette(app: SafeApp) -> None:
    """Find a command by its name."""
    from textual.command import CommandPalette

    app.push_screen(CommandPalette(placeholder=t("palette.placeholder"), id="--command-palette"))


def open_help(app: SafeApp, own: Sequence[Command], shared: Sequence[Command]) -> None:
    """Show every key and sign: those of the screen first."""
    from app.screens.dialogs.help_dialog import HelpDialog

    app.push_screen(HelpDialog(own, shared))


def open_manual(app: SafeApp) -> None:
    """Open the manual."""
    from app.screens.dialogs.manual_dialog import ManualDialog

    if not isinstance(app.screen, ManualDialog):
        app.push_screen(ManualDialog())
