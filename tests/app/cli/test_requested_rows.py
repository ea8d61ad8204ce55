"""Codes and combinations as they are named on a command line."""

from datetime import date

import pytest
from harness.command_line import CommandLine

from app.cli.requested_rows import read_rows
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.simulator.master_files import master_files
from app.storage.layout_combinations import PlacedCombination
from app.storage.layout_lists import NamedList
from app.storage.layouts import Layout, with_rows
from app.system.errors import UsageError

DAY = date(2026, 11, 20)
STRADDLE = "B01612A33+C01612A33"


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    return Contracts(Master.from_files(master_files(DAY)))


def test_legs_are_found_by_strike_and_expiry_beside_codes(contracts: Contracts) -> None:
    typed = "a01612, C1080+P1080 ,c1080 - c1082.5 12월", STRADDLE
    assert read_rows(typed, contracts, DAY) == ("A01612", STRADDLE, "B01612A33-B01612A34")


def test_a_strike_with_a_comma_is_one_part(contracts: Contracts) -> None:
    assert read_rows(["C1,080+P1,080"], contracts, DAY) == (STRADDLE,)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("KOSPI", "cli.not_a_code"),
        ("C1080+", "cli.not_a_code"),
        ("C9999+P9999", "cli.bad_combination"),
        ("A01612+A05612", "cli.bad_combination"),
        ("C1080-C1080", "cli.bad_combination"),
        ("100*C1080+P1080", "cli.bad_combination"),
    ],
)
def test_a_part_that_is_no_row_is_refused(contracts: Contracts, typed: str, key: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_rows([typed], contracts, DAY)
    assert refused.value.message.key == key  # type: ignore[union-attr]


def test_legs_by_code_need_no_master() -> None:
    bare = Contracts(Master.from_lines([], []))
    assert read_rows([STRADDLE], bare, DAY) == (STRADDLE,)
    with pytest.raises(UsageError) as refused:
        read_rows(["C1080+P1080"], bare, DAY)
    assert refused.value.hint is not None


def test_watched_rows_take_the_place_of_all_lists_of_a_layout() -> None:
    layout = Layout(
        codes=["A01612", "A05612"],
        lists=[NamedList("a", ["A01612"]), NamedList("b", ["A05612"])],
        open_list="b",
        combinations=[PlacedCombination("2*B01612A33", 0, "b")],
        notes={"A01612": "kept"},
    )
    found = with_rows(layout, ["B01612A31", STRADDLE, "A01612"])
    assert found.codes == ["B01612A31", "A01612"]
    assert found.combinations == [PlacedCombination(STRADDLE, 1, "")]
    assert (found.lists, found.open_list, found.notes) == ([], "", {"A01612": "kept"})


@pytest.mark.parametrize("command", ["stream", "record"])
def test_a_command_for_records_says_that_it_accepts_no_combination(
    kis_tui: CommandLine, command: str
) -> None:
    told = kis_tui(command, "A01612", "C1085+P1085", "--demo")
    assert told.code == 2
    assert "C1085+P1085: 여기서는 조합을 쓸 수 없습니다" in told.err
    assert "kis-tui snapshot" in told.err
