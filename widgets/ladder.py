"""The order book panel (호가): the ladder of the contract under the cursor.

A kept strip for each line; a beat draws only those whose texts or tones are others than before.
"""

from typing import ClassVar, Literal, get_args

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from specs.market.ticker import Ticker
from widgets import ladder_lines as rungs
from widgets.column_header import placeholder
from widgets.texts import t
from widgets.tones import Tones

Why = Literal["waiting", "asleep", "unknown_product", "expired", "no_slot", "refused", "closed"]
"""Why the selected contract has no book; its words are ``ladder.<why>`` in the catalogue."""

WIDTH = 40
"""Columns of the panel beside the watchlist, its border included."""


class Ladder(Widget, can_focus=True):
    """Asks above, bids below, of one contract."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "ladder--value",
        "ladder--older",
        "ladder--old",
        "ladder--label",
        "ladder--note",
        "ladder--last",
        "ladder--warning",
        "ladder--dead",
        "ladder--ask",
        "ladder--bid",
        "ladder--ask-bar",
        "ladder--bid-bar",
    }

    def __init__(self) -> None:
        super().__init__(id="book")
        self._rows: dict[str, Ticker] = {}
        self._code = ""
        self._why: Why = "waiting"
        self._now = 0.0
        self._live = True
        self._lines: list[rungs.LadderLine] = []
        self._words = ""
        self._strips: dict[int, Strip] = {}
        self._tones = Tones(self, "ladder")

    @property
    def selected(self) -> Ticker | None:
        """The contract whose book is shown."""
        return self._rows.get(self._code)

    def show(self, rows: list[Ticker]) -> None:
        """Know these rows and no others."""
        self._rows = {row.code: row for row in rows}
        self._entitle()
        self._write()

    def update_rows(self, rows: list[Ticker]) -> None:
        """Take rows that changed."""
        for row in rows:
            if row.code in self._rows:
                self._rows[row.code] = row
        if any(row.code == self._code for row in rows):
            self._write()

    def select(self, code: str) -> None:
        """Show the book of this contract; empty for none."""
        if code != self._code:
            self._code, self._why = code, "waiting"
            self._entitle()
            self._write()

    def set_why(self, why: Why) -> None:
        """Say why the selected contract has no book; back to waiting when another is selected."""
        if why not in get_args(Why):
            raise ValueError(why)
        if why != self._why:
            self._why = why
            self._write()

    def tick(self, now: float, *, live: bool) -> None:
        """Let time pass."""
        if live != self._live:
            self._live = live
            self._forget()
        self._now = now
        self._write()

    def render_line(self, y: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self._draw(y)
        return strip

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._tones.clear()
        self._forget()

    def on_resize(self) -> None:
        self._forget()
        self._write()

    def on_show(self) -> None:
        self._write()

    def _draw(self, y: int) -> Strip:
        size = self.size
        if self._words:
            return placeholder(self._words, y, self._style, (size.width, size.height))
        line = self._lines[y] if y < len(self._lines) else ()
        strip = Strip([Segment(text, self._style(tone)) for text, tone in line])
        return strip.adjust_cell_length(size.width, self._style("value"))

    def _style(self, tone: str) -> Style:
        return self._tones(tone if self._live or self._words else "dead")

    def _entitle(self) -> None:
        """Name the contract above its book."""
        row = self.selected
        name = (row.instrument.name or row.code) if row is not None else ""
        self.border_title = Content(f"4 {t('panel.book')}" + (f" ─ {name}" if name else ""))

    def _write(self) -> None:
        """Write the lines anew; those that changed are drawn."""
        width, height = self.size
        if not self.display or not width or not height:
            return
        row = self.selected
        before, words, self._words = self._lines, self._words, self._say(row)
        self._lines = []
        if row is not None and row.book is not None:
            room = (width, height)
            self._lines = rungs.lines(row, row.book, room, self._now, live=self._live)
        if words != self._words or len(before) != len(self._lines):
            self._forget()
            return
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self._strips.pop(y, None)
                self.refresh(Region(0, y, width, 1))

    def _say(self, row: Ticker | None) -> str:
        """What stands in place of a book; empty where there is one."""
        if row is None:
            return t("ladder.none")
        return "" if row.book is not None else t(f"ladder.{self._why}")

    def _forget(self) -> None:
        self._strips.clear()
        self.refresh()
