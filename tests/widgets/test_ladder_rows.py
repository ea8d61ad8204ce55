"""Quotes on the watchlist: the book's if there is one, and the text without a trade."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult

from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_trade import NightOptionTrade
from widgets.watchlist import WatchlistBoard

CODE = "B01612A31"
TRADE = NightOptionTrade(CODE, "031200", price=24.85, bid=24.70, ask=25.10)
BOOK = NightOptionBook(CODE, "031244", bid=24.80, ask=24.95)


class Room(App[None]):
    """Nothing but the watchlist."""

    def compose(self) -> ComposeResult:
        yield WatchlistBoard()

    def words(self, row: Ticker, *, live: bool = True) -> list[str]:
        """Return the words drawn for a row."""
        board = self.query_one(WatchlistBoard)
        board.show([row])
        board.tick(100.0, live=live)
        return board.render_line(1).text.split()


@asynccontextmanager
async def room() -> AsyncIterator[Room]:
    app = Room()
    async with app.run_test(size=(180, 6)):
        yield app


async def test_a_book_that_is_registered_gives_the_quotes_else_the_trade_does() -> None:
    row = Ticker(Instrument(CODE), TRADE, 99.0)
    with_book = Ticker(Instrument(CODE), TRADE, 99.0, book=BOOK, book_at=99.0)
    async with room() as app:
        assert "24.70×25.10" in app.words(row)
        assert "24.80×24.95" in app.words(with_book)


async def test_a_side_without_a_quote_is_missing_not_nought() -> None:
    bare = NightOptionBook(CODE, "031244", bid=0.0, ask=24.95)
    async with room() as app:
        assert "—×24.95" in app.words(
            Ticker(Instrument(CODE), TRADE, 99.0, book=bare, book_at=99.0)
        )


async def test_a_row_that_has_not_traded_shows_its_quotes_and_says_so() -> None:
    async with room() as app:
        words = app.words(Ticker(Instrument(CODE), book=BOOK, book_at=99.0))
        assert words[2] == "—"
        assert "24.80×24.95" in words
        assert words[-1] == "체결없음"


async def test_a_dead_row_of_quotes_alone_shows_the_age_of_its_quotes() -> None:
    async with room() as app:
        words = app.words(Ticker(Instrument(CODE), book=BOOK, book_at=85.0), live=False)
        assert words[-2:] == ["15초", "전"]


async def test_a_trade_that_was_asked_for_says_when_dead_or_alive() -> None:
    row = Ticker(Instrument(CODE), TRADE, asked_at="031205")
    async with room() as app:
        assert app.words(row)[-1] == "(03:12)"
        assert app.words(row, live=False)[-1] == "(03:12)"


async def test_a_book_that_changes_lights_no_price() -> None:
    async with room() as app:
        board = app.query_one(WatchlistBoard)
        board.show([Ticker(Instrument(CODE), TRADE, 99.0, book=BOOK, book_at=99.0)])
        board.tick(100.0, live=True)
        price = board.render_line(1).text.index("24.85")
        before = board.render_line(1).crop(price, price + 5)
        other = NightOptionBook(CODE, "031245", bid=24.85, ask=24.95)
        board.update_rows([Ticker(Instrument(CODE), TRADE, 99.0, book=other, book_at=100.0)])
        after = board.render_line(1)
        assert list(after.crop(price, price + 5)) == list(before)
        assert "24.85×24.95" in after.text
