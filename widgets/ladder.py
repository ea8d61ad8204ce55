"""The order book panel (호가): the ladder of the contract under the cursor."""

from typing import ClassVar, Literal, get_args

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip

from specs.market.ticker import Ticker
from widgets import cells, ladder_lines
from widgets.contract_names import contract_name
from widgets.line_view import centred_lines
from widgets.sheet import TextLine, TextSheet
from widgets.texts import t, with_key

Why = Literal[
    "waiting", "asleep", "unknown_product", "expired", "no_slot", "refused", "closed", "combination"
]
"""The reason for a missing book; its text is ``ladder.<reason>`` in the catalogue."""

WIDTH = 40
"""Columns of the panel beside the watchlist, its border included."""


class Ladder(TextSheet, can_focus=True):
    """The order book of one contract, asks above bids."""

    TONE_PREFIX = "ladder"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "ladder--value",
        "ladder--older",
        "ladder--old",
        "ladder--label",
        "ladder--note",
        "ladder--last",
        "ladder--warning",
        "ladder--limit",
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

    @property
    def selected(self) -> Ticker | None:
        """The contract whose book is shown."""
        return self._rows.get(self._code)

    def show(self, rows: list[Ticker]) -> None:
        """Set the rows from which `select` can choose."""
        self._rows = {row.code: row for row in rows}
        self._entitle()
        self.rewrite()

    def update_rows(self, rows: list[Ticker]) -> None:
        """Apply changed rows."""
        for row in rows:
            if row.code in self._rows:
                self._rows[row.code] = row
        if any(row.code == self._code for row in rows):
            self.rewrite()

    def select(self, code: str) -> None:
        """Show the book of this contract, or nothing for an empty code."""
        if code != self._code:
            self._code, self._why = code, "waiting"
            self._entitle()
            self.rewrite()

    def set_why(self, why: Why) -> None:
        """Set the reason for a missing book; `select` resets it to ``waiting``."""
        if why not in get_args(Why):
            raise ValueError(why)
        if why != self._why:
            self._why = why
            self.rewrite()

    def tick(self, now: float, *, live: bool) -> None:
        """Advance to `now`."""
        self._now, self._live = now, live
        self.rewrite()

    def rewrite(self) -> None:
        if self.display:
            super().rewrite()

    def lines(self, width: int, height: int) -> list[TextLine]:
        row = self.selected
        if row is None:
            return _note(t("ladder.none"), width, height)
        if row.book is None:
            return _note(t(f"ladder.{self._why}"), width, height)
        lines = ladder_lines.lines(row, row.book, (width, height), self._now, live=self._live)
        return lines if self._live else [tuple((text, "dead") for text, _ in x) for x in lines]

    def draw(self, line: TextLine) -> Strip:
        segments = [Segment(text, self.tones(tone)) for text, tone in line]
        blank = self.tones("value" if self._live else "dead")
        return Strip(segments).adjust_cell_length(self.size.width, blank)

    def on_show(self) -> None:
        self.rewrite()

    def _entitle(self) -> None:
        """Put the contract's name into the title."""
        row = self.selected
        name = contract_name(row.instrument) if row is not None else ""
        title = with_key("book", t("panel.book"))
        self.border_title = Content(title + (f" ─ {name}" if name else ""))


def _note(text: str, width: int, height: int) -> list[TextLine]:
    """Return a text in the middle of a room that has no book."""
    lines = centred_lines(text, width, height)
    lines += [""] * (height - len(lines))
    return [((cells.fit(line, width), "note"),) for line in lines]
