"""The grid of panels: arrangement, sizes and visibility."""

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.widget import Widget

from specs.preferences import ChartSetup
from widgets.expected import ExpectedBoard
from widgets.greeks_panel import GreeksPanel
from widgets.ladder import WIDTH, Ladder
from widgets.small_chart import SmallChart
from widgets.time_and_sales import LARGE_PERCENTILE, PrintSource, TimeAndSales
from widgets.watchlist import WatchlistBoard

PANELS = ("watchlist", "greeks", "expected", "book", "trades")
BESIDE = ("book", "trades")
"""The panels beside the watchlist; with little room they share one place."""

SHOWN_FIRST = PANELS[:3]
"""The panels of a layout without a choice of panels."""

ARRANGEMENTS = ("stack", "side", "rows")
SIZES = {"main": 55, "side": 50}
"""Percent of the room for the watchlist and what is beside it, and for the greeks in the rest."""

STEP = 5
SMALLEST, LARGEST = 20, 80
NARROW = 100
"""Columns below which all panels but the watchlist share one place."""

CODES_FROM, LIST_CELLS = 120, 75
"""Columns from which ``side`` shows code and name of a row, and those of the panel with both."""

TRADES_WIDTH = 50
"""Columns of time & sales beside the watchlist."""

CHART_FROM, CHART_ROWS, CHART_LEAST, CHART_SHARE = 160, 24, 10, 35
"""Columns and rows from which the small chart is shown, its rows and its percent of them."""

BOOK_BELOW, BOOK_HEIGHT = 160, 20
"""In fewer columns, order book and trades share one place; ``side`` has it below, so high."""


