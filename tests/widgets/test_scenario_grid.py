"""The grid of scenarios: aligned, in one unit, and never without its amounts."""

from math import nan

import pytest
from rich.cells import cell_len

from specs.market.holding import ScenarioGrid
from widgets.scenario import Scenario
from widgets.sheet import TextLine


def text(line: TextLine) -> str:
    return "".join(piece for piece, _ in line)


def grid(scale: float) -> ScenarioGrid:
    return ScenarioGrid(
        "KOSPI200",
        (-5.0, 0.0, 5.0),
        (-0.46, 0.0, 0.46),
        (-2.0, 0.0, 2.0),
        0,
        ((-1.5 * scale, -scale, nan), (scale, 0.0, -scale), (0.3, 2 * scale, 1e9 * scale)),
    )


@pytest.mark.parametrize("scale", [1.0, 1e4, 1e8])
@pytest.mark.parametrize("width", [40, 76, 196])
def test_the_grid_is_aligned_and_in_one_unit(scale: float, width: int) -> None:
    scenario = Scenario()
    scenario.show(grid(scale))
    lines = scenario.lines(width, 7)
    assert len(lines) == 5
    assert len({tuple(cell_len(piece) for piece, _ in line) for line in lines}) == 1
    assert all("…" not in text(line) for line in lines)


@pytest.mark.parametrize("scale", [1.0, 123.0, 1e4, 1e8, 5e9])
@pytest.mark.parametrize("width", [40, 56, 76])
@pytest.mark.parametrize("side", [3, 4, 6])
def test_the_grid_shows_fewer_moves_rather_than_nothing_of_an_amount(
    scale: float, width: int, side: int
) -> None:
    moves = tuple(500.0 * n for n in range(-side, side + 1))
    worth = tuple((side + move / 500 + 1) * -123_456 * scale for move in moves)
    scenario = Scenario()
    scenario.show(
        ScenarioGrid("KOSPI200", moves, tuple(m / 50 for m in moves), (0.0,), 0, (worth,))
    )
    points, percents, line = scenario.lines(width, 7)
    found = text(line).split()[1:]
    count = len(found)
    assert count in range(3, 2 * side + 2, 2)
    assert len(text(points).split()) == len(text(percents).split()) == count + 1
    assert "…" not in text(points) + text(percents) + text(line)
    assert "≈0" not in found
    assert text(points).split()[1 + count // 2] == "0"
    assert all(sum(letter.isdigit() for letter in word) >= 2 for word in found)


def test_the_grid_says_what_moves_and_where_the_market_is() -> None:
    scenario = Scenario()
    scenario.show(grid(1e4))
    lines = [text(line).split() for line in scenario.lines(76, 7)]
    assert lines[0] == ["지수", "-5", "0", "+5"]
    assert lines[1] == ["%", "-0.46%", "0.00%", "+0.46%"]
    here = [piece for line in scenario.lines(76, 7) for piece in line if "here" in piece[1]]
    assert len(here) == 1
    assert here[0][0].strip() == "0"
