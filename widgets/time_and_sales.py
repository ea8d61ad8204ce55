"""The time & sales panel (체결): every trade of the contract under the cursor, newest on top."""

from collections.abc import Sequence
from math import inf
from typing import ClassVar, Protocol

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.strip import Strip

from specs.market.print_filter import ALL_PRINTS, PrintFilter
from specs.market.ticker import Ticker
from specs.market.trade_print import TradePrint
from widgets import cells
from widgets.contract_names import contract_name
from widgets.line_view import centred_lines
from widgets.print_lines import columns_for, filter_text, header, missed_line, print_line
from widgets.print_runs import PrintRun, run_beyond, runs_of
from widgets.sheet import TextLine, TextSheet
from widgets.texts import t, with_key

LARGE_PERCENTILE = 95.0
"""Percent of the last trades that are smaller than a large one, unless the user sets it."""

LONGEST_RUN = 500
"""Trades beyond the lines in sight that are counted as a run's, on either side."""

SAMPLE, FEWEST = 2000, 20
"""The last trades whose sizes are compared, and how many are too few to compare."""

_WHEEL = 3
_READ, _FARTHEST = 256, 50_000
"""Trades that are read at a time, and that a filter looks through for one screen of lines."""

_KEPT_STRIPS = 500


class PrintSource(Protocol):
    """The trades of the session, by code and number."""

    def prints(
        self, code: str, first: int | None = None, stop: int | None = None
    ) -> list[TradePrint]:
        """Return the trades with numbers from `first` up to `stop`, oldest first."""

    def first(self, code: str) -> int:
        """Return the number of the oldest trade that is kept."""

    def dropped(self, code: str) -> int:
        """Return how many trades were dropped to keep the memory bounded."""

    def end(self, code: str) -> int:
        """Return the number that the next trade gets."""

    def sizes(self, code: str) -> Sequence[float]:
        """Return the sizes of the kept trades, oldest first."""


