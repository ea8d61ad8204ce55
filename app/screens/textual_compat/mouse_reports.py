"""Whether the terminal reports the mouse; while it does not, it selects text by itself."""

from typing import Any

from textual.app import App


def report_mouse(app: App[Any], *, on: bool) -> None:
    """Have the terminal report the mouse, or no longer."""
    driver: Any = app._driver
    if driver is None:
        return
    # Without the flag the driver asks for nothing, neither at the end nor after a suspension.
    if on:
        driver._mouse = True
        getattr(driver, "_enable_mouse_support", int)()
        if getattr(driver, "_mouse_pixels", False):
            getattr(driver, "_enable_mouse_pixels", int)()
    else:
        getattr(driver, "_disable_mouse_support", int)()
        driver._mouse = False
