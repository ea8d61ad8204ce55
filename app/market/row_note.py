"""What a row shows in place of values while its contract is silent."""

from specs.user_message import Elapsed, UserMessage

SILENT_AFTER, QUIET_AFTER = 10.0, 60.0
"""Seconds without any data after which a registered row shows so: for a code that no master lists,
and for a listed one, which may be quiet for hours."""


def silence(seconds: float, *, listed: bool) -> UserMessage:
    """Return the note of a registered contract without any data for so many seconds."""
    if seconds < (QUIET_AFTER if listed else SILENT_AFTER):
        return UserMessage("row.no_trade")
    return UserMessage("row.silent", span=Elapsed(_stepped(seconds)))


def _stepped(seconds: float) -> int:
    """Return a duration in steps of 10 s, from a minute on of a minute.

    A note that changes every second is drawn every second, on every row without data.
    """
    return int(seconds - seconds % (10 if seconds < 60 else 60))
