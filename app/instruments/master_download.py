"""The download of the masters: verified TLS to one host, no redirect, bounded in size and time."""

import logging
import socket
import ssl
from collections.abc import Callable, Iterator

from msgspec import Struct

from app.instruments.master import LARGEST
from app.instruments.master_file import NAMES
from app.instruments.master_store import CheckedMasterFile, check, save_file
from app.system.clock import Clock
from app.system.errors import ConnectionFailed, KisTuiError
from app.system.event_log import log_event
from app.system.files import ProgramFolders
from specs.user_message import UserMessage

SOURCE = "https://new.real.download.dws.co.kr/common/master/"
LONGEST = 180.0
"""Seconds after which a download that still trickles is given up."""

_PATIENCE = 30.0
_CHUNK = 32 * 1024


class Progress(Struct, frozen=True):
    """Progress of a download in bytes; `total` is None if the server does not send it."""

    name: str
    seconds: float
    received: int
    total: int | None


def update(
    folders: ProgramFolders,
    clock: Clock,
    *,
    verified: bool = True,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Iterator[CheckedMasterFile]:
    """Download the masters into the cache and yield each one when it is stored.

    A file that is refused or not a master leaves the older file; its error is raised after the
    other files.

    Raises:
        ConnectionFailed: the server cannot be reached, or its certificate cannot be verified.
        UsageError: a downloaded file is not a master.
    """
    refused: KisTuiError | None = None
    for name in NAMES:
        try:
            content = _download(f"{SOURCE}{name}.zip", name, clock, verified, progress)
            found = check(folders, content, name)
        except _Unreachable:
            log_event("master", "failed", name, level=logging.WARNING, why="unreachable")
            raise
        except KisTuiError as error:
            log_event("master", "failed", name, level=logging.WARNING, why=type(error).__name__)
            refused = refused or error
            continue
        save_file(folders, found)
        log_event("master", "downloaded", name, size=len(content))
        yield found
    if refused is not None:
        raise refused


class _Unreachable(ConnectionFailed):
    """The server itself is out of reach: asking it for the next file is in vain."""


def _download(
    url: str, name: str, clock: Clock, verified: bool, progress: Callable[[Progress], None]
) -> bytes:
    import urllib.request
    from http.client import HTTPException
    from urllib.error import HTTPError

    class Unmoved(urllib.request.HTTPRedirectHandler):
        """Goes nowhere else, least of all from https to http."""

        def redirect_request(self, *answer: object) -> None:
            return None

    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        Unmoved(),
        urllib.request.HTTPSHandler(context=_context(verified=verified)),
    )
    hint = UserMessage("master.from", url=url)
    begun = clock.monotonic()
    content = bytearray()
    try:
        with opener.open(url, timeout=_PATIENCE) as answer:
            length = answer.headers.get("Content-Length") or ""
            total = int(length) if length.isascii() and length.isdecimal() else None
            while len(content) <= LARGEST and (part := answer.read1(_CHUNK)):
                content += part
                seconds = clock.monotonic() - begun
                if seconds > LONGEST:
                    raise TimeoutError
                progress(Progress(name, seconds, len(content), total))
    except HTTPError as error:
        error.close()
        why = f"HTTP {error.code}"
        raise ConnectionFailed("master.no_download", name=name, why=why, hint=hint) from error
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLError):
            ways = UserMessage("master.ways", url=url)
            raise _Unreachable("master.not_verified", hint=ways) from error
        raise _Unreachable("master.unreachable", why=_network_reason(reason), hint=hint) from error
    if total is not None and len(content) < min(total, LARGEST):
        raise ConnectionFailed("master.cut_short", name=name, hint=hint)
    return bytes(content)


def _network_reason(error: object) -> UserMessage:
    """Return why the server was not reached."""
    match error:
        case socket.gaierror():
            return UserMessage("why.dns")
        case TimeoutError():
            return UserMessage("master.too_slow")
        case ConnectionResetError():
            return UserMessage("why.reset")
        case OSError():
            return UserMessage("why.unreachable")
    return UserMessage("why.error")


def _context(*, verified: bool) -> ssl.SSLContext:
    """Return a TLS context for the download of masters; `verified` checks the certificate."""
    context = ssl.create_default_context()
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
