"""The REST token: the request and the answer of ``POST /oauth2/tokenP``.

KIS issues at most one a minute, valid for a day.  Source: KIS Developers portal, OAuth.
"""

import re

import msgspec
from msgspec import Struct

from specs.clean import clean

PATH = "/oauth2/tokenP"
LIFETIME = 86_400.0
EVERY = 60.0
"""Seconds between two issues."""

_SHORTEST = 3600.0

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{16,4096}")
_CODE = re.compile(r"[A-Z0-9]{1,16}")


class BearerError(ValueError):
    """An answer without a token; `code` and `words` are KIS', if it sent any."""

    def __init__(self, code: str = "", words: str = "") -> None:
        super().__init__(code or "unreadable")
        self.code, self.words = code, words


class BearerToken(Struct, frozen=True):
    """A token and the seconds for which it is valid."""

    token: str
    seconds: float

    def __repr__(self) -> str:
        return f"Bearer(***, {self.seconds})"


class _Answer(Struct):
    access_token: str = ""
    expires_in: float = LIFETIME
    error_code: str = ""
    error_description: str = ""
    msg_cd: str = ""
    msg1: str = ""


def request(app_key: str, app_secret: str) -> bytes:
    """Return the body of a token request."""
    body = {"grant_type": "client_credentials", "appkey": app_key, "appsecret": app_secret}
    return msgspec.json.encode(body)


def read(body: bytes) -> BearerToken:
    """Read an answer.

    Raises:
        BearerError: KIS refuses, or the answer cannot be read.
    """
    try:
        answer = msgspec.json.decode(body, type=_Answer, strict=False)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BearerError from error
    code = answer.error_code or answer.msg_cd
    if code and not answer.access_token:
        words = clean((answer.error_description or answer.msg1).strip())
        raise BearerError(code if _CODE.fullmatch(code) else "?", words)
    if not is_bearer(answer.access_token):
        raise BearerError
    # An implausible lifetime would cause a new token for every call.
    lives = answer.expires_in
    return BearerToken(answer.access_token, lives if _SHORTEST <= lives <= LIFETIME else LIFETIME)


def is_bearer(text: str) -> bool:
    """Return whether a text has the shape of a token and is safe in an HTTP header."""
    return _TOKEN.fullmatch(text) is not None
