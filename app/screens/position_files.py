"""Import and export of positions by a dialog that asks for the file."""

from collections.abc import Callable
from pathlib import Path

from app.instruments.code_lookup import CodeLookup
from app.portfolio.csv_file import ImportedPositions, export_sheet, import_sheet, import_summary
from app.screens.dialogs.path_dialog import PathDialog
from app.screens.textual_compat import SafeApp
from app.screens.workspace import Workspace
from widgets.message_text import message_text
from widgets.texts import t


class PositionFiles:
    """Reads positions from a file that the user names, and writes them to one."""

    def __init__(self, app: SafeApp, workspace: Workspace, changed: Callable[[], None]) -> None:
        """`changed` is called when a file has replaced the positions."""
        self._app = app
        self._clock = workspace.program.clock
        self._positions = workspace.positions
        self._lookup = CodeLookup(workspace.program.contracts)
        self._changed = changed

    def ask_import(self) -> None:
        """Ask for a table and replace all positions by its rows."""
        count = len(self._positions.positions)
        note = t("positions.import_replaces", count=count) if count else ""
        dialog = PathDialog(
            t("positions.import"),
            "positions.import_hint",
            lambda path: import_sheet(path, self._lookup.find),
            note=note,
        )
        self._app.push_screen(dialog, self._replace_all)

    def _replace_all(self, found: ImportedPositions | None) -> None:
        if found is not None:
            self._positions.change(self._positions.positions.replace_all(found.positions))
            self._changed()
            self._app.show_toast(f"{message_text(import_summary(found))} · {t('positions.undo')}")

    def ask_export(self) -> None:
        """Ask for a file and write all positions to it."""
        found = tuple(self._positions.positions.values())
        if not found:
            self._app.show_toast(t("positions.nothing_to_export"))
            return
        name = f"~/positions-{self._clock.now():%Y%m%d}.csv"
        dialog = PathDialog(
            t("positions.export"),
            "positions.export_hint",
            lambda path: export_sheet(path, found),
            name,
        )
        self._app.push_screen(dialog, self._exported)

    def _exported(self, path: Path | None) -> None:
        if path is not None:
            self._app.show_toast(t("positions.exported", path=path))
