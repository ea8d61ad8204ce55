"""The path of values as text."""

from array import array
from math import inf, nan

import pytest

from widgets.sparkline import LEVELS, sparkline


def test_few_values_take_a_cell_each_from_the_least_to_the_largest() -> None:
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7], 20) == LEVELS
    assert sparkline(array("f", [7.0, 0.0]), 20) == "█▁"


def test_many_values_are_averaged_into_the_cells_there_are() -> None:
    values = [float(at // 100) for at in range(800)]
    assert sparkline(values, 8) == LEVELS
    assert len(sparkline(values, 37)) == 37


def test_what_is_missing_is_blank_and_changes_no_level() -> None:
    assert sparkline([nan, 0, nan, 1, inf], 9) == " ▁ █ "
    assert sparkline([0.0, nan, 1.0, 1.0], 2) == "▁█"


def test_a_path_without_change_runs_in_the_middle() -> None:
    assert sparkline([5.0, 5.0, nan, 5.0], 9) == "▄▄ ▄"


@pytest.mark.parametrize(("values", "width"), [([], 9), ([nan, nan], 9), ([1.0, 2.0], 0)])
def test_without_values_or_room_there_is_nothing(values: list[float], width: int) -> None:
    assert sparkline(values, width) == ""
