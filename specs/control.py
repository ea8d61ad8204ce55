"""Control messages: registrations out; acknowledgements, errors and PINGPONG in.

Source: KIS Developers portal, websocket guide and FAQ (OPSP codes).  A connection-level error has
``tr_id: "(null)"`` and an empty ``tr_key``, so the code is looked at before the registration.
"""

import re
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from specs.catalog import CATALOG
from specs.clean import clean
from specs.frame import FrameError
from specs.preferences import CustomerType

LARGEST = 64 * 1024
"""Characters of the longest control message that is read."""


class RefusalReaction(StrEnum):
    """The reaction of the program to an OPSP code."""

    REGISTERED = "registered"
    RELEASED = "released"
    ROW_RETRY = "row_retry"
    ROW_REFUSED = "row_refused"
    NO_SLOT = "no_slot"
    NEW_KEY = "new_key"
    OCCUPIED = "occupied"
    CREDENTIALS = "credentials"
    BACK_OFF = "back_off"
    ACCEPTED = "accepted"
    """An undocumented code with ``rt_cd`` 0: the request succeeded."""
    DECLINED = "declined"
    """An undocumented code with another ``rt_cd``: the request was refused."""
    UNKNOWN = "unknown"


REACTIONS: dict[str, RefusalReaction] = {
    "OPSP0000": RefusalReaction.REGISTERED,
    "OPSP0001": RefusalReaction.RELEASED,
    "OPSP0002": RefusalReaction.REGISTERED,
    "OPSP0003": RefusalReaction.RELEASED,
    "OPSP0007": RefusalReaction.ROW_RETRY,
    "OPSP0008": RefusalReaction.NO_SLOT,
    "OPSP0009": RefusalReaction.ROW_RETRY,
    "OPSP0010": RefusalReaction.NEW_KEY,
    "OPSP0011": RefusalReaction.NEW_KEY,
    "OPSP0017": RefusalReaction.ROW_REFUSED,
    "OPSP8991": RefusalReaction.ROW_REFUSED,
    "OPSP8992": RefusalReaction.ROW_REFUSED,
    "OPSP8993": RefusalReaction.ROW_REFUSED,
    "OPSP8994": RefusalReaction.CREDENTIALS,
    "OPSP8995": RefusalReaction.CREDENTIALS,
    "OPSP8996": RefusalReaction.OCCUPIED,
    "OPSP8997": RefusalReaction.ROW_REFUSED,
    "OPSP8998": RefusalReaction.ROW_REFUSED,
    "OPSP8999": RefusalReaction.ROW_RETRY,
    "OPSP9990": RefusalReaction.ROW_REFUSED,
    "OPSP9991": RefusalReaction.ROW_REFUSED,
    "OPSP9992": RefusalReaction.ROW_REFUSED,
    "OPSP9993": RefusalReaction.BACK_OFF,
    "OPSP9994": RefusalReaction.CREDENTIALS,
    "OPSP9995": RefusalReaction.BACK_OFF,
    "OPSP9996": RefusalReaction.BACK_OFF,
    "OPSP9997": RefusalReaction.ROW_REFUSED,
    "OPSP9998": RefusalReaction.ROW_REFUSED,
    "OPSP9999": RefusalReaction.ROW_REFUSED,
}


class Ack(Struct, frozen=True, gc=False):
    """An answer to a registration, or an error of the connection when `tr_key` is empty."""

    tr_id: str
    tr_key: str
    code: str
    message: str
    result: str = ""
    """``rt_cd``: 0 is success; empty if the answer lacks it."""

    @property
    def reaction(self) -> RefusalReaction:
        """The reaction to the code; `rt_cd` decides for codes that the portal does not document.

        An undocumented code that concerns the whole session does not change any row.
        """
        known = REACTIONS.get(self.code)
        if known is not None:
            return known
        if self.of_connection or not self.result:
            return RefusalReaction.UNKNOWN
        return RefusalReaction.ACCEPTED if self.result == "0" else RefusalReaction.DECLINED

    @property
    def of_connection(self) -> bool:
        return not self.tr_key or self.tr_id == "(null)"


class PingPong(Struct, frozen=True, gc=False):
    """The server's heartbeat, to be echoed unchanged; `datetime` is yyyymmddHHMMSS KST."""

    datetime: str


class _Header(Struct):
    tr_id: str
    tr_key: str | None = ""
    datetime: str | int | None = ""


class _Body(Struct):
    rt_cd: str | int | None = ""
    msg_cd: str | None = ""
    msg1: str | None = ""


class _Message(Struct):
    header: _Header
    body: msgspec.Raw = msgspec.Raw()


_MESSAGES = msgspec.json.Decoder(_Message)
_BODIES = msgspec.json.Decoder(_Body)


def is_control(raw: str) -> bool:
    """Return whether a text frame is JSON rather than a data frame."""
    return raw.lstrip()[:1] in ("{", "[", '"', "n", "t", "f")


def decode(raw: str) -> Ack | PingPong:
    """Decode one control message; unprintable characters in its texts are masked.

    Raises:
        FrameError: `json` (not JSON), `control` (another shape), `oversize` (above `LARGEST`).
    """
    if len(raw) > LARGEST:
        raise FrameError("oversize")
    try:
        message = _MESSAGES.decode(raw)
        header = message.header
        if header.tr_id == "PINGPONG":
            return PingPong(clean(str(header.datetime or ""), 32))
        if not message.body:
            raise FrameError("control")
        body = _BODIES.decode(message.body)
    except msgspec.ValidationError as error:
        raise FrameError("control") from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise FrameError("json") from error
    return Ack(
        clean(header.tr_id, 16),
        clean((header.tr_key or "").strip(), 16),
        clean((body.msg_cd or "").strip(), 16),
        clean(body.msg1 or ""),
        clean(str(body.rt_cd if body.rt_cd is not None else "").strip(), 16),
    )


def request(
    approval_key: str, tr_id: str, tr_key: str, *, register: bool, customer: CustomerType = "P"
) -> str:
    """Return KIS' text frame that registers (or releases) one code on one TR.

    Raises:
        ValueError: a TR outside the catalog; order notices can never be asked for.
    """
    if tr_id not in CATALOG:
        raise ValueError(f"not a market-data TR: {clean(tr_id, 16)}")
    message = {
        "header": {
            "approval_key": approval_key,
            "custtype": customer,
            "tr_type": "1" if register else "2",
            "content-type": "utf-8",
        },
        "body": {"input": {"tr_id": tr_id, "tr_key": tr_key}},
    }
    return msgspec.json.encode(message).decode()


MASK = "***"

_NAMES = frozenset((
    "key", "iv", "approval_key", "appkey", "app_key", "appsecret", "app_secret", "secretkey",
    "secret_key", "access_token", "authorization",
))  # fmt: skip
# Codes of contracts, TRs and errors are shorter, times are of 14 digits.
_KEY = re.compile(r"[0-9A-Za-z+/=_.-]{16,}")
_ESCAPED = re.compile(r"[0-9A-Za-z+/=_.\\-]{16,}")


def scrub(raw: str) -> str:
    """Return a text message with every key masked; one without keys is returned unchanged."""
    try:
        found = msgspec.json.decode(raw)
        kept = _kept(found)
        return raw if kept == found else msgspec.json.encode(kept).decode()
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        # Not JSON, or nested too deeply.
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
