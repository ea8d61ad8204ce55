"""Approval keys that a gateway issues to programs which know the app key and its secret.

They are random and open nothing but the gateway: KIS' own approval key never leaves the feed.
"""

from hmac import compare_digest
from uuid import uuid4

import msgspec
from msgspec import Struct

from app.storage.credentials import Credentials

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

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._issued: dict[str, float] = {}

    def issue(self, content_type: str, body: bytes, now: float) -> str:
        """Return a new approval key for the body of ``POST /oauth2/Approval``.

        Raises:
            RefusedApproval: it does not name this gateway's app key and secret.
        """
        if not content_type.lower().startswith("application/json"):
            raise RefusedApproval("EGW00132")
        try:
            call = msgspec.json.decode(body, type=_Call)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            raise RefusedApproval("EGW00101") from None
        own = self._credentials
        for given, expected, missing, wrong in (
            (call.appkey, own.app_key, "EGW00102", "EGW00103"),
            (call.secretkey, own.app_secret, "EGW00104", "EGW00105"),
        ):
            if not given:
                raise RefusedApproval(missing)
            if not compare_digest(given.encode(), expected.reveal().encode()):
                raise RefusedApproval(wrong)
        while len(self._issued) >= MOST_KEYS:
            del self._issued[next(iter(self._issued))]
        key = str(uuid4())
        self._issued[key] = now
        return key

    def is_valid(self, approval_key: str, now: float) -> bool:
        """Return whether a key was issued here and has not expired."""
        at = self._issued.get(approval_key)
        return at is not None and now - at < KEY_LIFE
