"""SGR codes of styles in truecolor, 256 and 16 colours, and without colours."""

import pytest
from rich.color import ColorSystem
from rich.style import Style

from app.screens.textual_compat.style_codes import StyleCodes

STYLE = Style.parse("bold reverse #ff5555 on #000000")


@pytest.mark.parametrize(
    ("system", "codes"),
    [
        (ColorSystem.TRUECOLOR, "1;7;38;2;255;85;85;48;2;0;0;0"),
        (ColorSystem.EIGHT_BIT, "1;7;38;5;203;48;5;16"),
        (ColorSystem.STANDARD, "1;7;91;40"),
        (None, "1;7"),
    ],
)
def test_a_style_is_written_in_the_colours_that_there_are(
    system: ColorSystem | None, codes: str
) -> None:
    assert StyleCodes(system)(STYLE) == codes
    assert StyleCodes(ColorSystem.TRUECOLOR)(STYLE) == "1;7;38;2;255;85;85;48;2;0;0;0"


def test_defaults_are_left_to_the_terminal() -> None:
    codes = StyleCodes(ColorSystem.STANDARD, ("#ffffff", "#000000"))
    assert codes(Style.parse("#ffffff on #000000")) == ""
    assert codes(Style.parse("bold #55ffff on #000000")) == "1;96"
    assert codes(Style.parse("#000000 on #ffffff")) == "30;107"


@pytest.mark.parametrize("style", [None, Style.null(), Style.parse("link https://x")])
def test_a_style_without_colours_and_attributes_has_no_codes(style: Style | None) -> None:
    assert StyleCodes(ColorSystem.TRUECOLOR)(style) == ""


@pytest.mark.parametrize(
    ("style", "code"),
    [("dim", "2"), ("italic", "3"), ("underline", "4"), ("strike", "9"), ("overline", "53")],
)
def test_attributes_are_kept(style: str, code: str) -> None:
    assert StyleCodes(None)(Style.parse(f"{style} red")) == code
