"""Combinations in layouts: the round trip, files of before, and bad ones named."""

import pytest

from app.cli.invocation import Invocation
from app.cli.requested_codes import wanted
from app.storage.layout_combinations import (
    PlacedCombination,
    placed_combinations,
    with_combinations,
    without_combinations,
)
from app.storage.layout_lists import NamedList
from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout, read, write
from app.system.clock import SystemClock
from app.system.errors import UsageError
from widgets.message_text import message_text

CALL, PUT, FUTURE = "B01612A33", "C01612A33", "A01612"
STRADDLE, SPREAD = f"{CALL}+{PUT}", f"{CALL}-B01612A37"


def test_combinations_go_to_a_file_and_back_to_their_places() -> None:
    lists = {"하나": (STRADDLE, FUTURE, SPREAD), "둘": (PUT,)}
    layout = Layout(
        codes=[FUTURE, PUT],
        names={CALL: "C 202612 1,080.0"},
        lists=[NamedList(name, list(codes)) for name, codes in without_combinations(lists).items()],
        open_list="하나",
        combinations=placed_combinations(lists),
    )
    found = read(write(layout), "x.toml")
    assert found == layout
    rows = {one.name: one.codes for one in found.lists}
    assert with_combinations(rows, found.combinations) == lists
    assert found.contracts == (FUTURE, PUT, CALL, "B01612A37")


def test_combinations_of_an_unknown_list_go_to_the_first() -> None:
    placed = [PlacedCombination(STRADDLE, 7, "gone")]
    assert with_combinations({"": (FUTURE,)}, placed) == {"": (FUTURE, STRADDLE)}


def test_a_layout_without_combinations_is_written_as_before() -> None:
    assert b"combinations" not in write(Layout(codes=[FUTURE]))


def test_a_layout_names_what_is_not_a_combination() -> None:
    content = b'codes = ["A01612"]\n[[combinations]]\ncode = "B01612A33+XYZ"\n'
    with pytest.raises(UsageError) as refused:
        read(content, "x.toml")
    assert "B01612A33+XYZ" in message_text(refused.value.message)
    with pytest.raises(UsageError, match="combinations"):
        read(b'combinations = ["A01612"]\n', "x.toml")


def test_a_command_takes_the_legs_of_a_layouts_combinations() -> None:
    invocation = Invocation(None, None)
    layout = Layout("kept", [FUTURE], combinations=[PlacedCombination(STRADDLE, 1)])
    LayoutStore(invocation.folders, SystemClock()).save(layout)
    asked = wanted(invocation, (), {"layout": "kept", "demo": False})
    assert asked.codes == (FUTURE, CALL, PUT)
