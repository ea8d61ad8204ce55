"""Amounts of won: in full if there is room, otherwise a whole column in one unit."""

from collections.abc import Sequence
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.texts import use
from widgets.won import amount, fitting, gain, levels, won


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (1_234_567.8, ["1,234,568", "123만", "0.01억", "≈0", "≈0", "≈0", "≈0", "≈0"]),
        (
            -12_345_678_900.0,
            [
                "-12,345,678,900", "-1,234,568만", "-123.46억", "-123.5억", "-123억", "-0.01조",
                "≈0", "≈0",
            ],
        ),
        (0.0, ["0"] * 8),
        (-0.0, ["0"] * 8),
        (-0.4, ["0", *["≈0"] * 7]),
        (nan, ["—"] * 8),
        (inf, ["—"] * 8),
    ],
)  # fmt: skip
def test_an_amount_is_shown_in_ever_larger_units(value: float, texts: list[str]) -> None:
    assert [amount(value, level) for level in range(8)] == texts


def test_a_gain_has_its_sign_and_its_direction() -> None:
    cells = [gain(value) for value in (1500.0, -1500.0, 0.0, -0.3, nan)]
    assert [(cell.text, cell.tone) for cell in cells] == [
        ("+1,500", "up"), ("-1,500", "down"), ("0", "value"), ("0", "value"), ("—", "old"),
    ]  # fmt: skip


def test_units_have_their_names_in_english_too() -> None:
    use("en")
    assert [amount(1_234_567.0, level) for level in (1, 2)] == ["1,235k", "1.2M"]


def shown(values: Sequence[float], width: int) -> list[str]:
    """The texts of amounts in a column of this width."""
    found = fitting(lambda n: [won(v, n) for v in values], width, levels(values))
    return [cell.text for cell in found]


def test_one_cell_without_room_puts_all_in_a_larger_unit() -> None:
    values = (1_000.0, -25_000_000.0, nan)
    assert shown(values, 9) == ["1,000", "-2,500만", "—"]
    assert shown(values, 11) == ["1,000", "-25,000,000", "—"]
    assert shown((), 9) == []


@pytest.mark.parametrize(
    ("largest", "texts"),
    [
        (-1_234_567.0, ["-123만", "-1만"]),
        (-123_456_789.0, ["-1.23억", "-0.01억"]),
        (-12_345_678_900.0, ["-123억", "-1억"]),
        (999.0, ["999", "10"]),
    ],
)
def test_without_any_room_three_digits_of_the_largest_are_left(
    largest: float, texts: list[str]
) -> None:
    assert shown((largest, largest / 100), 0) == texts


def test_what_a_unit_rounds_away_is_in_a_smaller_one_where_that_has_room() -> None:
    values = (-53_004_000_000.0, 70.0, 350_000.0, -49_999_999.0, 0.0)
    assert shown(values, 9) == ["-530.04억", "70", "350,000", "-0.50억", "0"]
    assert shown(values, 4)[3] == "≈0"


@given(
    st.lists(st.floats(-1e15, 1e15).filter(lambda value: not abs(value) < 1), min_size=1),
    st.integers(0, 12),
)
def test_what_is_next_to_none_is_less_than_half_a_hundredth_of_its_column(
    values: list[float], width: int
) -> None:
    most = max(map(abs, values))
    for value, text in zip(values, shown(values, width), strict=True):
        assert text != "≈0" or abs(value) <= most / 200
