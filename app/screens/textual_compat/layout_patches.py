"""Changes to Textual's lists, texts, styles and clicks.

- An `OptionList` is asked for a page before it was laid out,
- no text is selected in a widget that was removed and is still drawn,
- a widget's style keeps ``reverse``, with which a cursor is seen where colours are few,
- text is wrapped to one column at least, where a narrow terminal leaves a list none.
"""

from typing import Any

from textual import _widget_navigation
from textual.content import Content
from textual.geometry import Offset
from textual.screen import Screen
from textual.style import Style as VisualStyle
from textual.widget import Widget
from textual.widgets import OptionList

_move_page = OptionList._move_page
_get_widget_and_offset_at = Screen.get_widget_and_offset_at
_wrap_and_format = Content._wrap_and_format
_get_visual_style = Widget.get_visual_style


def replace_layouts() -> None:
    """Replace the parts of Textual, once for all widgets."""
    OptionList._move_page = _move_page_if_laid_out  # type: ignore[method-assign, assignment]
    Screen.get_widget_and_offset_at = (  # type: ignore[method-assign]
        _get_attached_widget_and_offset_at  # type: ignore[assignment]
    )
    Widget.get_visual_style = (  # type: ignore[method-assign]
        _get_visual_style_with_reverse  # type: ignore[assignment]
    )
    Content._wrap_and_format = _wrap_to_one_column_at_least  # type: ignore[method-assign, assignment]


def _move_page_if_laid_out(options: OptionList, direction: _widget_navigation.Direction) -> None:
    options._update_lines()
    at = options.highlighted or 0
    if at in options._index_to_line:
        _move_page(options, direction)
    elif options.option_count:
        # Before its layout a list has no lines, but may know how many it will show.
        height = options.styles.height
        page = int(height.cells) if height is not None and height.cells else 1
        options.highlighted = _widget_navigation.find_next_enabled_no_wrap(
            candidates=options.options,
            anchor=max(0, min(options.option_count - 1, at + direction * page)),
            direction=direction,
            with_anchor=True,
        )


def _get_attached_widget_and_offset_at(
    screen: Screen[Any], x: int, y: int
) -> tuple[Widget | None, Offset | None]:
    widget, offset = _get_widget_and_offset_at(screen, x, y)
    return (widget, offset) if widget is not None and widget.is_attached else (None, None)


def _wrap_to_one_column_at_least(content: Content, width: int, *how: Any, **more: Any) -> Any:
    return _wrap_and_format(content, max(1, width), *how, **more)


def _get_visual_style_with_reverse(
    widget: Widget, *component_classes: str, partial: bool = False
) -> VisualStyle:
    style = _get_visual_style(widget, *component_classes, partial=partial)
    names = component_classes
    reverse = any(widget.get_component_styles(name).text_style.reverse for name in names)
    return style + VisualStyle(reverse=True) if reverse else style
