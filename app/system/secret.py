"""Secrets: a type that never prints, and the redaction of every text that leaves the program."""

import re
import threading

MASK = "***"

_SHORTEST = 6
"""Shorter texts are not redacted by value: they would take innocent words with them."""

_known: tuple[str, ...] = ()
_learning = threading.Lock()
_FIELDS = re.compile(
    r"""(["']?(?:approval_key|app_?key|secret_?key|app_?secret|access_token|authorization|key|iv)["']?
    \s*[:=]\s*["']?(?:Bearer\s+)?)([^\s"',}&]{6,})""",
    re.IGNORECASE | re.VERBOSE,
)

_RUNS = re.compile(r"[A-Za-z0-9+/=_-]{16,}")


class Secret:
    """A text that never prints: every way of showing it gives ``***``."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        global _known
        if len(text) >= _SHORTEST:
            with _learning:
                # Another tuple: other threads may be looking through this one.
                _known = (*_known, text) if text not in _known else _known

    def reveal(self) -> str:
        """The text itself, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


def key_hash(app_key: Secret) -> str:
    """Return a name for files of an app key, from which the key cannot be found."""
    # Imported when first needed: it costs the start some milliseconds.
    import hashlib

    return hashlib.sha256(app_key.reveal().encode()).hexdigest()[:16]


def redact(text: str) -> str:
    """The text without any secret that is known by value, or that stands under a telling name."""
    for secret in _known:
        if secret in text:
            text = text.replace(secret, MASK)
    # No name tells without one of these; a data frame of KIS has neither.
    return _FIELDS.sub(rf"\1{MASK}", text) if ":" in text or "=" in text else text


def redact_foreign(text: str) -> str:
    """Redact a text of a server or a file, which may hold keys that this program never saw.

    What has a key's shape is masked too: a run of 16 and more letters, digits and ``+/=_-`` with a
    digit in it.  So is the first part of a secret at the end of the text, where it was cut.
    """
    text = redact(text)
    for secret in _known:
        for length in range(min(len(secret), len(text)), _SHORTEST - 1, -1):
            if text.endswith(secret[:length]):
                text = text[:-length] + MASK
                break
    return _RUNS.sub(_without_digits, text)


def _without_digits(run: re.Match[str]) -> str:
    return MASK if any(map(str.isdigit, run[0])) else run[0]
