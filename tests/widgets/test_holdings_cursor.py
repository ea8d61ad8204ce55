"""The table of positions keeps its cursor in sight, and on its contract."""

from collections.abc import Sequence

import pytest
from harness.portfolio_rows import index_contract, row, value_positions
from harness.resizable_terminal import resize_widget, run_widget

from app.portfolio.positions import Position
from specs.market.holding import Holding
from widgets.holdings import Holdings

HELD = value_positions(
    [row(index_contract(f"A01{at:03}"), 1080.9, 1081.1, 1081.0) for at in range(30)],
    *(Position(f"A01{at:03}", 1, 1079.0) for at in range(30)),
)


def positions_seen(table: Holdings) -> list[str]:
    lines = [table.render_line(y).text for y in range(1, table.size.height)]
    return [line.split()[0].strip("<>") for line in lines if line.startswith("<")]


@pytest.mark.parametrize("holdings", [HELD, HELD[:4]])
async def test_positions_follow_their_cursor(holdings: Sequence[Holding]) -> None:
    table = Holdings()
    async with run_widget(table, 11) as pilot:
        table.show(holdings, (), ())
        await pilot.pause()
        last = len(holdings) - 1
        for way, place in (("down", 1), ("bottom", last), ("down", last), ("up", last - 1)):
            table.action_move(way)
            assert table.cursor == place
            assert table.code in positions_seen(table)
        table.action_move("bottom")
        for height in (6, 3, 20, 11):
            await resize_widget(pilot, height)
            assert table.cursor == last
            found = positions_seen(table)
            assert table.code in found
            assert len(found) == min(len(holdings), height - 1), "no room is wasted"
        table.action_move("top")
        table.action_move("up")
        assert (table.cursor, positions_seen(table)[0]) == (0, table.code)


async def test_the_cursor_of_positions_stays_on_its_code() -> None:
    table = Holdings()
    async with run_widget(table, 11) as pilot:
        table.show(HELD, (), ())
        table.move_to("A01020")
        await pilot.pause()
        assert table.code in positions_seen(table)
        table.show(HELD[15:], (), ())
        assert (table.code, table.cursor) == ("A01020", 5)
        assert table.code in positions_seen(table)
        table.show(HELD[:10], (), ())
        assert (table.code, table.cursor) == ("A01005", 5)
        table.action_move("bottom")
        table.show(HELD[:3], (), ())
        assert (table.code, table.cursor) == ("A01002", 2)
        assert positions_seen(table) == ["A01000", "A01001", "A01002"]
        table.show((), (), ())
        assert (table.code, table.cursor, table.selected) == ("", 0, None)
        table.action_move("down")
        assert table.cursor == 0
