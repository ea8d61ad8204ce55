"""The line of keys at the foot of a dialog: one line in the usual box, with the way out."""

import re
from pathlib import Path

import pytest
from harness.dashboard import run_dashboard
from rich.cells import cell_len
from textual.widgets import Static

from widgets.texts import LANGUAGES, speaking, t

DIALOGS = Path(__file__).parents[3] / "app" / "screens" / "dialogs"
BOX = 72 - 6
"""Cells of a line in a box of the usual width, without border and padding."""
WIDE = 76 - 6
"""The same in a box that takes all it may of 80 columns."""


def hints() -> dict[str, set[str]]:
    """Return the text keys of hints by the modules of their dialogs."""
    named = re.compile(r'"([a-z_.]+_?hint)"')
    found = {path.stem: set(named.findall(path.read_text())) for path in DIALOGS.glob("*.py")}
    return {name: keys for name, keys in found.items() if keys}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hint_fits_a_line_and_names_the_way_out(language: str) -> None:
    keys = set.union(*hints().values()) | {"positions.import_hint", "positions.export_hint"}
    assert len(keys) > 15
    with speaking(language):
        for key in keys:
            wide = key in ("slots.hint", "positions.import_hint", "manual.hint", "log.hint")
            wide = wide or key == "settings.hint"
            assert cell_len(t(key)) <= (WIDE if wide else BOX), t(key)
            assert "Esc" in t(key), key


@pytest.mark.parametrize("key", ["f", "t", "question_mark", "e", "a", "o", "b"])
async def test_hints_are_one_line_at_80_columns(key: str) -> None:
    async with run_dashboard(("A01612", "B01612A31"), size=(80, 24)) as stage:
        stage.app.main.layouts.store.save(stage.app.main.capture_layout().__class__(name="one"))
        await stage.press(key)
        await stage.wait_layout()
        assert stage.app.screen.query_one(".hint", Static).size.height == 1
