"""The code masters of the simulated contracts, byte for byte as KIS lays them out.

``fo_idx_code_mts.mst`` and ``fo_stk_code_mts.mst`` part nine fields with ``|``.  Lines of
``fo_cme_code.mst`` (night futures, KOSPI200's alone) and ``fo_eurex_code.mst`` (night options) have
121 bytes: product 0, code 1-9, ISIN 10-21, name from 22, moneyness 62 (options), strike 63-70,
month class 71, underlying code 72-80, its name from 81.  Those of ``fo_com_code.mst`` (commodities)
have 116: product 0-1, code 2-10, ISIN 11-22, name 23-62, moneyness 63, strike 64-71, month class
72, underlying code 73-75, its name from 76.  All are cp949 and come as a zip with one member.
"""

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from functools import cache

from aiohttp import web

from app.simulator.instruments import universe
from app.simulator.listing import master_lines

PATH = "/common/master/{name}.zip"
WIDTH = 121

_INDEX, _STOCK = "fo_idx_code_mts.mst", "fo_stk_code_mts.mst"
_COMMODITY = "fo_com_code.mst"
_NIGHT_FUTURES, _NIGHT_OPTIONS = "fo_cme_code.mst", "fo_eurex_code.mst"
_KOSPI200_FUTURE = "1"
# Product, code, ISIN, name, moneyness, strike, month class, underlying, its name.
_WIDTHS = (1, 9, 12, 40, 1, 8, 1, 9, 40)
_COMMODITY_WIDTHS = (2, 9, 12, 40, 1, 8, 1, 3, 40)


@cache
def master_files(day: date) -> dict[str, bytes]:
    """Every master of a day, by file name."""
    index, stock, commodity = master_lines(universe(day))
    # The first letter of an option's code is B or C, of a future's A.
    futures = (line for line in index if line.startswith(f"{_KOSPI200_FUTURE}|A"))
    options = (line for line in index if line.split("|")[1][0] in "BC")
    return {
        _INDEX: _joined(line.encode("cp949") for line in index),
        _STOCK: _joined(line.encode("cp949") for line in stock),
        _COMMODITY: _joined(_fixed(line, _COMMODITY_WIDTHS) for line in commodity),
        _NIGHT_FUTURES: _joined(_fixed(line) for line in futures),
        _NIGHT_OPTIONS: _joined(_fixed(line) for line in options),
    }


def zipped(name: str, content: bytes) -> bytes:
    """Return a zip with one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def download(day: date, name: str) -> web.Response:
    """Answer ``GET /common/master/<name>.zip`` on a day.

    Raises:
        HTTPNotFound: the master does not exist.
    """
    content = master_files(day).get(name)
    if content is None:
        raise web.HTTPNotFound
    return web.Response(body=zipped(name, content), content_type="application/zip")


def _fixed(line: str, widths: tuple[int, ...] = _WIDTHS) -> bytes:
    """A line with ``|`` between its fields as a line of fixed width; a cell is a byte in cp949."""
    fields = (field.encode("cp949") for field in line.split("|"))
    return b"".join(field.ljust(width) for field, width in zip(fields, widths, strict=True))


def _joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)
