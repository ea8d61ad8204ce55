"""Painting of the option chain: strikes between calls and puts, the money, cursor, age."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from harness.painted_cells import Painted, named_tones, spans
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from specs.codes import Family, Right
from specs.market.instrument import Instrument, Strike
from specs.market.ticker import Ticker
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_trade import NightOptionTrade
from widgets.chain import ChainBoard
from widgets.chain_columns import STRIKE_WIDTH
from widgets.texts import t

STRIKES = (
    Strike(1070.0, "B1", "C1"), Strike(1072.5, "B2", "C2"), Strike(1075.0, "B3", ""),
    Strike(1077.5, "", "C4"),
)  # fmt: skip


def option(code: str, price: float, sign: str) -> Ticker:
    right = Right.CALL if code[0] == "B" else Right.PUT
    delta = 0.512 if right is Right.CALL else -0.488
    trade = NightOptionTrade(
        code, "030000", price=price, change_sign=sign, delta=delta, gamma=0.01, vega=1.0,
        theta=-0.5, rho=0.1,
    )  # fmt: skip
    return Ticker(Instrument(code, family=Family.INDEX_OPTION, right=right), trade, 99.0)


class Room(App[None]):
    """A chain over rows that a test changes."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = {
            "B1": option("B1", 14.1, "2"), "C1": option("C1", 3.2, "5"),
            "B2": option("B2", 12.3, "3"), "C2": option("C2", 4.4, "5"),
            "B3": option("B3", 10.5, "2"), "C4": option("C4", 7.7, "5"),
        }  # fmt: skip
        self.chain = ChainBoard(self.rows.get)
        self.said: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.chain

    def on_chain_board_moved(self) -> None:
        self.said.append(self.chain.code)

    def on_chain_board_activated(self) -> None:
        self.said.append(f"taken {self.chain.code}")

    def line(self, place: int) -> list[Painted]:
        """The pieces of a strike's line."""
        return spans(self.chain.render_line(place + 2))

    def sides(self, place: int) -> tuple[list[str], list[str]]:
        """The words left and right of a strike."""
        text = self.chain.render_line(place + 2).text
        half = (len(text) - STRIKE_WIDTH) // 2
        return text[:half].split(), text[half + STRIKE_WIDTH :].split()


@asynccontextmanager
async def room(width: int = 51) -> AsyncIterator[tuple[Room, Pilot[None]]]:
    app = Room()
    with named_tones():
        async with app.run_test(size=(width, 10)) as pilot:
            app.chain.set_columns(["price", "delta"])
            app.chain.show(STRIKES, "B1", "")
            app.chain.refresh_rows(100.0, 1, 1073.0, live=True)
            app.chain.go_to(0)
            await pilot.pause()
            yield app, pilot


async def test_calls_stand_left_and_puts_right_of_their_strike() -> None:
    async with room() as (app, _):
        assert app.sides(1) == (["0.512", "12.30"], ["4.40", "-0.488"])
        assert app.sides(2) == (["0.512", "10.50"], ["—", "—"])
        assert app.sides(3) == (["—", "—"], ["7.70", "-0.488"])
        assert "1,072.5" in app.chain.render_line(3).text
        assert app.chain.render_line(6).text.strip() == ""


async def test_the_strike_at_the_money_is_marked() -> None:
    async with room() as (app, _):
        app.chain.go_to(3)
        assert [part for part in app.line(1) if "1,072.5" in part[0]] == [("▸ 1,072.5 ◂", "money")]
        assert [part for part in app.line(2) if "1,075.0" in part[0]] == [("  1,075.0  ", "strike")]
        app.chain.refresh_rows(100.0, 2, 1075.0, live=True)
        assert [part for part in app.line(1) if "1,072.5" in part[0]] == [("  1,072.5  ", "strike")]


async def test_the_side_in_the_money_lies_on_its_layer() -> None:
    async with room() as (app, _):
        app.chain.go_to(3)
        calls = [(text.strip(), tones) for text, tones in app.line(1) if text.strip()]
        assert calls == [
            ("0.512", "value itm"), ("12.30", "flat itm"), ("▸ 1,072.5 ◂", "money"),
            ("4.40", "down"), ("-0.488", "value"),
        ]  # fmt: skip
        puts = [(text.strip(), tones) for text, tones in app.line(2) if text.strip()]
        assert puts == [
            ("0.512", "value"), ("10.50", "up"), ("1,075.0", "strike"), ("—", "label itm"),
            ("—", "label itm"),
        ]  # fmt: skip


async def test_a_strike_at_the_forward_is_on_neither_side_and_without_one_none_is() -> None:
    async with room() as (app, _):
        app.chain.go_to(3)
        app.chain.refresh_rows(100.0, 1, 1072.5, live=True)
        assert app.chain.cursor_row == 3
        assert not any("itm" in tones for _, tones in app.line(1))
        assert any("itm" in tones for _, tones in app.line(0))
        app.chain.refresh_rows(100.0, None, float("inf"), live=True)
        assert not any("itm" in tones for place in range(3) for _, tones in app.line(place))


