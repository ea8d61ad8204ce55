"""Control messages without what is nobody else's: keys by their names, and what looks like one.

An answer to a registration carries the key and initial vector of a cipher in ``body.output``.
"""

import re
from typing import Any

import msgspec

MASK = "***"

_NAMES = frozenset((
    "key", "iv", "approval_key", "appkey", "app_key", "appsecret", "app_secret", "secretkey",
    "secret_key", "access_token", "authorization",
))  # fmt: skip
# Codes of contracts, TRs and errors are shorter, times are of 14 digits.
_KEY = re.compile(r"[0-9A-Za-z+/=_.-]{16,}")
_ESCAPED = re.compile(r"[0-9A-Za-z+/=_.\\-]{16,}")


def scrub(raw: str) -> str:
    """A text message, emptied of keys; one that holds none comes back as it is."""
    try:
        found = msgspec.json.decode(raw)
        kept = _kept(found)
        return raw if kept == found else msgspec.json.encode(kept).decode()
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        # No JSON, or none that can be taken apart.
        return _ESCAPED.sub(MASK, raw)


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return _KEY.sub(MASK, value)
    if isinstance(value, list):
        return [_kept(part) for part in value]
    if isinstance(value, dict):
        return {
            _KEY.sub(MASK, name): "" if name.strip().lower() in _NAMES else _kept(part)
            for name, part in value.items()
        }
    return value
