"""The commands that set a note on a row, and what changes are measured from."""

from app.screens.list_screen import ListScreen
from app.screens.market_panels import MarketPanels
from specs.clean import clean
from specs.codes import LONGEST_NAME
from widgets.contract_names import contract_name
from widgets.texts import t


class RowViewCommands:
    """Asks for notes and chooses the baseline."""

    def __init__(self, screen: ListScreen, grid: MarketPanels) -> None:
        self._screen = screen
        self._grid = grid
        self._market = grid.market

    def ask_note(self, code: str) -> None:
        """Ask for a note on a contract; an empty one removes it."""
        from app.screens.dialogs.name_dialog import NameDialog

        if not code:
            return
        views, watchlist = self._market.row_views, self._market.watchlist

        def close(text: str | None) -> None:
            if text is None or not views.set_remark(
                code, clean(text, LONGEST_NAME), watchlist.version
            ):
                return
            self._show()
            if not text:
                self._screen.app.show_toast(t("notes.removed", name=self._name(code)))

        dialog = NameDialog(
            views.remarks.get(code, ""),
            lambda text: text,
            (),
            title="notes.title",
            fresh="notes.fresh",
            placeholder="notes.placeholder",
        )
        self._screen.app.push_screen(dialog, close)

    def undo_note(self) -> bool:
        """Undo the last change of a note; return False if the watchlist was changed after it."""
        code = self._market.row_views.undo_remark(self._market.watchlist.version)
        if not code:
            return False
        self._show()
        self._screen.app.show_toast(t("notes.undone", name=self._name(code)))
        return True

    def _name(self, code: str) -> str:
        return contract_name(self._market.instrument(code)) or code

    def next_baseline(self) -> None:
        """Measure changes from the next baseline."""
        views, moment = self._market.row_views, self._grid.clock.now()
        kind = views.next_baseline(self._market.all_rows, moment)
        self._show()
        self._screen.app.show_toast(t(f"baseline.{kind}", at=views.setup.at))

    def _show(self) -> None:
        if self._grid.frozen_at is not None:
            # Headings must not name another baseline than the values that stand still.
            self._screen.show_codes()
        self._grid.show_rows(self._market.show_views())
        self._grid.show_views()
