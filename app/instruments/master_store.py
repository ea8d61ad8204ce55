"""The masters in the cache: what passes for one, and how it gets there, whole or not at all."""

import io
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from app.instruments.master import LARGEST
from app.instruments.master_file import (
    COMMODITY,
    FIXED_NAMES,
    INDEX,
    NAMES,
    NIGHT_FUTURES,
    NIGHT_OPTIONS,
    STOCK,
    MasterFile,
    is_commodity,
    is_cut,
    is_fixed,
)
from app.instruments.master_lines import ENCODING, WIDEST
from app.system.errors import UsageError
from app.system.files import ProgramFolders, read_bounded, write_atomically
from specs.clean import clean
from specs.user_message import UserMessage

FEWEST_GOOD = 0.5
"""Share of lines that must be readable for a file to pass as a master."""

FEWEST_LEFT = 0.5
"""Share of the contracts in the cache that a newer file must have."""

# Blanks and byte order marks of UTF-8 and UTF-16, with the zero bytes of the latter.
_BEFORE_A_PAGE = b" \t\r\n\0\xef\xbb\xbf\xfe\xff"


class CheckedMasterFile(Struct, frozen=True):
    """A file that passed the checks: its name in the cache, its content, and counts of errors."""

    name: str
    content: bytes
    count: int
    bad_lines: int = 0
    bad_digits: int = 0


def import_files(folders: ProgramFolders, paths: Iterable[Path]) -> list[CheckedMasterFile]:
    """Store master files (.mst, or their .zip) in the cache.

    Raises:
        UsageError: one of them is not a master; the cache is unchanged.
    """
    checked = []
    for path in paths:
        try:
            content = read_bounded(path, LARGEST)
        except FileNotFoundError:
            raise UsageError("settings.no_file", path=path) from None
        checked.append(check(folders, content, path.name))
    for file in checked:
        save_file(folders, file)
    return checked


def save_file(folders: ProgramFolders, file: CheckedMasterFile) -> None:
    """Put a file that passed into the cache."""
    write_atomically(folders.cache / file.name, file.content)


def check(folders: ProgramFolders, content: bytes, name: str) -> CheckedMasterFile:
    """A master file, or an archive with one in it, unpacked and looked through.

    Raises:
        UsageError: it is too large, no archive, not cp949, cut short, or no master; or it has less
            than half of the contracts that the one in the cache has.
    """
    shown_name = clean(name, 60)
    content, inner = _unpacked(content, name)
    if content.lstrip(_BEFORE_A_PAGE).startswith(b"<"):
        raise UsageError("master.a_page", name=shown_name)
    try:
        content.decode(ENCODING)
    except UnicodeDecodeError as error:
        # A cut may lie within a character.
        key = "master.cut_short" if error.end >= len(content) > WIDEST else "master.not_cp949"
        raise UsageError(key, name=shown_name) from error
    file = MasterFile.from_bytes(inner, content)
    if not len(file) or len(file) < FEWEST_GOOD * (len(file) + file.bad_lines):
        raise UsageError("master.no_master", name=shown_name)
    if is_cut(content):
        raise UsageError("master.cut_short", name=shown_name)
    misnamed = (is_fixed(content), is_commodity(content)) != (
        inner in FIXED_NAMES,
        inner == COMMODITY,
    )
    if inner not in NAMES or misnamed:
        inner = _name_of(file, content)
    _compare(folders.cache / inner, len(file), shown_name)
    report = file.report()
    return CheckedMasterFile(inner, content, len(file), report.bad_lines, len(report.bad_digits))


def _compare(path: Path, count: int, shown_name: str) -> None:
    """Refuse what would leave less than half of the contracts that a file of the cache has."""
    try:
        there = len(MasterFile.from_bytes(path.name, read_bounded(path, LARGEST)))
    except (OSError, UsageError):
        return
    if count < FEWEST_LEFT * there:
        hint = UserMessage("master.if_so", path=path)
        raise UsageError("master.shrunk", name=shown_name, count=count, there=there, hint=hint)


def _name_of(file: MasterFile, content: bytes) -> str:
    """Return the name of a file from the contracts it lists: stocks have codes of six digits."""
    if is_commodity(content):
        return COMMODITY
    contracts = [contract for code in file if (contract := file.contract(code)) is not None]
    if is_fixed(content):
        futures = all(contract.code[0] in "A1D4" for contract in contracts)
        return NIGHT_FUTURES if futures else NIGHT_OPTIONS
    of_stocks = all(len(contract.underlying_code) == 6 for contract in contracts)
    return STOCK if of_stocks else INDEX


def _unpacked(content: bytes, name: str) -> tuple[bytes, str]:
    """The text of a master, and the name that its archive gives it."""
    if not content.startswith(b"PK"):
        if len(content) > LARGEST:
            raise UsageError("files.too_large", path=clean(name, 60), limit=LARGEST // 1024)
        return content, name
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            # Deflate is what KIS sends; other methods raise errors of their own.
            plain = members and members[0].compress_type in (
                zipfile.ZIP_STORED,
                zipfile.ZIP_DEFLATED,
            )
            if len(members) != 1 or not plain:
                raise UsageError("master.no_master", name=clean(name, 60))
            with archive.open(members[0]) as file:
                text = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise UsageError("master.bad_archive", name=clean(name, 60)) from error
    if len(text) > LARGEST:
        raise UsageError("files.too_large", path=clean(name, 60), limit=LARGEST // 1024)
    return text, Path(members[0].filename).name
