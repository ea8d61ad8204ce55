"""The commands that open and save layouts, with their dialogs and messages."""

from collections.abc import Callable

from app.screens.dashboard_screen import DashboardScreen
from app.screens.layout_keeper import LayoutKeeper
from app.screens.textual_compat import SafeApp
from app.storage.layouts import Layout, check_name
from app.system.errors import KisTuiError
from widgets.texts import t


class LayoutCommands:
    """Opens and saves layouts by name.

    `show` arranges the boards by a layout, and `rename` shows the name of the open one anew.
    """

    def __init__(
        self,
        screen: DashboardScreen,
        layouts: LayoutKeeper,
        show: Callable[[Layout], None],
        rename: Callable[[], object],
    ) -> None:
        self._screen = screen
        self._layouts = layouts
        self._show = show
        self._rename = rename

    def ask_open(self) -> None:
        """Ask for a layout and open it; layouts are renamed and deleted there, too."""
        from app.screens.dialogs.layouts_dialog import LayoutsDialog

        if self._layouts.store.names():
            self._app.push_screen(LayoutsDialog(self._layouts), self._open)
        else:
            self._app.show_toast(t("toast.no_layouts"))

    def ask_save(self) -> None:
        """Ask for a name and save the layout under it."""
        from app.screens.dialogs.name_dialog import NameDialog

        dialog = NameDialog(self._layouts.name, check_name, self._layouts.store.names())
        self._app.push_screen(dialog, self._save)

    def _open(self, name: str | None) -> None:
        if name is None:
            self._rename()
            return
        try:
            layout = self._layouts.store.load(name)
        except KisTuiError as error:
            self._app.show_toast(error.message, warning=True)
            return
        self._show(layout)
        count = self._layouts.open_positions(name)
        text = t("positions.opened", name=name, count=count) if count else None
        self._app.show_toast(text or t("toast.opened", name=name))

    def _save(self, name: str | None) -> None:
        if name is None:
            return
        try:
            self._layouts.save_as(name)
        except KisTuiError as error:
            self._app.show_toast(error.message, warning=True)
        else:
            self._rename()
            self._app.show_toast(t("toast.saved", name=name))

    @property
    def _app(self) -> SafeApp:
        return self._screen.app
