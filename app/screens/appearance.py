"""The colours of the dashboard: its theme, and whose colours are up and down."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.console import Console
from textual import constants

from app.screens.services import Services
from app.screens.textual_compat import SafeApp
from app.screens.textual_compat.mouse_reports import report_mouse
from app.screens.textual_compat.sign_width import choose_signs, redraw
from app.screens.textual_compat.style_codes import StyleCodes
from app.screens.textual_compat.theme_output import show_theme
from app.screens.theme import palette_of, textual_theme
from app.storage.palettes import THEMES, ColorTheme
from app.storage.setting_store import setting_choices
from app.system.errors import KisTuiError
from specs.palette import ColorDepth
from specs.preferences import Signs, Updown
from specs.user_message import UserText
from widgets.texts import t

if TYPE_CHECKING:
    from app.screens.boards_screen import BoardsScreen
    from app.screens.dialogs.settings_dialog import ShownSetting

_DEPTHS: dict[str, ColorDepth] = {"256": "256", "standard": "16"}
"""The depth by Rich's name of it; all others have many colours."""

_SYSTEMS = {
    "many": ColorSystem.TRUECOLOR,
    "256": ColorSystem.EIGHT_BIT,
    "16": ColorSystem.STANDARD,
    "none": None,
}


def terminal_colors(environment: Mapping[str, str], *, no_color: bool) -> ColorDepth:
    """Return how many colours a terminal has, by ``TERM`` and ``COLORTERM``.

    `no_color` and ``NO_COLOR`` ask for none.
    """
    if no_color or environment.get("NO_COLOR"):
        return "none"
    names = {key: value for key, value in environment.items() if key != "NO_COLOR"}
    console = Console(
        force_terminal=True,
        color_system=constants.COLOR_SYSTEM,  # type: ignore[arg-type]
        legacy_windows=False,
        _environ=names,
    )
    return _DEPTHS.get(console.color_system or "", "many")


def toggle_mouse(app: SafeApp) -> None:
    """Turn mouse reports off, so that the terminal itself selects text, or on again."""
    app.reports_mouse = not app.reports_mouse
    report_mouse(app, on=app.reports_mouse)
    app.show_toast(t("mouse.on" if app.reports_mouse else "mouse.off"))


class Appearance:
    """Shows themes in the colours that the terminal has, and asks for one."""

    def __init__(self, app: SafeApp, program: Services) -> None:
        self._app = app
        self._program = program
        self.theme = program.theme
        self.updown: Updown = program.layout.updown
        choose_signs(app.console, program.settings.signs)
        self._show()

    def show_theme(self, theme: ColorTheme) -> None:
        """Show everything in another theme."""
        if theme != self.theme:
            self.theme = theme
            self._show()

    def show_updown(self, updown: Updown) -> None:
        """Show ups and downs in other colours."""
        if updown != self.updown:
            self.updown = updown
            self._show()

    def _show(self) -> None:
        theme, depth = self.theme, self._program.color_depth
        colors = palette_of(theme, depth)
        codes = StyleCodes(_SYSTEMS[depth])
        if theme.is_own and depth != "none":
            codes = StyleCodes(ColorSystem.STANDARD, (colors.text, colors.background))
        show_theme(self._app, textual_theme(theme, depth, self.updown), codes)

    def ask(self, boards: "BoardsScreen") -> None:
        """Show all settings; those that the screen shows change it at once."""
        from app.screens.dialogs.settings_dialog import SettingsDialog

        describe = partial(self._describe, boards)
        self._app.push_screen(SettingsDialog(self._program.setting_store, describe))

    def _describe(self, boards: "BoardsScreen", name: str) -> "ShownSetting":
        from app.screens.dialogs.settings_dialog import ShownSetting

        value = self._program.setting_store.value(name)
        choices = [(one, _value_words(name, one)) for one in setting_choices(name)]
        match name:
            case "theme":
                names = self._program.themes.names()
                choices = [(one, _value_words(name, one)) for one in names]
                return ShownSetting(self.theme.name, choices, self._show_named_theme)
            case "updown":
                show = partial(self._choose_updown, boards)
                return ShownSetting(self.updown, choices, show, self.updown != value)
            case "signs":
                return ShownSetting(value, choices, self._show_signs)
            case "greeks":
                return ShownSetting(value, choices, boards.show_greeks)
        return ShownSetting(value, choices, None)

    def _show_named_theme(self, name: str) -> UserText | None:
        try:
            self.show_theme(self._program.themes.load(name))
        except KisTuiError as error:
            return error.message
        return None

    def _choose_updown(self, boards: "BoardsScreen", name: Updown) -> None:
        boards.layouts.updown = name
        self.show_updown(name)

    def _show_signs(self, name: Signs) -> None:
        choose_signs(self._app.console, name)
        redraw(self._app)


def _value_words(name: str, value: object) -> str:
    """Return what a value means; empty where it says so itself."""
    if isinstance(value, bool):
        return t("setting_value.on" if value else "setting_value.off")
    if name == "theme" and value not in THEMES:
        return t("setting_value.own_file")
    return t(f"setting_value.{name.replace('.', '_')}_{value}")
