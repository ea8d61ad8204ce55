r"""Structured log events and the line that each of them becomes.

Grammar of a line, which `LineFormatter` writes for every log record::

    line   = time " " level " " room " " event *(" " pair)
    event  = name ["=" value]
    pair   = name "=" value
    value  = bare | quoted

`time` is ISO 8601 in KST to the second, `level` one of DEBUG, INFO, WARNING, ERROR and CRITICAL,
`room` the part of the program (``feed``, ``tape``, ``program``), or a library's logger.  The event
comes first and carries its main value, if it has one::

    2026-11-30T19:00:01+09:00 INFO feed wait=2.1s why=1006 attempt=2

A value with spaces, quotes, ``=``, backslashes or unprintable characters is quoted, with Python's
escapes for what cannot stand in quotes: ``\"``, ``\\``, ``\n``, ``\r``, ``\t``, ``\xNN``,
``\uNNNN``, ``\UNNNNNNNN``.  An exception is ``error`` and ``trace``, so that a traceback stays on
the line of its event.  A record that is no event (of a library, or of `Logger.error`) has the event
``message``.
"""

import logging
import re
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import TypeAlias

from app.system.clock import Clock
from app.system.secret import redact

LONGEST_VALUE = 500
"""Characters of the longest value; a longer one is cut at its end."""

LONGEST_TRACE = 8000
"""Characters of the longest traceback; a longer one is cut at its beginning."""

Value: TypeAlias = str | int | float | bool | Iterable[str] | None
_Raised: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)

# Without a handler, as in tests, logging would print warnings to standard error.
logging.getLogger("app").addHandler(logging.NullHandler())

_BARE = re.compile(r'[^\s"=\\]+')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def log_event(
    room: str,
    event: str,
    value: Value = None,
    /,
    *,
    level: int = logging.INFO,
    error: BaseException | None = None,
    **pairs: Value,
) -> None:
    """Log one event of a room; pairs whose value is None are left out."""
    logger = logging.getLogger(f"app.{room}")
    if logger.isEnabledFor(level):
        found = ((event, value), *pairs.items())
        logger.log(level, event, exc_info=error, extra={"pairs": found})


def seconds(span: float) -> str:
    """A span as a value: ``2.1s``."""
    return f"{span:.1f}s"


class LineFormatter(logging.Formatter):
    """Writes records by the grammar of this module, redacted, with the time of `clock`."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def format(self, record: logging.LogRecord) -> str:
        """Return the one line of a record."""
        pairs = getattr(record, "pairs", None) or (("message", _message(record)),)
        (event, value), *rest = pairs
        head = event if value is None else f"{event}={_rendered(value)}"
        words = [f"{name}={_rendered(given)}" for name, given in rest if given is not None]
        if record.exc_info:
            words += _raised(record.exc_info)
        time = self.clock.now().isoformat(timespec="seconds")
        return redact(" ".join((time, record.levelname, _room(record.name), head, *words)))


def quoted(text: str) -> str:
    """Return a value's text, in quotes where it needs them; all of it is printable."""
    if _BARE.fullmatch(text) and text.isprintable():
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


class RateLimit:
    """Lets through a few lines of each kind in a period and counts the others."""

    def __init__(self, most: int, period: float) -> None:
        self._most = most
        self._period = period
        self._kinds: dict[str, tuple[float, int, int]] = {}

    def admit(self, kind: str, now: float) -> int | None:
        """Return the number of occurrences since the last line, None if this one gets no line.

        `kind` must be one of a bounded set; `now` is in monotonic seconds.
        """
        began, lines, left_out = self._kinds.get(kind, (float("-inf"), 0, 0))
        if now - began >= self._period:
            began, lines = now, 0
        if lines >= self._most:
            self._kinds[kind] = began, lines, left_out + 1
            return None
        self._kinds[kind] = began, lines + 1, 0
        return left_out + 1


def _room(name: str) -> str:
    parts = name.split(".")
    return quoted(parts[1] if parts[0] == "app" and len(parts) > 1 else name)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:
        # Arguments that do not fit the text: log the text alone.
        return str(record.msg)


def _rendered(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value) if isinstance(value, str | int) else ",".join(map(str, value or ()))
    # Redacted before it is cut or escaped: a changed key would not be recognised.
    text = redact(text)
    return quoted(text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…")


def _raised(exc_info: _Raised) -> list[str]:
    error = exc_info[1]
    if error is None:
        return []
    lines = "".join(traceback.format_exception(error, limit=-40))
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return [f"error={_rendered(what)}", f"trace={quoted(redact(lines.strip())[-LONGEST_TRACE:])}"]


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    width = "x02" if code < 0x100 else "u04" if code < 0x10000 else "U08"
    return f"\\{width[0]}{code:{width[1:]}x}"
