"""The order book panel: its contract, its text without a book, and the lines it redraws."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import get_args

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from specs.codes import Family
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.trs.night_option_book import NightOptionBook
from widgets.ladder import Ladder, Why
from widgets.texts import has

CALL = Instrument("B01612A31", "C 202612 1,075.0", Family.INDEX_OPTION)
PUT = Instrument("C01612A31", "P 202612 1,075.0", Family.INDEX_OPTION)


def book(code: str, *, ask: float = 24.95, size: float = 10) -> NightOptionBook:
    return NightOptionBook(
        code, "031244", ask=ask, ask_size=size, bid=24.80, bid_size=20,
        total_ask_size=100, total_bid_size=300,
    )  # fmt: skip


ROWS = [Ticker(CALL, book=book(CALL.code), book_at=100.0), Ticker(PUT)]


class Room(App[None]):
    """Nothing but the panel."""

    def compose(self) -> ComposeResult:
        yield Ladder()

    @property
    def ladder(self) -> Ladder:
        return self.query_one(Ladder)

    @property
    def text(self) -> str:
        height = self.ladder.size.height
        return "\n".join(self.ladder.render_line(y).text.rstrip() for y in range(height))


@asynccontextmanager
async def room() -> AsyncIterator[tuple[Room, Pilot[None]]]:
    app = Room()
    async with app.run_test(size=(38, 14)) as pilot:
        app.ladder.tick(101.0, live=True)
        yield app, pilot


async def test_without_a_contract_it_says_what_to_do() -> None:
    async with room() as (app, _):
        assert "종목을 선택하면" in app.text
        app.ladder.show(ROWS)
        app.ladder.select("A01612")
        assert "종목을 선택하면" in app.text


async def test_it_shows_the_book_of_the_selected_contract_and_names_it() -> None:
    async with room() as (app, _):
        app.ladder.show(ROWS)
        app.ladder.select(CALL.code)
        assert "24.95" in app.text
        assert app.ladder.border_title == "4 호가 ─ C 202612 1,075.0"
        app.ladder.select(PUT.code)
        assert "24.95" not in app.text
        assert app.ladder.border_title == "4 호가 ─ P 202612 1,075.0"


async def test_a_contract_without_a_book_says_why() -> None:
    async with room() as (app, _):
        app.ladder.show(ROWS)
        app.ladder.select(PUT.code)
        assert "호가 등록 대기" in app.text
        app.ladder.set_why("asleep")
        assert "주간만 거래되는 종목 — 야간 호가 없음" in app.text
        app.ladder.update_rows([Ticker(PUT, book=book(PUT.code), book_at=101.0)])
        assert "주간 종목" not in app.text
        assert "24.95" in app.text
        app.ladder.update_rows([Ticker(PUT)])
        assert "24.95" not in app.text


def test_every_reason_has_its_words_and_no_other_is_taken() -> None:
    assert all(has(f"ladder.{why}") for why in get_args(Why))
    with pytest.raises(ValueError, match="nonsense"):
        Ladder().set_why("nonsense")  # type: ignore[arg-type]


async def test_rows_of_other_contracts_draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with room() as (app, _):
        app.ladder.show(ROWS)
        app.ladder.select(CALL.code)
        drawn = noted(app.ladder, monkeypatch)
        app.ladder.update_rows([Ticker(PUT, book=book(PUT.code), book_at=101.0)])
        assert drawn == []


async def test_only_the_lines_that_changed_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    async with room() as (app, _):
        app.ladder.show(ROWS)
        app.ladder.select(CALL.code)
        lines = app.text.splitlines()
        drawn = noted(app.ladder, monkeypatch)
        app.ladder.update_rows([replace(ROWS[0], book=book(CALL.code))])
        assert drawn == []
        app.ladder.update_rows([replace(ROWS[0], book=book(CALL.code, size=15))])
        [ask] = [y for y, line in enumerate(lines) if "24.95" in line]
        assert drawn == [ask]


async def test_time_draws_the_age_of_the_book_and_nothing_else_within_a_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with room() as (app, _):
        app.ladder.show(ROWS)
        app.ladder.select(CALL.code)
        app.ladder.tick(112.0, live=True)
        [middle] = [y for y, line in enumerate(app.text.splitlines()) if "호가 12초 전" in line]
        drawn = noted(app.ladder, monkeypatch)
        app.ladder.tick(112.4, live=True)
        assert drawn == []
        app.ladder.tick(113.0, live=True)
        assert drawn == [middle]


async def test_a_connection_that_is_not_live_dims_all_of_it() -> None:
    async with room() as (app, _):
        app.ladder.show(ROWS)
        app.ladder.select(CALL.code)
        app.ladder.tick(102.0, live=False)
        dead = {
            segment.style
            for y in range(14)
            for segment in app.ladder.render_line(y)
            if segment.text.strip()
        }
        assert len(dead) == 1
        assert "호가 2.0초 전" in app.text


async def test_a_book_that_came_while_it_was_hidden_is_there_when_it_is_shown() -> None:
    async with room() as (app, pilot):
        app.ladder.show(ROWS)
        app.ladder.select(CALL.code)
        app.ladder.display = False
        await pilot.pause()
        app.ladder.update_rows([replace(ROWS[0], book=book(CALL.code, ask=25.35))])
        app.ladder.display = True
        await pilot.pause()
        assert "25.35" in app.text


def noted(ladder: Ladder, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lines that are drawn anew from here on; -1 stands for all of them."""
    drawn: list[int] = []

    def refresh(*regions: Region, **_: object) -> Ladder:
        drawn.extend(region.y for region in regions)
        if not regions:
            drawn.append(-1)
        return ladder

    monkeypatch.setattr(ladder, "refresh", refresh)
    return drawn
