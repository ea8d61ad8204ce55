"""Messages of a gateway's client, read as KIS reads them: registrations, releases and echoes.

A message that KIS would refuse is refused with KIS' own code (portal, websocket FAQ), and so is
everything that is not market data: an order notice is an invalid tr_id here.
"""

import re

import msgspec
from msgspec import Struct

from app.feed.registration_state import RegistrationKey
from specs.catalog import CATALOG

LARGEST_REQUEST = 16 * 1024
"""Bytes of the longest message that is read."""

CODE = re.compile(r"[0-9A-Za-z]{1,12}")
_UNNAMED = RegistrationKey("(null)", "")


class ClientRequest(Struct, frozen=True):
    """A registration of a code on a TR, or its release."""

    approval_key: str
    key: RegistrationKey
    register: bool


class RefusedRequest(ValueError):
    """A message that is refused with an OPSP code, and the registration that it named."""

    def __init__(self, code: str, key: RegistrationKey = _UNNAMED) -> None:
        super().__init__(code)
        self.code, self.key = code, key


class _Header(Struct):
    approval_key: str = ""
    custtype: str = ""
    tr_type: str | int = ""
    tr_id: str = ""


class _Input(Struct):
    tr_id: str = ""
    tr_key: str = ""


class _Body(Struct):
    input: _Input | None = None


class _Message(Struct):
    header: _Header | None = None
    body: _Body | None = None


_MESSAGES = msgspec.json.Decoder(_Message)


def read_request(raw: str | bytes) -> ClientRequest | None:
    """Read one message; None for a PINGPONG that comes back.

    Raises:
        RefusedRequest: anything that KIS answers with an error code.
    """
    try:
        message = _MESSAGES.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise RefusedRequest("OPSP9999") from None
    header, body = message.header, message.body
    if header is None:
        raise RefusedRequest("OPSP9998")
    if header.tr_id == "PINGPONG":
        return None
    if body is None:
        raise RefusedRequest("OPSP9992")
    if body.input is None:
        raise RefusedRequest("OPSP9991")
    key = RegistrationKey(body.input.tr_id, body.input.tr_key.strip())
    if not key.code:
        raise RefusedRequest("OPSP9990", RegistrationKey(_shown(key.tr_id), ""))
    kind = str(header.tr_type)
    if (code := _fault(header.custtype, kind, key)) is not None:
        raise RefusedRequest(code, RegistrationKey(_shown(key.tr_id), _shown(key.code)))
    return ClientRequest(header.approval_key, key, kind == "1")


def _fault(customer: str, kind: str, key: RegistrationKey) -> str | None:
    if not customer:
        return "OPSP9997"
    if customer not in ("P", "B"):
        return "OPSP8998"
    if kind not in ("1", "2"):
        return "OPSP8997"
    if key.tr_id not in CATALOG:
        return "OPSP8991"
    return None if CODE.fullmatch(key.code) else "OPSP8992"


def _shown(text: str) -> str:
    """Return what an answer repeats of a client's text: its beginning."""
    return text[:16] or "(null)"
