"""The masters in the cache: that nothing but a master replaces one."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from app.instruments.master import load_master
from app.instruments.master_file import COMMODITY, NAMES
from app.instruments.master_store import check, import_files
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from specs.user_message import UserMessage

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[2] / "data" / "master.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]
INDEX, STOCK, FUTURES, OPTIONS = (
    [line for kind, line in ROWS if kind == of]
    for of in ("index", "stock", "night_futures", "night_options")
)
COMMODITIES = [line.encode("cp949") for kind, line in ROWS if kind == "commodity"]


def import_file(places: ProgramFolders, path: Path) -> int:
    return sum(file.count for file in import_files(places, [path]))


@pytest.fixture
def places(tmp_path: Path) -> ProgramFolders:
    return ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))


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


def test_nothing_is_brought_in_unless_every_file_passes(
    places: ProgramFolders, tmp_path: Path
) -> None:
    good = given_file(tmp_path, encoded(INDEX), NAMES[0])
    bad = given_file(tmp_path, b"<html></html>", NAMES[1])
    with pytest.raises(UsageError, match=re.escape(NAMES[1])):
        import_files(places, [good, bad])
    assert not places.cache.exists()
    assert load_master(places).missing == NAMES


def test_a_name_that_tells_another_format_is_not_believed(
    places: ProgramFolders, tmp_path: Path
) -> None:
    given = given_file(tmp_path, encoded(OPTIONS), NAMES[0])
    (file,) = import_files(places, [given])
    assert (file.name, file.count) == (NAMES[4], len(OPTIONS))


def test_both_files_are_brought_in_and_found_again(places: ProgramFolders, tmp_path: Path) -> None:
    assert import_file(places, given_file(tmp_path, encoded(INDEX), NAMES[0])) == len(INDEX)
    archive = zipped((NAMES[1], encoded(STOCK)))
    assert import_file(places, given_file(tmp_path, archive)) == len(STOCK)
    found = load_master(places)
    assert found.count == len(INDEX) + len(STOCK)
    assert found.date is not None
    assert found.missing == NAMES[2:]
    assert (places.cache / NAMES[0]).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("lines", "name"),
    [(INDEX, NAMES[0]), (STOCK, NAMES[1]), (FUTURES, NAMES[3]), (OPTIONS, NAMES[4])],
)
def test_a_file_under_another_name_is_known_by_what_it_holds(
    places: ProgramFolders, tmp_path: Path, lines: list[str], name: str
) -> None:
    import_file(places, given_file(tmp_path, encoded(lines), "downloaded (1).mst"))
    assert [path.name for path in places.cache.iterdir()] == [name]


def test_a_name_inside_an_archive_leads_nowhere_else(
    places: ProgramFolders, tmp_path: Path
) -> None:
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
    "cut short within a line": encoded(INDEX)[:-30],
    "one good line among many": encoded([INDEX[0], *("no such line" for _ in range(9))]),
    "lines of other columns": encoded(["1|A01612|F"] * 100),
    "records that are too short": encoded([line[:40] for line in FUTURES] * 9),
    "a page in an archive": zipped((NAMES[0], b"<html></html>\n" * 100)),
}


@pytest.mark.parametrize("content", NO_MASTERS.values(), ids=NO_MASTERS)
def test_what_is_no_master_leaves_the_old_one(
    places: ProgramFolders, tmp_path: Path, content: bytes
) -> None:
    import_file(places, given_file(tmp_path, encoded(INDEX), NAMES[0]))
    for name in ("given.zip", NAMES[0]):
        with pytest.raises(UsageError):
            import_file(places, given_file(tmp_path, content, name))
    assert load_master(places).count == len(INDEX)


MANY = [f"5B016{at:05}{OPTIONS[0][10:]}".encode("cp949") for at in range(100)]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_records_are_cut_short_wherever_their_file_ends(
    places: ProgramFolders, tmp_path: Path, end: bytes
) -> None:
    whole = end.join(MANY) + end
    width = len(MANY[0]) + len(end)
    for rest in range(1, len(MANY[0])):
        # A line that only lost the blanks after its underlying's name is complete.
        if rest == len(MANY[0].rstrip()):
            continue
        given = given_file(tmp_path, whole[: 60 * width + rest], NAMES[3])
        with pytest.raises(UsageError, match=re.escape(NAMES[3])):
            import_file(places, given)
    assert import_file(places, given_file(tmp_path, whole.rstrip(), NAMES[3])) == len(MANY)


@pytest.mark.parametrize(
    ("lines", "name"), [([line.decode("cp949") for line in MANY], NAMES[3]), (INDEX, NAMES[0])]
)
def test_less_than_half_of_what_there_is_does_not_replace_it(
    places: ProgramFolders, tmp_path: Path, lines: list[str], name: str
) -> None:
    import_file(places, given_file(tmp_path, encoded(lines), name))
    few = (len(lines) + 1) // 2 - 1
    with pytest.raises(UsageError) as caught:
        import_file(places, given_file(tmp_path, encoded(lines[:few]), name))
    assert caught.value.message == UserMessage(
        "master.shrunk", name=name, count=few, there=len(lines)
    )
    assert caught.value.hint == UserMessage("master.if_so", path=places.cache / name)
    assert load_master(places).count == len(lines)
    assert import_file(places, given_file(tmp_path, encoded(lines[: few + 1]), name)) == few + 1
    (places.cache / name).unlink()
    assert import_file(places, given_file(tmp_path, encoded(lines[:1]), name)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp949"])
def test_a_web_page_is_called_one_in_whatever_encoding(
    places: ProgramFolders, tmp_path: Path, encoding: str
) -> None:
    page = "\r\n  <!doctype html><title>점검 중입니다</title>".encode(encoding)
    with pytest.raises(UsageError) as caught:
        import_file(places, given_file(tmp_path, page, NAMES[0]))
    assert caught.value.message == UserMessage("master.a_page", name=NAMES[0])


def test_an_archive_with_any_byte_changed_ends_in_a_sentence(
    places: ProgramFolders, tmp_path: Path
) -> None:
    archive = zipped((NAMES[0], encoded(INDEX)))
    for at in range(2, len(archive)):
        changed = archive[:at] + bytes([archive[at] ^ 0x5A]) + archive[at + 1 :]
        try:
            import_file(places, given_file(tmp_path, changed))
        except UsageError:
            continue
        assert load_master(places).count


def test_a_file_that_is_too_large_or_none_is_refused(
    places: ProgramFolders, tmp_path: Path
) -> None:
    large = tmp_path / NAMES[0]
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    for path in (large, tmp_path, tmp_path / "none.mst"):
        with pytest.raises(UsageError):
            import_file(places, path)


def test_a_damaged_cache_is_as_good_as_none(places: ProgramFolders) -> None:
    places.cache.mkdir()
    (places.cache / NAMES[0]).write_bytes(b"\xff\xff\xff")
    (places.cache / NAMES[1]).mkdir()
    assert load_master(places).count == 0
    assert load_master(places).missing == NAMES


def test_a_commodity_master_of_another_name_is_known_by_its_records(places: ProgramFolders) -> None:
    checked = check(places, b"\n".join(COMMODITIES), "fo_cme_code.mst")
    assert (checked.name, checked.count) == (COMMODITY, len(COMMODITIES))


def test_a_commodity_master_that_is_cut_is_refused(places: ProgramFolders) -> None:
    with pytest.raises(UsageError):
        check(places, COMMODITIES[0] + b"\n" + COMMODITIES[1][:70], COMMODITY)
