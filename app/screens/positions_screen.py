"""The page of positions: quantities, values, a payoff chart, and a grid of values."""

from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from app.portfolio.hedge import to_flat
from app.portfolio.scenario import HOURS, SHARES, around
from app.portfolio.valuation import nets, seconds_to_six
from app.screens.holding_filter import HoldingFilter
from app.screens.keymap import Command, page_bindings
from app.screens.layout_keeper import LayoutKeeper
from app.screens.page_screen import PageScreen
from app.screens.payoff_panel import PayoffPanel
from app.screens.position_editor import PositionEditor
from app.screens.position_files import PositionFiles
from app.screens.valued_positions import ValuedPositions
from app.screens.workspace import Workspace
from specs.market.holding import Holding
from widgets import times
from widgets.contract_names import underlying_name
from widgets.holdings import Holdings
from widgets.message_text import message_text
from widgets.scenario import Scenario
from widgets.status import Notice
from widgets.texts import t

_GRID_FROM = 20
"""Rows of the screen below which the grid leaves its room to positions and sums."""

_CURVE_FROM = 34
"""Rows of the screen from which on the payoff chart is shown without being asked for."""

_EDGES, _BORDERS = 4, 2
"""Columns and rows of a panel's border and padding."""

_BESIDE_HOLDINGS = 25
"""Rows that the positions leave to payoff chart, grid and the lines around them."""


