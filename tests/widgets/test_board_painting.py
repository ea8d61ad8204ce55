"""Painting of a board's rows: texts, tones, flashes, and the lines redrawn by a beat."""

import pytest
from harness.board_terminal import (
    LISTED,
    OTHER,
    OTHER_TRADE,
    PUT,
    SIZE,
    record_refreshes,
    run_board,
)
from harness.option_rows import CALL, OWN, TRADE
from harness.painted_cells import spans
from msgspec.structs import replace
from textual.widgets import Button

from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_expected import NightOptionExpected
from specs.user_message import UserMessage
from widgets.expected import ExpectedBoard
from widgets.row_strip import FLASH
from widgets.texts import t


async def test_a_row_is_painted_in_the_tones_of_its_cells() -> None:
    async with run_board([LISTED, OTHER]) as (app, _):
        assert app.line(2) == {
            "code": ("C01612A31", "code"),
            "name": ("P 202612 1,075.0", "name"),
            "price": ("18.10", "down"),
            "change": ("▼   1.95", "down"),
            "percent": ("-9.70", "down"),
            "spread": ("24.80×24.95", "value"),
            "volume": ("1,204", "value"),
            "open_interest": ("18,112", "value"),
            "volatility": ("14.8%", "value"),
            "delta": ("-0.42", "value"),
            "open": ("22.10", "value"),
            "high": ("1,025.30", "value"),
            "low": ("21.05", "value"),
            "theoretical": ("24.71", "value"),
            "strength": ("103.2", "value"),
            "time": ("23:45:12", "value"),
        }
        assert app.board.render_line(3).text.strip() == ""


async def test_the_row_of_the_cursor_lies_on_its_layer() -> None:
    async with run_board([LISTED, OTHER]) as (app, pilot):
        app.board.focus()
        await pilot.pause()
        assert app.tones(1) == {"code cursor", "name cursor", "up cursor", "value cursor"}
        assert {tones for _, tones in spans(app.board.render_line(1))} == app.tones(1)
        assert not any("cursor" in tones for tones in app.tones(2))
        app.query_one(Button).focus()
        await pilot.pause()
        assert app.tones(1) == {"code mark", "name mark", "up mark", "value mark"}
        app.board.focus()
        await pilot.pause()
        app.board.action_move("down")
        assert "down cursor" in app.tones(2)
        assert app.tones(1) == {"code", "name", "up", "value"}


async def test_a_note_stands_in_place_of_all_values() -> None:
    note = t("row.refused", code="OPSP0011")
    async with run_board([LISTED, replace(OTHER, trade=None, note=note)]) as (app, _):
        parts = spans(app.board.render_line(2))
        assert [tones for _, tones in parts] == ["code", "value", "name", "value", "note"]
        assert parts[-1][0].rstrip() == note
        assert sum(len(text) for text, _ in parts[:-1]) == 9 + 1 + 26 + 1
        assert app.board.render_line(2).cell_length == SIZE[0]


async def test_a_row_that_is_not_live_is_dim_and_says_how_old_it_is() -> None:
    noted = replace(OTHER, trade=None, note=t("row.waiting"))
    asked = replace(OTHER, instrument=replace(PUT, code="C01612A33"), asked_at="031205")
    quotes = Ticker(
        replace(PUT, code="C01612A36"), book=NightOptionBook("", "", bid=1.0), book_at=85.0
    )
    async with run_board([LISTED, OTHER, noted, asked, quotes]) as (app, _):
        app.board.show([LISTED, noted, asked, quotes])
        app.board.tick(104.0, live=False)
        app.board.move_to(asked.code)
        assert app.tones(1) == {"dead"}
        assert app.line(1)["time"] == (t("board.age", age="5.0초"), "dead")
        assert app.line(1)["price"] == ("24.85", "dead")
        assert [tones for _, tones in spans(app.board.render_line(2))][-1] == "note"
        assert app.line(3)["time"][0] == "(03:12)"
        assert app.line(4)["time"] == (t("board.age", age="19초"), "dead")
        app.board.tick(105.0, live=False)
        assert app.line(1)["time"][0] == t("board.age", age="6.0초")
        app.board.tick(106.0, live=True)
        assert app.line(1)["time"][0] == "23:45:12"


async def test_a_row_that_was_asked_for_is_as_dim_as_an_old_one() -> None:
    async with run_board([LISTED, replace(OTHER, asked_at="031205")]) as (app, _):
        assert app.tones(2) == {"old"}


