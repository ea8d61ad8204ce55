"""The approval key: one POST that turns app key and secret into the key of a websocket session.

Source: KIS Developers portal, OAuth, real-time approval key (``POST /oauth2/Approval``).  The call
carries both secrets, so it follows no redirect, uses no proxy of the environment, asks for no
compression and reads a bounded answer.
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime

import aiohttp
import msgspec

from app.feed.events import KeyRefused, Refusal
from app.feed.feed_settings import FeedSettings
from app.feed.retry_after import retry_after
from app.feed.socket import explain, is_certificate, is_local, read_bounded
from app.storage.credentials import Credentials, Endpoints
from app.system.errors import ConnectionFailed, CredentialsError, KisTuiError
from app.system.event_log import log_event
from app.system.secret import Secret, redact, redact_foreign
from specs.clean import clean
from specs.user_message import UserMessage, UserText

LARGEST_ANSWER = 64 * 1024
TIMEOUT = 10.0

_KEY = re.compile(r"[A-Za-z0-9-]{16,512}")
_REJECTED = frozenset(("EGW00102", "EGW00103", "EGW00104", "EGW00105"))


class _Answer(msgspec.Struct):
    approval_key: str = ""
    error_code: str = ""
    error_description: str = ""


class NoApprovalKey(ConnectionFailed):
    """No key was issued; `wait` is the pause that the server asks for, in seconds."""

    def __init__(
        self, message: UserText, kind: Refusal = Refusal.PASSING, *, wait: float = 0.0
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.wait = wait


def key_refused(error: KisTuiError, describe: Callable[[UserText], str]) -> KeyRefused:
    """Return what a failed call means for the connection, with the reason as text."""
    if isinstance(error, NoApprovalKey):
        return KeyRefused(describe(error.message), error.kind, error.wait)
    final = isinstance(error, CredentialsError)
    return KeyRefused(describe(error.message), Refusal.CREDENTIALS if final else Refusal.PASSING)


async def issue_key(
    session: aiohttp.ClientSession, settings: FeedSettings, now: datetime
) -> Secret | KeyRefused:
    """Return a new approval key, or why there is none; `now` as for `approval_key`."""
    try:
        key = await approval_key(session, settings.endpoints, settings.credentials, now)
    except KisTuiError as error:
        return key_refused(error, settings.describe)
    return Secret(key)


async def approval_key(
    session: aiohttp.ClientSession, endpoints: Endpoints, credentials: Credentials, now: datetime
) -> str:
    """An approval key, valid a day for opening sessions.

    `now` (aware) is what a ``Retry-After`` date is compared with where the answer has no date.

    Raises:
        CredentialsError: KIS names the app key or the secret as wrong.
        NoApprovalKey: anything that another try may mend.
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
            wait = retry_after(status, response.headers, now)
            answer = await read_bounded(response, LARGEST_ANSWER)
    except (OSError, aiohttp.ClientError, TimeoutError) as error:
        raise _unreachable(error) from error
    return _read(status, answer, wait)


def _unreachable(error: Exception) -> NoApprovalKey:
    word = explain(error)
    log_event("feed", "approval", "failed", level=logging.WARNING, why=word)
    why = UserMessage(f"why.{word}", word)
    if is_certificate(error):
        return NoApprovalKey(why, Refusal.CERTIFICATE)
    kind = Refusal.LOCAL if is_local(error) else Refusal.PASSING
    return NoApprovalKey(UserMessage("approval.unreachable", why=why), kind)


def _read(status: int, body: bytes, wait: float) -> str:
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise _unreadable(status, wait) from error
    if answer.error_code or status != 200:
        code, words = redact(answer.error_code), redact(answer.error_description)
        raise _refusal(status, clean(code, 16), clean(words), wait)
    if not _KEY.fullmatch(answer.approval_key):
        raise _unreadable(status, wait)
    return answer.approval_key


def _unreadable(status: int, wait: float) -> NoApprovalKey:
    log_event("feed", "approval", "unreadable", level=logging.WARNING, status=str(status))
    return NoApprovalKey(UserMessage("approval.unreadable", status=status), wait=wait)


def _refusal(status: int, code: str, words: str, wait: float) -> KisTuiError:
    _log_refusal(status, code, words)
    what = code or str(status)
    if code in _REJECTED:
        which = UserMessage(
            "approval.app_key" if code in ("EGW00102", "EGW00103") else "approval.secret"
        )
        return CredentialsError("approval.rejected", which=which, code=code)
    return NoApprovalKey(UserMessage("approval.refused", code=what, words=words), wait=wait)


def _log_refusal(status: int, code: str, words: str) -> None:
    pairs = {
        "status": str(status),
        "code": redact_foreign(code) or None,
        "words": redact_foreign(words) or None,
    }
    log_event("feed", "approval", "refused", level=logging.WARNING, error=None, **pairs)
