"""A changed row is painted anew within a multiple of what its strip alone takes, whatever the
machine: both are measured in the same run."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from harness.sample_frames import night_option
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from specs.market.instrument import Instrument
from specs.market.ticker import RowAge, Ticker
from widgets.board_column import choose
from widgets.row_strip import RowStrip
from widgets.watchlist import COLUMNS

TENFOLD = 35.0
"""Strips that a changed row may cost: ten times the three or four that it does."""

SIZE = 150
ROUNDS, TIMES = 9, 40


def _seconds(work: Callable[[int], object]) -> float:
    begun = perf_counter()
    for number in range(TIMES):
        work(number)
    return perf_counter() - begun


def test_a_changed_row_is_painted_within_a_multiple_of_its_bare_strip() -> None:
    widths = choose([column for column in COLUMNS if not column.optional], SIZE)
    instrument = Instrument("B01612A18", "C 202612 1100.0")
    rows = [
        Ticker(instrument, night_option(price=f"{n}.25", accumulated_volume=f"{n}"), 10.0)
        for n in range(1, TIMES + 2)
    ]
    style = Style(color="#d4d9de", bgcolor="#0e1216")
    first = RowStrip(rows[-1], RowAge(), widths, None, 10.0)
    texts = [text for _, width in widths for text in ("0" * width, " ")]

    def changed(number: int) -> None:
        line = RowStrip(rows[number], RowAge(), widths, first, 10.0)
        line.paint(widths, lambda *tones: style, (), dead="", size=SIZE)

    def bare(number: int) -> None:
        _ = Strip([Segment(text, style) for text in texts]).cell_length

    ratios = [_seconds(changed) / _seconds(bare) for _ in range(ROUNDS)]
    assert median(ratios) < TENFOLD, ratios
