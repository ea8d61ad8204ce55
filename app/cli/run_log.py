"""Log events of the command line: the start of a command, the settings of a run."""

import logging
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.system.event_log import Value, log_event

if TYPE_CHECKING:
    from app.feed.feed_settings import FeedSettings
    from app.krx.calendar import MarketState
    from app.storage.settings import Settings

ROOM = "program"


def log_start(command: str | None, *, log_file: Path | None) -> None:
    """Log that a command begins, and on what it runs.

    The version is looked up for a file only: it is read from the metadata on disk.
    """
    version = _version() if log_file is not None else None
    log_event(
        ROOM,
        "start",
        command or "dashboard",
        version=version,
        python=".".join(map(str, sys.version_info[:3])),
        system=f"{sys.platform} {platform.release()} {platform.machine()}",
        terminal=os.environ.get("TERM"),
        size=_terminal_size(),
        pid=os.getpid(),
    )


def log_run(
    settings: "Settings",
    feed: "FeedSettings",
    market: "MarketState",
    mode: str,
    session: str | None,
) -> None:
    """Log the settings of a feed's run, its addresses and the session it begins in."""
    import msgspec

    pairs = {
        "session": session or "auto",
        "market": f"{market.session or 'closed'}:{market.phase}",
        "trade_date": f"{market.trade_date}",
        "rest": feed.endpoints.rest,
        "ws": feed.endpoints.ws,
        "first_picture": "yes" if feed.picture is not None else "no",
    }
    log_event(ROOM, "run", mode, error=None, level=logging.INFO, **pairs)
    flat = _flattened(msgspec.to_builtins(settings, order="deterministic"))
    log_event(ROOM, "settings", None, error=None, level=logging.INFO, **flat)


def _version() -> str:
    from importlib.metadata import version

    return version("kis-tui")


def _terminal_size() -> str | None:
    try:
        columns, lines = os.get_terminal_size()
    except OSError:
        return None
    return f"{columns}x{lines}"


def _flattened(values: dict[str, object], prefix: str = "") -> dict[str, Value]:
    flat: dict[str, Value] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= _flattened(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = (
                value if isinstance(value, bool | int | float | list) else str(value)
            )
    return flat
