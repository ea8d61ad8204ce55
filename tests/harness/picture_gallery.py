"""Compare the screen, as compact SVG, with the stored pictures, or store it.

`pytest --snapshot-update` replaces the stored pictures.  Look at each one before committing it.
"""

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from harness.raster_pictures import CAN_DRAW, is_drawn, write_png

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).parents[1] / "__snapshots__"
SCREENSHOTS = ROOT / "screenshots"

_RECT = re.compile(
    r'<rect fill="(#\w+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"[^>]*/>'
)
_TERMINAL = re.compile(r"terminal-\d+-")
_LINE = re.compile(r'<clipPath id="line-\d+">.*?</clipPath>\s*', re.DOTALL)


def compact(svg: str) -> str:
    """Return the same picture in half the size: short names, whole numbers, joined rectangles."""
    svg = _TERMINAL.sub("", svg)
    svg = re.sub(r' clip-path="url\(#line-\d+\)"', "", _LINE.sub("", svg))
    svg = svg.replace("&#160;", "\u00a0")
    svg = re.sub(r"(?:<rect fill=[^>]*/>)+", lambda run: _merged(run[0]), svg)
    svg = re.sub(r'(\d)\.0"', r'\1"', svg)
    svg = re.sub(r"[ \t]+\n", "\n", svg)
    return svg.replace("</text><text", "</text>\n<text").strip() + "\n"


def _merged(rects: str) -> str:
    """Join rectangles with neighbours of the same colour, sideways and then downwards."""
    runs: list[list[Any]] = []
    for fill, *numbers in _RECT.findall(rects):
        x, y, width, height = map(float, numbers)
        last = runs[-1] if runs else None
        if last and last[0] == fill and last[2] == y and abs(last[1] + last[3] - x) < 0.05:
            last[3] = x + width - last[1]
        else:
            runs.append([fill, x, y, width, height])
    columns: dict[tuple[str, float, float], list[Any]] = {}
    whole: list[list[Any]] = []
    for fill, x, y, width, height in runs:
        above = columns.get((fill, x, round(width, 1)))
        # Rows of the terminal overlap by a fraction of a pixel.
        if above and abs(above[2] + above[4] - y) < 1:
            above[4] = y + height - above[2]
        else:
            columns[fill, x, round(width, 1)] = run = [fill, x, y, width, height]
            whole.append(run)
    return "".join(
        f'<rect fill="{fill}" x="{x:g}" y="{y:g}" width="{width:.6g}" height="{height:.6g}"'
        ' shape-rendering="crispEdges"/>\n'
        for fill, x, y, width, height in whole
    )


class PictureGallery:
    """Compares pictures with the stored ones, or stores them (`renew`)."""

    def __init__(self, *, renew: bool) -> None:
        self._renew = renew
        self._differing: list[str] = []

    def show(self, path: Path, svg: str) -> None:
        """Compare a picture with the one stored at `path`; a difference is reported by `close`."""
        shown = compact(svg)
        if self._renew:
            path.parent.mkdir(exist_ok=True)
            path.write_text(shown, encoding="utf-8")
            if path.parent == SCREENSHOTS and CAN_DRAW and not is_drawn(path):
                write_png(path)
        elif not path.is_file() or path.read_text(encoding="utf-8") != shown:
            beside = Path(tempfile.mkdtemp(prefix="kis-tui-")) / path.name
            beside.write_text(shown, encoding="utf-8")
            what = "differs" if path.is_file() else "is not kept"
            self._differing.append(f"{path.relative_to(ROOT)} {what}; now shown: {beside}")

    def close(self) -> None:
        """Fail once, with a list of all pictures that differ."""
        if self._differing:
            hint = "look at them, and renew with: pytest --snapshot-update"
            pytest.fail("\n".join([*self._differing, hint]), pytrace=False)
