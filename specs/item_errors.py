"""Errors that concern one item of many, such as one row of a batch: the others go on.

Whoever loops over items catches what one of them raises and calls `report_item_error`.  Without a
listener the error is raised again, so that commands and tests see it.
"""

from collections.abc import Callable

Listener = Callable[[Exception], None]

_listeners: list[Listener] = []


def report_item_error(error: Exception) -> None:
    """Report an error of one item; to be called in the `except` block that caught it.

    Raises:
        Exception: the error, if nobody listens.
    """
    if not _listeners:
        raise error
    _listeners[-1](error)


def listen_to_item_errors(listener: Listener) -> None:
    """Send errors of items to a listener from now on."""
    _listeners.append(listener)


def stop_listening(listener: Listener) -> None:
    """Send a listener no further errors."""
    if listener in _listeners:
        _listeners.remove(listener)
