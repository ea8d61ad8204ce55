"""The theme of the screen: the palette of a `ColorTheme` as variables of the style sheet.

Which palette depends on the colours of the terminal.  Up and down are ``$up`` and ``$down`` where
a sign stands beside them, and ``$down-unsigned`` where the colour alone tells them apart.
"""

from msgspec.structs import asdict
from textual.theme import Theme

from app.storage.palettes import FEW_COLORS, NO_COLORS, ColorTheme
from specs.palette import UPDOWN_COLORS, ColorDepth, Palette, TextStyles
from specs.preferences import Updown

_NAMES = {"text": "foreground", "older": "text-older", "old": "text-old", "label": "text-label"}
"""The variables of colours whose names Textual or the style sheet has otherwise."""


def palette_of(theme: ColorTheme, depth: ColorDepth) -> Palette:
    """Return the colours of a theme in a terminal."""
    if depth == "many":
        return theme.many
    return theme.eight_bit if depth == "256" else theme.sixteen


def styles_of(theme: ColorTheme, depth: ColorDepth) -> TextStyles:
    """Return the attributes that a theme adds to its colours in a terminal."""
    if depth == "none":
        return NO_COLORS
    return FEW_COLORS if theme.is_own or depth == "16" else TextStyles()


def textual_theme(theme: ColorTheme, depth: ColorDepth, updown: Updown) -> Theme:
    """Return a theme for Textual, named after all three."""
    colors, styles = palette_of(theme, depth), styles_of(theme, depth)
    return Theme(
        name=f"{theme.name}-{depth}-{updown}",
        primary=colors.focus,
        secondary=colors.label,
        accent=colors.accent,
        warning=colors.warning,
        error=colors.error,
        success=colors.live,
        foreground=colors.text,
        background=colors.background,
        surface=colors.surface,
        panel=colors.panel,
        dark=theme.is_dark,
        variables={
            **{
                _NAMES.get(name, name.replace("_", "-")): one
                for name, one in asdict(colors).items()
            },
            **_updown_variables(colors, updown),
            **{f"{name}-style": one for name, one in asdict(styles).items()},
            **_textual_variables(colors, styles),
        },
    )


def _variable(name: str) -> str:
    """Return the variable of the style sheet that a colour is."""
    return _NAMES.get(name, name.replace("_", "-"))


def _updown_variables(colors: Palette, updown: Updown) -> dict[str, str]:
    """Return the colours of up and down, and of the bars of bids and asks."""
    named = asdict(colors)
    if updown not in UPDOWN_COLORS:
        return {
            "up": colors.text, "down": colors.text, "down-unsigned": colors.old,
            "bid-bar": colors.older, "ask-bar": colors.old,
        }  # fmt: skip
    up, down = UPDOWN_COLORS[updown]
    return {
        "up": named[up], "down": named[down], "down-unsigned": named[down],
        "bid-bar": named[f"{up}_bar"], "ask-bar": named[f"{down}_bar"],
    }  # fmt: skip


def _textual_variables(colors: Palette, styles: TextStyles) -> dict[str, str]:
    """Return the colours of Textual's own lists, fields and scroll bars."""
    return {
        "block-cursor-foreground": colors.text,
        "block-cursor-background": colors.cursor,
        "block-cursor-text-style": styles.cursor,
        "block-cursor-blurred-foreground": colors.text,
        "block-cursor-blurred-background": colors.cursor,
        "block-cursor-blurred-text-style": styles.cursor,
        "block-hover-background": colors.mark,
        "border": colors.focus,
        "border-blurred": colors.rule,
        "input-cursor-background": colors.surface,
        "input-cursor-foreground": colors.text,
        "input-cursor-text-style": "reverse",
        "input-selection-background": colors.cursor,
        "input-selection-foreground": colors.text,
        "screen-selection-background": colors.cursor,
        "screen-selection-foreground": colors.text,
        "text": colors.text,
        "text-muted": colors.label,
        "text-disabled": colors.old,
        "foreground-muted": colors.label,
        "foreground-disabled": colors.old,
        "text-primary": colors.accent,
        "text-secondary": colors.label,
        "text-accent": colors.accent,
        "text-warning": colors.warning,
        "text-error": colors.error,
        "text-success": colors.live,
        "scrollbar": colors.rule,
        "scrollbar-hover": colors.volume,
        "scrollbar-active": colors.accent,
        "scrollbar-background": colors.background,
        "scrollbar-background-hover": colors.background,
        "scrollbar-background-active": colors.background,
        "scrollbar-corner-color": colors.background,
    }
