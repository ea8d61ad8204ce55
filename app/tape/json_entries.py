"""Reads the JSON of entries that are no messages; what is damaged says nothing."""

from typing import TypeVar

import msgspec

from app.feed.link_step import LinkStep
from app.tape.gap import Gap

_T = TypeVar("_T")


def read_step(payload: bytes) -> LinkStep | None:
    """The step of the connection that an entry holds; none where it is damaged, or null."""
    return _read(payload, LinkStep)


def read_gap(payload: bytes) -> Gap | None:
    """The gap that an entry tells of; none where it is damaged."""
    return _read(payload, Gap)


def _read(payload: bytes, kind: type[_T]) -> _T | None:
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
