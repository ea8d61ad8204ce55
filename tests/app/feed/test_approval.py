"""The approval call: what each failure means for the next try, and certificates that are wrong."""

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from app.feed.approval import NoApprovalKey, approval_key, key_refused
from app.feed.events import Refusal
from app.feed.retry_after import LONGEST, retry_after
from app.storage.credentials import Credentials, Endpoints
from app.system.errors import CredentialsError
from app.system.secret import Secret
from specs.user_message import UserMessage
from widgets.message_text import message_text

KEYS = Credentials(Secret("demo"), Secret("demo"), "demo")
KEY = "5e17a1ed-0000-4000-8000-a99707a1c0de"
NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on loopback; its port."""
    application = web.Application()
    application.router.add_post("/oauth2/Approval", handler)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def answering(status: int, body: str, headers: Mapping[str, str] | None = None) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        kind = "application/json"
        return web.Response(status=status, text=body, headers=headers, content_type=kind)

    return answer


async def call(rest: str, trust: ssl.SSLContext | bool = True) -> str:
    connector = aiohttp.TCPConnector(ssl=trust)
    async with aiohttp.ClientSession(connector=connector) as session:
        return await approval_key(session, Endpoints(rest=rest, ws="ws://unused"), KEYS, NOW)


async def failure(rest: str, trust: ssl.SSLContext | bool = True) -> NoApprovalKey:
    with pytest.raises(NoApprovalKey) as caught:
        await call(rest, trust)
    return caught.value


# --- certificates


CONFIGURATION = """
[ca]
default_ca = here
[here]
dir = .
database = index.txt
unique_subject = no
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
"""


class Authority:
    """Signs certificates with a key of its own, by the openssl of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "index.txt").touch()
        (folder / "ca.cnf").write_text(CONFIGURATION)
        self._make("authority", "-x509", "-addext", "basicConstraints=critical,CA:true")
        self._make("alone", "-x509", "-addext", "subjectAltName=IP:127.0.0.1")

    def trust(self) -> ssl.SSLContext:
        """A client's side that trusts this authority alone."""
        return ssl.create_default_context(cafile=str(self.folder / "authority.pem"))

    def server(self, host: str, first: str = "20200101", last: str = "21200101") -> ssl.SSLContext:
        """A server's side with a certificate for a host, valid between two days."""
        self._make("server")
        (self.folder / "host.cnf").write_text(f"subjectAltName={host}\n")
        signed = "ca -batch -config ca.cnf -cert authority.pem -keyfile authority.key -notext"
        files = "-in server.pem -out server.crt -extfile host.cnf"
        dates = f"-startdate {first}000000Z -enddate {last}000000Z"
        self._run(*signed.split(), *files.split(), *dates.split())
        return self._serving("server.crt", "server.key")

    def self_signed(self) -> ssl.SSLContext:
        return self._serving("alone.pem", "alone.key")

    def _make(self, name: str, *more: str) -> None:
        words = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj"
        files = ("-keyout", f"{name}.key", "-out", f"{name}.pem")
        self._run(*words.split(), f"/CN={name}", *more, *files)

    def _run(self, *words: str) -> None:
        openssl = shutil.which("openssl")
        assert openssl is not None
        subprocess.run([openssl, *words], cwd=self.folder, check=True, capture_output=True)

    def _serving(self, certificate: str, key: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / certificate, self.folder / key)
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    return Authority(tmp_path_factory.mktemp("certificates"))


HERE = "IP:127.0.0.1"
LONG_AGO = ("20200101", "20200102")
FAR_AHEAD = ("21190101", "21200101")


@pytest.mark.parametrize(
    ("host", "dates", "why"),
    [
        (HERE, LONG_AGO, "certificate_expired"),
        (HERE, FAR_AHEAD, "certificate_early"),
        ("DNS:login.example", (), "certificate_host"),
        ("IP:127.0.0.9", (), "certificate_host"),
    ],
)
async def test_approval_names_what_is_wrong_with_a_certificate(
    authority: Authority, host: str, dates: tuple[str, ...], why: str
) -> None:
    tls = authority.server(host, *dates)
    asked: list[web.Request] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request)
        return web.json_response({"approval_key": KEY})

    async with serving(handler, tls) as port:
        error = await failure(f"https://127.0.0.1:{port}", authority.trust())
    assert (error.message, error.kind) == (UserMessage(f"why.{why}", why), Refusal.CERTIFICATE)
    assert not asked, "the secret was sent"


