"""The styles that tones make together, looked up once and kept until the theme changes."""

from rich.style import Style
from textual.widget import Widget


class Tones:
    """From tones, the lowest layer first, to a style; each is a component class of one widget."""

    def __init__(self, widget: Widget, prefix: str) -> None:
        """`prefix` is what the component classes begin with, such as ``board`` of board--value."""
        self._widget = widget
        self._prefix = prefix
        self._styles: dict[tuple[str, ...], Style] = {}

    def __call__(self, *tones: str) -> Style:
        style = self._styles.get(tones)
        if style is None:
            widget = self._widget
            style = widget.rich_style
            for tone in tones:
                style += widget.get_component_rich_style(f"{self._prefix}--{tone}", partial=True)
            self._styles[tones] = style
        return style

    def clear(self) -> None:
        """Look all of them up anew."""
        self._styles.clear()
