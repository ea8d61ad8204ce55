"""Unexpected errors that the program survives: what tells them apart, and how many are too many."""

from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple

TOO_MANY, WITHIN = 3, 60.0
"""So many different errors within so many seconds end the program."""

BEAT = 2.0
"""Seconds from a first error within which others come from the same data and count with it.

A batch is applied and painted at once, and what follows from it once a second: one record that no
part can handle fails in the board, the ladder and the Greeks within a beat.
"""

SHOW_EVERY = 60.0
"""Seconds before an error that goes on occurring is shown and logged once more."""

_OWN = ("app", "widgets", "specs")
_MOST_FRAMES = 8


class Occurrence(NamedTuple):
    """One occurrence of an error."""

    id: str
    shows: bool
    """Whether it is to be shown and logged; repetitions within a minute are not."""
    is_first: bool
    occurrences: int
    """Occurrences since it was last shown, including this one."""
    is_too_much: bool
    """Whether it is the third different error within a minute, those of one beat counted once."""


class ContainedErrors:
    """The errors of a run by their ids; each counts once, with the beat that it first occurs in."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._known: set[str] = set()
        self._beats: list[float] = []
        """Start of each beat with a new error."""
        self._shown: dict[str, float] = {}
        self._hidden: dict[str, int] = {}

    def note(self, error: BaseException) -> Occurrence:
        """Count an error."""
        now, key = self._monotonic(), error_id(error)
        is_first = key not in self._known
        if is_first:
            self._known.add(key)
            if not self._beats or now - self._beats[-1] >= BEAT:
                self._beats = [at for at in self._beats if now - at < WITHIN] + [now]
        shows = is_first or now - self._shown[key] >= SHOW_EVERY
        count = self._hidden.get(key, 0) + 1
        self._hidden[key] = 0 if shows else count
        if shows:
            self._shown[key] = now
        return Occurrence(key, shows, is_first, count, is_first and len(self._beats) >= TOO_MANY)


def error_id(error: BaseException) -> str:
    """Return six hexadecimal digits for the type of an error and the frames it was raised in.

    The frames are those from the innermost of our own on, so that a line that fails has one id
    whichever way it was called.
    """
    # Imported when first needed: it costs the start some milliseconds.
    import hashlib

    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    frames = _frames(error.__traceback__)
    own = [at for at, (module, *_) in enumerate(frames) if module.partition(".")[0] in _OWN]
    where = frames[own[-1] if own else 0 :][-_MOST_FRAMES:]
    kind = type(error)
    text = repr((kind.__module__, kind.__qualname__, where))
    return hashlib.blake2s(text.encode(), digest_size=3).hexdigest()


def _frames(trace: TracebackType | None) -> list[tuple[str, str, int]]:
    """Return module, function and line of each frame, the innermost last."""
    frames = []
    while trace is not None:
        frame = trace.tb_frame
        name = str(frame.f_globals.get("__name__", ""))
        if name not in _DISPATCHING:
            frames.append((name, frame.f_code.co_qualname, trace.tb_lineno))
        trace = trace.tb_next
    return frames


_DISPATCHING = frozenset(
    (
        "app.screens.textual_compat.safe_app",
        "app.screens.textual_compat.error_containment",
        "app.screens.textual_compat.layout_patches",
        "app.screens.input_queue",
    )
)
"""Modules through which everything is called: they say nothing about an error."""
