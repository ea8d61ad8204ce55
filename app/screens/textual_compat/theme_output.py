"""Shows a theme, in the colours that the terminal has."""

from typing import Any

from textual.app import App
from textual.filter import Monochrome
from textual.theme import Theme

from app.screens.textual_compat.partial_paint import set_style_codes
from app.screens.textual_compat.style_codes import StyleCodes


def show_theme(app: App[Any], theme: Theme, codes: StyleCodes) -> None:
    """Show everything in a theme, whose styles are written by `codes`.

    Textual's own grey of ``NO_COLOR`` is left out: it would darken what is red.
    """
    app._filters = [one for one in app._filters if not isinstance(one, Monochrome)]
    app.no_color = codes.system is None
    set_style_codes(app.console, codes)
    app.register_theme(theme)
    app.theme = theme.name
