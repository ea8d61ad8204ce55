"""The base of everything that is drawn by Textual's Line API: styles, cursor and dirty lines.

A widget of this kind keeps a strip for each line and repaints only lines that changed.
"""

from abc import abstractmethod
from typing import Any, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.filter import ANSIToTruecolor
from textual.geometry import Offset, Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from widgets import cells
from widgets.line_selection import LineSelection, LinesSelected

_SELECTED = Style(reverse=True)
"""The style of selected lines, in every number of colours."""


class Tones:
    """The styles of one widget's tones, kept until the theme changes.

    A tone is a component class without its prefix, such as ``value`` of ``board--value``.
    """

    def __init__(self, widget: Widget, prefix: str) -> None:
        self._widget = widget
        self._prefix = prefix
        self._styles: dict[tuple[str, ...], Style] = {}

    def __call__(self, *tones: str) -> Style:
        """Return the combined style of some tones, the lowest layer first."""
        style = self._styles.get(tones)
        if style is None:
            widget = self._widget
            style = widget.rich_style
            for tone in tones:
                style += widget.get_component_rich_style(f"{self._prefix}--{tone}", partial=True)
            self._styles[tones] = style
        return style

    def clear(self) -> None:
        """Discard all styles, so that they are computed from the current theme."""
        self._styles.clear()


class _Frame(NamedTuple):
    """The edges of a widget's lines, padding included."""

    size: tuple[int, int]
    content_width: int
    left: tuple[Segment, ...]
    right: tuple[Segment, ...]


