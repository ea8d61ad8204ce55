"""The REST token on disk: one is used all day, since KIS sends a KakaoTalk message per issue.

A JSON object for each app key, named by its hash: ``token`` (empty once REST refused it),
``issued`` and ``expires`` in seconds since the epoch.
"""

import contextlib
from pathlib import Path

import msgspec
from msgspec import Struct

from app.system.errors import KisTuiError
from app.system.files import read_bounded, write_atomically
from app.system.secret import Secret, key_hash
from specs.bearer import LIFETIME, is_bearer

MARGIN = 600.0
"""Seconds before its end from which a token is not used any more."""
STEP = 60.0
"""Seconds that a wall clock may have been set back since the issue."""


class Token(Struct, frozen=True):
    """A token, when it was issued and until when it is good; wall time in seconds."""

    secret: Secret
    issued: float
    expires: float

    def good(self, now: float) -> bool:
        """Whether it can be used at a moment; one from beyond it cannot."""
        lives = self.expires - self.issued
        return (
            bool(self.secret.reveal())
            and lives <= LIFETIME + 1
            and self.issued - STEP <= now < self.expires - MARGIN
        )


class _Kept(Struct):
    token: str
    issued: float
    expires: float


class TokenFile:
    """The file with the token of one app key."""

    def __init__(self, folder: Path, app_key: Secret) -> None:
        self._path = folder / f"token-{key_hash(app_key)}.json"

    def load(self) -> Token | None:
        """The token of an earlier run, good or not; a damaged file is as good as none."""
        try:
            kept = msgspec.json.decode(read_bounded(self._path), type=_Kept)
        except (OSError, KisTuiError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
        if kept.token and not is_bearer(kept.token):
            return None
        return Token(Secret(kept.token), kept.issued, kept.expires)

    def save(self, token: Token) -> None:
        """Keep a token; a disk that takes nothing costs the next run an issue, and no more."""
        kept = _Kept(token.secret.reveal(), token.issued, token.expires)
        with contextlib.suppress(KisTuiError):
            write_atomically(self._path, msgspec.json.encode(kept))
