"""Themes on the running dashboard: every cell in their colours, previews, and what is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.color_metrics import Rgb, contrast, shown
from harness.dashboard import DashboardHarness, at, run_dashboard
from msgspec.structs import asdict
from rich.color import Color, ColorSystem
from rich.style import Style
from textual.geometry import Region

from app.screens.theme import palette_of
from app.storage.palettes import THEMES, ColorTheme
from app.system.files import ProgramFolders
from specs.palette import ColorDepth

FEW = ("A01612", "B01612A33", "C01612A33")
SYSTEMS: dict[ColorDepth, ColorSystem] = {
    "many": ColorSystem.TRUECOLOR,
    "256": ColorSystem.EIGHT_BIT,
    "16": ColorSystem.STANDARD,
}
DRAWN = frozenset("─│╭╮╰╯━┃▏▎▍▌▋▊▉█▁▂▃▄▅▆▇▐▔▕╸╺┄┈·")
"""Lines, bars and borders, which are no text."""


def cells_of(stage: DashboardHarness, region: Region | None = None) -> Iterator[tuple[str, Style]]:
    """Yield text and style of everything on the screen, or of a region of it."""
    for y, strip in enumerate(stage.app.screen._compositor.render_strips()):
        if region is not None and not region.y <= y < region.bottom:
            continue
        part = strip if region is None else strip.crop(region.x, region.right)
        yield from ((text, style or Style.null()) for text, style, _ in part)


def seen(style: Style, system: ColorSystem) -> tuple[Rgb, Rgb]:
    """Return text colour and background of a style as the terminal shows them."""

    def of(color: Color | None) -> Rgb:
        assert color is not None
        assert color.triplet is not None
        return shown(color.triplet.hex, system)

    pair = of(style.color), of(style.bgcolor)
    return (pair[1], pair[0]) if style.reverse else pair


def unreadable(
    stage: DashboardHarness, system: ColorSystem, region: Region | None = None
) -> set[tuple[str, float]]:
    """Return texts whose contrast is below 4.5, with it."""
    found, count = set(), 0
    for text, style in cells_of(stage, region):
        # An empty box hides its cross.
        if text != "X" and set(text.strip()) - DRAWN:
            count += 1
            ratio = contrast(*seen(style, system))
            if ratio < 4.5:
                found.add((text.strip(), round(ratio, 2)))
    assert count > 8
    return found


async def show(stage: DashboardHarness, theme: ColorTheme, depth: ColorDepth) -> None:
    """Show a theme as in a terminal of some colours."""
    colors = palette_of(theme, depth)
    stage.app.program.color_depth = depth
    stage.app.appearance.theme = THEMES["light" if theme.name == "dark" else "dark"]
    stage.app.appearance.show_theme(theme)
    await stage.until(lambda: stage.app.theme_variables["foreground"] == colors.text)
    await stage.pilot.pause()


@pytest.mark.parametrize("page", ["boards", "chain", "help", "add", "columns", "settings"])
async def test_every_text_on_the_screen_is_readable_in_every_theme(page: str) -> None:
    async with run_dashboard(FEW) as stage:
        await stage.settle_at(at(17, 59, 50))
        await stage.press("4", "1", "down")
        await stage.step_to(at(18, 0, 20))
        keys = {"chain": "5", "help": "question_mark", "add": "a", "columns": "c"}
        if page != "boards":
            await stage.press(keys.get(page, "comma"))
        if page == "add":
            await stage.fill_field("위클리 콜")
        for theme in THEMES.values():
            for depth, system in SYSTEMS.items():
                await show(stage, theme, depth)
                as_shown = ColorSystem.STANDARD if theme.is_own else system
                boxes = stage.app.screen.query("#box")
                region = boxes.first().region if boxes else None
                low = unreadable(stage, as_shown, region)
                assert low == set(), (theme.name, depth)


async def test_a_theme_colours_every_cell_when_it_is_switched() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.step_to(at(18, 0, 20))
        for page in ("", "5", "6", "P", "8"):
            if page:
                await stage.press(page)
            for theme in (THEMES["light"], THEMES["contrast"], THEMES["dark"]):
                stage.app.appearance.show_theme(theme)
                await stage.wait_layout()
                allowed = set(asdict(theme.many).values())
                used = {
                    color.triplet.hex
                    for _, style in cells_of(stage)
                    for color in (style.color, style.bgcolor)
                    if color is not None and color.triplet is not None
                }
                assert used <= allowed, (theme.name, page)
            if page:
                await stage.press("escape")


async def test_a_theme_is_shown_at_once_kept_and_undone() -> None:
    async with run_dashboard(FEW) as stage:
        app, path = stage.app, ProgramFolders.find().config / "config.toml"
        await stage.press("comma", "down", "right")
        assert app.appearance.theme.name == "light"
        await stage.press("u")
        assert app.appearance.theme.name == "dark"
        assert not path.exists()
        await stage.press("right", "right", "escape")
        assert app.appearance.theme.name == "contrast"
        assert path.read_text(encoding="utf-8") == 'theme = "contrast"\n'


async def test_colours_of_up_and_down_are_shown_at_once_and_kept_in_layout_and_settings() -> None:
    async with run_dashboard(FEW) as stage:
        app, path = stage.app, ProgramFolders.find().config / "config.toml"
        palette = palette_of(THEMES["dark"], "many")
        await stage.press("comma", "down", "down", "right")
        assert app.theme_variables["up"] == palette.green
        await stage.press("right", "right")
        assert app.main.layouts.capture().updown == "mono"
        assert path.read_text(encoding="utf-8") == 'updown = "mono"\n'


async def test_a_theme_of_the_user_that_cannot_be_read_is_named_and_not_kept(home: Path) -> None:
    folder = ProgramFolders.find().config / "themes"
    folder.mkdir(parents=True)
    (folder / "amber.toml").write_text('[colors]\naccent = "#ffb000"\n', encoding="utf-8")
    (folder / "broken.toml").write_text("[colors]\naccent = 3\n", encoding="utf-8")
    async with run_dashboard(FEW, notifications=True) as stage:
        # The broken one is named and passed over.
        await stage.press("comma", "down", "left")
        assert stage.app.theme_variables["accent"] == "#ffb000"
        await stage.until(lambda: "colors.accent" in stage.text)
        await stage.press("right")
        assert stage.app.appearance.theme.name == "dark"


async def test_without_colours_cursor_and_flash_are_reversed_and_ticks_are_told_apart() -> None:
    async with run_dashboard(FEW) as stage:
        await show(stage, THEMES["dark"], "none")
        await stage.step_to(at(18, 0, 20))
        reversed_texts = [text for text, style in cells_of(stage) if style.reverse]
        assert any("A01612" in text for text in reversed_texts)
        codes = stage.app.console.style_codes  # type: ignore[attr-defined]
        assert {codes(style) for _, style in cells_of(stage)} <= {"", "1", "2", "7", "1;7", "1;2"}
        live = [style for text, style in cells_of(stage) if "▲" in text or "▼" in text]
        assert live
        assert not any(style.dim for style in live)
        await stage.press("c", "space")
        ticked = {style.reverse for text, style in cells_of(stage) if text == "X"}
        assert ticked == {True, None} or ticked == {True, False}
