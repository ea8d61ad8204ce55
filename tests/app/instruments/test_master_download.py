"""The download of the masters: from one server, believed only as far as it proves itself."""

import io
import shutil
import ssl
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from app.instruments import master_download
from app.instruments.master import load_master
from app.instruments.master_download import Progress, update
from app.instruments.master_file import NAMES
from app.system.clock import SystemClock
from app.system.errors import ConnectionFailed, KisTuiError, UsageError
from app.system.files import ProgramFolders
from widgets.message_text import message_text

CLOCK = SystemClock()
KINDS = ("index", "stock", "commodity", "night_futures", "night_options")
ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[2] / "data" / "master.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]


def archive(name: str) -> bytes:
    """The examples of one master, zipped as KIS zips them."""
    of = KINDS[NAMES.index(name)]
    text = "".join(f"{line}\r\n" for kind, line in ROWS if kind == of)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(name, text.encode("cp949"))
    return buffer.getvalue()


def ok(content: bytes) -> bytes:
    return b"HTTP/1.0 200 OK\r\n\r\n" + content


WHOLE = {f"/{name}.zip": ok(archive(name)) for name in NAMES}
FAILURES = (
    b"HTTP/1.0 404 Not Found\r\n\r\n",
    b"HTTP/1.0 500 x\r\n\r\n",
    b"HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n",
    b"HTTP/1.0 200 OK\r\nContent-Length: 9000\r\n\r\n" + archive(NAMES[0]),
    b"",
    b"\0\0\0\r\n\r\n",
)


@pytest.fixture
def places(tmp_path: Path) -> ProgramFolders:
    return ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))


@contextmanager
def server(answers: dict[str, bytes], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve these bytes on loopback, by path; yield the server's address."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(answers.get(self.path, b"HTTP/1.0 404 Not Found\r\n\r\n"))

        def log_request(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass

        def get_request(self) -> tuple[Any, Any]:
            connection, peer = super().get_request()
            # The handshake belongs to the thread that answers, not to the one that listens.
            return (
                tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
                if tls
                else connection
            ), peer

    httpd = Quiet(("127.0.0.1", 0), Answers)
    thread = Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """The server's side of TLS with a certificate that nobody vouches for."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=loopback"
    )
    subprocess.run(
        [openssl, *words.split(), "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def download(
    places: ProgramFolders, address: str, patch: pytest.MonkeyPatch, *, verified: bool = True
) -> dict[str, int]:
    """What is downloaded from a server; its scheme is that of `address`."""
    patch.setattr(master_download, "SOURCE", f"{address}/")
    return {file.name: file.count for file in update(places, CLOCK, verified=verified)}


def test_all_masters_are_downloaded(
    places: ProgramFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(WHOLE) as address:
        counts = download(places, f"http://{address}", monkeypatch)
    assert tuple(counts) == NAMES
    assert load_master(places).count == len({line[:12] for _, line in ROWS}) - 2
    assert load_master(places).missing == ()


@pytest.mark.parametrize("answer", FAILURES, ids=range(len(FAILURES)))
def test_a_download_that_fails_shows_the_way_by_hand(
    places: ProgramFolders, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    with server({f"/{NAMES[0]}.zip": answer}) as address, pytest.raises(KisTuiError) as caught:
        download(places, f"http://{address}", monkeypatch)
    assert isinstance(caught.value, ConnectionFailed)
    assert "--from" in message_text(caught.value.hint)
    assert caught.value.exit_code == 3
    assert message_text(caught.value.message).isprintable()
    assert not places.cache.exists()


def test_a_file_that_is_gone_does_not_keep_the_others_away(
    places: ProgramFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        server({path: answer for path, answer in WHOLE.items() if NAMES[2] not in path}) as address,
        pytest.raises(ConnectionFailed, match=NAMES[2]),
    ):
        download(places, f"http://{address}", monkeypatch)
    assert load_master(places).missing == (NAMES[2],)


def test_a_page_in_place_of_the_download_leaves_the_old_master(
    places: ProgramFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(WHOLE) as address:
        download(places, f"http://{address}", monkeypatch)
    count = load_master(places).count
    pages = dict.fromkeys(WHOLE, ok(b"<html>login</html>"))
    with server(pages) as address, pytest.raises(UsageError):
        download(places, f"http://{address}", monkeypatch)
    assert load_master(places).count == count


def test_a_download_without_end_is_given_up(
    places: ProgramFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = dict.fromkeys(WHOLE, ok(b"PK" + b"\0" * (17 * 1024 * 1024)))
    with server(endless) as address, pytest.raises(KisTuiError):
        download(places, f"http://{address}", monkeypatch)
    assert not places.cache.exists()


def test_a_download_that_trickles_is_given_up(
    places: ProgramFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(master_download, "LONGEST", -1.0)
    with server(WHOLE) as address, pytest.raises(ConnectionFailed):
        download(places, f"http://{address}", monkeypatch)
    assert not places.cache.exists()


def test_progress_says_how_much_of_how_much(
    places: ProgramFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = archive(NAMES[0])
    sized = b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content
    told: list[Progress] = []
    with server({**WHOLE, f"/{NAMES[0]}.zip": sized}) as address:
        monkeypatch.setattr(master_download, "SOURCE", f"http://{address}/")
        list(update(places, CLOCK, progress=told.append))
    of_first = [step for step in told if step.name == NAMES[0]]
    assert (of_first[-1].received, of_first[-1].total) == (len(content), len(content))
    assert told[-1].total is None


def test_a_certificate_that_nobody_vouches_for_is_refused_with_both_ways_out(
    places: ProgramFolders, monkeypatch: pytest.MonkeyPatch, self_signed: ssl.SSLContext
) -> None:
    with server(WHOLE, self_signed) as address, pytest.raises(ConnectionFailed) as caught:
        download(places, f"https://{address}", monkeypatch)
    assert "--from" in message_text(caught.value.hint)
    assert "--insecure-master" in message_text(caught.value.hint)
    assert not places.cache.exists()


def test_without_verification_the_same_server_is_taken(
    places: ProgramFolders, monkeypatch: pytest.MonkeyPatch, self_signed: ssl.SSLContext
) -> None:
    with server(WHOLE, self_signed) as address:
        counts = download(places, f"https://{address}", monkeypatch, verified=False)
    assert tuple(counts) == NAMES


def test_a_server_that_does_not_speak_tls_is_not_believed(
    places: ProgramFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server({}) as address, pytest.raises(ConnectionFailed) as caught:
        download(places, f"https://{address}", monkeypatch)
    assert "--from" in message_text(caught.value.hint)
