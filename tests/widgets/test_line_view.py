"""The base of widgets that draw their lines: who has it, and which lines it repaints."""

import ast
import importlib
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget

import widgets
from widgets.line_view import LineView, row_towards
from widgets.timeline import PlaybackHead, TimelineBar, TimelinePicture

MODULES = sorted(Path(widgets.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_widget_that_draws_lines_is_a_line_view(path: Path) -> None:
    classes = [n for n in ast.parse(path.read_text()).body if isinstance(n, ast.ClassDef)]
    module = importlib.import_module(f"widgets.{path.stem}")
    for node in classes:
        methods = {m.name for m in node.body if isinstance(m, ast.FunctionDef)}
        kind = getattr(module, node.name)
        if "render_line" in methods or (isinstance(kind, type) and issubclass(kind, LineView)):
            assert issubclass(kind, LineView), node.name
            assert kind is LineView or node.name == "CursorView" or kind.TONE_PREFIX


@pytest.mark.parametrize(
    ("direction", "row", "count", "target"),
    [
        ("up", 3, 9, 2),
        ("up", 0, 9, 0),
        ("down", 8, 9, 8),
        ("top", 5, 9, 0),
        ("bottom", 5, 9, 8),
        ("page_up", 6, 9, 2),
        ("page_down", 6, 9, 8),
        ("left", 6, 9, 6),
        ("down", 0, 0, 0),
    ],
)
def test_row_towards_stays_within_the_rows(
    direction: str, row: int, count: int, target: int
) -> None:
    assert row_towards(direction, row, count, page=4) == target


class Timeline(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.bar = TimelineBar()

    def compose(self) -> ComposeResult:
        self.bar.styles.height = 2
        yield self.bar


async def test_timeline_repaints_only_the_line_that_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = Timeline()
    picture = TimelinePicture("17:50", "06:00", (), ())
    async with app.run_test(size=(49, 4)):
        app.bar.show(picture, PlaybackHead(0.25, "20:52:30", "1×"))
        painted: list[int] = []
        monkeypatch.setattr(Widget, "refresh", lambda self, region: painted.append(region.y))
        app.bar.show(picture, PlaybackHead(0.25, "20:52:31", "1×"))
        assert painted == [0]
        app.bar.show(picture, PlaybackHead(0.25, "20:52:31", "2×"))
        assert painted == [0, 1]
        app.bar.show(picture, PlaybackHead(0.25, "20:52:31", "2×"))
        assert painted == [0, 1]
        monkeypatch.undo()
        assert "20:52:31" in app.bar.text
        assert "2×" in app.bar.text
