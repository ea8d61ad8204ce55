"""Several watchlists: going from one to another, what each keeps, and the dialog of lists."""

from harness.dashboard import DashboardHarness, at, run_dashboard
from rich.cells import cell_len
from textual.widgets import Input

from app.screens.dialogs.lists_dialog import ListsDialog
from app.storage.layout_lists import NamedList

FEW = ("A01612", "B01612A31", "C01612A31")


async def test_a_row_moves_to_a_new_list_and_the_keys_go_there_and_back() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        assert "[" not in stage.text.splitlines()[1]
        await stage.press("right_square_bracket")
        assert "목록이 하나뿐입니다" in stage.toasts[-1]
        await stage.press("down", "A", "enter", *"options", "enter")
        assert stage.codes == ["A01612", "C01612A31"]
        assert "[목록 1] options" in stage.text
        await stage.press("right_square_bracket")
        assert stage.codes == ["B01612A31"]
        assert "목록 1 [options]" in stage.text
        await stage.press("right_square_bracket")
        assert "마지막 목록" in stage.toasts[-1]
        await stage.press("left_square_bracket", "A")
        assert stage.codes == ["A01612"]
        await stage.press("u", "u")
        assert stage.codes == list(FEW)
        assert stage.app.market.watchlist.names == ("",)


async def test_a_click_on_a_tab_opens_its_list() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("down", "A", "enter", *"옵션 목록", "enter")
        title = stage.text.splitlines()[1]
        for tab, codes in (("옵션", ["B01612A31"]), ("목록 1", ["A01612", "C01612A31"])):
            at = cell_len(title[: title.index(tab)])
            await stage.pilot.click(offset=(at, 1))
            assert stage.codes == codes
            title = stage.text.splitlines()[1]
        # The tab of the open list, and what is no tab, do nothing.
        for place in (cell_len(title[: title.index("[목록 1]")]), 3, 60):
            await stage.pilot.click(offset=(place, 1))
            assert stage.codes == ["A01612", "C01612A31"]


async def test_adding_removing_sorting_and_the_cursor_are_of_each_list() -> None:
    async with run_dashboard(FEW) as stage:
        watchlist = stage.app.main.grid.watchlist
        await stage.app.main.run_action("new_list")
        await stage.press(*"two", "enter")
        assert stage.codes == []
        await stage.add("B01612A31,A05612,C01612A33")
        await stage.press("s", "home", "down", "enter", "end")
        assert watchlist.sort == ("code", False)
        assert stage.codes == ["A05612", "B01612A31", "C01612A33"]
        await stage.press("left_square_bracket")
        assert stage.codes == list(FEW)
        assert stage.app.main.grid.watchlist.sort is None
        await stage.press("down", "d")
        assert stage.codes == ["A01612", "C01612A31"]
        await stage.press("right_square_bracket")
        assert (watchlist.sort, watchlist.code) == (("code", False), "C01612A33")
        assert "B01612A31" in stage.codes
        # The last change was in the other list, which is shown where it is undone.
        await stage.press("u")
        assert stage.codes == list(FEW)


async def test_greeks_and_expected_executions_are_of_the_open_list() -> None:
    async with run_dashboard(FEW, start=at(17, 50, 30)) as stage:
        await stage.app.main.run_action("new_list")
        await stage.press(*"two", "enter")
        await stage.add("B01612A33")
        await stage.wait_registered()
        await stage.step_to(at(17, 55))
        grid = stage.app.main.grid
        assert grid.greeks.board.codes == ["B01612A33"]
        assert grid.expected.codes == ["B01612A33"]
        await stage.press("left_square_bracket")
        assert grid.greeks.board.codes == ["B01612A31", "C01612A31"]
        assert grid.expected.codes == ["B01612A31", "C01612A31"]


