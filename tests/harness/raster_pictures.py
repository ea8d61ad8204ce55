"""Pictures of the screen as PNG, drawn from its SVG by `rsvg-convert` (librsvg).

A PNG names the SVG that it was drawn from by its SHA-256, in a text chunk of its own.
"""

import hashlib
import html
import io
import re
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

from rich.cells import cell_len

WIDTH = 1000
"""Pixels that a picture is wide."""

CAN_DRAW = shutil.which("rsvg-convert") is not None

_CELL = 12.2
"""Units of Textual's SVG that a cell is wide."""

_TEXT = re.compile(r'<text class="([^"]*)" x="([\d.]+)"([^>]*)>([^<]*)</text>')
_FIGURES = re.compile(r"[!-~]+|\S")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"source-sha256"


def draw_png(svg: str, width: int = WIDTH) -> bytes:
    """Return an SVG as PNG."""
    run = subprocess.run(
        ["rsvg-convert", "--width", str(width), "--keep-aspect-ratio"],
        input=_TEXT.sub(_placed, svg).encode(),
        capture_output=True,
        check=True,
    )
    return run.stdout


def write_png(svg: Path) -> Path:
    """Write the PNG of an SVG beside it: with Pillow, where it is installed, a third as large."""
    text = svg.read_text(encoding="utf-8")
    png, named = _smaller(draw_png(text)), svg.with_suffix(".png")
    note = _chunk(b"tEXt", _KEYWORD + b"\0" + digest(text).encode())
    # The header is the first chunk, of 25 bytes.
    at = len(_SIGNATURE) + 25
    named.write_bytes(png[:at] + note + png[at:])
    return named


def _smaller(png: bytes) -> bytes:
    """Return a PNG with a palette; the same one without Pillow."""
    try:
        from PIL import Image
    except ImportError:
        return png
    small = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(96, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def drawn_from(png: Path) -> str:
    """Return the SHA-256 of the SVG that a PNG was drawn from; empty if it names none."""
    content = png.read_bytes()
    at = content.find(_KEYWORD + b"\0")
    start = at + len(_KEYWORD) + 1
    return content[start : start + 64].decode() if at >= 0 else ""


def is_drawn(svg: Path) -> bool:
    """Return whether the PNG beside an SVG is of it as it is now."""
    png = svg.with_suffix(".png")
    return png.is_file() and drawn_from(png) == digest(svg.read_text(encoding="utf-8"))


def digest(svg: str) -> str:
    """Return the SHA-256 of an SVG."""
    return hashlib.sha256(svg.encode()).hexdigest()


def _placed(text: re.Match[str]) -> str:
    """Return a text in parts, each at its cell.

    `rsvg-convert` ignores ``textLength``; fonts of different widths would shift what follows.
    """
    style, start, rest, escaped = text.groups()
    if "title" in style:
        return text[0]
    return "".join(_parts(style, float(start), rest, html.unescape(escaped)))


def _parts(style: str, start: float, rest: str, text: str) -> Iterator[str]:
    rest = re.sub(r' textLength="[^"]*"', "", rest)
    for part in _FIGURES.finditer(text):
        x = start + cell_len(text[: part.start()]) * _CELL
        yield f'<text class="{style}" x="{x:.1f}"{rest}>{html.escape(part[0])}</text>'


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
