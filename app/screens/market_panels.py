"""The panels of the main screen, kept in line with the market."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import inf, nan

from msgspec.structs import replace
from textual import getters, on
from textual.content import Content

from app.feed.registration_state import RegistrationKey
from app.feed.registrations import RegistrationState, RegistrationStatus
from app.krx.calendar import MarketState, Schedule
from app.krx.hours import last_close, last_trade_moment
from app.market.market import Market
from app.pricing.history import PATHS
from app.pricing.live_greeks import LiveGreeks
from app.screens import status_text
from app.screens.board_filters import BoardFilters, marked_title
from app.screens.chart_data import chart_picture, interval_text
from app.screens.list_title import ListTitle
from app.screens.messages import CodesChanged
from app.screens.textual_compat import SafeApp
from app.system.clock import Clock
from specs.catalog import CATALOG, Channel
from specs.market.print_filter import ALL_PRINTS, PrintFilter
from specs.market.ticker import Ticker
from widgets.board import Board
from widgets.board_messages import CursorMoved, HeaderClicked
from widgets.cell_board import CellBoard
from widgets.contract_names import contract_name
from widgets.greeks_panel import is_option
from widgets.panel_grid import PANELS, PanelGrid
from widgets.print_lines import filter_text
from widgets.small_chart import SmallChart
from widgets.texts import t, with_key
from widgets.time_and_sales import LARGE_PERCENTILE

CHART_IDLE = 10.0
"""Seconds after which the small chart moves on without trades."""

SMALL_CHART = "chart"
"""The small chart in the list of panels."""

RESULT_STAYS = timedelta(minutes=3)
"""Time after an auction for which its board stays, if it came up by itself."""


class MarketPanels(PanelGrid):
    """Watchlist, greeks, expected executions and order book of the watched codes."""

    app = getters.app(SafeApp)

    def __init__(
        self,
        market: Market,
        valuation: LiveGreeks,
        clock: Clock,
        schedule: Schedule,
        *,
        asks_rest: bool = False,
        large_percentile: float = LARGE_PERCENTILE,
    ) -> None:
        super().__init__(market.memory, large_percentile)
        self._asks_rest = asks_rest
        self.frozen_at: float | None = None
        """Since when boards keep what they show while data go on, in monotonic seconds."""
        self._cleared_filter = ALL_PRINTS
        self.market = market
        self.valuation = valuation
        self.filters = BoardFilters(market, self.show_titles)
        self.title = ListTitle(self.watchlist, market)
        self.clock = clock
        self._schedule = schedule
        self._charted: object = None
        self._chart_due = self._charted_at = -inf

    @property
    def boards(self) -> dict[str, CellBoard]:
        """The boards by the names that layouts know them by."""
        return {
            "watchlist": self.watchlist,
            "greeks": self.greeks.board,
            "expected": self.expected,
        }

    @property
    def board(self) -> CellBoard:
        """The board that keys act on: the focused one, else the watchlist."""
        focused = self.screen.focused if self.parent is not None else None
        return focused if isinstance(focused, CellBoard) else self.watchlist

    @property
    def visible_codes(self) -> frozenset[str]:
        """The codes of all rows that can be seen."""
        return frozenset().union(*(board.visible_codes for board in self.boards.values()))

    def show_views(self) -> None:
        """Name the baseline of changes above them, and make room for remarks."""
        views = self.market.row_views
        remarks = (views.remarks.get(code, "") for code in self.market.watchlist.codes)
        self.watchlist.show_views(views.setup.kind, remarks)
        self.title.show()

    def show_titles(self) -> None:
        """Name lists, contract and filters above the boards."""
        self.title.show()
        self.show_greeks_title()

    def show_codes(self) -> None:
        """Bring all boards in line with the watched codes."""
        market = self.market
        market.watch()
        rows = market.rows
        self.watchlist.show(rows)
        self.greeks.show(rows)
        self.ladder.show(rows)
        self.ladder.select(self.board.code)
        self.trades.select(market.book.row(self.board.code))
        self.show_expected(market.rows)
        self.show_greeks_title()
        self.show_views()
        self.post_message(CodesChanged())

    def show_rows(self, changed: list[Ticker]) -> None:
        """Update the rows that changed on every board."""
        panels = (
            self.watchlist.update_rows,
            self.greeks.update_rows,
            self.ladder.update_rows,
            self.trades.update_rows,
        )
        attempt = self.app.attempt
        for show in (*panels, self.show_expected) if changed and self.frozen_at is None else ():
            attempt(show, changed)

    def show_expected(self, changed: list[Ticker]) -> None:
        """Show the rows of an auction, all of them if there are others than before."""
        board = self.expected
        order = {code: at for at, code in enumerate(self.watchlist.codes)}
        expecting = [row for row in self.market.rows if row.expected is not None]
        expecting.sort(key=lambda row: order.get(row.code, len(order)))
        codes, shown = [row.code for row in expecting], board.all_codes
        if codes != shown and (board.sort is None or set(codes) != set(shown)):
            board.show(expecting)
        else:
            board.update_rows(changed)

    def show_auction_state(
        self, state: MarketState, registrations: Mapping[RegistrationKey, RegistrationStatus]
    ) -> None:
        """Show the auction's name above its rows, and below them why rows are missing."""
        if self.frozen_at is not None:
            return
        board, now, auctions = self.expected, self.clock.now(), self.market.auctions
        title = status_text.auction_title(auctions.auction, state, now)
        board.border_title = Content(marked_title(with_key("expected", title), board))
        stage = status_text.auction_stage(auctions.auction, state, now)
        board.set_stage(stage)
        ended = now - auctions.auction.end if auctions.auction is not None else RESULT_STAYS
        is_due = stage in ("opening", "closing") or ended < RESULT_STAYS
        self.show_auction(is_due and bool(board.all_codes))
        families = {row.instrument.family for row in self.market.rows}
        session = state.session or state.next_session
        board.border_subtitle = Content(
            status_text.no_expected(families, session, asks_rest=self._asks_rest)
        )
        full = any(
            CATALOG[key.tr_id].channel is Channel.EXPECTED
            and status.state is RegistrationState.NO_SLOT
            for key, status in registrations.items()
        )
        board.set_empty("expected.no_slot" if full else "expected.empty")

    def tick(self, state: MarketState, *, live: bool) -> None:
        """Let time pass on every board."""
        if self.frozen_at is not None:
            return
        attempt, market = self.app.attempt, self.market
        now, moment = self.clock.monotonic(), self.clock.now()
        expects = live or not status_text.is_running(market.auctions.auction, state, moment)
        attempt(self.show_titles if self.greeks.board.filter_text else self.title.show)
        attempt(self.watchlist.tick, now, live=live)
        attempt(self.expected.tick, now, live=expects)
        attempt(self.explain_greeks)
        close = f"{last_close(moment):%H:%M}"
        left = self._seconds_left(moment)
        attempt(self.greeks.tick, moment.date(), now, live=live, close=close, left=left)
        self.ladder.set_why(status_text.why_no_book(market.book, self.board.code, state))
        attempt(self.ladder.tick, now, live=live)
        attempt(self.trades.tick, live=live)
        self.small_chart.set_class(not live, "dead")
        attempt(self.show_chart)

    def show_chart(self) -> None:
        """Draw the small chart of the contract under the cursor, once a second at most."""
        now, code, memory = self.clock.monotonic(), self.board.code, self.market.memory
        # A tape's clock may have gone back.
        if not self.small_chart.display or self._charted_at <= now < self._charted_at + 1:
            return
        setup = replace(self.chart_setup, pane="none")
        seen = code, setup, memory.first(code), memory.end(code), self.small_chart.size
        if seen == self._charted and self._charted_at <= now < self._chart_due:
            return
        self._charted, self._charted_at, self._chart_due = seen, now, now + CHART_IDLE
        picture = chart_picture(self.market, self._schedule, code, setup, self.clock.now())
        name = contract_name(self.market.instrument(code))
        name = f"{t('panel.chart')} ─ {name} {interval_text(setup.seconds)}"
        self.small_chart.border_title = Content(with_key("chart", name))
        self.small_chart.show(picture)

    @on(SmallChart.Shown)
    def draw_chart(self) -> None:
        """Draw the small chart as it comes into sight."""
        self._charted_at = -inf
        self.show_chart()

    @on(SmallChart.Chosen)
    async def open_chart(self) -> None:
        """Show the chart on its page."""
        await self.app.run_action("page('chart')")

    def _seconds_left(self, moment: datetime) -> float:
        """Return how long the contract above the greeks trades; nan if that is not known."""
        known = self.greeks.selected.instrument if self.greeks.selected is not None else None
        if known is None or known.expiry is None:
            return nan
        return (last_trade_moment(known.expiry, known.product) - moment).total_seconds()

    def ask_panels(self) -> None:
        """Ask which panels are shown, and whether the small chart is where there is room."""
        from app.screens.dialogs.choose_dialog import ChecklistDialog

        def show(names: list[str] | None) -> None:
            if names is None:
                return
            self.chart_setup = replace(self.chart_setup, small=SMALL_CHART in names)
            panels = [name for name in names if name in PANELS]
            self.apply_arrangement(panels or self.panels, self.arrangement, self.sizes)
            self.go_to(panels[0] if panels else self.panels[0])

        options = [(name, t(f"panel.{name}")) for name in (*PANELS, SMALL_CHART)]
        shown = [*self.panels, *[SMALL_CHART] * self.chart_setup.small]
        self.app.push_screen(ChecklistDialog(t("panels.title"), options, shown), show)

    def ask_filter(self) -> None:
        """Ask which trades time & sales shows; what was cleared last is offered again."""
        from app.screens.dialogs.print_filter_dialog import PrintFilterDialog

        def choose(chosen: PrintFilter | None) -> None:
            if chosen is not None:
                self.trades.choose(chosen)

        self.go_to("trades")
        shown = self.trades.filter
        offered = self._cleared_filter if shown.shows_all else shown
        self.app.push_screen(PrintFilterDialog(filter_text(offered)), choose)

    def release_cell(self) -> tuple[str, str]:
        """Return code and column of the chosen cell, empty for none; it is chosen no longer."""
        board, column = self.board, self.board.cell_column
        board.choose_cell("")
        return board.code, column

    def clear_filter(self) -> bool:
        """Show all trades again; return False if they were shown."""
        if self.trades.filter.shows_all:
            return False
        self._cleared_filter = self.trades.filter
        self.trades.choose(ALL_PRINTS)
        return True

    def reset_history(self) -> None:
        """Compare nothing with what was shown before: the tape was wound to another place."""
        for board in self.boards.values():
            board.reset()
        self.trades.reset()
        self._charted_at = -inf

    def show_greeks_title(self) -> None:
        """Name the contract above its numbers."""
        row = self.greeks.selected
        name = contract_name(row.instrument) if row is not None else ""
        what = "panel.greeks" if row is None or is_option(row) else "panel.futures"
        if row is not None and row.combination is not None:
            what = "panel.combination"
        title = with_key("greeks", t(what)) + (f" ─ {name}" if name else "")
        self.greeks.border_title = Content(marked_title(title, self.greeks.board))
        self.explain_greeks()

    def explain_greeks(self) -> None:
        """Show what our own greeks of the selected option rest on, and how they have changed."""
        row, history = self.greeks.selected, self.valuation.history
        if row is not None and is_option(row):
            basis = self.valuation.basis(row.code)
            paths = {which: history.path(row.code, which) for which in PATHS}
            self.greeks.explain(status_text.basis_text(basis) if basis else "", paths)

    @on(CursorMoved)
    def follow(self, message: CursorMoved) -> None:
        """Have greeks, order book and trades follow the cursor of the board that keys act on."""
        if message.board is self.board:
            self.title.show()
            self.greeks.select(message.code)
            self.ladder.select(message.code)
            self.trades.select(self.market.book.row(message.code))
            self.show_greeks_title()

    @on(HeaderClicked)
    def sort_by_title(self, message: HeaderClicked) -> None:
        """Order a board by the column whose title was clicked, or the other way round."""
        board, column = message.board, message.column
        assert isinstance(board, Board)
        if any(one.id == column and one.is_picture for one in board.columns):
            return
        again = board.sort is not None and board.sort[0] == column
        board.sort_by(column, descending=not (again and board.sort and board.sort[1]))
