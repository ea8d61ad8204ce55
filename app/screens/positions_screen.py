"""The page of positions: quantities, values, and a grid of values at other prices."""

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from app.instruments.code_lookup import CodeLookup
from app.portfolio.csv_file import ImportedPositions, export_sheet, import_sheet, import_summary
from app.portfolio.hedge import to_flat
from app.portfolio.positions import Position
from app.portfolio.scenario import HOURS, SHARES, around
from app.portfolio.valuation import nets, seconds_to_six, value
from app.screens.dialogs.path_dialog import PathDialog
from app.screens.dialogs.position_dialog import PositionDialog
from app.screens.keymap import Command, page_bindings
from app.screens.layout_keeper import LayoutKeeper
from app.screens.page_screen import PageScreen
from app.screens.workspace import Workspace
from app.system.errors import KisTuiError
from specs.market.holding import Holding
from specs.market.instrument import Instrument
from specs.user_message import UserText
from widgets import times
from widgets.contract_names import contract_name, underlying_name
from widgets.holdings import Holdings
from widgets.message_text import message_text
from widgets.scenario import Scenario
from widgets.status import Notice
from widgets.texts import t

_GRID_FROM = 20
"""Rows of the screen below which the grid leaves its room to positions and sums."""


class PositionsScreen(PageScreen):
    """Positions above, the scenario grid of the selected one's underlying below."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("position_edit", ("e", "enter"), "e Enter", "edit", "page", 1),
        Command("position_add", ("a", "plus"), "a +", "add", "page", 2),
        Command("position_drop", ("d", "minus"), "d -", "drop", "page", 3),
        Command("position_undo", ("u",), "u", "undo", "page", 4),
        Command("position_import", ("i",), "i", "import", "page", 5),
        Command("position_export", ("x", "E"), "x E", "export", "page", 6),
        Command("sooner", ("left_square_bracket",), "[", "hours(-1)", "page", 9),
        Command("later", ("right_square_bracket",), "]", "hours(1)", "page", 10),
        Command("finer", ("left_curly_bracket",), "{", "steps(-1)", "page", 7),
        Command("coarser", ("right_curly_bracket",), "}", "steps(1)", "page", 8),
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
        self._lookup = CodeLookup(workspace.program.contracts)
        self._futures: dict[str, tuple[str, ...]] = {}
        self._hours = 0
        self._share = SHARES.index(0.005)
        self._values: tuple[Holding, ...] = ()
        self.holdings = Holdings()
        self.scenario = Scenario()
        self.notice = Notice(id="positions_notice")

    def compose_body(self) -> Widget:
        return Vertical(self.notice, self.holdings, self.scenario, id="positions")

    def on_mount(self) -> None:
        self.refresh_rows(live=True)

    def on_resize(self) -> None:
        self._show_scenario()

    # --- what it wants of the dashboard

    @property
    def codes(self) -> tuple[str, ...]:
        found = dict.fromkeys(self._positions.positions)
        for code in self._positions.positions:
            found |= dict.fromkeys(self._resting_on(code))
        return tuple(found)

    @property
    def focus_code(self) -> str:
        return self.holdings.code

    @property
    def visible_codes(self) -> frozenset[str]:
        # Every sum is of all positions, whether or not their lines can be seen.
        return frozenset(self._positions.positions)

    def _resting_on(self, code: str) -> tuple[str, ...]:
        """Return the future that an option's values are computed from; empty for a future."""
        if code not in self._futures:
            known = self.market.instrument(code)
            option = known.right is not None
            self._futures[code] = self.futures_of(known)[:1] if option else ()
        return self._futures[code]

    # --- what it shows

    def refresh_rows(self, *, live: bool) -> None:
        market, now = self.market, self.program.clock.now()
        positions = self._positions.positions.values()
        self.notice.show(message_text(self._positions.problem))
        self._values = value(
            positions,
            market.book.row,
            market.instrument,
            now,
            self.workspace.rate,
            market.book.is_day_only,
            self.program.clock.monotonic(),
        )
        sums = nets(self._values)
        flat = [(net, to_flat(net)) for net in sums if net.underlying and net.expiry is None]
        self.holdings.set_class(not live, "dead")
        self.scenario.set_class(not live, "dead")
        self.holdings.show(self._values, sums, flat)
        left = times.minutes(seconds_to_six(now))
        self.holdings.border_title = Content(t("positions.title", count=len(self._values)))
        self.holdings.border_subtitle = Content(t("positions.until_six", span=left))
        self._show_scenario()

    @on(Holdings.Moved)
    @on(Scenario.RoomChanged)
    def _show_scenario(self) -> None:
        selected = self.holdings.selected
        parts = [h for h in self._values if selected and h.underlying == selected.underlying]
        self.scenario.display = bool(self._values) and self.size.height >= _GRID_FROM
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
        self.scenario.border_subtitle = Content(
            t("positions.grid_missing", count=grid.missing) if grid.missing else ""
        )

    # --- keys

    def action_move(self, way: str) -> None:
        """Move the cursor."""
        self.holdings.action_move(way)

    def action_hours(self, way: int) -> None:
        """Choose the grid's next or previous span of hours."""
        self._hours = max(0, min(len(HOURS) - 1, self._hours + way))
        self._show_scenario()

    def action_steps(self, way: int) -> None:
        """Make the grid's steps of the future larger or smaller."""
        self._share = max(0, min(len(SHARES) - 1, self._share + way))
        self._show_scenario()

    @on(Holdings.Chosen)
    def action_edit(self) -> None:
        """Ask for the selected position's quantity and average; without one, for a new position."""
        position = self._positions.positions.get(self.holdings.code)
        if position is None:
            self.action_add()
        else:
            self._ask(position, position.code)

    def action_add(self) -> None:
        """Ask for a new position."""
        known = self.first_code and self.first_code not in self._positions.positions
        self._ask(None, self.first_code if known else "")

    def _ask(self, position: Position | None, code: str) -> None:
        dialog = PositionDialog(
            position, code, self.market.instrument, self._find, self._positions.positions
        )
        self.app.push_screen(dialog, self._save)

    def _find(self, typed: str) -> list[Instrument]:
        return [hit.instrument for hit in self.market.find(typed)]

    def _save(self, position: Position | None) -> None:
        if position is None:
            return
        try:
            self._positions.change(self._positions.positions.with_position(position))
        except KisTuiError as error:
            self._toast(error.message, warning=True)
            return
        self._changed()
        self.holdings.move_to(position.code)

    def action_drop(self) -> None:
        """Remove the selected position."""
        selected = self.holdings.selected
        if selected is not None:
            self._positions.change(self._positions.positions.drop(selected.code))
            self._changed()
            self._toast(t("positions.dropped", name=contract_name(selected.instrument)))

    def action_undo(self) -> None:
        """Undo the last change."""
        if self._positions.undo():
            self._changed()
        else:
            self._toast(t("toast.nothing_to_undo"))

    def action_import(self) -> None:
        """Ask for a table and replace all positions by its rows."""
        count = len(self._positions.positions)
        note = t("positions.import_replaces", count=count) if count else ""
        dialog = PathDialog(
            t("positions.import"),
            "positions.import_hint",
            lambda path: import_sheet(path, self._lookup.find),
            note=note,
        )
        self.app.push_screen(dialog, self._replace_all)

    def _replace_all(self, found: ImportedPositions | None) -> None:
        if found is not None:
            self._positions.change(self._positions.positions.replace_all(found.positions))
            self._changed()
            self._toast(f"{message_text(import_summary(found))} · {t('positions.undo')}")

    def action_export(self) -> None:
        """Ask for a file and write all positions to it."""
        found = tuple(self._positions.positions.values())
        if not found:
            self._toast(t("positions.nothing_to_export"))
            return
        name = f"~/positions-{self.program.clock.now():%Y%m%d}.csv"
        dialog = PathDialog(
            t("positions.export"),
            "positions.export_hint",
            lambda path: export_sheet(path, found),
            name,
        )
        self.app.push_screen(dialog, self._exported)

    def _exported(self, path: Path | None) -> None:
        if path is not None:
            self._toast(t("positions.exported", path=path))

    def _changed(self) -> None:
        self.refresh_rows(live=not self.holdings.has_class("dead"))

    def _toast(self, message: UserText | str, *, warning: bool = False) -> None:
        self.notify(
            message_text(message), severity="warning" if warning else "information", markup=False
        )
