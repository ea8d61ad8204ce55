"""Positions: numbers as people write them, changes that leave the old object, and undo."""

import pytest

from app.instruments.code_lookup import read_code
from app.portfolio.positions import (
    LONGEST_UNDO,
    MOST_POSITIONS,
    Position,
    Positions,
    read_average,
    read_quantity,
)
from app.system.errors import UsageError
from widgets.message_text import message_text

CALL = Position("B01612A33", 2, 18.5)
PUT = Position("C01612A33", -3, 17.25)


def codes(count: int) -> list[str]:
    return [f"A{n // 12:02}6{n % 12 + 1:02}" for n in range(count)]


def test_a_change_makes_another_object_and_the_old_one_stays() -> None:
    none = Positions()
    one = none.with_position(CALL)
    two = one.with_position(PUT)
    assert (list(none), list(one), list(two)) == ([], [CALL.code], [CALL.code, PUT.code])
    assert two[PUT.code] == PUT
    assert list(two.drop(CALL.code).values()) == [PUT]


def test_an_edited_position_keeps_its_place() -> None:
    held = Positions((CALL, PUT)).with_position(Position(CALL.code, -1, 20.0))
    assert list(held) == [CALL.code, PUT.code]
    assert held[CALL.code].quantity == -1


def test_every_change_can_be_taken_back_and_what_changes_nothing_is_none() -> None:
    held = Positions((CALL,))
    assert held.with_position(CALL) is held
    assert held.drop("A01612") is held
    changed = held.with_position(PUT).drop(CALL.code)
    back = changed.undone()
    assert back is not None
    assert list(back) == [CALL.code, PUT.code]
    first = back.undone()
    assert first is not None
    assert (first, first.undone()) == (held, None)


def test_undo_is_bounded() -> None:
    held = Positions()
    for n in range(LONGEST_UNDO * 2):
        held = held.with_position(Position(CALL.code, n + 1, 1.0))
    steps = 0
    while (before := held.undone()) is not None:
        held, steps = before, steps + 1
    assert steps == LONGEST_UNDO


def test_there_are_only_so_many_positions() -> None:
    held = Positions().replace_all(Position(code, 1, 1.0) for code in codes(MOST_POSITIONS))
    assert held.with_position(Position(codes(1)[0], 2, 1.0))[codes(1)[0]].quantity == 2
    with pytest.raises(UsageError, match=r"positions\.too_many.*most=100"):
        held.with_position(CALL)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [("2", 2), ("-2", -2), ("+10", 10), (" 1,200 ", 1200), ("(3)", -3), ("−4", -4), ("５", 5),
     ("2.0", 2), ("1,000,000", 1_000_000)],
)  # fmt: skip
def test_a_quantity_is_read_as_people_write_it(text: str, quantity: int) -> None:
    assert read_quantity(text) == quantity


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "-0", "nan", "inf", "1e30", "1.5", "two", "1,20", "12,00", "--2", "(-3)", "1_0",
     "1000001", "9" * 400, "9" * 100_000, "0x10", "①", "\x1b[31m", "[red]", "2 3", "²"],
)  # fmt: skip
def test_what_is_no_quantity_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_quantity(text)
    said = message_text(caught.value.message)
    assert "수량" in said
    assert said.isprintable()
    assert len(said) < 80


def test_only_a_spreads_average_may_lie_below_nought() -> None:
    assert read_average("1,081.35", "A01612") == 1081.35
    assert read_average("0", "A01612") == 0.0
    assert read_average("-2.35", "D0160603") == -2.35
    for text in ("-2.35", "nan", "1e3", "", "100000001", "9" * 400):
        with pytest.raises(UsageError, match=r"positions\.(bad|negative)_average"):
            read_average(text, "A01612")


def test_a_code_is_brought_into_krx_spelling() -> None:
    assert read_code(" ｂ01612a33 ") == "B01612A33"
    with pytest.raises(UsageError, match="kospi"):
        read_code("kospi")