class PositionsScreen(PageScreen):
    """Positions above, the scenario grid of the selected one's underlying below."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("position_edit", ("e", "enter"), "e Enter", "edit", "page", 10),
        Command("position_add", ("a", "plus"), "a +", "add", "page", 2),
        Command("position_drop", ("d", "minus"), "d -", "drop", "page", 11),
        Command("position_undo", ("u",), "u", "undo", "page", 13),
        Command("position_import", ("i",), "i", "import", "page", 3),
        Command("position_export", ("x", "E"), "x E", "export", "page", 4),
        Command("sooner", ("left_square_bracket",), "[", "hours(-1)", "page", 14),
        Command("later", ("right_square_bracket",), "]", "hours(1)", "page", 15),
        Command("finer", ("left_curly_bracket",), "{", "steps(-1)", "page", 5),
        Command("coarser", ("right_curly_bracket",), "}", "steps(1)", "page", 6),
        Command("curve", ("c", "z"), "c z", "curve", "page", 7),
        Command("curve_days", ("n",), "n", "days(1)", "page", 11),
        Command("curve_days_less", ("N",), "N", "days(-1)", "page"),
        Command("curve_expiry", ("m",), "m", "expiry", "page", 12),
        Command("next_underlying", ("tab",), "Tab", "underlying(1)", "page"),
        Command("last_underlying", ("shift+tab",), "⇧Tab", "underlying(-1)", "page"),
        Command("position_trade", ("s",), "s", "trade", "page", 9),
        Command("what_if", ("w",), "w", "what_if", "page", 8),
        Command("what_if_more", ("right_parenthesis",), ")", "contracts(1)", "page", 17),
        Command("what_if_fewer", ("left_parenthesis",), "(", "contracts(-1)", "page", 16),
        Command("what_if_count", ("o",), "o", "count_what_if", "page", 18),
        Command("what_if_sets", ("W",), "W", "what_if_sets", "page"),
        Command("position_filter", ("f",), "f", "filter", "page"),
        Command("position_up", ("up", "k"), "↑ k", "move('up')", "page"),
        Command("position_down", ("down", "j"), "↓ j", "move('down')", "page"),
        Command("position_top", ("home", "g"), "Home g", "move('top')", "page"),
        Command("position_bottom", ("end", "G"), "End G", "move('bottom')", "page"),
    )
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(KEYS)
    AUTO_FOCUS = "#holdings"

    def __init__(self, workspace: Workspace, layouts: LayoutKeeper, code: str) -> None:
        """`code` is suggested when a position is added."""
        super().__init__(workspace, layouts, code)
        self._positions = workspace.positions
        self._what_if = workspace.what_if
        self._values = ValuedPositions(workspace)
        self._editor = PositionEditor(self.app, workspace, self._values, self._changed)
        self._files = PositionFiles(self.app, workspace, self._changed)
        self._filter = HoldingFilter(self._changed)
        self._futures: dict[str, tuple[str, ...]] = {}
        self._hours = 0
        self._share = SHARES.index(0.005)
        self.holdings = Holdings()
        self.scenario = Scenario()
        self._payoff = PayoffPanel(workspace.valuation.theory, self.program.clock.monotonic)
        self._is_large = False
        self.notice = Notice(id="positions_notice")

    def compose_body(self) -> Widget:
        parts = self.notice, self.holdings, self._payoff.chart, self.scenario
        return Vertical(*parts, id="positions")

    def on_mount(self) -> None:
        self.refresh_rows(live=True)

    def on_resize(self) -> None:
        self._show_subject()

    # --- what it wants of the dashboard

    @property
    def codes(self) -> tuple[str, ...]:
        found = dict.fromkeys((*self._positions.positions, *self._what_if.legs))
        for code in tuple(found):
            found |= dict.fromkeys(self._resting_on(code))
        return tuple(found)

    @property
    def focus_code(self) -> str:
        return self.holdings.code

    @property
    def visible_codes(self) -> frozenset[str]:
        # Every sum is of all positions, whether or not their lines can be seen.
        return frozenset((*self._positions.positions, *self._what_if.legs))

    def _resting_on(self, code: str) -> tuple[str, ...]:
        """Return the future that an option's values are computed from; empty for a future."""
        if code not in self._futures:
            known = self.market.instrument(code)
            option = known.right is not None
            self._futures[code] = self.futures_of(known)[:1] if option else ()
        return self._futures[code]

    # --- what it shows

    def refresh_rows(self, *, live: bool) -> None:
        now, values = self.program.clock.now(), self._values
        values.update(now)
        self.notice.show(message_text(self._positions.problem))
        sums = nets(values.counted)
        flat = [(net, to_flat(net)) for net in sums if net.underlying and net.expiry is None]
        self.holdings.set_class(not live, "dead")
        self.scenario.set_class(not live, "dead")
        shown = self._filter.shown(values.shown)
        self.holdings.empty = "filter.nothing" if values.shown else "positions.empty"
        self.holdings.show(shown, sums, flat)
        left = times.minutes(seconds_to_six(now))
        mark = self._filter.mark(len(shown), len(values.shown))
        self.holdings.border_title = Content(values.title + mark)
        self.holdings.border_subtitle = Content(t("positions.until_six", span=left))
        self._show_subject()

    @on(Holdings.Moved)
    def _show_subject(self) -> None:
        """Show grid and payoff chart of the selected underlying, as far as there is room."""
        self._arrange()
        self._show_scenario()
        self._show_payoff()

    def _arrange(self) -> None:
        height, some = self.size.height, bool(self._values.shown)
        large = self._is_large and some
        self.holdings.display = not large
        self.scenario.display = some and not large and height >= _GRID_FROM
        chart = self._payoff.chart
        chart.display = large or (some and height >= _CURVE_FROM)
        wanted = self.holdings.wanted_height(self.size.width - _EDGES) + _BORDERS
        room = height - _BESIDE_HOLDINGS
        self.holdings.styles.height = min(wanted, room) if chart.display else "1fr"

    def _subject(self) -> list[Holding]:
        """Return the counted positions in the underlying of the selected one."""
        return self._values.of_underlying(self.holdings.selected)

    def _show_payoff(self) -> None:
        chart = self._payoff.chart
        if chart.display:
            chart.set_class(self.holdings.has_class("dead"), "dead")
            self._payoff.show(self._subject(), self.program.clock.now())

    @on(Scenario.RoomChanged)
    def _show_scenario(self) -> None:
        selected, parts = self.holdings.selected, self._subject()
        if selected is None:
            return
        hours, rate = HOURS[self._hours], self.workspace.rate
        share, side = SHARES[self._share], self.scenario.moves
        grid = around(parts, share=share, side=side, hours=hours, rate=rate)
        self.scenario.show(grid)
        span = t("positions.later", hours=hours) if hours else t("positions.at_once")
        self.scenario.border_title = Content(
            t("positions.scenario", underlying=underlying_name(selected.underlying), span=span)
        )
        missing = t("positions.grid_missing", count=grid.missing) if grid.missing else ""
        key = "" if self._payoff.chart.display else t("payoff.key")
        self.scenario.border_subtitle = Content(" · ".join(part for part in (missing, key) if part))

    # --- keys

    def action_move(self, way: str) -> None:
        """Move the cursor."""
        self.holdings.action_move(way)

    def action_filter(self) -> None:
        """Ask for an expression that chooses positions; sums stay those of all."""
        self._filter.ask(self.app, lambda: self._values.shown)

    def action_back(self) -> None:
        """Show all positions again, or go back to the boards."""
        if not self._filter.clear():
            super().action_back()

    def action_hours(self, way: int) -> None:
        """Choose the grid's next or previous span of hours."""
        self._hours = max(0, min(len(HOURS) - 1, self._hours + way))
        self._show_scenario()

    def action_steps(self, way: int) -> None:
        """Make the grid's steps of the future larger or smaller."""
        self._share = max(0, min(len(SHARES) - 1, self._share + way))
        self._show_scenario()

    def action_curve(self) -> None:
        """Give the payoff chart all the room, or take it back."""
        self._is_large = not self._is_large
        self._show_subject()
        if not self._is_large:
            self.holdings.focus()

    def action_days(self, way: int) -> None:
        """Choose how many days ahead the payoff chart shows."""
        self._payoff.change_days(way, self.program.clock.now())
        self._show_payoff()

    def action_expiry(self) -> None:
        """Choose the expiry that the payoff chart shows."""
        self._payoff.next_expiry()
        self._show_payoff()

    def action_underlying(self, way: int) -> None:
        """Move the cursor to the next or previous underlying."""
        self.holdings.move_to_underlying(way)

    @on(Holdings.Chosen)
    def action_edit(self) -> None:
        """Ask for the selected position's quantity and average; without one, for a new position."""
        if self.holdings.selected is None:
            self.action_add()
        else:
            self._editor.edit(self.holdings.selected)

    def action_add(self) -> None:
        """Ask for a new position."""
        self._editor.add(self.first_code)

    def action_trade(self) -> None:
        """Ask for a trade; by default one that closes the selected position."""
        self._editor.ask_trade(self.holdings.selected, self.first_code)

    def action_what_if(self) -> None:
        """Ask for a position to assume."""
        self._editor.add_what_if(self.first_code)

    def action_contracts(self, count: int) -> None:
        """Assume a contract more or fewer of the selected position."""
        if self.holdings.selected is not None:
            self._editor.add_contracts(self.holdings.selected, count)

    def action_count_what_if(self) -> None:
        """Include all assumed positions in the sums, or exclude them."""
        self._editor.toggle_what_if()

    def action_what_if_sets(self) -> None:
        """Open what-if positions that were saved under a name, or save and delete them."""
        self._editor.ask_what_if_set()

    def action_drop(self) -> None:
        """Remove the selected position."""
        if self.holdings.selected is not None:
            self._editor.drop(self.holdings.selected)

    def action_undo(self) -> None:
        """Undo the last change."""
        self._editor.undo()

    def action_import(self) -> None:
        """Ask for a table and replace all positions by its rows."""
        self._files.ask_import()

    def action_export(self) -> None:
        """Ask for a file and write all positions to it."""
        self._files.ask_export()

    def _changed(self, key: str = "") -> None:
        """Show changed positions; the cursor goes to the one of a key."""
        self.refresh_rows(live=not self.holdings.has_class("dead"))
        if key:
            self.holdings.move_to(key)
