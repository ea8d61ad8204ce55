"""The lines of time & sales: columns by width, edge against own theory, runs of one side."""

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from specs.market.trade_print import Side, TradePrint
from widgets.print_lines import columns_for, header, print_line
from widgets.print_runs import SHORTEST_RUN, PrintRun, run_beyond, runs_of
from widgets.sheet import TextLine


def text(line: TextLine) -> str:
    return "".join(text for text, _ in line)


def sided(*sides: Side, missed: frozenset[int] = frozenset()) -> list[TradePrint]:
    """Return trades of these sides and of sizes 1, 2, 3 and so on, oldest first."""
    return [
        TradePrint(n, 0, 1.0, n + 1, side, missed=float(n in missed))
        for n, side in enumerate(sides)
    ]


@pytest.mark.parametrize("is_option", [True, False])
@pytest.mark.parametrize("width", range(32, 60))
def test_no_line_is_wider_than_its_room(width: int, is_option: bool) -> None:
    columns = columns_for(width, 2, is_option=is_option)
    one = TradePrint(0, 1_767_603_600, 1_234_567.25, 12_345_678, 1, 1, -12_345, edge=-1234.5)
    line = print_line(one, columns, run=PrintRun(1, 1234, 1_234_567), place=1)
    assert cell_len(text(header(columns))) == cell_len(text(line)) <= width


def test_columns_leave_by_rank_and_a_future_has_no_edge() -> None:
    widths = (46, 45, 40, 36)
    options = [columns_for(width, 2, is_option=True) for width in widths]
    assert [(c.has_interest, c.has_edge, c.has_gutter) for c in options] == [
        (True, True, True),
        (True, True, False),
        (True, False, True),
        (True, False, False),
    ]
    assert not columns_for(100, 2, is_option=False).has_edge


def test_edge_is_marked_as_our_own_and_a_dash_without_theory() -> None:
    columns = columns_for(60, 2, is_option=True)
    assert text(print_line(TradePrint(0, 0, 1.0, 1, edge=0.137), columns)).endswith(" +0.14~")
    assert text(print_line(TradePrint(0, 0, 1.0, 1, edge=-0.05), columns)).endswith(" -0.05~")
    *_, (edge, tone) = print_line(TradePrint(0, 0, 1.0, 1), columns)
    assert (edge.strip(), tone) == ("—", "old")


def test_a_run_says_its_trades_and_contracts_on_its_first_two_lines() -> None:
    columns = columns_for(60, 2, is_option=True)
    run = PrintRun(-1, 7, 132)
    lines = [print_line(TradePrint(0, 0, 1.0, 1, -1), columns, run=run, place=n) for n in range(3)]
    assert [text(line)[:4] for line in lines] == [" ×7▌", "132▌", "   ▌"]
    assert lines[0][1] == ("▌", "down")
    assert text(print_line(TradePrint(0, 0, 1.0, 1, -1), columns))[:4] == "    "


def test_three_of_one_side_are_a_run_and_two_are_none() -> None:
    prints = sided(1, 1, -1, -1, -1, 0, 0, 0, 1)
    assert runs_of(prints[::-1]) == dict.fromkeys((2, 3, 4), PrintRun(-1, 3, 3 + 4 + 5))


def test_a_missed_trade_and_an_auction_end_a_run() -> None:
    prints = sided(1, 1, 1, 1, 1, missed=frozenset((2,)))
    assert set(runs_of(prints[::-1])) == {2, 3, 4}
    prints[0] = TradePrint(0, 0, 1.0, 50, 1, is_auction=True)
    assert set(runs_of(prints[::-1])) == {2, 3, 4}


@given(st.lists(st.sampled_from((-1, 0, 1)), min_size=1, max_size=40), st.data())
def test_a_run_that_goes_on_out_of_sight_is_counted_whole(
    sides: list[Side], data: st.DataObject
) -> None:
    prints = sided(*sides)
    first = data.draw(st.integers(0, len(prints) - 1))
    stop = data.draw(st.integers(first + 1, len(prints)))
    seen = prints[first:stop]
    later = run_beyond(seen[-1], prints[stop:])
    earlier = run_beyond(seen[0], prints[:first][::-1])
    found = runs_of([*later[::-1], *seen[::-1], *earlier])
    whole = runs_of(prints[::-1])
    assert {n: run for n, run in found.items() if first <= n < stop} == {
        n: run for n, run in whole.items() if first <= n < stop
    }
    for run in whole.values():
        assert run.count >= SHORTEST_RUN


def test_size_that_is_missing_leaves_the_volume_of_a_run_blank() -> None:
    prints = [TradePrint(n, 0, 1.0, nan, 1) for n in range(3)]
    columns = columns_for(60, 2, is_option=True)
    run = runs_of(prints[::-1])[0]
    assert text(print_line(prints[1], columns, run=run, place=1))[:4] == "  —▌"
