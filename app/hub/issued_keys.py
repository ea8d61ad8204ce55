"""Approval keys that a gateway issues to programs which know an app key and its secret.

They are random and open nothing but the gateway: KIS' own approval key never leaves the feed.
"""

from hmac import compare_digest
from uuid import uuid4

import msgspec
from msgspec import Struct

from app.storage.credentials import Credentials
from app.system.secret import Secret

KEY_LIFE = 24 * 3600.0
"""Seconds for which a key registers, as KIS documents it."""

MOST_KEYS = 1024
"""Keys that are known at a time; the oldest makes room."""


class RefusedApproval(ValueError):
    """A call that is refused with an EGW code."""


class _Call(Struct):
    appkey: str = ""
    secretkey: str = ""


class IssuedKeys:
    """Issues approval keys and knows them again; all times are monotonic seconds."""

    def __init__(self, *credentials: Credentials) -> None:
        """`credentials` are those of every app key that the gateway has a session of."""
        self._credentials = credentials
        self._issued: dict[str, float] = {}

    def issue(self, content_type: str, body: bytes, now: float) -> str:
        """Return a new approval key for the body of ``POST /oauth2/Approval``.

        Raises:
            RefusedApproval: it does not name an app key of this gateway and its secret.
        """
        if not content_type.lower().startswith("application/json"):
            raise RefusedApproval("EGW00132")
        try:
            call = msgspec.json.decode(body, type=_Call)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            raise RefusedApproval("EGW00101") from None
        if not call.appkey:
            raise RefusedApproval("EGW00102")
        own = next((one for one in self._credentials if _is(one.app_key, call.appkey)), None)
        if own is None:
            raise RefusedApproval("EGW00103")
        if not call.secretkey:
            raise RefusedApproval("EGW00104")
        if not _is(own.app_secret, call.secretkey):
            raise RefusedApproval("EGW00105")
        while len(self._issued) >= MOST_KEYS:
            del self._issued[next(iter(self._issued))]
        key = str(uuid4())
        self._issued[key] = now
        return key

    def is_valid(self, approval_key: str, now: float) -> bool:
        """Return whether a key was issued here and has not expired."""
        at = self._issued.get(approval_key)
        return at is not None and now - at < KEY_LIFE


def _is(secret: Secret, given: str) -> bool:
    return compare_digest(given.encode(), secret.reveal().encode())
