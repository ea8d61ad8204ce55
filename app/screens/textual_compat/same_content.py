"""Assignments that change nothing refresh nothing.

Textual repaints a whole widget when its title is set, and lays a `Static` out again when it is
updated, whether or not the text is another one.  Screens set both on every beat.
"""

from rich.text import Text
from textual.content import Content
from textual.visual import VisualType
from textual.widget import Widget, _BorderTitle
from textual.widgets import Static

_update = Static.update


def skip_same_content() -> None:
    """Replace the parts of Textual, once for all widgets."""
    for name in ("border_title", "border_subtitle"):
        title = _Title()
        title.__set_name__(Widget, name)  # type: ignore[arg-type]
        setattr(Widget, name, title)
    Static.update = _update_if_changed  # type: ignore[method-assign, assignment]


class _Title(_BorderTitle):
    """A title that is drawn again only when it is another one."""

    def __set__(self, obj: Widget, title: "Text | str | Content | None") -> None:
        shown = getattr(obj, self._internal_name, None)
        if not (isinstance(title, Content) and shown is not None and title.is_same(shown)):
            super().__set__(obj, title)


def _update_if_changed(static: Static, content: VisualType = "", *, layout: bool = True) -> None:
    shown = static.content
    if not (isinstance(content, Content) and isinstance(shown, Content) and content.is_same(shown)):
        _update(static, content, layout=layout)
