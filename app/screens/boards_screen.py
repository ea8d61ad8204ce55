"""The main screen: the panels, the keys that act on them, and the dialogs behind those keys.

Dialogs are imported when they are first asked for: the first picture waits for none.
"""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType

from app.screens.keymap import COMMANDS, Command, apply_user_keys, board_bindings
from app.screens.layout_commands import LayoutCommands
from app.screens.layout_keeper import LayoutKeeper
from app.screens.list_screen import ListScreen
from app.screens.market_panels import MarketPanels
from app.screens.panel_lines import export_lines
from app.screens.row_view_commands import RowViewCommands
from app.screens.workspace import Workspace
from app.storage.layouts import Layout
from specs.combination_code import contract_codes, first_contract
from specs.market.theoretical import GreeksSource
from specs.preferences import Updown
from widgets.cell_board import CellBoard
from widgets.contract_names import name_beside_code
from widgets.panel_grid import BESIDE
from widgets.texts import t

LIST_ORDER = "own"

LINES_AROUND = 2
"""The status line above the panels, and the key hints below them."""


class BoardsScreen(ListScreen):
    """Everything that is seen when neither page nor dialog is open."""

    BINDINGS: ClassVar[list[BindingType]] = [*board_bindings()]
    AUTO_FOCUS = "#watchlist"

    def __init__(
        self,
        workspace: Workspace,
        commands: tuple[Command, ...],
        show_updown: Callable[[Updown], None],
    ) -> None:
        """`commands` are those that help, hints and palette name here.

        `show_updown` colours ups and downs on all screens.
        """
        super().__init__(workspace)
        program = workspace.program
        self.rebind_user_keys(board_bindings(apply_user_keys(COMMANDS, program.keys)))
        self.grid = MarketPanels(
            workspace.market,
            workspace.valuation,
            program.clock,
            program.feed.schedule,
            asks_rest=program.feed.picture is not None,
            large_percentile=program.settings.trades.large_percentile,
        )
        self.layouts = LayoutKeeper(program.layout, self.grid, workspace)
        self._layout_commands = LayoutCommands(
            self, self.layouts, self.open_layout, self.capture_layout
        )
        self._row_view_commands = RowViewCommands(self, self.grid)
        self._commands = commands
        self._show_updown = show_updown
        workspace.release_cell = self.grid.release_cell

    @property
    def shared_commands(self) -> tuple[Command, ...]:
        return self._commands

    @property
    def board(self) -> CellBoard:
        """The board that keys act on: the focused one, else the watchlist."""
        return self.grid.board

    @property
    def focus_code(self) -> str:
        return first_contract(self.board.code)

    @property
    def visible_codes(self) -> frozenset[str]:
        return frozenset(contract_codes(self.grid.visible_codes))

    def compose_body(self) -> MarketPanels:
        return self.grid

    # --- what it shows

    def open_layout(self, layout: Layout) -> None:
        """Arrange everything by a layout."""
        self.grid.expect_size(self.app.size - (0, LINES_AROUND))
        self.layouts.restore(layout)
        self._show_updown(self.layouts.updown)
        self.show_codes()

    def show_codes(self) -> None:
        """Bring all boards in line with the watched codes; a frozen screen is so no longer."""
        self.grid.frozen_at, self.workspace.frozen_rows = None, None
        self.grid.show_codes()
        self.capture_layout()

    def capture_layout(self) -> Layout:
        """Return the layout as it is now; its name above the list is marked if it is not saved."""
        layout = self.layouts.capture()
        mark = "*" if self.layouts.is_changed(layout) else ""
        self.grid.title.layout_name = self.layouts.name + mark
        self.grid.title.changed_lists = self.layouts.changed_lists(layout)
        self.grid.title.show()
        return layout

    # --- the board

    def action_sort(self) -> None:
        """Ask for a column to order the board by."""
        from app.screens.dialogs.choose_dialog import ChooseDialog

        board = self.board
        options = [(LIST_ORDER, t("sort.own"))]
        options += [(c.id, t(f"column.{c.id}").strip()) for c in board.columns if not c.is_picture]
        current = board.sort[0] if board.sort else LIST_ORDER
        self.app.push_screen(ChooseDialog(t("sort.title"), options, current), self._sort)

    def _sort(self, column: str | None) -> None:
        if column == LIST_ORDER:
            self.board.reset_sort()
        elif column is not None:
            self.board.sort_by(column, descending=column not in ("code", "name", "time"))

    def action_reverse(self) -> None:
        """Reverse the order of the board."""
        board = self.board
        if board.sort is None:
            self.app.show_toast(t("toast.not_sorted"))
        else:
            board.sort_by(board.sort[0], descending=not board.sort[1])

    def action_find(self) -> None:
        """Ask for a part of a code or name, and put the cursor on its row."""
        from app.screens.dialogs.find_dialog import FindDialog

        board, instrument = self.board, self.market.instrument
        remarks = self.market.row_views.remarks
        rows = {
            code: f"{code}  {name_beside_code(instrument(code))}  {remarks.get(code, '')}".strip()
            for code in board.codes
        }

        def move(code: str | None) -> None:
            if code is not None:
                board.move_to(code)

        self.app.push_screen(FindDialog(rows, board.code), move)

    def action_columns(self) -> None:
        """Ask which columns the board shows."""
        from app.screens.dialogs.choose_dialog import ChecklistDialog

        board = self.board
        options = [(c.id, t(f"column.{c.id}").strip()) for c in board.columns]

        def set_columns(ids: list[str] | None) -> None:
            if ids is not None:
                board.set_columns(ids)

        dialog = ChecklistDialog(
            t("columns.title"), options, board.requested_columns, is_ordered=True
        )
        self.app.push_screen(dialog, set_columns)

    def action_move(self, way: str) -> None:
        """Move the cursor of the board, or scroll the trades that have the focus."""
        if self.grid.focused_panel == "trades":
            self.grid.trades.scroll_prints(way)
        else:
            self.board.action_move(way)

    def action_export(self) -> None:
        """Write what the focused panel shows to a file, raw."""
        self.write_export(self.grid.focused_panel, export_lines(self.grid, self.board))

    def action_filter(self) -> None:
        """Ask which rows the focused panel shows, or which trades time & sales shows."""
        if self.grid.focused_panel == "trades":
            self.grid.ask_filter()
        else:
            self.grid.filters.ask(self.app, self.board)

    def action_clear(self) -> None:
        """Choose no cell; where none was chosen, show all rows or trades again.

        The filter of the focused panel is cleared first.
        """
        is_of_trades = self.grid.focused_panel == "trades"
        if self.clear_lines():
            return
        if self.board.cell_column:
            self.board.choose_cell("")
        elif is_of_trades and self.grid.clear_filter():
            self.app.show_toast(t("print_filter.cleared"))
        elif self.grid.filters.clear((self.board, *self.grid.boards.values())):
            self.app.show_toast(t("filter.cleared"))
        elif self.grid.clear_filter():
            self.app.show_toast(t("print_filter.cleared"))

    def action_cell(self, way: int) -> None:
        """Choose the next cell of the row under the cursor, to the right or to the left."""
        self.board.move_cell(way)

    def action_note(self) -> None:
        """Ask for a note on the contract under the cursor."""
        self._row_view_commands.ask_note(self.board.code)

    def action_undo(self) -> None:
        """Undo the last change of a list or of a note."""
        if not self._row_view_commands.undo_note():
            super().action_undo()

    def action_baseline(self) -> None:
        """Measure changes from the next of settlement, close, open and the prices of now."""
        self._row_view_commands.next_baseline()

    # --- the panels

    def action_panel(self, name: str) -> None:
        """Focus a panel, showing it if need be; one of `BESIDE` that has the focus is hidden."""
        if name in BESIDE and self.grid.focused_panel == name:
            self.grid.hide(name)
        else:
            self.grid.go_to(name)

    def action_next_panel(self, way: int) -> None:
        """Focus the next panel that is shown."""
        shown = self.grid.panels
        at = shown.index(self.grid.focused_panel) if self.grid.focused_panel in shown else 0
        self.grid.go_to(shown[(at + way) % len(shown)])

    def action_panels(self) -> None:
        """Ask which panels are shown."""
        self.grid.ask_panels()

    def action_resize(self, steps: int) -> None:
        """Make the focused panel larger or smaller."""
        self.grid.resize(steps)

    def action_arrange(self) -> None:
        """Choose the next arrangement of the panels."""
        if self.grid.is_narrow:
            self.app.show_toast(t("toast.narrow"))
            return
        self.grid.next_arrangement()
        self.app.show_toast(t(f"arrangement.{self.grid.arrangement}"))

    def action_zoom(self) -> None:
        """Give the focused panel all the room, or take it back."""
        self.grid.zoom()

    # --- layouts

    def action_open(self) -> None:
        """Ask for a layout and open it; layouts are renamed and deleted there, too."""
        self._layout_commands.ask_open()

    def action_save(self) -> None:
        """Ask for a name and save the layout under it."""
        self._layout_commands.ask_save()

    def show_greeks(self, source: GreeksSource) -> None:
        """Show KIS' greeks and volatilities, our own, or our own where there are any."""
        self.grid.show_rows(self.workspace.valuation.choose(source))

    def action_colours(self) -> None:
        """Colour ups and downs the next way."""
        updown = self.layouts.next_updown()
        self._show_updown(updown)
        self.app.show_toast(t(f"updown.{updown}"))
