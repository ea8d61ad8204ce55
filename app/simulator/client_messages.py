"""Messages of a client: registrations, releases, echoes, and errors that KIS has a code for."""

import msgspec
from msgspec import UNSET, Struct, UnsetType

from specs.catalog import CATALOG
from specs.codes import CodeError, parse


class RegistrationRequest(Struct, frozen=True):
    """One registration (or release) of a code on a TR."""

    approval_key: str
    tr_id: str
    tr_key: str
    register: bool


class Echo(Struct, frozen=True):
    """A PINGPONG sent back."""


class RegistrationRequestError(ValueError):
    """A message that is refused with an OPSP code; the TR and code it named, if it did."""

    def __init__(self, code: str, tr_id: str = "(null)", tr_key: str = "") -> None:
        super().__init__(code)
        self.code, self.tr_id, self.tr_key = code, tr_id, tr_key


class _Header(Struct):
    approval_key: str = ""
    custtype: str = ""
    tr_type: str = ""
    tr_id: str = ""


class _Input(Struct):
    tr_id: str = ""
    tr_key: str = ""


class _Body(Struct):
    input: _Input | UnsetType = UNSET


class _Message(Struct):
    header: _Header | UnsetType = UNSET
    body: _Body | UnsetType = UNSET


_MESSAGES = msgspec.json.Decoder(_Message)


def read(raw: str | bytes) -> RegistrationRequest | Echo:
    """Read one message.

    Raises:
        WishError: anything that KIS answers with an error code.
    """
    try:
        message = _MESSAGES.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise RegistrationRequestError("OPSP9999") from None
    header, body = message.header, message.body
    if isinstance(header, UnsetType):
        raise RegistrationRequestError("OPSP9998")
    if header.tr_id == "PINGPONG":
        return Echo()
    if isinstance(body, UnsetType):
        raise RegistrationRequestError("OPSP9992")
    wanted = body.input
    if isinstance(wanted, UnsetType):
        raise RegistrationRequestError("OPSP9991")
    if not wanted.tr_key:
        raise RegistrationRequestError("OPSP9990", wanted.tr_id or "(null)")
    code = _fault(header, wanted)
    if code:
        raise RegistrationRequestError(code, wanted.tr_id, wanted.tr_key)
    return RegistrationRequest(
        header.approval_key, wanted.tr_id, wanted.tr_key, header.tr_type == "1"
    )


def _fault(header: _Header, wanted: _Input) -> str:
    if not header.custtype:
        return "OPSP9997"
    if header.custtype not in ("P", "B"):
        return "OPSP8998"
    if header.tr_type not in ("1", "2"):
        return "OPSP8997"
    if wanted.tr_id not in CATALOG:
        return "OPSP8991"
    try:
        parse(wanted.tr_key)
    except CodeError:
        return "OPSP8992"
    return ""
