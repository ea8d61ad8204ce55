"""The code master: what its lines tell, and that nothing but a master replaces it."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import master
from app.errors import ConnectionFailed, UsageError
from app.files import Places
from app.master import NAMES, Master, display_name, import_file, load_master, read_line, update

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "data" / "master.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]
INDEX = [line for kind, line in ROWS if kind == "index"]
STOCK = [line for kind, line in ROWS if kind == "stock"]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(*(tmp_path / name for name in ("config", "state", "cache", "data")))


def encoded(lines: list[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("cp949")


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def given_file(folder: Path, content: bytes, name: str = "given.zip") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("code", "name", "strike"),
    [
        ("A01612", "F 202612", None),
        ("B01610A48", "C 202610 1,120.0", 1120.0),
        ("C01610745", "P 202610 745.0", 745.0),
        ("B09FEWA49", "위클리C 2609W4 1,120.0", 1120.0),
        ("BAFBZWA49", "위클리M C 2609W4 1,120.0", 1120.0),
        ("A06609", "코스닥150F 202609", None),
        ("A11607", "삼성전자 F 202607", None),
    ],
)
def test_a_line_tells_name_and_strike(code: str, name: str, strike: float | None) -> None:
    found = Master.from_lines(INDEX, STOCK)
    contract = found.contract(code)
    assert contract is not None
    assert display_name(contract, code) == name
    assert contract.strike == strike


def test_a_code_that_no_master_knows_is_its_own_name() -> None:
    assert Master().contract("A01612") is None
    assert display_name(None, "A01612") == "A01612"


def test_malformed_lines_are_counted_and_passed_over() -> None:
    bad = ["", "1|A01612", "x" * 1000, "1||KR|F| |0|1|2001|K", "1|a01612|KR|F| |0|1|2001|K"]
    found = Master.from_lines(INDEX, bad)
    assert (found.count, found.bad_lines) == (len(INDEX), 4)


def test_products_that_are_not_known_yet_are_read_all_the_same() -> None:
    contract = read_line("Z|BZZ612A18|KR4|새상품 C 202612 1,000.0|1|x| |9999|새것|더|있음")
    assert contract is not None
    assert (contract.product, contract.strike) == ("Z", None)


def test_what_a_name_hides_reaches_no_terminal() -> None:
    contract = read_line("1|A01612|KR\x1b|F\x1b]0;x\x07 \u202e2026| |0|1|2001|\x9b2J")
    assert contract is not None
    assert all(text.isprintable() for text in (contract.name, contract.isin, contract.underlying))


@given(st.text(st.sampled_from("1AB|0.5 가\t\x1b\n"), max_size=80))
def test_a_line_of_any_kind_is_read_or_passed_over(line: str) -> None:
    contract = read_line(line)
    assert contract is None or contract.name.isprintable()


def test_both_files_are_brought_in_and_found_again(places: Places, tmp_path: Path) -> None:
    assert import_file(places, given_file(tmp_path, encoded(INDEX), NAMES[0])) == len(INDEX)
    archive = zipped((NAMES[1], encoded(STOCK)))
    assert import_file(places, given_file(tmp_path, archive)) == len(STOCK)
    found = load_master(places)
    assert found.count == len(INDEX) + len(STOCK)
    assert found.date is not None
    assert (places.cache / NAMES[0]).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("lines", "name"), [(INDEX, NAMES[0]), (STOCK, NAMES[1])])
def test_a_file_under_another_name_is_known_by_what_it_holds(
    places: Places, tmp_path: Path, lines: list[str], name: str
) -> None:
    import_file(places, given_file(tmp_path, encoded(lines), "downloaded (1).mst"))
    assert [path.name for path in places.cache.iterdir()] == [name]


def test_a_name_inside_an_archive_leads_nowhere_else(places: Places, tmp_path: Path) -> None:
    archive = zipped(("../../../escaped.mst", encoded(INDEX)))
    import_file(places, given_file(tmp_path, archive))
    assert [path.name for path in places.cache.iterdir()] == [NAMES[0]]
    assert list(tmp_path.parent.rglob("escaped*")) == []


whole = zipped((NAMES[0], encoded(INDEX * 50)))
broken = whole[:60] + bytes(byte ^ 0xFF for byte in whole[60:90]) + whole[90:]
NO_MASTERS = {
    "nothing": b"",
    "a page": b"<html><body>502 Bad Gateway</body></html>",
    "utf-8": "".join(f"{line}\n" for line in INDEX).encode(),
    "utf-16": "\n".join(INDEX).encode("utf-16"),
    "other columns": b"A01612,F 202612\n" * 100,
    "an archive cut short": whole[: len(whole) // 2],
    "a broken archive": broken,
    "an empty archive": zipped(),
    "two members": zipped((NAMES[0], encoded(INDEX)), (NAMES[1], encoded(STOCK))),
    "another compression": zipped((NAMES[0], encoded(INDEX)), method=zipfile.ZIP_LZMA),
    "far too much": zipped((NAMES[0], b"\0" * (17 * 1024 * 1024))),
    "a page in an archive": zipped((NAMES[0], b"<html></html>\n" * 100)),
}


@pytest.mark.parametrize("content", NO_MASTERS.values(), ids=NO_MASTERS)
def test_what_is_no_master_leaves_the_old_one(
    places: Places, tmp_path: Path, content: bytes
) -> None:
    import_file(places, given_file(tmp_path, encoded(INDEX), NAMES[0]))
    for name in ("given.zip", NAMES[0]):
        with pytest.raises(UsageError):
            import_file(places, given_file(tmp_path, content, name))
    assert load_master(places).count == len(INDEX)


def test_an_archive_with_any_byte_changed_ends_in_a_sentence(
    places: Places, tmp_path: Path
) -> None:
    archive = zipped((NAMES[0], encoded(INDEX)))
    for at in range(2, len(archive)):
        changed = archive[:at] + bytes([archive[at] ^ 0x5A]) + archive[at + 1 :]
        try:
            import_file(places, given_file(tmp_path, changed))
        except UsageError:
            continue
        assert load_master(places).count


def test_a_file_that_is_too_large_or_none_is_refused(places: Places, tmp_path: Path) -> None:
    large = tmp_path / NAMES[0]
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    for path in (large, tmp_path, tmp_path / "none.mst"):
        with pytest.raises(UsageError):
            import_file(places, path)


def test_a_damaged_cache_is_as_good_as_none(places: Places) -> None:
    places.cache.mkdir()
    (places.cache / NAMES[0]).write_bytes(b"\xff\xff\xff")
    assert load_master(places).count == 0


@contextmanager
def server(answers: dict[str, bytes]) -> Iterator[str]:
    """A web server on loopback that says just these bytes, by path; its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(answers.get(self.path, b"HTTP/1.0 404 Not Found\r\n\r\n"))

        def log_request(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def ok(content: bytes) -> bytes:
    return b"HTTP/1.0 200 OK\r\n\r\n" + content


def test_both_masters_are_downloaded(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {
        f"/{name}.zip": ok(zipped((name, encoded(lines))))
        for name, lines in zip(NAMES, (INDEX, STOCK), strict=True)
    }
    with server(answers) as address:
        monkeypatch.setattr(master, "SOURCE", f"http://{address}/")
        assert update(places) == {NAMES[0]: len(INDEX), NAMES[1]: len(STOCK)}
    assert load_master(places).count == len(ROWS)


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.0 404 Not Found\r\n\r\n", b"HTTP/1.0 500 x\r\n\r\n", b"", b"\0\0\0\r\n\r\n"],
)
def test_a_download_that_fails_shows_the_way_by_hand(
    places: Places, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    with server({f"/{NAMES[0]}.zip": answer}) as address:
        monkeypatch.setattr(master, "SOURCE", f"http://{address}/")
        with pytest.raises(ConnectionFailed) as caught:
            update(places)
    assert "--from" in caught.value.hint
    assert caught.value.exit_code == 3
    assert caught.value.message.isprintable()
    assert not places.cache.exists()


def test_a_page_in_place_of_the_download_leaves_the_old_master(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_file(places, given_file(tmp_path, encoded(INDEX), NAMES[0]))
    with server({f"/{NAMES[0]}.zip": ok(b"<html>login</html>")}) as address:
        monkeypatch.setattr(master, "SOURCE", f"http://{address}/")
        with pytest.raises(UsageError):
            update(places)
    assert load_master(places).count == len(INDEX)


def test_a_server_that_does_not_speak_tls_is_not_believed(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server({}) as address:
        monkeypatch.setattr(master, "SOURCE", f"https://{address}/")
        with pytest.raises(ConnectionFailed) as caught:
            update(places)
    assert "--from" in caught.value.hint
