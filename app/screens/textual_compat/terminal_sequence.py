"""Writes an escape sequence to the terminal, between two paints."""

from typing import Any

from textual.app import App


def write_sequence(app: App[Any], sequence: str) -> None:
    """Write a sequence that moves nothing on the screen; nothing before the terminal is set up."""
    driver = app._driver
    if driver is not None:
        driver.write(sequence)