async def test_approval_names_a_certificate_that_nobody_vouches_for(authority: Authority) -> None:
    async with serving(answering(200, "{}"), authority.self_signed()) as port:
        error = await failure(f"https://127.0.0.1:{port}", authority.trust())
    assert (error.message, error.kind) == (
        UserMessage("why.certificate_issuer", "certificate_issuer"),
        Refusal.CERTIFICATE,
    )


async def test_approval_takes_a_certificate_that_holds(authority: Authority) -> None:
    tls = authority.server(HERE)
    async with serving(answering(200, f'{{"approval_key":"{KEY}"}}'), tls) as port:
        assert await call(f"https://127.0.0.1:{port}", authority.trust()) == KEY


async def test_approval_tells_a_server_without_tls_from_one_out_of_reach() -> None:
    async with serving(answering(200, "{}")) as port:
        error = await failure(f"https://127.0.0.1:{port}")
    assert error.kind is Refusal.PASSING
    assert error.values == {"why": UserMessage("why.tls", "tls")}


# --- what the next try depends on


async def test_a_name_that_cannot_be_resolved_is_a_local_failure() -> None:
    error = await failure("https://openapi.invalid:9443")
    assert error.kind is Refusal.LOCAL
    assert error.values == {"why": UserMessage("why.dns", "dns")}


async def test_a_port_that_nobody_listens_on_is_a_passing_failure() -> None:
    async with serving(answering(200, "{}")) as port:
        pass
    error = await failure(f"http://127.0.0.1:{port}")
    assert (error.kind, error.wait) == (Refusal.PASSING, 0.0)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("body", ["<html>busy</html>", '{"error_code":"EGW00201"}'])
async def test_approval_takes_over_the_wait_that_an_overloaded_server_asks_for(
    status: int, body: str
) -> None:
    async with serving(answering(status, body, {"Retry-After": "240"})) as port:
        error = await failure(f"http://127.0.0.1:{port}")
    refused = key_refused(error, message_text)
    assert (refused.kind, refused.wait) == (Refusal.PASSING, 240.0)
    assert refused.reason == message_text(error.message)


async def test_rejected_credentials_are_final() -> None:
    async with serving(answering(403, '{"error_code":"EGW00103"}')) as port:
        with pytest.raises(CredentialsError) as caught:
            await call(f"http://127.0.0.1:{port}")
    assert key_refused(caught.value, message_text).kind is Refusal.CREDENTIALS


LATER = format_datetime(NOW + timedelta(seconds=90), usegmt=True)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "120"}, 120.0),
        (503, {"Retry-After": " 7 "}, 7.0),
        (503, {"Retry-After": "86400"}, LONGEST),
        (503, {"Retry-After": "9" * 5000}, LONGEST),
        (503, {"Retry-After": LATER}, 90.0),
        # The clock here is five minutes slow: the server's own date counts.
        (503, {"Retry-After": LATER, "Date": format_datetime(NOW + timedelta(seconds=60))}, 30.0),
        (503, {"Retry-After": LATER, "Date": "yesterday"}, 90.0),
        (503, {"Retry-After": format_datetime(NOW - timedelta(days=1))}, 0.0),
        (503, {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, LONGEST),
        (503, {"Retry-After": "Fri, 99 Dec 99999 99:99:99 GMT"}, 0.0),
        (503, {"Retry-After": "-5"}, 0.0),
        (503, {"Retry-After": "1.5"}, 0.0),
        (503, {"Retry-After": "²"}, 0.0),
        (503, {"Retry-After": "soon"}, 0.0),
        (503, {}, 0.0),
        (500, {"Retry-After": "120"}, 0.0),
        (200, {"Retry-After": "120"}, 0.0),
    ],
)
def test_retry_after_is_read_as_rfc_9110_has_it_and_bounded(
    status: int, headers: dict[str, str], seconds: float
) -> None:
    assert retry_after(status, headers, NOW) == seconds
