"""SGR codes of styles in the colours that a terminal has."""

from rich.color import Color, ColorSystem
from rich.style import Style

MOST_KNOWN = 4096
"""Styles that are kept by identity; a screen has some hundred."""


class StyleCodes:
    """Returns the codes of a style, such as ``1;38;2;255;255;255``, computed once per style.

    Rich keeps the codes in the style itself, for one colour system for ever; a theme may change it.
    """

    def __init__(self, system: ColorSystem | None, defaults: tuple[str, str] | None = None) -> None:
        """`system` is None for attributes without colours.

        `defaults` are a text colour and a background, such as ``#ffffff`` and ``#000000``, for
        which the terminal shows its own.
        """
        self.system = system
        colors = defaults or (None, None)
        self._text, self._background = (
            Color.parse(color).triplet if color is not None else None for color in colors
        )
        self._codes: dict[Style, str] = {}
        # By identity, as the hash of a style costs ten times as much as its codes by id; the style
        # is kept so that no other one gets its id.
        self.known: dict[int, tuple[str, Style]] = {}

    def __call__(self, style: Style | None) -> str:
        """Return the codes of a style; empty for None."""
        if style is None:
            return ""
        known = self.known.get(id(style))
        if known is not None:
            return known[0]
        codes = self._codes.get(style)
        if codes is None:
            codes = self._codes[style] = self._compute(style)
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        self.known[id(style)] = codes, style
        return codes

    def _compute(self, style: Style) -> str:
        names = Style(
            bold=style.bold, dim=style.dim, italic=style.italic, underline=style.underline,
            blink=style.blink, blink2=style.blink2, reverse=style.reverse, conceal=style.conceal,
            strike=style.strike, underline2=style.underline2, overline=style.overline,
        )  # fmt: skip
        codes = [part for part in names._make_ansi_codes(ColorSystem.TRUECOLOR).split(";") if part]
        if self.system is not None:
            for color, default, is_text in (
                (style.color, self._text, True),
                (style.bgcolor, self._background, False),
            ):
                if color is not None and (default is None or color.triplet != default):
                    codes += color.downgrade(self.system).get_ansi_codes(foreground=is_text)
        return ";".join(codes)
