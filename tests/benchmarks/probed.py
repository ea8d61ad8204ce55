"""``python probed.py KIND RESULT [ARGUMENT…]``: a screen with a lag probe in its event loop.

``program`` is kis-tui itself with those arguments; ``table`` is Textual's DataTable with as many
rows and columns, filled by the same feed on the same beat, changed cells alone; ``raw`` has the
same rows without Textual; ``idle`` is a bare app.  At its end it
writes its lags (when and how late, in seconds) and what its feed counted to a file.
"""

import asyncio
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any, ClassVar

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import DataTable, Static

from app.feed.batch import Batch
from app.feed.demand import WatchRequest
from app.feed.feed import Feed, FeedSettings
from app.krx.calendar import Schedule
from app.storage.credentials import find_credentials, find_endpoints
from app.system.clock import SystemClock
from specs.catalog import Session
from specs.record import TradeRecord

EVERY = 0.02
COLUMNS = (
    "code", "price", "change", "change_percent", "accumulated_volume", "open_interest", "bid",
    "ask", "high", "low", "implied_volatility", "delta", "gamma", "time",
)  # fmt: skip


class Probe:
    """Measures how late the loop comes back to it."""

    def __init__(self) -> None:
        self.lags: list[tuple[float, float]] = []

    async def run(self) -> None:
        while True:
            due = time.monotonic() + EVERY
            await asyncio.sleep(EVERY)
            now = time.monotonic()
            self.lags.append((now, now - due))


PROBE = Probe()
COUNTED: dict[str, Any] = {}


class Idle(App[None]):
    """A bare app."""

    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "")]

    def compose(self) -> ComposeResult:
        yield Static("idle")

    def on_ready(self) -> None:
        self._probing = asyncio.create_task(PROBE.run())


class Came(Message):
    """A beat."""

    def __init__(self, batch: Batch) -> None:
        super().__init__()
        self.batch = batch


class Table(Idle):
    """The usual way: a DataTable whose cells are updated."""

    BINDINGS: ClassVar[list[BindingType]] = [("j", "go(1)", ""), ("k", "go(-1)", "")]

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__()
        self.codes = codes
        self.texts: dict[tuple[str, str], str] = {}
        settings = FeedSettings(
            find_endpoints(), find_credentials().credentials, schedule=Schedule(Session.NIGHT)
        )
        self.feed = Feed(settings, SystemClock(), self._deliver)

    def _deliver(self, batch: Batch) -> None:
        self.post_message(Came(batch))

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for name in COLUMNS:
            table.add_column(name, key=name, width=9)
        for code in self.codes:
            table.add_row(code, *[""] * (len(COLUMNS) - 1), key=code)
        self.feed.watch(WatchRequest(self.codes, self.codes[0], frozenset(self.codes)))
        threading.Thread(target=lambda: asyncio.run(self.feed.run()), daemon=True).start()

    def action_go(self, way: int) -> None:
        table = self.query_one(DataTable)
        (table.action_cursor_down if way > 0 else table.action_cursor_up)()

    def on_came(self, came: Came) -> None:
        table = self.query_one(DataTable)
        for heard in came.batch.received:
            record = heard.record
            if isinstance(record, TradeRecord):
                for name in COLUMNS[1:]:
                    value = getattr(record, name, "")
                    text = f"{value:,.2f}" if isinstance(value, float) else str(value)
                    if self.texts.get((record.code, name)) != text:
                        self.texts[record.code, name] = text
                        table.update_cell(record.code, name, text)
        _count(came.batch)
        self.feed.acknowledge_batch()


def _count(batch: Batch) -> None:
    counters = batch.counters
    COUNTED.update(
        frames=counters.frames, unasked=counters.unasked, refused=sum(counters.refused.values())
    )


def program(arguments: list[str]) -> None:
    """kis-tui's own command, its app with the probe in it."""
    import app.cli
    import app.screens.app

    class Probed(app.screens.app.KisTui):
        def on_ready(self) -> None:
            self._probing = asyncio.create_task(PROBE.run())

        def on_unmount(self) -> None:
            if self.batch is not None:
                _count(self.batch)

    app.screens.app.KisTui = Probed  # type: ignore[misc]
    sys.argv = ["kis-tui", *arguments]
    app.cli.main()


def main(kind: str, result: Path, arguments: list[str]) -> None:
    """Run one of them."""
    try:
        if kind == "program":
            program(arguments)
        elif kind == "table":
            Table(tuple(arguments)).run()
        elif kind == "raw":
            from benchmarks import raw_screen

            frames = raw_screen.run(arguments, COLUMNS, lambda: asyncio.create_task(PROBE.run()))
            COUNTED["frames"] = frames
        else:
            Idle().run()
    finally:
        result.write_text(json.dumps({"lags": PROBE.lags, "counted": COUNTED}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
