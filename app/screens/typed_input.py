"""Input as the screens are to see it: Hangul jamo as the Latin keys, pasted text cleaned."""

from collections.abc import Iterable

from textual import events
from textual.app import App
from textual.widgets import Input

from app.instruments.hangul import is_hangul, keys_of
from specs.clean import clean

LONGEST_PASTE = 4000


def as_typed(event: events.Event, app: App[int]) -> Iterable[events.Event]:
    """Return the events to dispatch for an event that has arrived.

    With the Hangul input method on, a jamo becomes the Latin letter on its key, except in a field.
    """
    if event.is_forwarded:
        # It comes back from a widget that has no use for it; a new one would go there again.
        return (event,)
    if isinstance(event, events.Key) and event.character is not None:
        if is_hangul(event.character) and not isinstance(app.focused, Input):
            return [events.Key(key, key) for key in keys_of(event.character)]
    elif isinstance(event, events.Paste):
        # Fields take a paste as it comes, escape characters included, and its first line alone.
        return (events.Paste(clean(" ".join(event.text.split()), LONGEST_PASTE)),)
    return (event,)
