"""Masking of keys in recorded messages, by value and by name."""

from app.system.secret import redact
from app.tape.entry import EntryKind
from specs.control import scrub

_DATA = frozenset(("0|", "1|"))
_FRAME = EntryKind.FRAME


def masked(kind: EntryKind, message: str | bytes) -> bytes:
    """A message as it may be kept; a data frame is looked at for what is known by value alone."""
    if isinstance(message, bytes):
        # Every byte is a letter of this code, and keys are of ASCII.
        return redact(message.decode("latin-1")).encode("latin-1")
    if kind is _FRAME and message[:2] not in _DATA:
        message = scrub(message)
    return redact(message).encode("utf-8", "surrogatepass")
