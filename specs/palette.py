"""The colours of a theme: what each is for, and how a file of the user writes it."""

from typing import Annotated, Literal, get_type_hints

from msgspec import Meta, Struct

HexColor = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
"""A colour such as ``#0e1216``."""


ColorDepth = Literal["many", "256", "16", "none"]
"""How many colours a terminal has."""


class Palette(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The colours of a theme; every text colour is readable on every background."""

    background: HexColor
    surface: HexColor
    """Background of dialogs."""
    panel: HexColor
    """Background of status line, key hints and strikes."""
    mark: HexColor
    """Background of marked rows: totals, in the money."""
    cursor: HexColor
    """Background of the row under the cursor."""
    flash: HexColor
    """Background of a value that has just changed."""

    text: HexColor
    """Fresh values and unchanged prices."""
    older: HexColor
    old: HexColor
    label: HexColor
    accent: HexColor
    """Focus, keys and titles."""
    live: HexColor
    """The connection delivers data."""
    warning: HexColor
    error: HexColor
    red: HexColor
    blue: HexColor
    green: HexColor
    orange: HexColor
    """Red, blue, green and orange are the colours of up and down; `UPDOWN_COLORS` says which."""

    rule: HexColor
    """Lines and borders."""
    focus: HexColor
    """The border in focus, bars and sparklines."""
    volume: HexColor
    band: HexColor
    """The band between bid and ask of a smile."""
    red_bar: HexColor
    blue_bar: HexColor
    green_bar: HexColor
    orange_bar: HexColor
    """The bars of the order book."""


class TextStyles(Struct, frozen=True):
    """Attributes that stand in where colours are few: ``none``, ``bold``, ``reverse`` …"""

    cursor: str = "bold"
    flash: str = "none"
    old: str = "none"
    warning: str = "none"


COLOR_NAMES = tuple(get_type_hints(Palette))

BACKGROUNDS = ("background", "surface", "panel", "mark", "cursor", "flash")
TEXT_COLORS = (
    "text", "older", "old", "label", "accent", "live", "warning", "error",
    "red", "blue", "green", "orange",
)  # fmt: skip

UPDOWN_COLORS = {"kr": ("red", "blue"), "us": ("green", "red"), "cb": ("orange", "blue")}
"""The colours of up and of down; ``mono`` has none."""
