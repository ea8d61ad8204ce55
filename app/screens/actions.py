"""What each key of the table does: the actions of the dashboard, dialogs included.

Dialogs and search are imported when they are first asked for: the first picture waits for neither.
"""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.feed.demand import WatchRequest, rank_registrations, turn_at
from app.screens.market_screen import BACK
from app.screens.shell import UPDOWN, DashboardShell
from app.storage.layouts import check_name
from app.system.errors import KisTuiError
from specs.codes import is_spread
from specs.market.ticker import underlying
from widgets.panel_grid import PANELS
from widgets.texts import t

if TYPE_CHECKING:
    from app.instruments.search import SearchHit
    from app.storage.csv_text import Value

OWN_ORDER = "own"


class Actions(DashboardShell):
    """The actions behind the keys."""

    # --- the list

    def action_add(self) -> None:
        """Ask for contracts and watch them."""
        from app.screens.dialogs.add_dialog import AddDialog, ContractCatalog

        used = sum(self.cost(code) for code in self.watched.codes)
        contracts = self.program.contracts
        lacking = ""
        if not contracts.named:
            lacking = t("add.no_master")
        elif contracts.missing:
            lacking = t("add.missing", names=" ".join(contracts.missing))
        shelf = ContractCatalog(
            contracts.instrument, self.find, self.cost, lacking, self.search.prepare
        )
        codes = self.watched.codes
        self.push_screen(AddDialog(shelf, codes, used, self.program.feed.limit), self._add)

    def find(self, typed: str) -> "list[SearchHit]":
        """The contracts that a text means, those nearest to their underlying's last price first."""
        near = {
            row.instrument.underlying: underlying(row.trade)
            for row in self.rows
            if row.trade is not None and not is_spread(row.code)
        }
        return self.search.find(typed, today=self.program.clock.now().date(), near=near)

    def cost(self, code: str) -> int:
        """The registrations that a code takes in the session that is on."""
        session, auction = turn_at(self.program.clock.now(), self.program.feed.schedule)
        reader = self.program.contracts.code
        return len(
            rank_registrations(
                WatchRequest((code,)), session, auction=auction, reader=reader
            ).registrations
        )

    def _add(self, codes: list[str] | None) -> None:
        new = self.watched.add(codes or ())
        if codes and not new:
            self.show_toast(t("toast.already"))
        if not new:
            return
        self.show_codes()
        self.desk.watchlist.move_to(new[0])
        limit = self.program.feed.limit
        if len(self.watched.codes) > limit:
            self.show_toast(t("toast.over_limit", limit=limit), warning=True)

    def action_remove(self) -> None:
        """Watch the code under the cursor no longer."""
        code = self.board.code
        if self.watched.remove(code):
            self.show_codes()
            self.show_toast(t("toast.removed", code=code))

    def action_undo(self) -> None:
        """Take the last change of the list back."""
        if self.watched.undo():
            self.show_codes()
        else:
            self.show_toast(t("toast.nothing_to_undo"))

    def action_roll(self) -> None:
        """Put the next expiry of the same contract in the place of the row under the cursor."""
        code = self.board.code
        if not code:
            return
        following = self.program.contracts.successor(code, self.program.clock.now().date())
        if following is None:
            self.show_toast(t("toast.no_successor", code=code), warning=True)
        elif self.watched.replace_code(following, code):
            self.show_codes()
            self.desk.watchlist.move_to(following)
            name = self.program.contracts.instrument(following).name
            self.show_toast(t("toast.rolled", code=code, name=name or following))
        elif self.watched.remove(code):
            self.show_codes()
            name = self.program.contracts.instrument(following).name or following
            self.show_toast(t("toast.rolled_away", code=code, name=name))

    def action_shift_row(self, way: int) -> None:
        """Move the row under the cursor; a sorted list keeps the order it has from then on."""
        watchlist = self.desk.watchlist
        code = watchlist.code
        if watchlist.sort is not None:
            order = watchlist.codes
            watchlist.sort_by(None)
            self.watched.replace(order)
        if self.watched.shift(code, way):
            self.show_codes()
            watchlist.move_to(code)

    def action_sort(self) -> None:
        """Ask for a column to order the board by."""
        from app.screens.dialogs.choose_dialog import ChooseDialog

        board = self.board
        options = [(OWN_ORDER, t("sort.own"))]
        options += [(c.id, t(f"column.{c.id}").strip()) for c in board.columns]
        current = board.sort[0] if board.sort else OWN_ORDER
        self.push_screen(ChooseDialog(t("sort.title"), options, current), self._sort)

    def _sort(self, column: str | None) -> None:
        if column is None:
            return
        board = self.board
        text = column in ("code", "name", "time")
        if column == OWN_ORDER:
            board.sort_own()
        else:
            board.sort_by(column, descending=not text)

    def action_reverse(self) -> None:
        """Turn the order of the board round."""
        board = self.board
        if board.sort is None:
            self.show_toast(t("toast.not_sorted"))
        else:
            board.sort_by(board.sort[0], descending=not board.sort[1])

    def action_columns(self) -> None:
        """Ask which columns the board shows."""
        from app.screens.dialogs.choose_dialog import ChecklistDialog

        board = self.board
        options = [(c.id, t(f"column.{c.id}").strip()) for c in board.columns]

        def take(ids: list[str] | None) -> None:
            if ids is not None:
                board.set_columns(ids)

        self.push_screen(
            ChecklistDialog(t("columns.title"), options, board.requested_columns), take
        )

    def action_move(self, way: str) -> None:
        """Move the cursor of the board."""
        self.board.action_move(way)

    # --- the panels

    def action_panel(self, name: str) -> None:
        """Focus a panel, showing it if need be; the order book that has the focus is hidden."""
        if name == "book" and self.desk.focused_panel == name:
            self.desk.hide(name)
        else:
            self.desk.go_to(name)

    def action_next_panel(self, way: int) -> None:
        """Focus the next panel that is shown."""
        shown = self.desk.panels
        at = shown.index(self.desk.focused_panel) if self.desk.focused_panel in shown else 0
        self.desk.go_to(shown[(at + way) % len(shown)])

    def action_panels(self) -> None:
        """Ask which panels are shown."""
        from app.screens.dialogs.choose_dialog import ChecklistDialog

        options = [(name, t(f"panel.{name}")) for name in PANELS]

        def take(names: list[str] | None) -> None:
            if names:
                self.desk.apply_arrangement(names, self.desk.arrangement, self.desk.sizes)
                self.desk.go_to(names[0])

        self.push_screen(ChecklistDialog(t("panels.title"), options, self.desk.panels), take)

    def action_resize(self, steps: int) -> None:
        """Make the focused panel larger or smaller."""
        self.desk.resize(steps)

    def action_arrange(self) -> None:
        """Stand in the next arrangement."""
        if self.desk.is_narrow:
            self.show_toast(t("toast.narrow"))
            return
        self.desk.next_arrangement()
        self.show_toast(t(f"arrangement.{self.desk.arrangement}"))

    def action_zoom(self) -> None:
        """Give the focused panel all the room, or take it back."""
        self.desk.zoom()

    # --- layouts

    def action_open(self) -> None:
        """Ask for a layout and open it."""
        from app.screens.dialogs.choose_dialog import ChooseDialog

        names = self.program.store.names()
        if not names:
            self.show_toast(t("toast.no_layouts"))
            return
        options = [(name, name) for name in names]
        self.push_screen(ChooseDialog(t("open.title"), options, self.layout_name), self._open)

    def _open(self, name: str | None) -> None:
        if name is None:
            return
        try:
            layout = self.program.store.load(name)
        except KisTuiError as error:
            self.show_toast(error.message, warning=True)
            return
        self.open_layout(layout)
        self.show_toast(t("toast.opened", name=name))
        if count := self.positions.open_beside(name):
            self.show_toast(t("positions.opened", count=count))

    def action_save(self) -> None:
        """Ask for a name and save the layout under it."""
        from app.screens.dialogs.name_dialog import NameDialog

        store = self.program.store
        self.push_screen(NameDialog(self.layout_name, check_name, store.names()), self._save)

    def _save(self, name: str | None) -> None:
        if name is None:
            return
        try:
            self.program.store.save(replace(self.present_layout(), name=name))
        except KisTuiError as error:
            self.show_toast(error.message, warning=True)
            return
        self.layout_name = name
        self.positions.save_beside(name)
        self.show_codes()
        self.show_toast(t("toast.saved", name=name))

    def action_colours(self) -> None:
        """Colour ups and downs the next way."""
        self.colour(UPDOWN[(UPDOWN.index(self.updown) + 1) % len(UPDOWN)])
        self.show_toast(t(f"updown.{self.updown}"))

    # --- the program

    def action_export(self) -> None:
        """Write what the focused panel shows to a file, raw."""
        from app.market import panel_export as export

        panel, board, row = self.desk.focused_panel, self.board, self.desk.ladder.selected
        now = self.program.clock.now()
        if panel == "book":
            lines = export.levels(row, now) if row is not None else []
        else:
            columns = [column for column in board.columns if column.id in board.requested_columns]
            rows = [row for code in board.codes if (row := self.book.row(code)) is not None]
            lines = export.table(rows, columns, now)
        self.write_export(panel, lines)

    def write_export(self, what: str, lines: "list[list[Value]]") -> None:
        """Write a heading and lines to a file named for what they are, and say which."""
        from app.market import panel_export as export

        if len(lines) < 2:
            self.show_toast(t("export.nothing"))
            return
        try:
            path = export.save(self.program.exports, what, self.program.clock.now(), lines)
        except KisTuiError as error:
            self.show_toast(error.message, warning=True)
        else:
            self.show_toast(t("export.done", path=path))

    def action_command_palette(self) -> None:
        """Find a command by its name."""
        from textual.command import CommandPalette

        placeholder = t("palette.placeholder")
        self.push_screen(CommandPalette(placeholder=placeholder, id="--command-palette"))

    def action_help(self) -> None:
        """Show every key and sign."""
        from app.screens.dialogs.help_dialog import HelpDialog

        page = self.page
        if page is None:
            self.push_screen(HelpDialog((), self.TABLE))
        else:
            self.push_screen(HelpDialog((*page.table, BACK), self.beside(page)))
