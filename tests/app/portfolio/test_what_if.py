"""Assumed positions: their quantities, and one order of undoing with the held ones."""

from app.portfolio.positions import Position, Positions
from app.portfolio.what_if import WhatIf

HELD = Positions([Position("A01612", 1, 1080.0)])


def test_what_if_contracts_pass_over_a_position_of_none() -> None:
    what_if = WhatIf()
    what_if.add_contracts("B01612A33", 1, 20.5, HELD)
    what_if.add_contracts("B01612A33", 1, 99.0, HELD)
    assert list(what_if.legs.values()) == [Position("B01612A33", 2, 20.5)]
    for quantity in (1, -1, -2):
        what_if.add_contracts("B01612A33", -1, 99.0, HELD)
        assert what_if.legs["B01612A33"] == Position("B01612A33", quantity, 20.5)
    what_if.add_contracts("B01612A33", 1, 99.0, HELD)
    what_if.add_contracts("B01612A33", 1, 99.0, HELD)
    assert what_if.legs["B01612A33"].quantity == 1


def test_what_if_undo_leaves_a_later_change_of_held_positions_alone() -> None:
    what_if = WhatIf()
    assert not what_if.undo(HELD)
    what_if.add_contracts("B01612A33", 1, 20.5, HELD)
    later = HELD.drop("A01612")
    assert not what_if.undo(later), "the held positions were changed last"
    restored = later.undone()
    assert restored is not None
    assert what_if.undo(restored)
    assert not what_if.legs
    assert not what_if.undo(restored)
