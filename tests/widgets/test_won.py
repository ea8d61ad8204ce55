"""Amounts of won: whole where there is room, all of a column in one unit where there is none."""

from math import inf, nan

import pytest

from widgets.texts import use
from widgets.won import amount, fitting, gain, won


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (1_234_567.8, ["1,234,568", "1,235천", "1.2백만", "1백만", "≈0", "≈0"]),
        (
            -12_345_678_900.0,
            ["-12,345,678,900", "-12,345,679천", "-12,345.7백만", "-12,346백만", "-12십억", "≈0"],
        ),
        (0.0, ["0"] * 6),
        (-0.0, ["0"] * 6),
        (-0.4, ["0", "≈0", "≈0", "≈0", "≈0", "≈0"]),
        (nan, ["—"] * 6),
        (inf, ["—"] * 6),
    ],
)  # fmt: skip
def test_an_amount_is_shown_in_ever_larger_units(value: float, texts: list[str]) -> None:
    assert [amount(value, level) for level in range(6)] == texts


def test_a_gain_has_its_sign_and_its_direction() -> None:
    cells = [gain(value) for value in (1500.0, -1500.0, 0.0, -0.3, nan)]
    assert [(cell.text, cell.tone) for cell in cells] == [
        ("+1,500", "up"), ("-1,500", "down"), ("0", "value"), ("0", "value"), ("—", "old"),
    ]  # fmt: skip


def test_units_have_their_names_in_english_too() -> None:
    use("en")
    assert [amount(1_234_567.0, level) for level in (1, 2)] == ["1,235k", "1.2M"]


def test_one_cell_without_room_puts_all_in_a_larger_unit() -> None:
    values = (1_000.0, -25_000_000.0, nan)
    texts = [cell.text for cell in fitting(lambda n: [won(v, n) for v in values], 9)]
    assert texts == ["1천", "-25,000천", "—"]
    texts = [cell.text for cell in fitting(lambda n: [won(v, n) for v in values], 11)]
    assert texts == ["1,000", "-25,000,000", "—"]
    assert fitting(lambda n: [], 9) == []
