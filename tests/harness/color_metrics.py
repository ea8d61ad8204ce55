"""Contrast and distance of colours, as a terminal of few colours shows them.

Contrast is that of WCAG 2.1 (relative luminance); distance is CIE 1976 ΔE in L*a*b* (D65).
"""

from math import dist

from rich.color import Color, ColorSystem, ColorType

_LEVELS = (0, 95, 135, 175, 215, 255)
STANDARD = (
    (0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170),
    (170, 170, 170), (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255),
    (255, 85, 255), (85, 255, 255), (255, 255, 255),
)  # fmt: skip
"""The 16 colours of VGA, which Rich and the Linux console have."""

Rgb = tuple[int, int, int]


def shown(color: str, system: ColorSystem) -> Rgb:
    """Return what a terminal shows for ``#rrggbb`` after Rich's reduction to its colours."""
    reduced = Color.parse(color).downgrade(system)
    if reduced.type is ColorType.TRUECOLOR:
        assert reduced.triplet is not None
        red, green, blue = reduced.triplet
        return red, green, blue
    number = reduced.number
    assert number is not None
    return of_number(number)


def of_number(number: int) -> Rgb:
    """Return the colour of a number of 256, as xterm has them."""
    if number < 16:
        return STANDARD[number]
    if number >= 232:
        return (8 + 10 * (number - 232),) * 3
    number -= 16
    return _LEVELS[number // 36], _LEVELS[number // 6 % 6], _LEVELS[number % 6]


def luminance(color: Rgb) -> float:
    """Return the relative luminance, 0 to 1."""
    red, green, blue = map(_linear, color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def distance(one: Rgb, other: Rgb) -> float:
    """Return how different two colours look; 2 is just noticeable side by side."""
    return dist(_lab(one), _lab(other))


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _lab(color: Rgb) -> tuple[float, float, float]:
    red, green, blue = map(_linear, color)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
