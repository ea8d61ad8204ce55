"""The terminal that the dashboard opens in: whether it can draw a screen, and in which colours."""

import os
import sys
from typing import TYPE_CHECKING, Any

from app.cli.invocation import Invocation
from app.storage.key_file import key_path
from app.storage.setting_store import SettingStore
from app.storage.theme_files import ThemeStore
from app.system.errors import KisTuiError, UsageError
from specs.user_message import UserMessage
from widgets.message_text import message_text
from widgets.texts import t

if TYPE_CHECKING:
    from app.screens.services import Services

_DUMB = ("dumb", "unknown")


def check_terminal() -> None:
    """Refuse what is not a terminal, and one that knows no cursor.

    A driver in ``TEXTUAL_DRIVER`` needs none: it draws in a browser.

    Raises:
        UsageError: the reason.
    """
    if os.environ.get("TEXTUAL_DRIVER"):
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("cli.no_terminal", hint=UserMessage("cli.no_terminal_hint"))
    if (term := os.environ.get("TERM", "")) in _DUMB:
        hint = UserMessage("cli.no_terminal_hint")
        raise UsageError("cli.dumb_terminal", term=term, hint=hint)


def with_appearance(
    program: "Services", invocation: Invocation, options: dict[str, Any]
) -> "Services":
    """Give services the theme that is asked for, and the user's keys.

    A theme of the settings that cannot be read is noted.

    Raises:
        UsageError: there is no theme of the name on the command line, or its file is at fault.
    """
    from app.screens.appearance import terminal_colors

    themes = ThemeStore(invocation.folders)
    if options["theme"] is not None:
        program.theme = themes.load(options["theme"])
    else:
        try:
            program.theme = themes.load(invocation.settings.theme)
        except KisTuiError as error:
            notice = t("theme.replaced", why=message_text(error.message))
            program.notices = (*program.notices, notice)
    program.themes = themes
    program.color_depth = terminal_colors(os.environ, no_color=options["no_color"])
    given = {"language": ("--lang", invocation.language)}
    given |= {name: (f"--{name}", options[name]) for name in ("theme", "updown")}
    program.setting_store = SettingStore(
        invocation.config_path,
        invocation.settings,
        os.environ,
        {name: flag for name, flag in given.items() if flag[1] is not None},
    )
    return with_user_keys(program, invocation)


def with_user_keys(program: "Services", invocation: Invocation) -> "Services":
    """Give services the user's keys; what is wrong in their file is noted."""
    from app.screens.user_keys import load_user_keys

    program.keys, problems = load_user_keys(key_path(invocation.folders))
    program.notices = (*program.notices, *map(message_text, problems))
    return program
