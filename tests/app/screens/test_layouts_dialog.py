"""Layouts in their dialog, the mark of a changed one, and the order of columns."""

from harness.dashboard import DashboardHarness, run_dashboard
from textual.widgets import OptionList, SelectionList

from app.portfolio.positions import Position, Positions
from app.storage.layout_store import LayoutStore
from app.system.files import ProgramFolders

FEW = ("A01612", "B01612A31", "C01612A31")


def store(stage: DashboardHarness) -> LayoutStore:
    return LayoutStore(ProgramFolders.find(), stage.clock)


async def save_as(stage: DashboardHarness, name: str) -> None:
    await stage.press("w")
    await stage.fill_field(name)
    await stage.press("enter")


def listed(stage: DashboardHarness) -> list[str | None]:
    return [option.id for option in stage.app.screen.query_one(OptionList).options]


async def test_open_dialog_deletes_a_layout_and_brings_it_back_with_its_positions() -> None:
    async with run_dashboard(FEW) as stage:
        stage.app.workspace.positions.change(Positions([Position("A01612", -1, 1082.5)]))
        await save_as(stage, "야간 옵션")
        folder = ProgramFolders.find().config / "layouts"
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert set(before) == {"야간 옵션.toml", "야간 옵션.positions.toml"}
        await stage.press("o", "d")
        assert not list(folder.iterdir())
        assert listed(stage) == []
        assert "u 실행 취소" in stage.dialog_message
        await stage.press("u")
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        assert listed(stage) == ["야간 옵션"]
        await stage.press("u")
        assert stage.dialog_message == "취소할 작업이 없습니다"


async def test_open_dialog_renames_the_open_layout() -> None:
    async with run_dashboard(FEW) as stage:
        await save_as(stage, "one")
        await save_as(stage, "two")
        await stage.press("o", "e")
        await stage.fill_field("one")
        assert "'one' 레이아웃이 이미 있습니다" in stage.dialog_message
        await stage.press("enter")
        assert store(stage).names() == ["one", "two"]
        await stage.fill_field("three")
        await stage.press("enter")
        assert store(stage).names() == ["one", "three"]
        assert listed(stage) == ["one", "three"]
        await stage.press("escape")
        assert stage.app.main.layouts.name == "three"
        assert "관심종목 ─ three" in stage.text


async def test_layout_name_is_marked_while_it_differs_from_what_is_saved() -> None:
    async with run_dashboard(FEW) as stage:
        await save_as(stage, "one")
        assert "─ one " in stage.text
        await stage.press("d")
        await stage.pilot.pause()
        assert "─ one* " in stage.text
        await stage.press("u")
        await stage.pilot.pause()
        assert "─ one " in stage.text
        await stage.press("d", "q")
    async with run_dashboard(None) as stage:
        assert "─ one* " in stage.text
        await stage.press("o", "enter")
        assert "─ one " in stage.text


async def test_columns_take_the_order_of_their_dialog() -> None:
    async with run_dashboard(FEW, size=(200, 50)) as stage:
        board = stage.app.main.grid.watchlist
        usual = board.requested_columns
        await stage.press("c")
        ticks = stage.app.screen.query_one(SelectionList)
        place = next(
            at for at in range(ticks.option_count)
            if ticks.get_option_at_index(at).value == "price"
        )  # fmt: skip
        ticks.highlighted = place
        await stage.press("J", "J", "K", "enter")
        moved = board.requested_columns
        assert sorted(moved) == sorted(usual)
        assert moved.index("price") == usual.index("price") + 1
        left = stage.app.main.layouts.capture()
        assert left.columns["watchlist"] == moved
        await stage.press("q")
    async with run_dashboard(None, size=(200, 50)) as stage:
        assert stage.app.main.grid.watchlist.requested_columns == moved
        await stage.press("c")
        ticks = stage.app.screen.query_one(SelectionList)
        order = [ticks.get_option_at_index(at).value for at in range(len(moved))]
        assert order == moved
