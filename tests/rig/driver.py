"""The program with one fault in it, which the key ``r`` sets off: ``driver.py FAULT ARGUMENT…``.

Everything else is the real command.  `FAULT` is one of `FAULTS`; the failure carries the app key
in its words and in a local variable, as one in earnest might.
"""

import asyncio
import errno
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

from textual.message import Message

import app.screens.app
import app.system.contained_errors
from app.cli import main
from app.feed.feed import Feed
from app.hub.shared_source import SharedSource
from app.screens.app import KisTui


class Poison(Message):
    """A message whose handler fails."""


def fail(*_: object) -> NoReturn:
    """Fail with a key in hand."""
    app_key = os.environ.get("KIS_APP_KEY", "")
    raise ValueError(f"rejected by the host: {app_key!r}")


async def fail_later() -> None:
    """Fail on a loop."""
    await asyncio.sleep(0)
    fail()


def feed_of(app: "Broken") -> Feed:
    """Return the feed that has the session."""
    feed = app.feed.current if isinstance(app.feed, SharedSource) else app.feed
    assert isinstance(feed, Feed)
    return feed


class Broken(KisTui):
    """The dashboard with a fault behind its reconnect key."""

    feed: Feed | SharedSource
    fault = ""
    failures = 0

    def action_reconnect(self) -> None:
        FAULTS[self.fault](self)

    def on_poison(self, message: Poison) -> None:
        """Fail in a message handler."""
        fail()


def fail_differently(app: Broken) -> NoReturn:
    """Fail with another type of error at each call."""
    kinds = (KeyError, IndexError, ValueError)
    kind = kinds[app.failures % len(kinds)]
    app.failures += 1
    try:
        fail()
    except ValueError as error:
        raise kind(*error.args) from None


def _start_task(app: Broken) -> None:
    # Nobody keeps or awaits it: what it raised is only heard of when it is collected.
    asyncio.get_running_loop().create_task(fail_later())


def _start_on_the_feed(app: Broken) -> None:
    feed_of(app).tasks.create_task(fail_later())


def _end_as_the_terminal_goes(app: Broken) -> None:
    # The end sets this event and then joins the thread that asks for it.
    ending = app._driver.exit_event  # type: ignore[union-attr]
    is_set = ending.is_set

    def fail_once_set() -> bool:
        if is_set():
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return False

    ending.is_set = fail_once_set
    app.exit()


FAULTS: dict[str, Callable[[Broken], object]] = {
    "action": fail,
    "different": fail_differently,
    "handler": lambda app: app.post_message(Poison()),
    "timer": lambda app: app.set_timer(0.01, fail),
    "callback": lambda app: asyncio.get_running_loop().call_soon(fail),
    "worker": lambda app: app.run_worker(fail_later()),
    "task": _start_task,
    "thread": lambda app: threading.Thread(target=fail).start(),
    "feed": lambda app: feed_of(app)._command(fail),
    "feed_task": lambda app: feed_of(app)._command(lambda: _start_on_the_feed(app)),
    "gone": _end_as_the_terminal_goes,
    "block": lambda app: time.sleep(float(os.environ["BLOCK"])),
}

if __name__ == "__main__":
    Broken.fault = sys.argv.pop(1)
    app.screens.app.KisTui = Broken  # type: ignore[misc]
    # Errors of keys typed at once count like errors of different data.
    app.system.contained_errors.BEAT = 0.0
    main()