async def test_a_changed_price_flashes_until_its_time_is_over() -> None:
    async with run_board([LISTED, OTHER]) as (app, _):
        assert "up flash" not in app.tones(1)
        _ = app.line(2)
        trade = replace(OTHER_TRADE, price=18.20)
        app.board.update_rows([replace(OTHER, trade=trade)])
        assert {name: tones for name, (_, tones) in app.line(2).items() if "flash" in tones} == {
            "price": "down flash"
        }
        app.board.update_rows([replace(OTHER, trade=replace(trade, bid=18.15))])
        assert app.line(2)["price"] == ("18.20", "down flash"), "nothing that flashes changed"
        app.board.tick(100.0 + FLASH - 0.01, live=True)
        assert app.line(2)["price"][1] == "down flash"
        app.board.tick(100.0 + FLASH, live=True)
        assert app.line(2)["price"] == ("18.20", "down")


async def test_a_changed_volume_flashes_alone_and_over_the_cursor() -> None:
    async with run_board([LISTED]) as (app, pilot):
        app.board.focus()
        await pilot.pause()
        _ = app.line(1)
        app.board.update_rows([replace(LISTED, trade=replace(TRADE, accumulated_volume=1300.0))])
        assert app.line(1)["volume"] == ("1,300", "value cursor flash")
        assert app.line(1)["price"][1] == "up cursor"


async def test_the_first_trade_and_what_follows_a_reset_do_not_flash() -> None:
    async with run_board([replace(LISTED, trade=None), OTHER]) as (app, _):
        _ = app.line(1), app.line(2)
        app.board.update_rows([LISTED])
        assert app.line(1)["price"] == ("24.85", "up cursor")
        app.board.reset()
        app.board.update_rows([replace(OTHER, trade=replace(OTHER_TRADE, price=18.20))])
        assert app.line(2)["price"] == ("18.20", "down")


async def test_nothing_flashes_while_the_connection_is_down() -> None:
    async with run_board([LISTED, OTHER]) as (app, _):
        _ = app.line(2)
        app.board.tick(100.1, live=False)
        app.board.update_rows([replace(OTHER, trade=replace(OTHER_TRADE, price=18.20))])
        assert app.line(2)["price"] == ("18.20", "dead")


async def test_an_auctions_price_and_volume_flash() -> None:
    record = NightOptionExpected(CALL.code, "175900", expected_price=24.0, expected_volume=5.0)
    other = replace(record, code=PUT.code)
    rows = [Ticker(CALL, expected=record), Ticker(PUT, expected=other)]
    async with run_board(rows, ExpectedBoard()) as (app, _):
        _ = app.line(2)
        app.board.update_rows([replace(rows[1], expected=replace(other, expected_price=24.1))])
        found = app.line(2)
        assert found["expected_price"] == ("24.10", "flat flash")
        assert [name for name, (_, tones) in found.items() if "flash" in tones] == [
            "expected_price"
        ]


async def test_a_beat_draws_only_the_rows_that_time_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    older = replace(OTHER, trade_at=91.0)
    async with run_board([LISTED, older]) as (app, _):
        _ = app.line(1), app.line(2)
        lines = record_refreshes(app.board, monkeypatch)
        app.board.tick(100.9, live=True)
        assert lines == []
        app.board.tick(101.0, live=True)
        assert lines == [2]
        assert app.line(2)["open"][1] == "older"
        lines.clear()
        app.board.tick(102.0, live=False)
        assert set(lines) == {-1, 1, 2}


async def test_a_row_that_changed_is_drawn_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        Ticker(Instrument(f"A{at:05}"), replace(TRADE, code=f"A{at:05}"), 99.0) for at in range(9)
    ]
    async with run_board(rows, size=(120, 6)) as (app, _):
        for y in range(1, app.board.size.height):
            app.board.render_line(y)
        kept = app.board.render_line(1)
        lines = record_refreshes(app.board, monkeypatch)
        unseen = replace(rows[8], trade_at=100.0)
        app.board.update_rows([replace(rows[1], trade_at=100.0), unseen, LISTED])
        assert lines == [2]
        assert app.board.render_line(1) is kept, "its strip is kept"
        assert app.board.codes == [row.code for row in rows]


async def test_row_is_dim_in_every_cell_when_it_does_not_trade_in_this_session() -> None:
    asleep = replace(LISTED, badge=UserMessage("badge.asleep"), theoretical=OWN)
    async with run_board([OTHER, asleep]) as (app, _):
        assert {tone for _, tone in app.line(2).values()} == {"old"}


async def test_own_values_dim_with_their_inputs_and_quotes_with_their_book() -> None:
    own = replace(LISTED, source="own", theoretical=replace(OWN, at=100.0))
    book = NightOptionBook(own.code, "234513", bid=24.75, ask=24.90)
    quoted = replace(own, trade_at=158.0, book=book, book_at=145.0)
    async with run_board([OTHER, quoted]) as (app, _):
        for now, delta, spread in (
            (109.0, "value", "value"),
            (159.0, "older", "older"),
            (161.0, "old", "older"),
        ):
            app.board.tick(now, live=True)
            line = app.line(2)
            assert (line["delta"][1], line["spread"][1]) == (delta, spread)
            assert line["open"][1] == "value"
