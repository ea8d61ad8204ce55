"""The code master: KIS' lists of all derivatives, which alone tell names and strikes.

``fo_idx_code_mts.mst`` (index) and ``fo_stk_code_mts.mst`` (stock) are cp949 text, one contract a
line, nine fields between ``|``: product, short code, ISIN, Korean name, moneyness, strike, month
class, underlying code, underlying name.  Source: KIS Developers portal, code master files.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec import Struct

from app.clock import KST
from app.errors import ConnectionFailed, UsageError
from app.files import Places, read_bounded, write_atomically
from specs.clean import clean
from widgets.texts import t

SOURCE = "https://new.real.download.dws.co.kr/common/master/"
NAMES = ("fo_idx_code_mts.mst", "fo_stk_code_mts.mst")
LARGEST = 16 * 1024 * 1024
FIELDS = 9
FEWEST_GOOD = 0.5
"""Share of lines that must be readable for a file to pass as a master."""

_CODE = re.compile(r"[0-9A-Z]{6,9}")
_STRIKE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")


class Contract(Struct, frozen=True, gc=False):
    """One line of a master; `strike` is nan-free: none where there is no strike."""

    code: str
    isin: str
    name: str
    product: str
    strike: float | None
    moneyness: str
    month_class: str
    underlying_code: str
    underlying: str


class Master:
    """Contracts by short code."""

    def __init__(
        self, contracts: Iterable[Contract] = (), bad_lines: int = 0, day: date | None = None
    ) -> None:
        self._contracts = {contract.code: contract for contract in contracts}
        self.bad_lines = bad_lines
        self.date = day
        """When it was brought into the cache."""

    @property
    def count(self) -> int:
        """How many contracts it knows."""
        return len(self._contracts)

    @property
    def of_stocks(self) -> bool:
        """Whether it lists stock derivatives: their underlyings have codes of six digits."""
        return all(len(c.underlying_code) == 6 for c in self._contracts.values())

    def contract(self, code: str) -> Contract | None:
        """The contract of a code."""
        return self._contracts.get(code)

    @classmethod
    def from_lines(cls, *files: Iterable[str]) -> "Master":
        """A master from the lines of its files."""
        contracts: list[Contract] = []
        bad = 0
        for line in (line for lines in files for line in lines if line.strip()):
            contract = read_line(line)
            if contract is None:
                bad += 1
            else:
                contracts.append(contract)
        return cls(contracts, bad)


def read_line(line: str) -> Contract | None:
    """One contract of a pipe-separated master; none if the line is no such thing."""
    fields = line.rstrip("\r\n").split("|")
    if len(fields) < FIELDS:
        return None
    product, code, isin, name, moneyness, strike, month_class, under_code, under = (
        field.strip() for field in fields[:FIELDS]
    )
    if not _CODE.fullmatch(code):
        return None
    figure = float(strike) if _STRIKE.fullmatch(strike) else 0.0
    return Contract(
        code,
        clean(isin, 12),
        clean(" ".join(name.split()), 60),
        clean(product, 2),
        figure or None,
        clean(moneyness, 1),
        clean(month_class, 1),
        clean(under_code, 12),
        clean(under, 40),
    )


def display_name(contract: Contract | None, code: str) -> str:
    """The name a row shows: the master's, less the multiplier that stock derivatives carry."""
    if contract is None:
        return code
    return re.sub(r"\s*\(\s*10\)$", "", contract.name)


def load_master(places: Places) -> Master:
    """The master of the cache; an empty one where there is none, or none that can be read."""
    files: list[list[str]] = []
    day: date | None = None
    for name in NAMES:
        path = places.cache / name
        try:
            files.append(_lines(read_bounded(path, LARGEST), name))
        except (FileNotFoundError, UsageError):
            continue
        day = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone(KST).date()
    master = Master.from_lines(*files)
    master.date = day
    return master


def import_file(places: Places, path: Path) -> int:
    """Bring a master file (.mst, or its .zip) into the cache; how many contracts it holds.

    Raises:
        UsageError: it is no master; the cache stays as it was.
    """
    try:
        content = read_bounded(path, LARGEST)
    except FileNotFoundError:
        raise UsageError(t("settings.no_file", path=path)) from None
    return _store(places, content, path.name)


def update(places: Places) -> dict[str, int]:
    """Download both masters into the cache; contracts by file name.

    Raises:
        ConnectionFailed: the server cannot be reached, or its certificate cannot be verified.
        UsageError: what came is no master; the cache stays as it was.
    """
    return {name: _store(places, _download(f"{SOURCE}{name}.zip"), name) for name in NAMES}


def _download(url: str) -> bytes:
    import ssl
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
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
    )
    try:
        with opener.open(url, timeout=30) as answer:
            content = answer.read(LARGEST + 1)
    except (OSError, HTTPException) as error:
        if isinstance(error, HTTPError):
            error.close()
        hint = t("master.from", url=url)
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLError):
            raise ConnectionFailed(t("master.not_verified"), hint) from error
        raise ConnectionFailed(t("master.unreachable", why=clean(str(reason))), hint) from error
    return bytes(content)


def _store(places: Places, content: bytes, name: str) -> int:
    text, inner = _unpacked(content, name)
    lines = _lines(text, name)
    master = Master.from_lines(lines)
    if not master.count or master.count < FEWEST_GOOD * (master.count + master.bad_lines):
        raise UsageError(t("master.no_master", name=clean(name, 60)))
    if inner not in NAMES:
        inner = NAMES[master.of_stocks]
    write_atomically(places.cache / inner, text)
    return master.count


def _unpacked(content: bytes, name: str) -> tuple[bytes, str]:
    """The text of a master, and the name that its archive gives it."""
    if not content.startswith(b"PK"):
        if len(content) > LARGEST:
            raise UsageError(t("files.too_large", path=name, limit=LARGEST // 1024))
        return content, name
    import io
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
            if len(members) != 1 or not plain or members[0].file_size > LARGEST:
                raise UsageError(t("master.no_master", name=clean(name, 60)))
            with archive.open(members[0]) as file:
                text = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise UsageError(t("master.no_master", name=clean(name, 60))) from error
    if len(text) > LARGEST:
        raise UsageError(t("files.too_large", path=name, limit=LARGEST // 1024))
    return text, Path(members[0].filename).name


def _lines(content: bytes, name: str) -> list[str]:
    try:
        return content.decode("cp949").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(t("master.not_cp949", name=clean(name, 60))) from error
