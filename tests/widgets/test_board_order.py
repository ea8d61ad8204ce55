"""A board's titles, columns and order, its text without rows, and clicks on it."""

from harness.board_terminal import LISTED, OTHER, OTHER_TRADE, PUT, SIZE, run_board
from harness.option_rows import CALL
from harness.painted_cells import spans
from msgspec.structs import replace

from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.trs.night_option_expected import NightOptionExpected
from specs.user_message import UserMessage
from widgets.expected import ExpectedBoard
from widgets.texts import t


async def test_the_titles_stand_over_their_columns() -> None:
    async with run_board([LISTED]) as (app, _):
        assert app.line(0)["name"] == (t("column.name"), "header")
        assert app.line(0)["price"] == (t("column.price"), "header")
        app.board.sort_by("price", descending=True)
        assert app.line(0)["price"] == (t("column.price") + "↓", "sorted")
        app.board.sort_by("spread")
        assert app.line(0)["price"] == (t("column.price"), "header")
        title, tones = app.line(0)["spread"]
        assert (title, tones) == (t("column.spread").rstrip() + "↑", "sorted")
        assert app.board.sort == ("spread", False)
        app.board.reset_sort()
        assert app.board.sort is None
        assert app.board.render_line(0).cell_length == SIZE[0]


async def test_an_empty_board_says_so_in_its_middle() -> None:
    async with run_board([], size=(100, 12)) as (app, _):
        height = app.board.size.height
        texts = [app.board.render_line(y).text for y in range(height)]
        words = t("watchlist.empty").splitlines()
        at = 1 + (height - 1 - len(words)) // 2
        assert [text.strip() for text in texts[1:]] == [
            *[""] * (at - 1), *words, *[""] * (height - at - len(words))
        ]  # fmt: skip
        assert texts[at].startswith(" " * 40)
        assert spans(app.board.render_line(at))[0][1] == "note"
        assert app.board.code == ""
        app.board.set_empty("greeks.empty")
        assert t("greeks.empty") in "".join(app.board.render_line(y).text for y in range(height))


async def test_columns_that_are_chosen_stand_in_the_order_chosen() -> None:
    async with run_board([LISTED]) as (app, _):
        app.board.set_columns(["price", "code", "nonsense"])
        assert app.board.requested_columns == ["price", "code"]
        assert not app.board.shows_usual
        assert app.board.render_line(1).text.split() == ["24.85", CALL.code]
        app.board.set_columns([])
        assert app.board.shows_usual
        usual = [column.id for column in app.board.columns if not column.optional]
        assert app.board.requested_columns == usual


async def test_the_order_is_brought_up_to_date_every_five_seconds() -> None:
    async with run_board([LISTED, OTHER]) as (app, _):
        app.board.sort_by("price", descending=False)
        assert app.board.codes == [PUT.code, CALL.code]
        app.board.update_rows([replace(OTHER, trade=replace(OTHER_TRADE, price=30.0))])
        app.board.tick(104.9, live=True)
        assert app.board.codes == [PUT.code, CALL.code]
        app.board.tick(105.0, live=True)
        assert app.board.codes == [CALL.code, PUT.code]
        app.board.update_rows([OTHER])
        app.board.tick(109.9, live=True)
        assert app.board.codes == [CALL.code, PUT.code]
        app.board.tick(110.0, live=True)
        assert app.board.codes == [PUT.code, CALL.code]


async def test_an_auctions_board_has_the_order_of_the_list_unless_it_is_sorted() -> None:
    def row(code: str, percent: float) -> Ticker:
        record = NightOptionExpected(
            code, "175900", expected_price=10.0, expected_change_percent=percent
        )
        return Ticker(
            Instrument(code),
            expected=record,
            note=UserMessage("row.waiting"),
            badge=UserMessage("badge.expired"),
        )

    rows = [row("A", 1.0), row("B", -3.0), row("C", 2.0), Ticker(Instrument("D"))]
    async with run_board(rows, ExpectedBoard()) as (app, _):
        assert app.board.codes == ["A", "B", "C", "D"]
        assert app.line(1)["name"][0] == "A"
        app.board.sort_by("expected_percent")
        assert app.board.codes[0] == "B"
        app.board.reset_sort()
        assert app.board.sort is None
        assert app.board.code == "A", "an untouched cursor stays on top"
        app.board.action_move("down")
        app.board.show([row("C", -9.0), *rows[:2]])
        assert app.board.codes == ["C", "A", "B"]
        assert (app.board.code, app.board.cursor) == ("B", 2), "a touched one stays on its code"


async def test_a_click_selects_a_row_or_tells_the_column_of_a_title() -> None:
    async with run_board([LISTED, OTHER]) as (app, pilot):
        await pilot.pause()
        assert set(app.messages) == {("moved", CALL.code)}
        app.messages.clear()
        await pilot.click(app.board, offset=(3, 2))
        assert app.board.code == PUT.code
        assert app.messages == [("moved", PUT.code)]
        await pilot.click(app.board, offset=(3, 5))
        assert app.board.code == PUT.code
        app.messages.clear()
        for x in (0, 8, 9, 10, 37, 38, 46):
            await pilot.click(app.board, offset=(x, 0))
        assert app.messages == [
            ("header", name) for name in ("code", "code", "name", "price", "price")
        ]
        assert app.board.code == PUT.code
