"""The geometry of plots: where values are drawn, that gaps stay open, and what axes say."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.dot_canvas import DotCanvas
from widgets.plot import Candle, Plot, PlotArea, candle_sign


def plot(
    width: int = 10, height: int = 5, up: tuple[float, float] = (0.0, 4.0), left: int = 0
) -> Plot:
    canvas = DotCanvas(left + width, height)
    return Plot(canvas, PlotArea(left, 0, width, height), (0.0, width - 1.0), up)


def rows(shown: Plot) -> list[str]:
    return ["".join(part for part, _ in line) for line in shown.canvas.lines()]


def drawn_columns(shown: Plot) -> set[int]:
    return {x for row in rows(shown) for x, sign in enumerate(row) if sign != " "}


def test_ends_of_the_axes_are_the_outermost_dots_and_the_middle_of_the_outermost_rows() -> None:
    shown = plot(width=10, height=5)
    assert (shown.x(0.0), shown.x(9.0)) == (0, 19)
    assert [shown.row(value) for value in (4.0, 3.0, 0.0)] == [0, 1, 4]
    assert (shown.y(4.0), shown.y(0.0)) == (2, 18)
    assert (shown.y(99.0), shown.y(-99.0)) == (shown.y(4.0), shown.y(0.0))


@pytest.mark.parametrize("missing", [nan, inf, -inf])
def test_line_leaves_a_gap_open(missing: float) -> None:
    shown = plot(width=20)
    points = [(0.0, 1.0), (5.0, 1.0), (9.0, missing), (13.0, 3.0), (19.0, 3.0)]
    shown.line(points, "a")
    assert drawn_columns(shown) == {*range(6), *range(13, 20)}


def test_line_draws_a_point_between_two_gaps() -> None:
    shown = plot()
    shown.line([(0.0, nan), (4.0, 2.0), (9.0, nan)], "a")
    assert drawn_columns(shown) == {4}


def test_band_fills_the_dots_between_its_edges() -> None:
    shown = plot(width=4, height=5)
    shown.band([(0.0, 1.0, 3.0), (3.0, 1.0, 3.0)], "a")
    assert rows(shown)[2] == "⣿⣿⣿⣿"
    assert rows(shown)[0] == rows(shown)[4] == " " * 4


def test_level_out_of_range_is_not_drawn() -> None:
    shown = plot()
    shown.level(4.1, "a")
    shown.level(nan, "a")
    assert drawn_columns(shown) == set()
    shown.level(3.0, "a")
    assert rows(shown)[1] == "╌" * 10


@pytest.mark.parametrize(
    ("candle", "expected"),
    [
        (Candle(0.0, 4.0, 0.0, 4.0), "╻┃┃┃┃"),
        (Candle(2.0, 4.0, 0.0, 2.0), "╷│╽││"),
        (Candle(1.0, 1.0, 1.0, 1.0), "   ╻ "),
        (Candle(3.0, 3.0, 1.0, 2.0), " ╻┃│ "),
    ],
)
def test_candle_draws_body_and_wick_by_half_rows(candle: Candle, expected: str) -> None:
    shown = plot(width=1, height=5)
    shown.candle(0.0, candle, "up")
    # The middle of a row, where its tick is, belongs to its lower half.
    assert "".join(rows(shown)) == expected


@given(st.lists(st.floats(0.0, 4.0), min_size=4, max_size=4))
def test_candle_has_a_body_and_stays_between_its_extremes(values: list[float]) -> None:
    low, *middle, high = sorted(values)
    shown = plot(width=1, height=12)
    shown.candle(0.0, Candle(middle[0], high, low, middle[1]), "up")
    drawn = [y for y, row in enumerate(rows(shown)) if row != " "]
    assert {"┃", "╹", "╻", "╿", "╽"} & set("".join(rows(shown)))
    assert drawn == list(range(shown.y(high) // 4, shown.y(low) // 4 + 1))


@pytest.mark.parametrize(
    ("body", "wick", "sign"),
    [
        ((True, True), (True, True), "┃"),
        ((True, False), (True, False), "╹"),
        ((True, False), (True, True), "╿"),
        ((False, True), (True, True), "╽"),
        ((False, False), (True, True), "│"),
        ((False, False), (False, True), "╷"),
        ((False, False), (False, False), " "),
    ],
)
def test_candle_sign_joins_body_and_wick(
    body: tuple[bool, bool], wick: tuple[bool, bool], sign: str
) -> None:
    assert candle_sign(body, wick) == sign


def test_columns_are_as_high_as_their_share_and_none_for_nothing() -> None:
    shown = plot(width=4, height=4, up=(0.0, 32.0))
    shown.columns([(0.0, 32.0), (1.0, 1.0), (2.0, 0.0), (3.0, 12.0)], "volume")
    assert ["".join(column) for column in zip(*rows(shown), strict=True)] == [
        "████",
        "   ▁",
        "    ",
        "  ▄█",
    ]


def test_axes_label_their_ticks_by_cell_width_without_collisions() -> None:
    canvas = DotCanvas(30, 7)
    shown = Plot(canvas, PlotArea(6, 0, 20, 5), (0.0, 19.0), (0.0, 4.0))
    shown.left_axis([0.0, 4.0, 9.0], ["0", "가나", "밖"])
    shown.lower_axis([0.0, 2.0, 10.0], ["시작점", "겹침", "18:00"])
    shown.right_labels([(4.0, "전일", "a"), (4.0, "고가", "b"), (-9.0, "저가", "c")], 4)
    found = rows(shown)
    assert all(cell_len(row) == 30 for row in found)
    assert found[0].startswith(" 가나┤")
    assert found[0].endswith("전일")
    assert found[1].endswith("고가")
    assert found[4].startswith("    0┤")
    assert found[4].endswith("저가")
    assert "시작점" in found[6]
    assert "겹침" not in found[6]
    assert "18:00" in found[6]
    assert "밖" not in "".join(row[:26] for row in found)


def test_right_labels_leave_out_what_has_no_row() -> None:
    canvas = DotCanvas(10, 2)
    shown = Plot(canvas, PlotArea(0, 0, 6, 2), (0.0, 5.0), (0.0, 1.0))
    shown.right_labels([(1.0, "a", ""), (1.0, "b", ""), (1.0, "c", "")], 4)
    assert [row[6] for row in rows(shown)] == ["a", "b"]
