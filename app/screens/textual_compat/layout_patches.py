"""Changes to Textual's lists, texts and clicks that find no room or no widget.

- An `OptionList` is asked for a page before it was laid out,
- no text is selected in a widget that was removed and is still drawn,
- text is wrapped to one column at least, where a narrow terminal leaves a list none.
"""

from typing import Any

from textual import _widget_navigation
from textual.content import Content
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import OptionList

_move_page = OptionList._move_page
_get_widget_and_offset_at = Screen.get_widget_and_offset_at
_wrap_and_format = Content._wrap_and_format


def replace_layouts() -> None:
    """Replace the parts of Textual, once for all widgets."""
    OptionList._move_page = _move_page_if_laid_out  # type: ignore[method-assign, assignment]
    Screen.get_widget_and_offset_at = (  # type: ignore[method-assign]
        _get_attached_widget_and_offset_at  # type: ignore[assignment]
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
