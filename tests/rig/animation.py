"""The README's animated picture: the uncross, the option chain and a replay, in 20 seconds.

    PYTHONPATH=tests .venv/bin/python -m rig.animation [FILE]

It runs the dashboard on the simulator and over the built-in tape, in virtual time, and writes
``screenshots/kis-tui.gif``.  It needs `rsvg-convert` (librsvg), a font with Korean letters, and
Pillow (``pip install pillow``).
"""

import asyncio
import io
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from harness.dashboard import DashboardHarness, at, demo_contracts, run_dashboard
from harness.picture_gallery import SCREENSHOTS
from harness.raster_pictures import draw_png
from harness.replay_harness import run_replay
from PIL import Image

from app.screens.user_keys import key_in_text
from app.storage.key_file import UserKeys
from widgets.texts import name_keys

FILE = SCREENSHOTS / "kis-tui.gif"
SIZE = (104, 30)
WIDTH = 940
COLORS = 48
LARGEST = 1_500_000
"""Bytes that the file may have."""

Frame = tuple[str, int]
"""An SVG of the screen, and the milliseconds for which it is shown."""


async def uncross_and_chain() -> list[Frame]:
    """Return the last seconds of the opening auction, the uncross, and the option chain."""
    frames: list[Frame] = []
    async with run_dashboard(size=SIZE) as stage:
        await stage.step_to(at(17, 59, 52))
        await _record(stage, frames, seconds=1, count=12, shown=350)
        frames[-1] = (frames[-1][0], 1200)
        await _record(stage, frames, seconds=3, count=3, shown=400)
        await stage.press("5")
        await stage.wait_registered()
        await stage.step_to(at(18, 1))
        await _record(stage, frames, seconds=1, count=10, shown=350)
        frames[-1] = (frames[-1][0], 1200)
    return frames


async def replay() -> list[Frame]:
    """Return the built-in tape around its outage, at ten times its speed."""
    frames: list[Frame] = []
    master = demo_contracts().master
    async with run_replay(size=SIZE, master=master, speed=10) as one:
        await one.seek_to(18, 37)
        for _ in range(14):
            await one.play(1)
            frames.append((one.app.export_screenshot(), 400))
    return frames


async def _record(
    stage: DashboardHarness, frames: list[Frame], *, seconds: float, count: int, shown: int
) -> None:
    for _ in range(count):
        await stage.step_to(stage.clock.now() + timedelta(seconds=seconds))
        frames.append((stage.app.export_screenshot(), shown))


def write_gif(frames: Sequence[Frame], path: Path) -> int:
    """Write frames as a GIF of one palette; return its size in bytes."""
    pictures = [Image.open(io.BytesIO(draw_png(svg, WIDTH))).convert("RGB") for svg, _ in frames]
    together = Image.new("RGB", (WIDTH, sum(one.height for one in pictures[::6])))
    top = 0
    for one in pictures[::6]:
        together.paste(one, (0, top))
        top += one.height
    palette = together.quantize(COLORS)
    drawn = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in pictures]
    drawn[0].save(
        path,
        save_all=True,
        append_images=drawn[1:],
        duration=[shown for _, shown in frames],
        loop=0,
        optimize=True,
        disposal=1,
    )
    return path.stat().st_size


def main() -> None:
    """Write the picture; end with 1 if it is larger than it may be."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    name_keys(lambda action: key_in_text(UserKeys(), action))
    with tempfile.TemporaryDirectory() as home:
        os.environ.update({f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "DATA")})
        frames = [*asyncio.run(uncross_and_chain()), *asyncio.run(replay())]
    size = write_gif(frames, path)
    print(f"{path}: {len(frames)} frames, {size:,} bytes")
    sys.exit(size > LARGEST)


if __name__ == "__main__":
    main()