class TimeAndSales(TextSheet, can_focus=True):
    """Trades of one contract; scrolled back, it stands still and counts what has come since."""

    TONE_PREFIX = "prints"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "prints--value",
        "prints--older",
        "prints--old",
        "prints--label",
        "prints--note",
        "prints--missed",
        "prints--auction",
        "prints--up",
        "prints--down",
        "prints--large",
        "prints--dead",
    }

    def __init__(self, source: PrintSource, large_percentile: float = LARGE_PERCENTILE) -> None:
        super().__init__(id="trades")
        self._source = source
        self._percentile = large_percentile
        self._row: Ticker | None = None
        self._stop: int | None = None
        """The number after the top trade while it stands still, else None."""
        self._seen_until = 0
        """The number after the newest trade when it came to stand still."""
        self._live = True
        self._large = inf
        self._measured = -1
        self._drawn: dict[TextLine, Strip] = {}
        self.filter = ALL_PRINTS

    @property
    def code(self) -> str:
        """The code whose trades are shown; empty without one."""
        return self._row.code if self._row is not None else ""

    def select(self, row: Ticker | None) -> None:
        """Show the trades of this contract, or nothing."""
        before, self._row = self.code, row
        if self.code != before:
            self._stop, self._measured = None, -1
            self.rewrite()

    def update_rows(self, rows: list[Ticker]) -> None:
        """Show what came of the contract, if its row is among those that changed."""
        if any(row.code == self.code for row in rows):
            self.rewrite()

    def tick(self, *, live: bool) -> None:
        """Show what is known now, dimmed unless the connection is live."""
        self._live = live
        self.rewrite()

    def reset(self) -> None:
        """Stand still no longer: the trades are others than before."""
        self._stop, self._measured = None, -1
        self.rewrite()

    def choose(self, which: PrintFilter) -> None:
        """Show the trades that a filter lets through."""
        self.filter, self._stop = which, None
        self.rewrite()

    def scroll_prints(self, way: str) -> None:
        """Scroll to older trades (``down``) or to newer ones; ``top`` follows the newest again."""
        page = max(1, self.size.height - 2)
        steps = {"down": 1, "page_down": page, "up": -1, "page_up": -page}
        if way == "top":
            self._stop = None
        elif way == "bottom":
            self._stand(min(self._source.end(self.code), self._source.first(self.code) + page))
        else:
            self._scroll(steps[way])
        self.rewrite()

    def lines(self, width: int, height: int) -> list[TextLine]:
        source, code = self._source, self.code
        if self._row is None or source.end(code) == source.first(code):
            text = t("prints.none" if self._row is None else "prints.waiting")
            lines = centred_lines(text, width, height)
            return [((cells.fit(line, width), "note"),) for line in lines]
        if self._stop is not None and self._stop > self._source.end(self.code):
            self._stop = None
        self._measure()
        instrument = self._row.instrument
        is_option = instrument.right is not None
        columns = columns_for(width, instrument.decimals, is_option=is_option)
        found = [header(columns)]
        prints = self._matching(self._top, height)
        runs = self._runs(prints)
        places: dict[int, int] = {}
        for one in prints:
            run, large = runs.get(one.number), one.size >= self._large
            place = places[id(run)] = places.get(id(run), -1) + 1
            found.append(print_line(one, columns, large=large, run=run, place=place))
            if one.missed and self.filter.shows_all:
                found.append(missed_line(one.missed, width))
        if self._live:
            return found
        return [tuple((text, "dead") for text, _ in line) for line in found]

    def rewrite(self) -> None:
        if self.display:
            super().rewrite()
            self._entitle()

    def draw(self, line: TextLine) -> Strip:
        strip = self._drawn.get(line)
        if strip is None:
            if len(self._drawn) >= _KEPT_STRIPS:
                self._drawn.clear()
            segments = [Segment(text, self.tones(*tones.split())) for text, tones in line]
            strip = Strip(segments).adjust_cell_length(self.size.width, self.tones("value"))
            self._drawn[line] = strip
        return strip

    def discard_strips(self) -> None:
        super().discard_strips()
        self._drawn.clear()

    def on_show(self) -> None:
        self.rewrite()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll to older trades."""
        event.stop()
        self._scroll(_WHEEL)
        self.rewrite()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll to newer trades."""
        event.stop()
        self._scroll(-_WHEEL)
        self.rewrite()

    @property
    def _top(self) -> int:
        return self._source.end(self.code) if self._stop is None else self._stop

    def _stand(self, stop: int) -> None:
        """Stand still with the trade before a number on top."""
        if self._stop is None:
            self._seen_until = self._source.end(self.code)
        self._stop = stop

    def _scroll(self, steps: int) -> None:
        """Move the top by so many of the trades that are shown, to older ones if positive."""
        if steps > 0:
            older = self._matching(self._top, steps + 1)
            if len(older) > steps:
                self._stand(older[-1].number + 1)
            return
        if self._stop is None:
            return
        left, end, at = -steps, self._source.end(self.code), self._stop
        while left and at < end:
            for one in self._source.prints(self.code, at, min(end, at + _READ)):
                at = one.number + 1
                left -= self._shows(one)
                if not left:
                    break
        self._stop = at if at < end else None

    def _matching(self, stop: int, count: int) -> list[TradePrint]:
        """Return so many of the trades that are shown before a number, newest first."""
        found: list[TradePrint] = []
        first = max(self._source.first(self.code), stop - _FARTHEST)
        step = count if self.filter.shows_all else _READ
        while stop > first and len(found) < count:
            read = self._source.prints(self.code, max(first, stop - step), stop)
            found += (one for one in reversed(read) if self._shows(one))
            stop -= step
        return found[:count]

    def _shows(self, one: TradePrint) -> bool:
        """Return whether the filter lets a trade through."""
        return self.filter.shows(one, self._large)

    def _runs(self, prints: Sequence[TradePrint]) -> dict[int, PrintRun]:
        """Return the runs of the trades in sight, counted beyond them; none under a filter."""
        if not prints or not self.filter.shows_all:
            return {}
        newest, oldest = prints[0], prints[-1]
        read, code = self._source.prints, self.code
        later = run_beyond(newest, read(code, newest.number + 1, newest.number + LONGEST_RUN))
        # Few lines have a run that goes on below them, so little is read at first.
        for count in (_READ // 16, LONGEST_RUN):
            first = max(self._source.first(code), oldest.number - count)
            earlier = run_beyond(oldest, read(code, first, oldest.number)[::-1])
            if len(earlier) < oldest.number - first:
                break
        return runs_of([*later[::-1], *prints, *earlier])

    def _measure(self) -> None:
        """Find from which size on a trade is large, now and then."""
        end = self._source.end(self.code)
        if 0 <= self._measured <= end < self._measured + _READ // 4 and end >= FEWEST:
            return
        self._measured = end
        sizes = sorted(size for size in self._source.sizes(self.code)[-SAMPLE:] if size > 0)
        if len(sizes) < FEWEST:
            self._large = inf
            return
        at = sizes[min(len(sizes) - 1, int(len(sizes) * self._percentile / 100))]
        # A size that most trades have is not large.
        common = sizes[len(sizes) // 2]
        self._large = at if at > common else sizes[-1] if sizes[-1] > common else inf

    def _entitle(self) -> None:
        """Put the contract's name above, and below what is hidden or has come meanwhile."""
        row, code = self._row, self.code
        name = contract_name(row.instrument) if row is not None else ""
        shown = "" if self.filter.shows_all else f" · {filter_text(self.filter)}"
        panel = with_key("trades", t("panel.trades"))
        title = Content(panel + (f" ─ {name}" if name else "") + shown)
        new = self._source.end(code) - self._seen_until
        dropped = self._source.dropped(code)
        below = ""
        if self._stop is not None:
            below = t("prints.stands", count=f"{new:,}")
        elif dropped:
            below = t("prints.dropped", count=f"{dropped:,}")
        if title != self.border_title:
            self.border_title = title
        if Content(below) != self.border_subtitle:
            self.border_subtitle = Content(below)