async def settle(stage: DashboardHarness) -> None:
    """Wait until slots have changed hands, which they do once a second."""
    while stage.simulator.registrations != stage.wanted_registrations:
        await stage.pass_time(1.1)
        stage.wake_feed()


async def test_the_open_list_has_slots_first_and_the_other_what_is_left() -> None:
    async with run_dashboard(("A01612", "B01612A31"), limit=4, start=at(18, 1)) as stage:
        await stage.app.main.run_action("new_list")
        await stage.press(*"two", "enter")
        await stage.add("C01612A31")
        await settle(stage)
        # Two slots are left, and are the trades' of the other list.
        registered = stage.simulator.registrations
        assert ("H0EUCNT0", "C01612A31") in registered
        assert ("H0EUASP0", "C01612A31") in registered
        assert {("H0MFCNT0", "A01612"), ("H0EUCNT0", "B01612A31")} <= registered
        await stage.step_to(at(18, 2))
        assert stage.app.market.book.by_code["A01612"].trade is not None
        await stage.add("C01612A33")
        await settle(stage)
        assert {code for _, code in stage.simulator.registrations} == {"C01612A31", "C01612A33"}
        before = stage.clock.now()
        await stage.press("left_square_bracket")
        await stage.wait_registered()
        assert {code for _, code in stage.simulator.registrations} == {"A01612", "B01612A31"}
        assert (stage.clock.now() - before).total_seconds() < 5
        assert stage.simulator.oracle.most_registered == 4


async def test_lists_are_kept_in_the_layout_and_a_change_of_one_is_marked() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.app.main.run_action("new_list")
        await stage.press(*"둘", "enter")
        await stage.add("A05612")
        await stage.press("s", "home", "down", "enter", "w", *"night", "enter")
        assert "목록 1 [둘] ─ night ─" in stage.text
        saved = stage.app.main.layouts.store.load("night")
        assert saved.codes == ["A05612", *FEW]
        assert saved.lists == [NamedList("", list(FEW)), NamedList("둘", ["A05612"], "code")]
        await stage.press("left_square_bracket", "d")
        assert "[목록 1*] 둘 ─ night*" in stage.text
        await stage.press("u")
        assert "[목록 1] 둘" in stage.text
        left = stage.app.main.layouts.capture()
        await stage.press("right_square_bracket", "q")
    async with run_dashboard(None) as stage:
        assert stage.codes == ["A05612"]
        await stage.press("left_square_bracket")
        assert stage.app.main.layouts.capture() == left


async def test_lists_are_made_renamed_ordered_and_deleted_in_the_dialog() -> None:
    async with run_dashboard(FEW) as stage:
        watchlist = stage.app.market.watchlist
        await stage.press("t", "a", *"two", "enter")
        assert isinstance(stage.app.screen, ListsDialog)
        await stage.press("a", *"two")
        assert "이미 있습니다" in stage.dialog_message
        await stage.press("escape", "e")
        stage.app.screen.query_one(Input).value = "옵션"
        await stage.press("enter", "K")
        assert watchlist.names == ("옵션", "")
        await stage.press("end", "d")
        assert list(watchlist.names) == ["옵션"]
        assert "삭제했습니다" in stage.dialog_message
        await stage.press("d")
        assert "하나뿐인 목록" in stage.dialog_message
        await stage.press("u", "end", "enter")
        assert (list(watchlist.names), watchlist.name) == (["옵션", ""], "")
        assert stage.codes == list(FEW)
        await stage.press("t", "home", "enter")
        assert (watchlist.name, stage.codes) == ("옵션", [])


async def test_tabs_give_way_in_a_narrow_room() -> None:
    async with run_dashboard(FEW, size=(60, 24)) as stage:
        for name in ("foreign futures", "weekly options", "monthly options"):
            await stage.app.main.run_action("new_list")
            await stage.press(*name.replace(" ", "_"), "enter")
        title = stage.text
        assert "[monthly_options] 4/4" in title
        assert "foreign" not in title
