"""The option chain keeps its cursor in sight, and on its contract."""

from harness.resizable_terminal import resize_widget, run_widget

from specs.market.instrument import Strike
from widgets.chain import ChainBoard

STRIKES = tuple(Strike(1000 + 2.5 * at, f"B{at:03}", f"C{at:03}") for at in range(40))


def strikes_seen(chain: ChainBoard) -> list[float]:
    """The strikes that are painted, from top to bottom."""
    lines = [chain.render_line(y).text for y in range(2, chain.size.height)]
    words = [[word.strip("▸◂") for word in line.split()] for line in lines if line.strip()]
    prices = {f"{strike.price:,.1f}": strike.price for strike in STRIKES}
    return [next(prices[word] for word in line if word in prices) for line in words]


def assert_strike_in_sight(chain: ChainBoard) -> None:
    found = strikes_seen(chain)
    assert STRIKES[chain.cursor_row].price in found
    assert [strike.price for strike in chain.visible_strikes] == found
    assert len(found) == min(len(STRIKES), chain.size.height - 2)


async def test_a_chain_opens_with_its_contract_in_the_middle() -> None:
    chain = ChainBoard(lambda code: None)
    async with run_widget(chain, 13) as pilot:
        for code, place, top in (("C020", 20, 15), ("B000", 0, 0), ("C039", 39, 29), ("", 0, 0)):
            chain.show(STRIKES, code, "")
            await pilot.pause()
            assert (chain.cursor_row, chain.scroll_offset.y) == (place, top)
            assert chain.code == (code or "B000")
            assert_strike_in_sight(chain)


async def test_a_chain_moves_up_down_and_sideways() -> None:
    chain = ChainBoard(lambda code: None)
    async with run_widget(chain, 13) as pilot:
        chain.show(STRIKES, "B000", "")
        await pilot.pause()
        found = []
        ways = (
            "up", "down", "right", "page_down", "page_down", "page_up", "left", "bottom", "down",
            "page_down", "page_up", "top", "page_up",
        )  # fmt: skip
        for way in ways:
            chain.move(way)
            assert_strike_in_sight(chain)
            found.append(chain.code)
        assert found == [
            "B000", "B001", "C001", "C011", "C021", "C011", "B011", "B039", "B039", "B039",
            "B029", "B000", "B000",
        ]  # fmt: skip


async def test_a_chain_follows_its_cursor_when_the_room_changes() -> None:
    chain = ChainBoard(lambda code: None)
    async with run_widget(chain, 13) as pilot:
        chain.show(STRIKES, "B000", "")
        await pilot.pause()
        for _step in range(10):
            chain.move("down")
        for height in (8, 3, 30, 5, 60, 13):
            await resize_widget(pilot, height)
            assert chain.code == "B010"
            assert_strike_in_sight(chain)


async def test_the_first_money_takes_the_untouched_cursor_to_it() -> None:
    chain = ChainBoard(lambda code: None)
    async with run_widget(chain, 13) as pilot:
        chain.show(STRIKES, "", "")
        await pilot.pause()
        chain.refresh_rows(1.0, 20, 1050.0, live=True)
        assert (chain.cursor_row, chain.scroll_offset.y) == (20, 15)
        chain.refresh_rows(2.0, 21, 1052.0, live=True)
        assert chain.cursor_row == 20, "it is the trader's from then on"
        chain.show(STRIKES, "C005", "")
        chain.refresh_rows(3.0, 21, 1052.0, live=True)
        assert chain.code == "C005"
        assert_strike_in_sight(chain)


async def test_a_chain_without_strikes_has_no_contract_and_does_not_move() -> None:
    chain = ChainBoard(lambda code: None)
    async with run_widget(chain, 13) as pilot:
        chain.show((), "B000", "words")
        await pilot.pause()
        chain.move("down")
        chain.go_to(3)
        assert (chain.code, chain.cursor_row, chain.visible_strikes) == ("", 0, ())
        assert "words" in "".join(chain.render_line(y).text for y in range(chain.size.height))


async def test_a_chain_that_is_filled_before_it_has_a_size_opens_in_the_middle() -> None:
    class Filled(ChainBoard):
        def on_mount(self) -> None:
            assert self.size.height == 0
            self.show(STRIKES, "C020", "")

    chain = Filled(lambda code: None)
    async with run_widget(chain, 13):
        assert (chain.cursor_row, chain.scroll_offset.y) == (20, 15)
