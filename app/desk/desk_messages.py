"""Subjects, headers and messages of a desk on NATS.

===================  ==============================================================================
``kis.raw.TR.CODE``  a data frame of KIS with one record, as it came; headers as below
``kis.state.HUB``    `app.hub.screen_messages.HubState`, each second and whenever it changed
``kis.ctl.wish``     request: what a screen wants (`DeskRequest`), answered by a `DeskAnswer`
``kis.ctl.memory``   request: a code; answered by the session's trades of it, zstd compressed
``kis.lease.HUB``    which process has the session of an app key
===================  ==============================================================================

``Kis-Time`` is when the hub received a frame: nanoseconds since 1970, UTC, on a clock that runs
evenly.  ``Kis-Seq`` numbers the frames of a hub, and ``Kis-Epoch`` names its run: of another epoch
neither numbers nor times can be compared.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from app.feed.registration_state import RegistrationKey
from app.hub.client_requests import CODE
from app.hub.screen_messages import LARGEST_SCREEN_REQUEST, ScreenRequest
from specs.catalog import CATALOG

RAW, STATE, LEASE = "kis.raw", "kis.state", "kis.lease"
DEMAND, MEMORY = "kis.ctl.wish", "kis.ctl.memory"
TIME, SEQUENCE, EPOCH = "Kis-Time", "Kis-Seq", "Kis-Epoch"

LEASE_SECONDS = 6.0
"""Seconds for which a screen's request holds unless it is renewed."""

STATE_SECONDS = 1.0


class FrameStamp(Struct, frozen=True):
    """The headers of a message."""

    time: int
    sequence: int
    epoch: str

    def headers(self) -> dict[str, str]:
        """Return the headers."""
        return {TIME: str(self.time), SEQUENCE: str(self.sequence), EPOCH: self.epoch}


class DeskRequest(ScreenRequest, frozen=True, omit_defaults=True):
    """Everything that a screen wants registered; it replaces its last request."""

    screen: str = ""
    """A random name of the screen, which only it and the hub know."""
    name: str = ""
    """How `b` names it on other screens."""
    hub: str = ""
    """The hub that is asked; empty for any."""
    leaves: bool = False
    """Whether the screen ends."""


class DeskAnswer(Struct, frozen=True, omit_defaults=True):
    """What became of a request so far."""

    hub: str
    epoch: str
    lease: float = LEASE_SECONDS
    """Seconds for which the request holds."""
    granted: tuple[tuple[str, str], ...] = ()
    """TR and code of what is registered, or asked of KIS."""
    waiting: tuple[tuple[str, str, str], ...] = ()
    """TR, code and why it has no slot."""


_REQUESTS = msgspec.json.Decoder(DeskRequest)
_ANSWERS = msgspec.json.Decoder(DeskAnswer)


def raw_subject(key: RegistrationKey) -> str:
    """Return the subject of a registration's frames."""
    return f"{RAW}.{key.tr_id}.{key.code}"


def key_of_subject(subject: str) -> RegistrationKey | None:
    """Return the registration whose frames come on a subject, or None if it is none."""
    parts = subject.split(".")
    if len(parts) != 4 or not subject.startswith(f"{RAW}."):
        return None
    tr_id, code = parts[2:]
    return RegistrationKey(tr_id, code) if tr_id in CATALOG and CODE.fullmatch(code) else None


def read_stamp(headers: Mapping[str, str] | None) -> FrameStamp | None:
    """Return the stamp in a message's headers, or None if there is none."""
    if headers is None:
        return None
    try:
        return FrameStamp(int(headers[TIME]), int(headers[SEQUENCE]), headers[EPOCH])
    except (KeyError, ValueError):
        return None


def read_desk_request(raw: bytes) -> DeskRequest | None:
    """Return the request in a message, or None if it is none."""
    if len(raw) > LARGEST_SCREEN_REQUEST:
        return None
    try:
        return _REQUESTS.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def read_answer(raw: bytes) -> DeskAnswer | None:
    """Return the answer in a message, or None if it is none."""
    try:
        return _ANSWERS.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
