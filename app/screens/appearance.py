"""The colours of the dashboard: its theme, and whose colours are up and down."""

from collections.abc import Mapping
from functools import partial
from typing import get_args

import msgspec
from rich.color import ColorSystem
from rich.console import Console
from textual import constants

from app.screens.layout_keeper import LayoutKeeper
from app.screens.services import Services
from app.screens.setting_choice import SettingChoice
from app.screens.textual_compat import SafeApp
from app.screens.textual_compat.sign_width import choose_signs, redraw
from app.screens.textual_compat.style_codes import StyleCodes
from app.screens.textual_compat.theme_output import show_theme
from app.screens.theme import palette_of, textual_theme
from app.storage.palettes import THEMES, ColorTheme
from app.system.errors import KisTuiError
from specs.palette import ColorDepth
from specs.preferences import Signs, Updown
from widgets.texts import t

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

    def ask(self, layouts: LayoutKeeper) -> None:
        """Ask for a setting, showing each value under the cursor, and keep what is chosen."""
        from app.screens.dialogs.settings_dialog import SettingsDialog

        keep = partial(self._keep, layouts)
        self._app.push_screen(SettingsDialog(self._choices()), keep)

    def _choices(self) -> tuple[SettingChoice, ...]:
        themes = [
            (name, t(f"setting_value.{name}" if name in THEMES else "setting_value.own_file"))
            for name in self._program.themes.names()
        ]
        updowns = [(name, t(f"setting_value.{name}")) for name in get_args(Updown)]
        signs = [(name, t(f"setting_value.{name}")) for name in get_args(Signs)]
        return (
            SettingChoice("theme", themes, self.theme.name, self._preview_theme),
            SettingChoice("updown", updowns, self.updown, self._preview_updown),
            SettingChoice("signs", signs, self._program.settings.signs, self._preview_signs),
        )

    def _preview_theme(self, name: str) -> bool:
        try:
            self.show_theme(self._program.themes.load(name))
        except KisTuiError as error:
            self._app.show_toast(error.message, warning=True)
            return False
        return True

    def _preview_updown(self, name: str) -> bool:
        self.show_updown(msgspec.convert(name, Updown))
        return True

    def _preview_signs(self, name: str) -> bool:
        choose_signs(self._app.console, msgspec.convert(name, Signs))
        redraw(self._app)
        return True

    def _keep(self, layouts: LayoutKeeper, chosen: tuple[str, str] | None) -> None:
        if chosen is None:
            return
        name, value = chosen
        if name == "updown":
            layouts.updown = self.updown
        try:
            self._program.keep_setting(name, value)
        except KisTuiError as error:
            self._app.show_toast(error.message, warning=True)
        else:
            self._app.show_toast(t("settings.kept", name=t(f"setting.{name}"), value=value))
