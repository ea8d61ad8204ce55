"""``python rowed.py ROWS BEATS RESULT``: the watchlist with so many rows, scrolled and sorted.

It is sorted by price; each beat brings 100 frames, spread over the rows, decoded, kept newest by
code, put into the book and shown; after every third the cursor goes a page on.  The milliseconds of
CPU that a beat takes, all told, are written to a file.
"""

import json
import random
import sys
import time
from pathlib import Path
from typing import ClassVar

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from harness.sample_frames import frame, record
from textual.app import App, ComposeResult
from textual.binding import BindingType

from app.feed.batch import Batch, Counters, LinkState, Received
from app.feed.phase import LinkPhase
from app.feed.registrations import RegistrationKey, RegistrationStatus
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.market.book import Book
from app.screens.app import KisTui
from app.screens.theme import textual_theme
from app.storage.palettes import THEMES
from specs.frame import decode
from widgets.watchlist import WatchlistBoard

TR = "H0EUCNT0"
BEAT, FRAMES, PAGE_EVERY = 0.1, 100, 3
WARMS = 20
PLACES: dict[RegistrationKey, RegistrationStatus] = {}
CODES = [
    f"{right}016{month:02}A{n:02}" for right in "BC" for month in range(1, 6) for n in range(60)
]


class Rowed(App[None]):
    """One board."""

    CSS_PATH = KisTui.CSS_PATH
    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "")]

    def __init__(self, rows: int, beats: int, result: Path) -> None:
        super().__init__()
        theme = textual_theme(THEMES["dark"], "many", "kr")
        self.register_theme(theme)
        self.theme = theme.name
        self.codes = CODES[:rows]
        self.beats, self.result = beats, result
        self.board = WatchlistBoard()
        self.book = Book(Contracts(Master()).instrument, named=False)
        self.draw = random.Random(5)
        self.number = 0
        self.down = True
        self.cpu = 0.0

    def compose(self) -> ComposeResult:
        yield self.board

    def on_ready(self) -> None:
        self.book.watch(self.codes)
        self.board.show(self.book.rows)
        self.board.focus()
        self.board.sort_by("price", descending=True)
        self.set_interval(BEAT, self.beat)

    def beat(self) -> None:
        if self.number == WARMS:
            self.cpu = time.process_time()
        if self.number == WARMS + self.beats:
            took = (time.process_time() - self.cpu) / self.beats * 1000
            self.result.write_text(json.dumps({"beat": took}))
            self.exit()
            return
        self.number += 1
        now, newest = time.monotonic(), {}
        for _ in range(FRAMES):
            code, price = self.draw.choice(self.codes), f"{self.draw.uniform(1, 99):.2f}"
            for each in decode(frame(TR, record(TR, code, price=price))).records:
                newest[each.code] = Received(TR, each, now)
        link = LinkState(LinkPhase.LIVE, last_message=now)
        self.board.update_rows(
            self.book.apply(Batch(tuple(newest.values()), link, Counters(), PLACES, (), {}))
        )
        self.board.tick(now, live=True)
        if self.number % PAGE_EVERY == 0:
            if self.board.cursor in (0, len(self.codes) - 1):
                self.down = self.board.cursor == 0
            self.board.action_move("page_down" if self.down else "page_up")


if __name__ == "__main__":
    Rowed(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])).run()
