"""The page of all fields: what KIS sent last of one contract, field by field."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from app.screens.keymap import Command, page_bindings
from app.screens.layout_keeper import LayoutKeeper
from app.screens.page_screen import PageScreen
from app.screens.workspace import Workspace
from widgets.contract_names import contract_name
from widgets.field_sheet import FieldSheet
from widgets.status import StatusLine, StatusPart
from widgets.texts import t


class FieldsScreen(PageScreen):
    """Every field of the selected contract's trade, expected execution and order book."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("fields_before", ("left_square_bracket",), "[", "contract(-1)", "page", 2),
        Command("fields_after", ("right_square_bracket",), "]", "contract(1)", "page", 3),
        Command("fields_export", ("E", "x"), "E x", "export", "page", 4),
        Command("fields_up", ("up", "k"), "↑ k", "move('up')", "page"),
        Command("fields_down", ("down", "j"), "↓ j", "move('down')", "page"),
        Command("fields_top", ("home", "g"), "Home g", "move('top')", "page"),
        Command("fields_bottom", ("end", "G"), "End G", "move('bottom')", "page"),
        Command("fields_page_up", ("pageup", "ctrl+u"), "PgUp ^u", "move('page_up')", "page"),
        Command("fields_page_down", ("pagedown", "ctrl+d"), "PgDn ^d", "move('page_down')", "page"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *page_bindings(KEYS),
        # The key that opens the page also leaves it.
        Binding("enter", "back", show=False),
    ]
    AUTO_FOCUS = "#fields"

    def __init__(self, workspace: Workspace, layouts: LayoutKeeper, code: str) -> None:
        """`code` is the contract that the page begins with."""
        super().__init__(workspace, layouts, code)
        self._head = StatusLine("fields_head")
        self.sheet = FieldSheet()
        self.code = code

    def compose_body(self) -> Widget:
        return Vertical(self._head, self.sheet, id="fields_box")

    def on_mount(self) -> None:
        self.refresh_rows(live=True)

    # --- what it wants

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.code,) if self.code else ()

    @property
    def focus_code(self) -> str:
        return self.code

    # --- what it shows

    def refresh_rows(self, *, live: bool) -> None:
        row = self.market.book.row(self.code)
        name = contract_name(row.instrument) if row is not None else ""
        self._head.show(
            [StatusPart(name or self.code, 0, "bold"), StatusPart(self.code if name else "", 1)],
            [StatusPart(t("fields.source"), 2, "$text-label")],
        )
        self.sheet.show(row, self.program.clock.monotonic(), live=live)

    # --- keys

    def action_contract(self, way: int) -> None:
        """Show the next contract of the watchlist, or the one before."""
        codes = list(self.market.open_contracts)
        if not codes:
            return
        at = codes.index(self.code) + way if self.code in codes else 0
        self.code = codes[at % len(codes)]
        self.refresh_rows(live=True)

    def action_move(self, way: str) -> None:
        """Scroll."""
        self.sheet.move(way)

    def action_export(self) -> None:
        """Write all fields of the shown contract and of the watched ones to a file, raw."""
        from app.market.row_export import field_table

        codes = dict.fromkeys((self.code, *self.market.open_contracts))
        rows = [row for code in codes if (row := self.market.book.row(code)) is not None]
        self.write_export("fields", field_table(rows))
