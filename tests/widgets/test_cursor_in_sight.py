"""Boards keep their cursor visible and on its contract through every change."""

from collections.abc import Sequence
from random import Random

import pytest
from harness.resizable_terminal import resize_widget, run_widget

from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.trs.night_futures_trade import NightFuturesTrade
from widgets.board import Board
from widgets.watchlist import WatchlistBoard

HEADER = 1
ROWS = [
    Ticker(
        Instrument(f"A{at:05}"), NightFuturesTrade(f"A{at:05}", "030000", price=at * 7 % 40 + 1.0)
    )
    for at in range(40)
]
CODES = [f"A{at:05}" for at in range(40)]


def seen(board: Board) -> list[str]:
    """The codes that are painted, from top to bottom."""
    lines = [board.render_line(y).text for y in range(HEADER, board.size.height)]
    return [line.split()[0] for line in lines if line.strip()]


def assert_in_sight(board: Board) -> None:
    codes = seen(board)
    assert board.code in codes
    assert board.visible_codes == frozenset(codes)
    top = board.scroll_offset.y
    assert codes == board.codes[top : top + board.size.height - HEADER]
    assert len(codes) == min(len(board.codes), board.size.height - HEADER), "no room is wasted"


@pytest.mark.parametrize("way", ["bottom", "top"])
async def test_a_board_follows_its_cursor_when_the_room_shrinks(way: str) -> None:
    board = WatchlistBoard()
    async with run_widget(board, 11) as pilot:
        board.show(ROWS)
        board.cursor = 9 if way == "bottom" else 30
        await pilot.pause()
        code = board.code
        for height in (8, 5, 2, 3, 20, 60, 11):
            await resize_widget(pilot, height)
            assert board.code == code
            assert_in_sight(board)


async def test_a_cursor_that_is_set_before_the_scrollbar_is_there_is_in_sight() -> None:
    board = WatchlistBoard()
    async with run_widget(board, 11) as pilot:
        board.show(ROWS)
        board.move_to("A00030")
        assert_in_sight(board)
        await pilot.pause()
        assert_in_sight(board)


async def test_a_page_is_one_row_less_than_can_be_seen() -> None:
    board = WatchlistBoard()
    async with run_widget(board, 11) as pilot:
        board.show(ROWS)
        await pilot.pause()
        places = []
        for way in ("page_down", "page_down", "page_up", "down", "up", "bottom", "page_up", "top"):
            board.action_move(way)
            assert_in_sight(board)
            places.append(board.cursor)
        assert places == [9, 18, 9, 10, 9, 39, 30, 0]
        board.action_move("up")
        assert board.cursor == 0
        board.action_move("page_up")
        assert board.cursor == 0
        board.action_move("bottom")
        board.action_move("page_down")
        board.action_move("down")
        assert board.cursor == 39


async def test_a_board_of_one_visible_row_moves_page_by_page_by_one() -> None:
    board = WatchlistBoard()
    async with run_widget(board, 2) as pilot:
        board.show(ROWS)
        await pilot.pause()
        board.action_move("page_down")
        assert board.cursor == 1
        assert_in_sight(board)


async def test_the_view_moves_no_further_than_the_cursor_needs() -> None:
    board = WatchlistBoard()
    async with run_widget(board, 11) as pilot:
        board.show(ROWS)
        await pilot.pause()
        tops = []
        for place in (9, 10, 20, 15, 11, 10, 39, 0):
            board.cursor = place
            tops.append(board.scroll_offset.y)
        assert tops == [0, 1, 11, 11, 11, 10, 30, 0]


async def test_the_cursor_stays_on_its_code_when_others_go() -> None:
    board = WatchlistBoard()
    async with run_widget(board, 11) as pilot:
        board.show(ROWS)
        board.move_to("A00030")
        await pilot.pause()
        board.show(ROWS[25:])
        assert (board.code, board.cursor) == ("A00030", 5)
        await pilot.pause()
        assert_in_sight(board)
        board.show([*ROWS[:3], *ROWS[30:32]])
        await pilot.pause()
        assert (board.code, board.cursor) == ("A00030", 3)
        assert_in_sight(board)


async def test_the_cursor_stays_at_its_place_when_its_row_goes() -> None:
    board = WatchlistBoard()
    async with run_widget(board, 11) as pilot:
        board.show(ROWS)
        board.move_to("A00030")
        board.show([row for row in ROWS if row.code != "A00030"])
        assert (board.code, board.cursor) == ("A00031", 30)
        board.action_move("bottom")
        board.show(ROWS[:5])
        await pilot.pause()
        assert (board.code, board.cursor) == ("A00004", 4)
        assert_in_sight(board)
        board.show([])
        assert (board.code, board.cursor) == ("", 0)
        board.action_move("bottom")
        assert board.cursor == 0
        board.show(ROWS)
        await pilot.pause()
        assert_in_sight(board)


async def test_a_new_order_takes_the_view_to_where_the_cursor_went() -> None:
    board = WatchlistBoard()
    async with run_widget(board, 11) as pilot:
        board.show(ROWS)
        board.move_to("A00002")
        await pilot.pause()
        board.sort_by("price", descending=True)
        assert board.code == "A00002"
        assert board.cursor == [row.code for row in by_price(ROWS)].index("A00002")
        assert_in_sight(board)
        changed = [*ROWS]
        changed[2] = Ticker(ROWS[2].instrument, NightFuturesTrade("A00002", "030000", price=0.5))
        board.update_rows(changed)
        board.tick(1000.0, live=True)
        assert (board.code, board.cursor) == ("A00002", 39)
        assert_in_sight(board)
        board.sort_by(None)
        assert (board.code, board.cursor) == ("A00002", 2)
        assert_in_sight(board)


def by_price(rows: Sequence[Ticker]) -> list[Ticker]:
    return sorted(rows, key=lambda row: -row.trade.price if row.trade else 0.0)


@pytest.mark.parametrize("seed", range(3))
async def test_a_board_keeps_its_cursor_in_sight_through_any_changes(seed: int) -> None:
    random = Random(seed)
    board = WatchlistBoard()
    async with run_widget(board, 11) as pilot:
        board.show(ROWS)
        await pilot.pause()
        for _step in range(60):
            code = board.code
            match random.randrange(6):
                case 0:
                    await resize_widget(pilot, random.choice((2, 3, 6, 11, 30, 50)))
                    assert board.code == code
                case 1:
                    ways = ("up", "down", "top", "bottom", "page_up", "page_down")
                    board.action_move(random.choice(ways))
                case 2:
                    rows = random.sample(ROWS, random.randint(1, 40))
                    board.show(rows)
                    assert board.code == code or code not in board.codes
                case 3:
                    board.sort_by(random.choice(("price", "code", None)), descending=seed > 1)
                    assert board.code == code
                case 4:
                    board.move_to(random.choice(CODES))
                case 5:
                    board.set_columns(random.choice((["code", "price"], ["code"], [])))
                    assert board.code == code
            await pilot.pause()
            assert_in_sight(board)
