"""Reads the JSON of entries other than messages; damaged JSON gives None."""

from typing import TypeVar

import msgspec

from app.feed.link_step import LinkStep
from app.tape.gap import Gap

_T = TypeVar("_T")


def read_step(payload: bytes) -> LinkStep | None:
    """Return the connection step of an entry; None if it is damaged or null."""
    return _read(payload, LinkStep)


def read_gap(payload: bytes) -> Gap | None:
    """Return the gap of an entry; None if it is damaged."""
    return _read(payload, Gap)


def _read(payload: bytes, kind: type[_T]) -> _T | None:
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
