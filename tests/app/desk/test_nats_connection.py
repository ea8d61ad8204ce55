"""Connections to NATS servers with TLS and without, and to those that refuse."""

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from harness.desk_harness import require_server, run_desk

from app.desk.desk_address import DeskAddress
from app.desk.nats_connection import Unreachable, connected
from app.desk.nats_server import find_binary
from app.system.clock import SystemClock
from app.system.errors import CredentialsError, UsageError
from app.system.secret import Secret

CONFIGURATION = """
listen: "127.0.0.1:-1"
ports_file_dir: "{folder}"
tls {{ cert_file: "{folder}/cert.pem", key_file: "{folder}/key.pem" }}
authorization {{ user: me, password: "correct-horse" }}
"""
CLOCK = SystemClock()


def make_certificate(folder: Path) -> None:
    """Write a certificate of its own for this machine."""
    try:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", "key.pem", "-out", "cert.pem"],
            cwd=folder, check=True, capture_output=True,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("no openssl is installed, which makes the certificate")


@asynccontextmanager
async def encrypted_server(folder: Path) -> AsyncIterator[int]:
    """Run a server with TLS; yield its port."""
    require_server()
    make_certificate(folder)
    (folder / "server.conf").write_text(CONFIGURATION.format(folder=folder))
    process = subprocess.Popen(  # noqa: ASYNC220
        [find_binary(), "-c", str(folder / "server.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(10):
            while not (found := list(folder.glob("*.ports"))):  # noqa: ASYNC110, ASYNC240
                await asyncio.sleep(0.02)
        ports = msgspec.json.decode(found[0].read_bytes())
        yield int(ports["nats"][0].rpartition(":")[2])
    finally:
        process.terminate()
        process.wait(10)


async def test_a_server_with_tls_is_verified_and_logged_in_to(tmp_path: Path) -> None:
    async with encrypted_server(tmp_path) as port:
        url, password = f"tls://localhost:{port}", Secret("correct-horse")
        authority = str(tmp_path / "cert.pem")
        address = DeskAddress(url, "me", password, authority=authority)
        async with connected(address, "test", CLOCK) as connection:
            assert connection.is_answering
        with pytest.raises(Unreachable, match="certificate"):
            async with connected(DeskAddress(url, "me", password), "test", CLOCK):
                pass
        wrong = DeskAddress(url, "me", Secret("another-password"), authority=authority)
        with pytest.raises(CredentialsError) as raised:
            async with connected(wrong, "test", CLOCK):
                pass
        assert raised.value.key == "desk.refused"


async def test_no_password_goes_to_a_server_that_offers_no_tls() -> None:
    received = bytearray()

    async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"x","version":"2.9.0","max_payload":1048576}\r\n')
        with contextlib.suppress(ConnectionError):
            received.extend(await reader.read(4096))
        writer.close()

    async with await asyncio.start_server(attend, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        address = DeskAddress(f"tls://127.0.0.1:{port}", "me", Secret("correct-horse"))
        with pytest.raises(UsageError) as raised:
            async with connected(address, "test", CLOCK):
                pass
        await asyncio.sleep(0.1)
    assert raised.value.key == "desk.plain_server"
    assert b"correct-horse" not in received


async def test_a_connection_that_ends_is_noticed_at_once(tmp_path: Path) -> None:
    async with (
        run_desk(tmp_path) as stage,
        connected(stage.screen_address, "test", CLOCK) as connection,
    ):
        await stage.kill_server()
        await asyncio.wait_for(connection.closed.wait(), 1.0)
        assert not connection.is_answering


async def test_a_port_where_nobody_serves_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="unreachable"):
        async with connected(DeskAddress("nats://127.0.0.1:1"), "test", CLOCK):
            pass
