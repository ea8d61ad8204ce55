"""Errors of one item of many, such as one row of a batch, that must not stop the others.

A loop over items catches the exception of an item and calls `report_item_error`.  Without a
listener the error is raised again, so that commands and tests notice it.
"""

from collections.abc import Callable

Listener = Callable[[Exception], None]

_listeners: list[Listener] = []


def report_item_error(error: Exception) -> None:
    """Report an error of one item; call it in the `except` block that caught it.

    Raises:
        Exception: the error, if there is no listener.
    """
    if not _listeners:
        raise error
    _listeners[-1](error)


def listen_to_item_errors(listener: Listener) -> None:
    """Send further errors to a listener."""
    _listeners.append(listener)


def stop_listening(listener: Listener) -> None:
    """Stop sending errors to a listener."""
    if listener in _listeners:
        _listeners.remove(listener)
