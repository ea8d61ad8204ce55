"""The canvas of plots: which dots and cells are drawn, and how wide its rows are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.dot_canvas import DotCanvas, line_dots
from widgets.sheet import TextLine


def text(line: TextLine) -> str:
    return "".join(part for part, _ in line)


def dots_of(canvas: DotCanvas) -> set[tuple[int, int]]:
    """Every dot, by its number in the braille patterns of Unicode 16, chapter 21.1."""
    place = {1: (0, 0), 2: (0, 1), 3: (0, 2), 4: (1, 0), 5: (1, 1), 6: (1, 2), 7: (0, 3), 8: (1, 3)}
    found = set()
    for y, line in enumerate(canvas.lines()):
        for x, sign in enumerate(text(line)):
            code = ord(sign) - 0x2800
            for number, (dx, dy) in place.items():
                if code > 0 and code >> (number - 1) & 1:
                    found.add((2 * x + dx, 4 * y + dy))
    return found


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ((0, 0), (3, 0), {(0, 0), (1, 0), (2, 0), (3, 0)}),
        ((1, 1), (1, 4), {(1, 1), (1, 2), (1, 3), (1, 4)}),
        ((0, 3), (3, 0), {(0, 3), (1, 2), (2, 1), (3, 0)}),
        ((2, 5), (2, 5), {(2, 5)}),
    ],
)
def test_line_draws_the_dots_between_its_ends(
    begin: tuple[int, int], end: tuple[int, int], expected: set[tuple[int, int]]
) -> None:
    canvas = DotCanvas(2, 2)
    canvas.line(begin, end, "a")
    assert dots_of(canvas) == expected


@given(*[st.tuples(st.integers(-50, 50), st.integers(-50, 50))] * 2)
def test_line_is_connected_and_has_no_dot_twice(
    begin: tuple[int, int], end: tuple[int, int]
) -> None:
    dots = list(line_dots(begin, end))
    assert (dots[0], dots[-1]) == (begin, end)
    assert len(set(dots)) == len(dots)
    for (x, y), (a, b) in pairwise(dots):
        assert max(abs(a - x), abs(b - y)) == 1


TEXTS = st.sampled_from(["가", "ab", "한글x", "·"])


@given(
    st.lists(
        st.tuples(
            st.integers(-2, 9), st.integers(-1, 3), st.sampled_from(["가", "ab", "한글x", "·"])
        ),
        max_size=20,
    ),
    st.lists(st.tuples(st.integers(-3, 18), st.integers(-3, 14)), max_size=20),
)
def test_rows_are_as_wide_as_the_canvas_whatever_is_drawn(
    texts: list[tuple[int, int, str]], dots: list[tuple[int, int]]
) -> None:
    canvas = DotCanvas(7, 3)
    for at, (x, y, sign) in enumerate(texts):
        canvas.write(x, y, sign, str(at))
        for dot in dots[at : at + 1]:
            canvas.dot(*dot, "dot")
    lines = canvas.lines()
    assert len(lines) == 3
    assert all(cell_len(text(line)) == 7 for line in lines)


def test_later_tone_takes_a_cell_and_the_same_tone_adds_to_it() -> None:
    canvas = DotCanvas(2, 1)
    canvas.dot(0, 0, "a")
    canvas.dot(1, 3, "a")
    canvas.dot(2, 0, "a")
    canvas.dot(3, 0, "b")
    assert canvas.lines() == [(("⢁", "a"), ("⠈", "b"))]


def test_shade_lies_under_what_is_drawn() -> None:
    canvas = DotCanvas(3, 1)
    canvas.shade(1, 9, 0, 9, "shade")
    canvas.dot(2, 0, "line")
    assert canvas.lines() == [((" ", ""), ("⠁", "shade line"), (" ", "shade"))]


def test_is_blank_reports_what_is_free() -> None:
    canvas = DotCanvas(4, 1)
    canvas.write(2, 0, "가", "a")
    assert canvas.is_blank(0, 0, 2)
    assert not canvas.is_blank(1, 0, 2)
    assert not canvas.is_blank(3, 0)
    assert not canvas.is_blank(3, 0, 2)
    assert not canvas.is_blank(0, 1)
