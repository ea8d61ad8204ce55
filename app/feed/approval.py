"""The approval key: one POST that turns app key and secret into the key of a websocket session.

Source: KIS Developers portal, OAuth, real-time approval key (``POST /oauth2/Approval``).  The call
carries both secrets, so it follows no redirect, uses no proxy of the environment, asks for no
compression and reads a bounded answer.
"""

import re

import aiohttp
import msgspec

from app.credentials import Credentials, Endpoints
from app.errors import ConnectionFailed, CredentialsError, KisTuiError
from app.feed.socket import explain, read_bounded
from app.secret import redact
from specs.clean import clean
from widgets.texts import has, t

LARGEST_ANSWER = 64 * 1024
TIMEOUT = 10.0

_KEY = re.compile(r"[A-Za-z0-9-]{16,512}")
_REJECTED = frozenset(("EGW00102", "EGW00103", "EGW00104", "EGW00105"))


class _Answer(msgspec.Struct):
    approval_key: str = ""
    error_code: str = ""
    error_description: str = ""


async def approval_key(
    session: aiohttp.ClientSession, endpoints: Endpoints, credentials: Credentials
) -> str:
    """An approval key, valid a day for opening sessions.

    Raises:
        CredentialsError: KIS names the app key or the secret as wrong.
        ConnectionFailed: anything that another try may mend.
    """
    body = {
        "grant_type": "client_credentials",
        "appkey": credentials.app_key.reveal(),
        "secretkey": credentials.app_secret.reveal(),
    }
    try:
        async with session.post(
            f"{endpoints.rest}/oauth2/Approval",
            data=msgspec.json.encode(body),
            headers={
                "Content-Type": "application/json; utf-8",
                "Accept-Encoding": "identity",
            },
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
        ) as response:
            status = response.status
            answer = await read_bounded(response, LARGEST_ANSWER)
    except (OSError, aiohttp.ClientError, TimeoutError) as error:
        word = explain(error)
        why = t(f"why.{word}") if has(f"why.{word}") else word
        raise ConnectionFailed(t("approval.unreachable", why=why)) from error
    return _read(status, answer)


def _read(status: int, body: bytes) -> str:
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise ConnectionFailed(t("approval.unreadable", status=status)) from error
    if answer.error_code or status != 200:
        code, words = redact(answer.error_code), redact(answer.error_description)
        raise _refusal(status, clean(code, 16), clean(words))
    if not _KEY.fullmatch(answer.approval_key):
        raise ConnectionFailed(t("approval.unreadable", status=status))
    return answer.approval_key


def _refusal(status: int, code: str, words: str) -> KisTuiError:
    what = code or str(status)
    if code in _REJECTED:
        which = t("approval.app_key" if code in ("EGW00102", "EGW00103") else "approval.secret")
        return CredentialsError(t("approval.rejected", which=which, code=code))
    return ConnectionFailed(t("approval.refused", code=what, words=words))
