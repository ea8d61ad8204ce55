"""The colours of every theme, computed: readable, and told apart, in every kind of terminal."""

from itertools import combinations

import pytest
from harness.color_metrics import contrast, distance, luminance, shown
from msgspec.structs import asdict
from rich.color import ColorSystem

from app.screens.theme import palette_of, styles_of
from app.storage.palettes import THEMES, ColorTheme, terminal_theme
from specs.palette import BACKGROUNDS, COLOR_NAMES, TEXT_COLORS, UPDOWN_COLORS, ColorDepth

SYSTEMS: dict[ColorDepth, ColorSystem] = {
    "many": ColorSystem.TRUECOLOR,
    "256": ColorSystem.EIGHT_BIT,
    "16": ColorSystem.STANDARD,
}
ALL = (*THEMES.values(), terminal_theme({"COLORFGBG": "0;15"}))
CASES = [
    pytest.param(theme, depth, id=f"{theme.name}{at}-{depth}")
    for at, theme in enumerate(ALL)
    for depth in SYSTEMS
]

READABLE = 4.5
"""The contrast of text that WCAG 2.1 asks for at level AA."""
DISTINCT = 20.0
"""ΔE between two colours that mean different things; ten times what is just noticeable."""


def colors_of(theme: ColorTheme, depth: ColorDepth) -> dict[str, tuple[int, int, int]]:
    """Return what the terminal shows for each colour of a theme."""
    # The terminal's own colours are the 16 in every terminal.
    shown_as = ColorSystem.STANDARD if theme.is_own else SYSTEMS[depth]
    palette = asdict(palette_of(theme, depth))
    return {name: shown(palette[name], shown_as) for name in COLOR_NAMES}


@pytest.mark.parametrize(("theme", "depth"), CASES)
def test_every_text_is_readable_on_every_background(theme: ColorTheme, depth: ColorDepth) -> None:
    colors = colors_of(theme, depth)
    low = {
        (text, under): round(contrast(colors[text], colors[under]), 2)
        for text in TEXT_COLORS
        for under in BACKGROUNDS
        if contrast(colors[text], colors[under]) < READABLE
    }
    assert low == {}


@pytest.mark.parametrize(("theme", "depth"), CASES)
@pytest.mark.parametrize("updown", UPDOWN_COLORS)
def test_up_down_flat_warning_and_live_are_five_colours(
    theme: ColorTheme, depth: ColorDepth, updown: str
) -> None:
    colors = colors_of(theme, depth)
    five = (*UPDOWN_COLORS[updown], "text", "warning", "live")
    near = {
        (one, other): round(distance(colors[one], colors[other]), 1)
        for one, other in combinations(five, 2)
        if distance(colors[one], colors[other]) < DISTINCT
    }
    assert near == {}


@pytest.mark.parametrize(("theme", "depth"), CASES)
def test_a_fresh_value_stands_out_from_an_older_one(theme: ColorTheme, depth: ColorDepth) -> None:
    colors = colors_of(theme, depth)
    under = luminance(colors["background"])
    order = [abs(luminance(colors[name]) - under) for name in ("text", "older", "old")]
    assert order == sorted(order, reverse=True)
    assert distance(colors["text"], colors["older"]) >= 8
    assert distance(colors["text"], colors["old"]) >= 15


@pytest.mark.parametrize(("theme", "depth"), CASES)
def test_cursor_and_flash_are_seen_by_a_background_or_reversed(
    theme: ColorTheme, depth: ColorDepth
) -> None:
    colors, styles = colors_of(theme, depth), styles_of(theme, depth)
    for name, style in (("cursor", styles.cursor), ("flash", styles.flash)):
        seen = distance(colors[name], colors["background"]) >= 6
        assert seen != ("reverse" in style), name
    if "reverse" not in styles.flash:
        assert distance(colors["flash"], colors["cursor"]) >= 6


def test_colours_of_256_and_16_are_those_that_the_terminal_has() -> None:
    """A value that Rich would round is another colour than the one whose contrast is computed."""
    rounded = [
        (theme.name, name, color)
        for theme in ALL
        for depth, system in SYSTEMS.items()
        if depth == "16" or not theme.is_own
        for name, color in asdict(palette_of(theme, depth)).items()
        if distance(shown(color, system), shown(color, ColorSystem.TRUECOLOR)) > 5
    ]
    assert rounded == []


def test_no_colour_stands_in_the_style_sheet() -> None:
    from app.screens.app import KisTui

    sheet = KisTui.CSS_PATH.read_text(encoding="utf-8")
    values = [line for line in sheet.splitlines() if "olor: #" in line or "ground: #" in line]
    assert values == []
    assert "updown-" not in sheet, "the theme has $up, $down and $down-unsigned"


def test_without_colour_a_live_price_is_as_bright_as_text_and_an_old_one_dimmer() -> None:
    styles = styles_of(THEMES["dark"], "none")
    assert styles.old == "dim"
    assert "reverse" in styles.cursor
    assert "reverse" in styles.flash


@pytest.mark.parametrize(("value", "is_dark"), [("", True), ("15;0", True), ("0;15", False)])
def test_the_terminals_own_colours_follow_its_background(value: str, *, is_dark: bool) -> None:
    theme = terminal_theme({"COLORFGBG": value} if value else {})
    assert theme.is_dark is is_dark
    found = (theme.many.background, theme.many.text)
    assert found == (("#000000", "#ffffff") if is_dark else ("#ffffff", "#000000"))
