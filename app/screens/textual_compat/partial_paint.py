"""Paints that ask widgets for dirty lines only and write cells that differ.

Textual's compositor asks every widget in the box around all changes for all of its lines, cuts
each at the edges of all widgets, and writes whole lines with a reset after every style.  Here
it asks the widget in front for the lines that changed, and `ShownCells` knows what is on the
terminal.  A screen below another one paints nothing; it is painted whole when it is on top again.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from rich.color import ColorSystem
from rich.console import Console
from textual import strip as textual_strip
from textual._compositor import Compositor, CompositorUpdate, LayoutUpdate
from textual._time import get_time
from textual.app import App
from textual.events import ScreenResume
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from app.screens.textual_compat.shown_cells import ShownCells, codes_of
from app.screens.textual_compat.sign_width import is_narrow, narrow
from app.screens.textual_compat.style_codes import StyleCodes

NEAR = 3
"""Clean lines between dirty ones that are asked for with them: less than another call costs."""

SETTLES = 1.0
"""Seconds after its layout within which the widgets of a screen adapt to their sizes."""

_compositor_refresh = Screen._compositor_refresh
_on_screen_resume = Screen._on_screen_resume
_laid_out_at: WeakKeyDictionary[Screen[Any], float] = WeakKeyDictionary()
"""When covered screens were laid out."""


def install_partial_paint() -> None:
    """Replace the parts of Textual, once for all screens."""
    Compositor.render_partial_update = _render_partial_update  # type: ignore[method-assign, assignment]
    LayoutUpdate.render_segments = _render_all_segments  # type: ignore[method-assign, assignment]
    Screen._compositor_refresh = _refresh_if_on_top  # type: ignore[method-assign, assignment]
    Screen._on_screen_resume = _paint_once_on_resume  # type: ignore[method-assign, assignment]
    # Lines are kept by the widgets; seven caches for each strip cost more than they save.
    textual_strip.FIFOCache = _no_cache  # type: ignore[attr-defined, assignment]


class _NoCache:
    """A cache that keeps nothing."""

    def get(self, key: object, default: Any = None) -> Any:
        return default

    def __setitem__(self, key: object, value: object) -> None: ...


_NO_CACHE = _NoCache()


def paint_all(app: App[Any]) -> None:
    """Paint the whole screen, as on a terminal that was cleared."""
    _shown_cells(app.console).clear(*app.size)
    if app.is_running and app.screen_stack:
        app.screen.refresh()


def _no_cache(size: int) -> _NoCache:
    return _NO_CACHE


class _Span(NamedTuple):
    """Cells of a line of a widget: `line` and `x1` to `x2` within it, and where the line shows."""

    line: int
    x1: int
    x2: int
    y: int
    x: int


class SpansUpdate(CompositorUpdate):
    """Strips at positions of the terminal."""

    def __init__(self, strips: list[tuple[int, int, Strip]], size: Size) -> None:
        self._strips = strips
        self._size = size
        self._output: str | None = None

    def render_segments(self, console: Console) -> str:
        """Return the output, which counts as shown from then on; empty if no cell differs."""
        if self._output is None:
            self._output = self._render(console)
        return self._output

    def _render(self, console: Console) -> str:
        shown = _shown_cells(console)
        if shown.size != self._size:
            shown.clear(*self._size)
        return _written(shown, console, self._strips)


def is_empty(renderable: object, console: Console) -> bool:
    """Return whether an update changes no cell of a console's terminal."""
    return isinstance(renderable, SpansUpdate) and not renderable.render_segments(console)


def _render_partial_update(compositor: Compositor) -> SpansUpdate | None:
    dirty = compositor._dirty_regions.copy()
    compositor._dirty_regions.clear()
    whole = compositor.size.region
    regions = [region for region in map(whole.intersection, dirty) if region]
    spans = _spans_of_widgets(compositor, compositor._regions_to_spans(regions))
    strips = [strip for widget, asked in spans.items() for strip in _render(widget, asked)]
    return SpansUpdate(strips, compositor.size) if strips else None


