"""The built-in themes: their colours in terminals of 16 million, 256 and 16 colours, and of none.

In 256 colours the values are those of the terminals' own palette, whose dark ones are few.  In 16
they are the standard palette, of which only the bright half is readable on black; cursor and flash
are drawn reversed there.  `tests/app/screens/test_theme_contrast.py` computes all contrasts.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from specs.palette import Palette, TextStyles

DARK = Palette(
    background="#0e1216", surface="#12171c", panel="#1a2128",
    mark="#171f26", cursor="#1f2c36", flash="#26331d",
    text="#d9dee3", older="#b0b9c2", old="#8f99a3", label="#8f99a3",
    accent="#56c0cc", live="#45d0c6", warning="#f0cb62", error="#ff7f78",
    red="#ff7b74", blue="#75adff", green="#6fcf7f", orange="#ff9f55",
    rule="#2f3b45", focus="#3a97a2", volume="#1f707a", band="#0b4a53",
    red_bar="#8f4442", blue_bar="#3f5f8f", green_bar="#41784b", orange_bar="#8a6239",
)  # fmt: skip

LIGHT = Palette(
    background="#fbfaf7", surface="#f4f2ed", panel="#eceae4",
    mark="#f1efe9", cursor="#dde7ee", flash="#fbeeb0",
    text="#1d2429", older="#3f4a53", old="#56616a", label="#56616a",
    accent="#00616b", live="#006666", warning="#7a5000", error="#b3141c",
    red="#b8121f", blue="#0a4fb5", green="#12662c", orange="#9c3f00",
    rule="#c9c5bb", focus="#2f8f99", volume="#8fc3c8", band="#c4dfe2",
    red_bar="#d98f8c", blue_bar="#8caedb", green_bar="#8fbf9a", orange_bar="#dba878",
)  # fmt: skip

CONTRAST = Palette(
    background="#000000", surface="#000000", panel="#101010",
    mark="#141414", cursor="#00304a", flash="#3f3f00",
    text="#ffffff", older="#d8d8d8", old="#b4b4b4", label="#c8c8c8",
    accent="#5ff0ff", live="#40ffd8", warning="#ffe14a", error="#ff9d96",
    red="#ff9089", blue="#8fc2ff", green="#7dff8f", orange="#ffab61",
    rule="#6f7a85", focus="#5ff0ff", volume="#3f9aa5", band="#1f6a75",
    red_bar="#c0605c", blue_bar="#5580c0", green_bar="#55a060", orange_bar="#b88350",
)  # fmt: skip

_DARK_256 = Palette(
    background="#121212", surface="#121212", panel="#1c1c1c",
    mark="#1c1c1c", cursor="#262626", flash="#00005f",
    text="#dadada", older="#bcbcbc", old="#949494", label="#949494",
    accent="#5fd7d7", live="#5fd7af", warning="#ffd75f", error="#ff8787",
    red="#ff8787", blue="#5fafff", green="#5fd75f", orange="#ffaf5f",
    rule="#3a3a3a", focus="#5f8787", volume="#005f5f", band="#005f5f",
    red_bar="#875f5f", blue_bar="#5f5f87", green_bar="#5f875f", orange_bar="#87875f",
)  # fmt: skip

_LIGHT_256 = Palette(
    background="#ffffff", surface="#ffffff", panel="#eeeeee",
    mark="#eeeeee", cursor="#e4e4e4", flash="#ffffaf",
    text="#121212", older="#444444", old="#585858", label="#585858",
    accent="#005f5f", live="#005f5f", warning="#5f5f00", error="#af0000",
    red="#af0000", blue="#0000d7", green="#005f00", orange="#870000",
    rule="#bcbcbc", focus="#008787", volume="#87afaf", band="#afd7d7",
    red_bar="#d78787", blue_bar="#87afd7", green_bar="#87af87", orange_bar="#d7af87",
)  # fmt: skip

_CONTRAST_256 = Palette(
    background="#000000", surface="#000000", panel="#121212",
    mark="#1c1c1c", cursor="#00005f", flash="#303030",
    text="#ffffff", older="#d0d0d0", old="#b2b2b2", label="#b2b2b2",
    accent="#5fffff", live="#5fffd7", warning="#ffff5f", error="#ffafaf",
    red="#ff8787", blue="#87afff", green="#87ff87", orange="#ffaf5f",
    rule="#767676", focus="#5fffff", volume="#5f8787", band="#005f5f",
    red_bar="#af5f5f", blue_bar="#5f87af", green_bar="#5faf5f", orange_bar="#af875f",
)  # fmt: skip

_DARK_16 = Palette(
    background="#000000", surface="#000000", panel="#000000",
    mark="#000000", cursor="#000000", flash="#000000",
    text="#ffffff", older="#aaaaaa", old="#aaaaaa", label="#aaaaaa",
    accent="#00aaaa", live="#00aa00", warning="#ffff55", error="#ff5555",
    # The blue of 16 colours is not readable on black, and magenta is what they have of orange.
    red="#ff5555", blue="#55ffff", green="#55ff55", orange="#ff55ff",
    rule="#555555", focus="#00aaaa", volume="#0000aa", band="#0000aa",
    red_bar="#aa0000", blue_bar="#00aaaa", green_bar="#00aa00", orange_bar="#aa00aa",
)  # fmt: skip

_LIGHT_16 = Palette(
    background="#ffffff", surface="#ffffff", panel="#ffffff",
    mark="#ffffff", cursor="#ffffff", flash="#ffffff",
    text="#000000", older="#555555", old="#555555", label="#555555",
    accent="#5555ff", live="#5555ff", warning="#aa5500", error="#aa0000",
    # The greens of 16 colours are not readable on white.
    red="#aa0000", blue="#0000aa", green="#0000aa", orange="#aa00aa",
    rule="#aaaaaa", focus="#5555ff", volume="#55ffff", band="#55ffff",
    red_bar="#aa0000", blue_bar="#0000aa", green_bar="#0000aa", orange_bar="#aa00aa",
)  # fmt: skip

FEW_COLORS = TextStyles(cursor="bold reverse", flash="reverse")
NO_COLORS = TextStyles(cursor="bold reverse", flash="reverse", old="dim", warning="bold")


class ColorTheme(Struct, frozen=True):
    """A theme: its colours in terminals of many, of 256 and of 16 colours."""

    name: str
    many: Palette
    eight_bit: Palette
    sixteen: Palette
    is_dark: bool = True
    is_own: bool = False
    """Whether the terminal's own 16 colours are shown whatever it can, on its own background."""


THEMES = {
    theme.name: theme
    for theme in (
        ColorTheme("dark", DARK, _DARK_256, _DARK_16),
        ColorTheme("light", LIGHT, _LIGHT_256, _LIGHT_16, is_dark=False),
        ColorTheme("contrast", CONTRAST, _CONTRAST_256, _DARK_16),
        ColorTheme("terminal", _DARK_16, _DARK_16, _DARK_16, is_own=True),
    )
}
DEFAULT_THEME = "dark"


def terminal_theme(environment: Mapping[str, str]) -> ColorTheme:
    """Return the theme ``terminal``, for a light background where ``COLORFGBG`` tells of one."""
    theme = THEMES["terminal"]
    if environment.get("COLORFGBG", "").rpartition(";")[2] not in ("7", "15"):
        return theme
    return replace(theme, many=_LIGHT_16, eight_bit=_LIGHT_16, sixteen=_LIGHT_16, is_dark=False)
