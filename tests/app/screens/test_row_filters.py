"""Filtering rows by an expression: on the boards and on the page of a chain."""

import pytest
from harness.dashboard import at, run_dashboard
from textual.widgets import Static

from app.screens.dialogs.row_filter_dialog import RowFilterDialog
from app.screens.row_filters import column_names, ticker_names
from widgets import expected, greeks_panel, watchlist
from widgets.board_column import BoardColumn
from widgets.chain import ChainBoard
from widgets.chain_columns import STRIKE_WIDTH
from widgets.texts import LANGUAGES, speaking, t

FEW = ("A01612", "B01612A31", "C01612A31")
BOARDS: dict[str, tuple[BoardColumn, ...]] = {
    "watchlist": watchlist.COLUMNS, "expected": expected.COLUMNS, "greeks": greeks_panel.COLUMNS,
}  # fmt: skip


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_of_numbers_is_a_name(board: str, language: str) -> None:
    columns = BOARDS[board]
    with speaking(language):
        names = ticker_names(columns).values
        numbers = [c.id for c in columns if not c.is_picture]
        numbers = [one for one in numbers if one not in ("code", "name", "operation")]
        assert numbers
        for column in numbers:
            assert " ".join(t(f"column.{column}").split()) in names
            assert set(column_names(column)) <= names.keys()


async def test_a_filter_stands_in_the_title_and_escape_clears_it() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.press("down", "f", *"(콜 or 선물)", "enter")
        assert stage.codes == ["A01612", "B01612A31"]
        assert stage.app.main.grid.watchlist.code == "B01612A31"
        assert "1 관심종목 ─ 필터 2/3 (콜 or 선물)" in stage.text
        assert list(stage.app.market.watchlist.codes) == list(FEW)
        await stage.press("f", "end", *" 1080", "enter")
        assert stage.codes == []
        assert "필터에 맞는 행이 없습니다" in stage.text
        await stage.press("escape")
        assert stage.codes == list(FEW)
        assert "필터" not in stage.text.splitlines()[1]
        assert stage.toasts[-1] == "필터를 해제했습니다"
        # What was cleared is offered again.
        await stage.press("f", "enter")
        assert "필터 0/3 (콜 or 선물) 1080" in stage.text
        await stage.press("f", "backspace", "enter")
        assert stage.codes == list(FEW)


async def test_the_dialog_says_what_is_wrong_and_offers_names() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("f")
        assert isinstance(stage.app.screen, RowFilterDialog)
        names = stage.app.screen.query_one("#names", Static)
        assert "현재가 · 대비 · %" in str(names.render())
        await stage.fill_field("iv > 21 and 델")
        assert str(names.render()) == "항목: 델타"
        await stage.press("tab", *"< .3", "enter")
        assert stage.app.main.grid.watchlist.filter_text == "iv > 21 and 델타 < .3"
        await stage.press("f")
        await stage.fill_field("ivv > 3")
        assert stage.dialog_message.startswith(
            "1번째 글자: 'ivv' 항목이 없습니다 — 비슷한 항목: iv"
        )
        await stage.press("enter")
        assert isinstance(stage.app.screen, RowFilterDialog)
        await stage.fill_field("풋")
        assert stage.dialog_message == "3행 중 1행"


async def test_live_values_move_rows_in_and_out_and_the_cursor_stays_on_its_code() -> None:
    async with run_dashboard() as stage:
        await stage.settle_at(at(18, 1))
        watchlist = stage.app.main.grid.watchlist
        rows = stage.app.market.book.by_code
        await stage.press("end", "f", *"거래량 > 300", "enter")
        at_code = watchlist.code

        def expected_codes() -> list[str]:
            codes = stage.app.market.watchlist.codes
            trades = ((code, rows[code].trade) for code in codes)
            return [one for one, trade in trades if trade and trade.accumulated_volume > 300]

        assert stage.codes == expected_codes()
        first = set(stage.codes)
        await stage.settle_at(at(18, 12))
        assert stage.codes == expected_codes()
        assert first < set(stage.codes)
        assert watchlist.code == at_code


async def test_a_filtered_list_is_sorted_found_in_and_exported_as_seen_but_not_reordered() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.press("f", *"옵션", "enter", "s", "home", "down", "enter", "tilde")
        assert stage.codes == ["C01612A31", "B01612A31"]
        await stage.press("K", "J")
        assert stage.toasts[-1] == "필터를 해제한 뒤 행을 옮기세요 (Esc)"
        await stage.press("d")
        assert stage.codes == ["C01612A31"]
        await stage.press("escape")
        assert stage.codes == ["C01612A31", "A01612"]


async def test_the_focused_board_is_filtered_and_time_and_sales_has_its_own() -> None:
    async with run_dashboard(FEW) as stage:
        grid = stage.app.main.grid
        await stage.press("2", "f", *"풋", "enter")
        assert grid.greeks.board.codes == ["C01612A31"]
        assert stage.codes == list(FEW)
        assert "필터 1/2 풋" in stage.text
        await stage.press("1", "escape")
        assert grid.greeks.board.codes == ["B01612A31", "C01612A31"]
        await stage.press("7", "f", *"10", "enter")
        assert not grid.trades.filter.shows_all
        await stage.press("escape")
        assert grid.trades.filter.shows_all


async def test_the_expected_board_keeps_its_filter_while_rows_come() -> None:
    async with run_dashboard(FEW, start=at(17, 50, 30)) as stage:
        await stage.press("3", "f", *"풋", "enter")
        await stage.step_to(at(17, 55))
        assert stage.app.main.grid.expected.codes == ["C01612A31"]
        assert "필터 1/2 풋" in stage.text


async def test_a_chain_shows_the_strikes_of_which_a_contract_matches() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.settle_at(at(18, 1))
        await stage.press("down", "5")
        page = stage.app.front
        board = page.query_one("#chain", ChainBoard)
        everything = board.row_count
        code = board.code
        await stage.pass_time(1)
        await stage.press("f", *"행사가 > 1070 and 행사가 < 1085", "enter")
        assert [strike.price for strike in board.selection.shown] == [
            1082.5, 1080.0, 1077.5, 1075.0, 1072.5,
        ]  # fmt: skip
        assert board.code == code
        await stage.pass_time(1)
        assert f"필터 5/{everything} 행사가 > 1070 and 행사가 < 1085" in stage.text
        await stage.press("up", "0")
        assert board.code
        await stage.press("f", *"콜 and 델타 > .4", "enter")
        await stage.pass_time(1)
        strip = board.render_line(board.HEADER)
        put_styles = {
            one.style for one in strip.crop(board._half + STRIKE_WIDTH) if one.text.strip()
        }
        call_styles = {one.style for one in strip.crop(0, board._half) if one.text.strip()}
        assert put_styles == {board.tones("unmatched")}
        assert len(call_styles) > 1
        await stage.press("f", *"콜 and 델타 > 99", "enter")
        assert (board.code, board.row_count) == ("", 0)
        assert "필터에 맞는 행이 없습니다" in stage.text
        await stage.pass_time(1)
        await stage.press("escape")
        assert board.row_count == everything
        await stage.press("escape")
        assert stage.app.front is stage.app.main