async def test_the_cursor_lies_on_one_side_and_the_strike() -> None:
    async with room() as (app, _):
        parts = [(text.strip(), tones) for text, tones in app.line(0) if text.strip()]
        assert parts == [
            ("0.512", "value cursor"), ("14.10", "up cursor"), ("1,070.0", "strike cursor"),
            ("3.20", "down"), ("-0.488", "value"),
        ]  # fmt: skip
        app.chain.move("right")
        parts = [(text.strip(), tones) for text, tones in app.line(0) if text.strip()]
        assert parts == [
            ("0.512", "value itm"), ("14.10", "up itm"), ("1,070.0", "strike cursor"),
            ("3.20", "down cursor"), ("-0.488", "value cursor"),
        ]  # fmt: skip
        app.chain.move("down")
        assert not any("cursor" in tones for _, tones in app.line(0))
        app.chain.move("left")
        assert app.chain.code == "B2"


async def test_values_dim_with_their_age_and_all_of_them_without_a_connection() -> None:
    async with room() as (app, _):
        app.chain.go_to(3)
        for now, tone in ((108.9, "value"), (109.0, "older"), (159.0, "old")):
            app.chain.refresh_rows(now, 1, 1073.0, live=True)
            found = [tones for text, tones in app.line(1) if text.strip() in ("0.512", "-0.488")]
            assert found == [f"{tone} itm", tone]
        app.chain.refresh_rows(160.0, 1, 1073.0, live=False)
        assert {tones for text, tones in app.line(1) if text.strip()} == {
            "dead itm", "money", "dead"
        }  # fmt: skip


async def test_a_row_that_changed_is_drawn_at_the_next_beat() -> None:
    async with room() as (app, _):
        assert "12.30" in app.sides(1)[0]
        kept = app.chain.render_line(2)
        app.rows["B2"] = option("B2", 12.5, "2")
        app.chain.refresh_rows(100.1, 1, 1073.0, live=True)
        assert "12.50" in app.sides(1)[0]
        assert app.chain.render_line(2) is kept


async def test_an_option_of_quotes_alone_is_as_old_as_they_are() -> None:
    async with room() as (app, _):
        app.chain.set_columns(["open_interest"])
        book = NightOptionBook("B2", "030000", bid=12.1, ask=12.5)
        app.rows["B2"] = replace(app.rows["B2"], trade=None, trade_at=0.0, book=book, book_at=95.0)
        app.chain.go_to(3)
        app.chain.refresh_rows(100.0, 1, 1073.0, live=True)
        [call] = [part for part in app.line(1) if part[1].endswith("itm") and "—" in part[0]]
        assert call[1] == "value itm"


async def test_titles_mirror_each_other() -> None:
    async with room() as (app, _):
        texts = [app.chain.render_line(y).text for y in (0, 1)]
        half = (51 - STRIKE_WIDTH) // 2
        assert app.chain.render_line(0).cell_length == app.chain.render_line(1).cell_length == 51
        assert texts[0].split() == [t("chain.calls"), t("chain.puts")]
        assert texts[0].index(t("chain.calls")) < half
        assert texts[1].split() == [
            t("column.delta"), t("column.price"), t("chain.strike").strip(), t("column.price"),
            t("column.delta"),
        ]  # fmt: skip
        assert spans(app.chain.render_line(0))[0][1] == "strike"
        assert {tones for _, tones in spans(app.chain.render_line(1))} == {"header"}


async def test_a_click_selects_a_side_and_a_second_one_takes_it() -> None:
    async with room() as (app, pilot):
        app.said.clear()
        await pilot.click(app.chain, offset=(3, 3))
        await pilot.click(app.chain, offset=(40, 3))
        assert app.said == ["B2", "C2"]
        await pilot.click(app.chain, offset=(24, 3))
        await pilot.click(app.chain, offset=(25, 3))
        assert app.said[2:] == ["B2", "C2"]
        app.said.clear()
        await pilot.click(app.chain, offset=(3, 1))
        await pilot.click(app.chain, offset=(3, 7))
        assert app.said == []
        await pilot.click(app.chain, offset=(3, 2), times=2)
        assert app.said == ["B1", "B1", "taken B1"]


async def test_a_chain_in_whole_won_has_strikes_without_decimals() -> None:
    async with room() as (app, _):
        row = option("B1", 12_500.0, "2")
        about = replace(row.instrument, family=Family.STOCK_OPTION)
        app.rows.clear()
        app.rows["B1"] = replace(row, instrument=about)
        app.chain.show((Strike(160_000.0, "B1", ""),), "B1", "")
        assert "  160,000  " in app.chain.render_line(2).text
        assert "12,500" in app.chain.render_line(2).text
        app.rows.clear()
        app.chain.show(STRIKES[:1], "", "")
        assert "1,070.0" in app.chain.render_line(2).text


async def test_columns_are_as_many_as_fit_beside_the_strike() -> None:
    async with room(130) as (app, _):
        app.chain.set_columns([])
        assert len(app.chain.requested_columns) == 9
        left, right = app.sides(1)
        assert len(left) == len(right) == 5
        assert app.chain.render_line(3).cell_length == 130