def _spans_of_widgets(
    compositor: Compositor, spans: Iterable[tuple[int, int, int]]
) -> dict[Widget, list[_Span]]:
    """Return the cells of each widget that are in front of all others within some spans."""
    layers = compositor.layers_visible
    found: dict[Widget, list[_Span]] = {}
    for y, left, right in spans:
        open_spans = [(left, right)]
        for widget, cropped, region in layers[y]:
            if not open_spans:
                break
            still_open: list[tuple[int, int]] = []
            for start, end in open_spans:
                x1, x2 = max(start, cropped.x), min(end, cropped.right)
                if x1 >= x2:
                    still_open.append((start, end))
                    continue
                span = _Span(y - region.y, x1 - region.x, x2 - region.x, y, x1)
                found.setdefault(widget, []).append(span)
                still_open += [pair for pair in ((start, x1), (x2, end)) if pair[0] < pair[1]]
            open_spans = still_open
    return found


def _render(widget: Widget, spans: list[_Span]) -> Iterator[tuple[int, int, Strip]]:
    """Yield the strips of a widget's cells, lines near each other by one call."""
    at = 0
    while at < len(spans):
        first = end = at
        while end + 1 < len(spans) and spans[end + 1].line - spans[end].line <= NEAR + 1:
            end += 1
        group, at = spans[first : end + 1], end + 1
        left, right = min(span.x1 for span in group), max(span.x2 for span in group)
        top, bottom = group[0].line, group[-1].line + 1
        strips = widget.render_lines(Region(left, top, right - left, bottom - top))
        for span in group:
            strip = strips[span.line - top]
            if (span.x1, span.x2) != (left, right):
                strip = strip.crop(span.x1 - left, span.x2 - left)
            yield span.y, span.x, strip


def _render_all_segments(update: LayoutUpdate, console: Console) -> str:
    region, shown = update.region, _shown_cells(console)
    shown.clear(region.right, region.bottom)
    lines = enumerate(map(Strip.join, update.strips), region.y)
    return _written(shown, console, ((y, region.x, line) for y, line in lines))


def _written(shown: ShownCells, console: Console, strips: Iterable[tuple[int, int, Strip]]) -> str:
    """Return the output that shows strips at lines and columns."""
    codes, is_replaced = style_codes(console), is_narrow(console)
    output: list[str] = []
    for y, x, strip in strips:
        segments = codes_of(strip, codes)
        if is_replaced:
            segments = ((narrow(text), code) for text, code in segments)
        output.extend(shown.write(y, x, segments))
    output.append(shown.finish())
    return "".join(output)


def style_codes(console: Console) -> StyleCodes:
    """Return what writes the styles of a console's terminal."""
    codes: StyleCodes | None = getattr(console, "style_codes", None)
    if codes is None:
        codes = StyleCodes(console._color_system or ColorSystem.TRUECOLOR)
        set_style_codes(console, codes)
    return codes


def set_style_codes(console: Console, codes: StyleCodes) -> None:
    """Have the styles of a console's terminal written by these codes from now on."""
    console.style_codes = codes  # type: ignore[attr-defined]


def _shown_cells(console: Console) -> ShownCells:
    """Return what the terminal of a console shows."""
    shown: ShownCells | None = getattr(console, "shown_cells", None)
    if shown is None:
        shown = console.shown_cells = ShownCells()  # type: ignore[attr-defined]
    return shown


def _paint_once_on_resume(screen: Screen[Any], event: ScreenResume) -> None:
    """Resume a screen without painting it again where its layout has just painted it whole."""
    is_laid_out = screen.is_attached and screen.is_current and screen._size != screen.app.size
    _on_screen_resume(screen, event)
    if is_laid_out and not screen.app._batch_count:
        screen._repaint_required = False
        screen._repaint_regions.clear()


def _refresh_if_on_top(screen: Screen[Any]) -> None:
    if screen is screen.app.screen or screen.app.is_inline:
        _compositor_refresh(screen)
        return
    compositor = screen._compositor
    if compositor.size.region in compositor._dirty_regions:
        _laid_out_at[screen] = get_time()
    if get_time() - _laid_out_at.get(screen, float("-inf")) < SETTLES:
        # A dialog shows around itself how the screens below are laid out after a resize.
        screen.app.screen.refresh()
    compositor._dirty_regions.clear()
    screen._dirty_widgets.clear()
