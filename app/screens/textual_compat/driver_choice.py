"""Which driver the dashboard runs with: its own, or the one that ``TEXTUAL_DRIVER`` names."""

import sys
from collections.abc import Callable

from textual import constants
from textual.driver import Driver

from app.system.errors import UsageError


def driver_class(standard: Callable[[], type[Driver]]) -> type[Driver]:
    """Return the class of the driver; `standard` returns Textual's choice.

    Raises:
        UsageError: ``TEXTUAL_DRIVER`` names no driver.
    """
    if constants.DRIVER is not None:
        from textual.drivers.web_driver import WebDriver

        try:
            named = standard()
        except (ImportError, AttributeError, RuntimeError, TypeError, ValueError) as error:
            raise UsageError("cli.no_driver", name=constants.DRIVER) from error
        if named is not WebDriver:
            return named
        from app.screens.textual_compat.browser_driver import BrowserDriver

        return BrowserDriver
    if sys.platform == "win32":
        return standard()
    from app.screens.textual_compat.terminal_driver import TerminalDriver

    return TerminalDriver
