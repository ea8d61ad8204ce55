"""Why a dial or a call failed, as a word, and whether the fault is on this side."""

import ssl
from datetime import UTC, datetime
from errno import ECONNREFUSED, ENETDOWN, ENETUNREACH
from types import SimpleNamespace
from typing import cast

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from app.feed.socket import asked_wait, explain, is_certificate, is_local, read_bounded

KEY = cast("ConnectionKey", SimpleNamespace(host="h", port=1, is_ssl=True, ssl=True))
NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


def certificate(number: int | None) -> aiohttp.ClientConnectorCertificateError:
    fault = ssl.SSLCertVerificationError("certificate")
    if number is not None:
        fault.verify_code = number
    return aiohttp.ClientConnectorCertificateError(KEY, fault)


def connector(number: int) -> aiohttp.ClientConnectorError:
    return aiohttp.ClientConnectorError(KEY, OSError(number, "connect"))


def handshake(status: int, **headers: str) -> aiohttp.WSServerHandshakeError:
    info = aiohttp.RequestInfo(
        URL("http://h"), "GET", CIMultiDictProxy(CIMultiDict()), URL("http://h")
    )
    told = CIMultiDictProxy(CIMultiDict({k.replace("_", "-"): v for k, v in headers.items()}))
    return aiohttp.WSServerHandshakeError(info, (), status=status, headers=told)


# Numbers of OpenSSL's X509_V_ERR_…: x509_vfy.h.
FAULTS = {
    9: "certificate_early", 10: "certificate_expired", 18: "certificate_issuer",
    19: "certificate_issuer", 20: "certificate_issuer", 21: "certificate_issuer",
    62: "certificate_host", 64: "certificate_host",
}  # fmt: skip


@pytest.mark.parametrize("number", [*range(70), None])
def test_a_wrong_certificate_is_named_by_its_fault(number: int | None) -> None:
    error = certificate(number)
    assert explain(error) == FAULTS.get(number or 0, "certificate")
    assert is_certificate(error)
    assert not is_local(error)


@pytest.mark.parametrize(
    ("error", "word", "local"),
    [
        (aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "name")), "dns", True),
        (connector(ENETDOWN), "unreachable", True),
        (connector(ENETUNREACH), "unreachable", True),
        (connector(ECONNREFUSED), "unreachable", False),
        (OSError(ENETUNREACH, "network"), "error", True),
        (ConnectionRefusedError(ECONNREFUSED, "refused"), "unreachable", False),
        (ConnectionResetError(), "reset", False),
        (TimeoutError(), "timeout", False),
        (ssl.SSLError("tls"), "tls", False),
        (handshake(503), "HTTP 503", False),
        (ValueError("other"), "error", False),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else None,
)
def test_a_failure_is_a_word_and_local_or_not(error: Exception, word: str, local: bool) -> None:
    assert explain(error) == word
    assert is_local(error) is local
    assert not is_certificate(error)


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (handshake(503, Retry_After="7"), 7.0),
        (handshake(503), 0.0),
        (handshake(404, Retry_After="7"), 0.0),
        (TimeoutError(), 0.0),
    ],
)
def test_a_handshake_may_ask_for_a_wait(error: Exception, seconds: float) -> None:
    assert asked_wait(error, NOW) == seconds


class Pieces:
    """An answer that arrives in pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)
        self.content = self

    async def read(self, size: int) -> bytes:
        assert size == 16 * 1024
        return self._pieces.pop(0) if self._pieces else b""


@pytest.mark.parametrize(
    ("limit", "read"), [(3, b"abcdef"), (2, b"abc"), (6, b"abcdef"), (5, b"abcdef"), (0, b"abc")]
)
async def test_an_answer_is_read_up_to_its_limit_and_a_piece_more(limit: int, read: bytes) -> None:
    answer = cast("aiohttp.ClientResponse", Pieces(b"abc", b"def"))
    assert await read_bounded(answer, limit) == read
