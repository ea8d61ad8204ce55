"""The sessions of several app keys in words: for the status line and the page of registrations."""

from collections.abc import Iterable, Iterator

from textual.content import Content

from app.feed.batch import KeyState, LinkState
from app.feed.phase import SETTLED, LinkPhase
from app.screens.link_text import reason_words
from widgets import cells
from widgets.texts import t

_NAME, _SLOTS = 18, 7
_DOWN = {
    LinkPhase.BACKOFF: "↻",
    LinkPhase.OFFLINE: "↻",
    LinkPhase.OCCUPIED: "✕",
    LinkPhase.BLOCKED: "✕",
    LinkPhase.UNTRUSTED: "✕",
    LinkPhase.FATAL: "✕",
}
"""The marks of a key without a session."""


def slots_words(link: LinkState) -> str:
    """Return the slots in use, of each key where there are several: ``37/41 · 20/41``."""
    if not link.keys:
        return t("status.slots", used=link.used, limit=link.limit) if link.limit else ""
    each = " · ".join(f"{_DOWN.get(one.phase, '')}{one.used}/{one.limit}" for one in link.keys)
    return t("status.key_slots", slots=each)


def key_number(keys: Iterable[KeyState], name: str) -> str:
    """Return the number of a key as the page of registrations counts them; empty without one."""
    return next((str(at) for at, one in enumerate(keys, 1) if one.name == name), "")


def key_lines(link: LinkState) -> Iterator[Content]:
    """Yield a line for each app key: number, name, slots, and its state."""
    if not link.keys:
        return
    yield Content("")
    yield Content.assemble((t("slots.keys"), "$text-label"))
    for at, one in enumerate(link.keys, 1):
        tone = "$text-label" if one.phase in SETTLED or one.phase not in _DOWN else "$warning"
        yield Content.assemble(
            f"{at} ",
            cells.fit_name(one.name, _NAME),
            " ",
            cells.fit(f"{one.used}/{one.limit}", _SLOTS),
            " ",
            (_state_words(one), tone),
        )


def _state_words(key: KeyState) -> str:
    if key.phase is LinkPhase.OFF:
        return t("slots.key_spare")
    words = t(f"link.{key.phase}")
    why = "" if key.phase in SETTLED else reason_words(key.reason, key.detail)
    return f"{words}: {why}" if why else words
