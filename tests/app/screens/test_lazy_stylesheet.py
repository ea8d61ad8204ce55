"""Component styles computed on demand are those that Textual computes for all at once."""

from collections.abc import Iterable
from typing import Any

import pytest
from harness.dashboard import run_dashboard
from textual.css.model import RuleSet
from textual.css.parse import parse
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.theme import Theme
from textual.widget import Widget

from app.screens.textual_compat.lazy_stylesheet import LazyStylesheet
from app.screens.theme import textual_theme
from app.storage.palettes import THEMES


def computed_by_textual(sheet: Stylesheet, widget: Widget) -> dict[str, RulesMap]:
    """Return the rules of each component class of a widget, as Textual's own code finds them."""
    kept = widget._component_styles
    widget._component_styles = {}
    Stylesheet._process_component_classes(sheet, widget)
    rules = {name: styles.get_rules() for name, styles in widget._component_styles.items()}
    widget._component_styles = kept
    return rules


@pytest.mark.parametrize("page", ["", "6", "7", "8"])
async def test_component_styles_equal_those_of_textual(page: str) -> None:
    async with run_dashboard(live=False) as stage:
        if page:
            await stage.press(page)
        compared = 0
        for widget in stage.app.screen.walk_children(Widget):
            expected = computed_by_textual(stage.app.stylesheet, widget)
            for name, rules in expected.items():
                assert widget.get_component_styles(name).get_rules() == rules
                compared += 1
        assert compared > 10


async def test_component_styles_follow_the_theme() -> None:
    async with run_dashboard(live=False) as stage:
        board = stage.app.main.grid.watchlist
        before = board.get_component_rich_style("board--header")
        dark = textual_theme(THEMES["dark"], "many", "kr")
        variables = dark.variables | {"text-label": "#ff00ff"}
        other = Theme("other", primary="#102030", variables=variables)
        stage.app.register_theme(other)
        stage.app.theme = "other"
        await stage.pilot.pause()
        after = board.get_component_rich_style("board--header")
        assert after != before
        assert after.color is not None
        assert after.color.triplet is not None
        assert after.color.triplet.hex == "#ff00ff"


async def test_an_unknown_component_class_is_refused() -> None:
    async with run_dashboard(live=False) as stage:
        with pytest.raises(KeyError):
            stage.app.main.grid.watchlist.get_component_styles("board--unknown")


async def test_css_is_parsed_again_only_with_other_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed = 0

    def counted(scope: str, css: str, *args: Any, **options: Any) -> Iterable[RuleSet]:
        nonlocal parsed
        parsed += "Ladder > .ladder--value" in css
        return parse(scope, css, *args, **options)

    monkeypatch.setattr("textual.css.stylesheet.parse", counted)
    async with run_dashboard(live=False) as stage:
        assert isinstance(stage.app.stylesheet, LazyStylesheet)
        assert parsed == 1
        stage.app.refresh_css()
        assert parsed == 1
