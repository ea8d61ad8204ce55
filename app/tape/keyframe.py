"""The state before a segment: the newest frame of every registration, and what came with it."""

from collections.abc import Collection, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.tape.entry import LONGEST, EntryKind, TapeEntry
from specs.catalog import CATALOG
from specs.frame import FrameError, decode
from specs.frame_fast_path import LONGEST_CODE

LONGEST_FRAME = 16 * 1024
"""Bytes of a frame that a keyframe repeats; KIS' own are far below."""

MOST = 512
"""Registrations that a keyframe knows: those of a long session that changed its codes often."""

_FRAME = int(EntryKind.FRAME)
_SINGLE = b"|001|"
_TR_AT, _BODY_AT = 2, 15
_TR_IDS = frozenset(tr_id.encode() for tr_id in CATALOG)


Nanoseconds = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]


class ReceivedFrame(Struct, frozen=True, array_like=True, gc=False):
    """A frame and when it came, in nanoseconds."""

    monotonic: Nanoseconds
    wall: Nanoseconds
    frame: str


class Keyframe(Struct, frozen=True):
    """State of a tape at a position from which a player can start."""

    frames: list[ReceivedFrame] = []
    """In the order in which they came."""
    link: msgspec.Raw = msgspec.Raw()
    """The newest step of the connection, as its entry holds it; empty before the first."""
    names: dict[str, str] = {}
    """The names of codes, which a master drops after their expiry."""
    missed: dict[str, float] = {}
    """Missed contracts by code, from the accumulated volume."""


class KeyframeBuilder:
    """Keeps what the next keyframe holds."""

    def __init__(self) -> None:
        self._newest: dict[tuple[bytes, bytes], TapeEntry] = {}
        self._link = b""
        self._names: dict[str, str] = {}
        self._missed: dict[str, float] = {}

    def apply(self, entry: TapeEntry) -> None:
        """Take an entry that was written."""
        if entry.kind == _FRAME:
            for key in keys(entry.payload):
                # Put at the end: the order is that of arrival.
                self._newest.pop(key, None)
                self._newest[key] = entry
            while len(self._newest) > MOST:
                del self._newest[next(iter(self._newest))]
        elif entry.kind == EntryKind.LINK and _is_json(entry.payload):
            self._link = entry.payload

    def name(self, names: Mapping[str, str]) -> None:
        """Know these names too."""
        self._names |= names

    def miss(self, missed: Mapping[str, float]) -> None:
        """Set the missed contracts by code."""
        self._missed = dict(missed)

    def restore(self, keyframe: Keyframe, codes: Collection[bytes] = ()) -> None:
        """Begin where a keyframe was made, with these codes of it or with all."""
        for received in keyframe.frames[-MOST:]:
            payload = received.frame.encode("utf-8", "replace")
            if not codes or any(code in codes for _, code in keys(payload)):
                self.apply(TapeEntry(EntryKind.FRAME, received.monotonic, received.wall, payload))
        link = bytes(keyframe.link)
        self._link = b"" if link == b"null" else link
        self._names |= keyframe.names
        self._missed = keyframe.missed

    def pack(self) -> bytes:
        """The payload of a keyframe."""
        # One frame may be the newest of several codes.
        frames = dict.fromkeys(self._newest.values())
        received_frames = [
            ReceivedFrame(e.monotonic, e.wall, e.payload.decode("utf-8", "replace")) for e in frames
        ]
        link = msgspec.Raw(self._link or b"null")
        payload = msgspec.json.encode(Keyframe(received_frames, link, self._names, self._missed))
        while len(payload) > LONGEST and received_frames:
            # Escapes make text up to six times as long; the oldest frames have to go.
            received_frames = received_frames[len(received_frames) // 2 + 1 :]
            payload = msgspec.json.encode(
                Keyframe(received_frames, link, self._names, self._missed)
            )
        return payload if len(payload) <= LONGEST else msgspec.json.encode(Keyframe(link=link))


def read(payload: bytes) -> Keyframe:
    """The keyframe of a payload; an empty one where it is damaged."""
    try:
        return msgspec.json.decode(payload, type=Keyframe)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return Keyframe()


def _is_json(payload: bytes) -> bool:
    """Whether a payload can stand within a keyframe's JSON."""
    try:
        msgspec.json.decode(payload, type=msgspec.Raw)
        payload.decode()
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return len(payload) <= LONGEST_FRAME


def keys(frame: bytes) -> list[tuple[bytes, bytes]]:
    """Return TR and code of every record of a data frame; nothing for other messages."""
    if not frame.startswith(b"0|") or len(frame) > LONGEST_FRAME:
        return []
    if frame[_BODY_AT - len(_SINGLE) : _BODY_AT] == _SINGLE:
        tr, end = frame[_TR_AT : _TR_AT + 8], frame.find(b"^", _BODY_AT)
        is_one = tr in _TR_IDS and _BODY_AT < end <= _BODY_AT + LONGEST_CODE
        return [(tr, frame[_BODY_AT:end])] if is_one else []
    try:
        decoded = decode(frame.decode())
    except (FrameError, UnicodeError):
        return []
    tr_id = decoded.tr_id.encode()
    return list(dict.fromkeys((tr_id, record.code.encode()) for record in decoded.records))