class LineView(Widget):
    """A widget that draws its own lines."""

    TONE_PREFIX: ClassVar[str]
    """The prefix of its component classes."""

    ALLOW_SELECT = False
    """Textual selects text by offsets in its styles, which every paint would pay for."""

    def __init__(self, *children: Widget, **options: Any) -> None:
        super().__init__(*children, **options)
        self.selected_lines = LineSelection()
        self.tones = Tones(self, self.TONE_PREFIX)
        self._frame: _Frame | None = None

    @abstractmethod
    def discard_strips(self) -> None:
        """Discard every strip, so that its line is drawn again."""

    def redraw(self) -> None:
        """Draw all lines again."""
        self.discard_strips()
        self.refresh()

    def repaint_line(self, y: int) -> None:
        """Repaint one line, counted from the top of the widget."""
        self.refresh(Region(0, y, self.size.width, 1))

    def shown_text(self) -> str:
        """Return the lines in sight as text."""
        lines = [self.render_line(y).text.rstrip() for y in range(self.size.height)]
        return "\n".join(lines).rstrip("\n")

    # --- lines selected by the mouse

    async def on_event(self, event: events.Event) -> None:
        if not (isinstance(event, events.Click) and self.selected_lines.was_dragged):
            await super().on_event(event)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        position = event.get_content_offset(self)
        if self.selected_lines.lines:
            self.refresh()
        if position is not None and event.button == 1:
            self.selected_lines.press(position)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if not self.selected_lines.is_pressed:
            return
        top, _, _, left = self.styles.gutter
        y = max(0, min(self.size.height - 1, event.y - top))
        if self.selected_lines.drag(Offset(event.x - left, y)):
            self.refresh()

    def on_mouse_up(self) -> None:
        if not self.selected_lines.is_pressed:
            return
        self.release_mouse()
        lines = (self.render_line(y).text.strip() for y in self.selected_lines.lines)
        self.selected_lines.release("\n".join(line for line in lines if line))
        if self.selected_lines.text:
            self.post_message(LinesSelected(self.selected_lines.text))

    def clear_lines(self) -> bool:
        """Select no lines; return False if none were selected."""
        if not self.selected_lines.clear():
            return False
        self.refresh()
        return True

    def placeholder(self, text: str, y: int, height: int) -> Strip:
        """Return line `y` of a text in the middle of `height` lines, in the tone ``note``."""
        width = self.scrollable_content_region.width
        lines = centred_lines(text, width, height)
        line = lines[y] if 0 <= y < len(lines) else ""
        return Strip([Segment(cells.fit(line, width), self.tones("note"))])

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.tones.clear()
        self._frame = None
        self.redraw()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Render lines between left and right edges that are drawn once.

        Textual computes padding and border of each line anew, which costs more than the line.
        """
        try:
            return self._framed_lines(crop)
        except Exception:
            # Textual's own way, which shows an error in the place of its line.
            return super().render_lines(crop)

    def _framed_lines(self, crop: Region) -> list[Strip]:
        top, _, bottom, _ = self.styles.gutter
        width, height = self.outer_size
        inside = range(top, height - bottom)
        frame = self._frame
        if frame is None or frame.size != (width, height):
            frame = self._frame = self._draw_frame()
        filters = [one for one in self.get_line_filters() if not isinstance(one, ANSIToTruecolor)]
        background = self.background_colors[1]
        selected = self.selected_lines.lines
        strips = []
        for y in crop.line_range:
            if y not in inside:
                strips += super().render_lines(Region(0, y, width, 1))
                continue
            content = self.render_line(y - top).adjust_cell_length(frame.content_width)
            if y - top in selected:
                content = content.apply_style(_SELECTED)
            for one in filters:
                content = content.apply_filter(one, background)
            segments = (*frame.left, *content, *frame.right)
            strips.append(Strip(segments, width))
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _draw_frame(self) -> "_Frame":
        """Return what is left and right of every line, as Textual draws it."""
        top, right, _, left = self.styles.gutter
        width, height = self.outer_size
        [line] = super().render_lines(Region(0, top, width, 1))
        edges = line.crop(0, left), line.crop(width - right, width)
        return _Frame((width, height), width - left - right, *map(tuple, edges))


class CursorView(ScrollView, LineView, can_focus=True, inherit_bindings=False):
    """Rows that scroll under a cursor, below header lines that do not."""

    HEADER: ClassVar[int] = 1
    """Lines above the rows."""

    @property
    @abstractmethod
    def row_count(self) -> int:
        """The number of rows."""

    @property
    @abstractmethod
    def cursor_row(self) -> int:
        """The index of the row under the cursor."""

    @property
    def visible_rows(self) -> slice:
        """The indices of the rows in sight."""
        top = self.scroll_offset.y
        return slice(top, min(self.row_count, top + max(0, self.size.height - self.HEADER)))

    def row_at(self, position: Offset | None) -> int | None:
        """Return the index of the row at a position in the content, or None outside the rows."""
        if position is None or position.y < self.HEADER:
            return None
        row = position.y - self.HEADER + self.scroll_offset.y
        return row if row < self.row_count else None

    def row_towards(self, direction: str) -> int:
        """Return where a movement takes the cursor; other directions leave it where it is.

        Directions are ``up``, ``down``, ``top``, ``bottom``, ``page_up`` and ``page_down``.
        """
        page = max(1, self.size.height - self.HEADER - 1)
        return row_towards(direction, self.cursor_row, self.row_count, page)

    def row_text(self) -> str:
        """Return the row under the cursor as text; empty without rows."""
        y = self.HEADER + self.cursor_row - self.scroll_offset.y
        is_shown = self.row_count and self.HEADER <= y < self.size.height
        return self.render_line(y).text.strip() if is_shown else ""

    def scroll_to_cursor(self, *, middle: bool = False) -> None:
        """Scroll until the cursor is in sight, or in the middle of the view."""
        height = max(1, self.size.height - self.HEADER)
        row = self.cursor_row
        top = min(row, max(self.scroll_offset.y, row - height + 1))
        if middle:
            top = max(0, min(row - height // 2, self.row_count - height))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def repaint_row(self, row: int) -> None:
        """Repaint a row, if it is in sight."""
        y = row - self.scroll_offset.y
        if 0 <= y < self.size.height - self.HEADER:
            self.repaint_line(y + self.HEADER)

    def update_virtual_size(self) -> None:
        """Adapt the scrollable area to the number of rows."""
        self.virtual_size = Size(self.size.width, self.row_count + self.HEADER)


def row_towards(direction: str, row: int, count: int, page: int = 1) -> int:
    """Return the row in a direction from another one, within `count` rows; 0 without rows."""
    steps = {"up": -1, "down": 1, "page_up": -page, "page_down": page}
    ends = {"top": 0, "bottom": count - 1}
    return max(0, min(count - 1, ends.get(direction, row + steps.get(direction, 0))))


def centred_lines(text: str, width: int, height: int) -> list[str]:
    """Return the lines of a text in the middle of a room, from its top to the text's last line."""
    lines = text.splitlines()
    margins = (max(0, (width - cell_len(line)) // 2) for line in lines)
    centred = [
        cells.fit(" " * margin + line, width) for margin, line in zip(margins, lines, strict=True)
    ]
    return [""] * max(0, (height - len(lines)) // 2) + centred