class PanelGrid(Container):
    """The panels in one of the arrangements."""

    def __init__(self, prints: PrintSource, large_percentile: float = LARGE_PERCENTILE) -> None:
        super().__init__(id="desk")
        self.watchlist = WatchlistBoard()
        self.greeks = GreeksPanel()
        self.expected = ExpectedBoard()
        self.ladder = Ladder()
        self.trades = TimeAndSales(prints, large_percentile)
        self.small_chart = SmallChart()
        self.chart_setup = ChartSetup()
        """How charts are drawn, and whether the small one is shown where there is room."""
        self._list = Container(self.watchlist, self.small_chart, id="list")
        self._main = Container(self._list, self.ladder, self.trades, id="main")
        self._side = Container(self.greeks, self.expected, id="side")
        self.panels: list[str] = list(SHOWN_FIRST)
        self.arrangement = ARRANGEMENTS[0]
        self.sizes = dict(SIZES)
        self._expected_size = Size(0, 0)
        self._zoomed: str | None = None
        self._front = "greeks"
        self._beside = "book"
        """The panel that the shared place beside the watchlist shows."""
        self._shows_auction = self._is_auction_declined = False
        """Whether an auction has brought its board up, and whether the user put another panel in
        its place."""

    def compose(self) -> ComposeResult:
        yield self._main
        yield self._side

    @property
    def focused_panel(self) -> str:
        """The focused panel; the watchlist if another widget has the focus."""
        widget: Widget | None = self.screen.focused
        while widget is not None and widget.id not in PANELS:
            widget = widget.parent if isinstance(widget.parent, Widget) else None
        return str(widget.id) if widget is not None else "watchlist"

    @property
    def room(self) -> Size:
        """The size to arrange for: its own, and before the first layout the expected one."""
        return self.size or self._expected_size

    def expect_size(self, size: Size) -> None:
        """Arrange for this size until there is a layout: the first one needs no second then."""
        self._expected_size = size

    @property
    def is_narrow(self) -> bool:
        """Whether there is room for only one panel beside the watchlist."""
        return self.room.width < NARROW

    def panel(self, name: str) -> Widget:
        """Return the widget of a panel."""
        return {
            "watchlist": self.watchlist,
            "greeks": self.greeks,
            "expected": self.expected,
            "book": self.ladder,
            "trades": self.trades,
        }[name]

    def apply_arrangement(self, panels: list[str], arrangement: str, sizes: dict[str, int]) -> None:
        """Apply an arrangement; unknown values in it become the default."""
        self.panels = [name for name in PANELS if name in panels] or list(SHOWN_FIRST)
        self.arrangement = arrangement if arrangement in ARRANGEMENTS else ARRANGEMENTS[0]
        self.sizes = {
            which: max(SMALLEST, min(LARGEST, sizes.get(which, share)))
            for which, share in SIZES.items()
        }
        self._zoomed = None
        self.settle()

    def show_auction(self, on: bool) -> None:
        """Bring the auction board up, or give its place back to what was there before.

        In fewer than `BOOK_BELOW` columns it takes the place of order book and trades, in a narrow
        room the shared one.  A panel that the user opens in its place meanwhile stays.
        """
        self._is_auction_declined = on and self._is_auction_declined
        on = on and not self._is_auction_declined
        if on == self._shows_auction or not self.is_attached:
            return
        self._shows_auction = on
        self.settle()
        if not self.panel(self.focused_panel).display:
            self.watchlist.focus()

    def go_to(self, name: str) -> None:
        """Focus a panel, and show it if it is hidden."""
        if self._shows_auction and name == "expected" and self._zoomed is None:
            self.expected.focus()
            return
        if self._shows_auction and not self.panel(name).display and self._zoomed is None:
            self._shows_auction, self._is_auction_declined = False, True
        if name not in self.panels:
            self.panels = [n for n in PANELS if n in self.panels or n == name]
        if self._zoomed is not None:
            self._zoomed = name
        if name != "watchlist":
            self._front = name
        if name in BESIDE:
            self._beside = name
        self.settle()
        target = self.greeks.board if name == "greeks" else self.panel(name)
        target.focus()

    def hide(self, name: str) -> None:
        """Hide a panel; the focus goes to the first remaining panel, or to the watchlist."""
        self.panels = [other for other in self.panels if other != name]
        if self._front == name:
            self._front = "greeks"
        self._zoomed = None
        self.go_to(self.panels[0] if self.panels else "watchlist")

    def zoom(self) -> None:
        """Maximise the focused panel, or restore all panels."""
        self._zoomed = None if self._zoomed else self.focused_panel
        self.settle()

    def next_arrangement(self) -> None:
        """Switch to the next arrangement."""
        at = ARRANGEMENTS.index(self.arrangement)
        self.arrangement = ARRANGEMENTS[(at + 1) % len(ARRANGEMENTS)]
        self._zoomed = None
        self.settle()

    def resize(self, steps: int) -> None:
        """Make the focused panel larger or smaller."""
        name = self.focused_panel
        which, sign = {
            "watchlist": ("main", 1),
            "book": ("main", -1 if self.is_narrow else 1),
            "trades": ("main", -1 if self.is_narrow else 1),
            "greeks": ("side", 1),
            "expected": ("side", -1),
        }[name]
        size = self.sizes[which] + steps * sign * STEP
        self.sizes[which] = max(SMALLEST, min(LARGEST, size))
        self.settle()

    def on_resize(self) -> None:
        self.settle()

    def settle(self) -> None:
        """Adapt the widgets to the arrangement and the room."""
        narrow = self.is_narrow
        shown = [self._zoomed] if self._zoomed else list(self.panels)
        if self._shows_auction and not self._zoomed and "expected" not in shown:
            taken = BESIDE if self.room.width < BOOK_BELOW else ()
            shown = [name for name in PANELS if name in (*shown, "expected") and name not in taken]
        sharing = [name for name in shown if name != "watchlist"]
        if narrow and len(sharing) > 1:
            wanted = "expected" if self._shows_auction else self._front
            front = wanted if wanted in sharing else sharing[0]
            shown = [name for name in shown if name in ("watchlist", front)]
        elif self.room.width < BOOK_BELOW and all(name in shown for name in BESIDE):
            shown = [name for name in shown if name not in BESIDE or name == self._beside]
        for name in PANELS:
            self.panel(name).display = name in shown
        main = [name for name in shown if name == "watchlist" or name in BESIDE]
        side = [name for name in shown if name in ("greeks", "expected")]
        self._main.display, self._side.display = bool(main), bool(side)
        self._list.display = "watchlist" in main
        beside = self.arrangement == "side" and not narrow
        self.styles.layout = "horizontal" if beside else "vertical"
        share = self._main_share(beside=beside) if side and main else 100
        _share(self._main, share, across=beside)
        _share(self._side, 100 - share if main else 100, across=beside)
        across = self.arrangement == "stack" and not narrow
        self._side.styles.layout = "horizontal" if across else "vertical"
        first = self.sizes["side"] if len(side) == 2 else 100
        _share(self.greeks, first, across=across)
        _share(self.expected, 100 - first if len(side) == 2 else 100, across=across)
        self._share_main([name for name in main if name in BESIDE], main, beside=beside)
        self._settle_chart(self.room.height * (100 if beside else share) // 100)

    def _main_share(self, *, beside: bool) -> int:
        """Return the percent of the watchlist's part; a share that nobody chose shows its codes."""
        share = self.sizes["main"]
        if not beside or share != SIZES["main"] or self.size.width < CODES_FROM:
            return share
        return max(share, -(-LIST_CELLS * 100 // self.size.width))

    def _settle_chart(self, rows: int) -> None:
        """Show the small chart under the watchlist where there is room; it has `rows` for both."""
        chart = self.small_chart
        is_wide = self.room.width >= CHART_FROM and rows >= CHART_ROWS and self._zoomed is None
        chart.display = is_wide and self.chart_setup.small and self._list.display
        chart.styles.height = max(CHART_LEAST, rows * CHART_SHARE // 100)

    def _share_main(self, others: list[str], main: list[str], *, beside: bool) -> None:
        """Divide the watchlist's room between it and the panels beside it."""
        both = len(main) > len(others) > 0
        if both and self.is_narrow:
            self._main.styles.layout = "vertical"
            _share(self._list, self.sizes["main"], across=False)
            for name in others:
                _share(self.panel(name), 100 - self.sizes["main"], across=False)
            return
        below = beside and self.room.width < BOOK_BELOW
        self._main.styles.layout = "vertical" if below else "horizontal"
        _share(self._list, 100, across=not below)
        for name in others:
            panel = self.panel(name)
            _share(panel, 100, across=not below)
            if both and below:
                panel.styles.height = min(BOOK_HEIGHT, self.room.height // 2)
            elif both:
                panel.styles.width = WIDTH if name == "book" else TRADES_WIDTH


def _share(widget: Widget, percent: int, *, across: bool) -> None:
    widget.styles.width = f"{percent}fr" if across else "100%"
    widget.styles.height = "100%" if across else f"{percent}fr"
