"""State that the dashboard saves: layouts, the working copy, the auction's result."""

from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from harness.dashboard import at, run_dashboard

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.simulator.master_files import master_files
from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout, read
from app.system.clock import KST, ManualClock
from app.system.files import ProgramFolders
from specs.catalog import Session

FEW = ("A01612", "B01612A31", "C01612A31")


def session_file() -> Path:
    return ProgramFolders.find().state / "session-demo.toml"


async def test_a_restart_brings_everything_back() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.add("A05612")
        await stage.press("alt+up", "0", "right_curly_bracket", "v", "space", "enter")
        await stage.press("1", "s", "home", "down", "down", "down", "enter", "tilde")
        await stage.press("c", "end", "space", "enter")
        await stage.app.main.run_action("colours")
        left = stage.app.main.layouts.capture()
        await stage.press("q")
    assert left.codes == ["A01612", "B01612A31", "A05612", "C01612A31"]
    assert left.arrangement == "side"
    assert left.sort == {"watchlist": "price"}
    assert left.updown == "us"
    assert "time" not in left.columns["watchlist"]
    assert session_file().stat().st_mode & 0o777 == 0o600
    async with run_dashboard(None) as stage:
        assert stage.app.main.layouts.capture() == left
        assert stage.codes[:2] == left.codes[:2]
        assert stage.app.theme_variables["up"] == stage.app.theme_variables["green"]


async def test_the_working_copy_is_kept_while_it_runs_not_only_at_the_end() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("d")
        await stage.pass_time(6)
        kept = read(session_file().read_bytes(), "")
        assert kept.codes == ["B01612A31", "C01612A31"]
        before = session_file().stat().st_mtime_ns
        await stage.pass_time(6)
        assert session_file().stat().st_mtime_ns == before


async def test_a_layout_is_saved_under_a_name_and_opened_again() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.press("o")
        assert stage.toasts == ["저장된 레이아웃이 없습니다 (w 저장)"]
        await stage.press("w")
        await stage.fill_field("야간-1")
        assert stage.dialog_message == "새 레이아웃으로 저장합니다"
        await stage.press("enter")
        path = ProgramFolders.find().config / "layouts" / "야간-1.toml"
        assert read(path.read_bytes(), "").codes == list(FEW)
        assert path.stat().st_mode & 0o777 == 0o600
        assert "관심종목 ─ 야간-1" in stage.text
        await stage.press("d", "d", "w")
        await stage.fill_field("야간-1")
        assert stage.dialog_message == "'야간-1' 레이아웃을 덮어씁니다"
        await stage.press("escape", "o", "enter")
        assert stage.codes == list(FEW)
        await stage.wait_registered()
        assert len({code for _, code in stage.simulator.registrations}) == 3


@pytest.mark.parametrize("name", ["../x", "a  b", "[/]", "", "x" * 65, "\x1b]0;x\x07"])
async def test_a_name_that_will_not_do_is_said_and_nothing_is_saved(name: str) -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("w")
        await stage.fill_field(f"{name}")
        if name:
            assert stage.dialog_message.strip()
        await stage.press("enter")
        assert "\x1b" not in stage.text
        if len(name) < 65:
            assert stage.app.program.store.names() == []


async def test_a_damaged_working_copy_is_kept_aside_and_named() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("q")
    session_file().parent.mkdir(parents=True, exist_ok=True)
    session_file().write_bytes(b'codes = ["A01612"\x00')
    async with run_dashboard(None, live=False, notifications=True) as stage:
        [kept] = session_file().parent.glob("session-demo.toml.corrupt-*")
        assert kept.read_bytes() == b'codes = ["A01612"\x00'
        assert kept.name in "".join(stage.toasts)
        assert stage.codes == []


async def test_a_damaged_layout_is_kept_aside_and_the_screen_stays_as_it_is() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        folder = ProgramFolders.find().config / "layouts"
        stage.app.program.store.save(Layout(name="broken", codes=["A05612"]))
        (folder / "broken.toml").write_bytes(b"panels = 3")
        await stage.press("o", "enter")
        [kept] = folder.glob("broken.toml.corrupt-*")
        assert kept.name in "".join(stage.toasts)
        assert stage.codes == list(FEW)


async def test_a_folder_that_cannot_be_written_is_a_sentence_and_no_crash() -> None:
    config = ProgramFolders.find().config
    config.parent.mkdir(parents=True)
    config.write_text("in the way")
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.press("w")
        await stage.fill_field("mine")
        await stage.press("enter")
        assert str(config) in "".join(stage.toasts)
        assert stage.codes == list(FEW)


async def test_an_old_working_copy_with_strange_values_opens_on_what_is_known() -> None:
    store = LayoutStore(ProgramFolders.find(), staged_clock())
    strange = Layout(
        codes=list(FEW),
        panels=["nothing"],
        arrangement="spiral",
        sizes={"main": 500, "side": -3},
        columns={"watchlist": ["price", "none"], "nowhere": ["x"]},
        sort={"watchlist": "-none", "greeks": "delta"},
    )
    store.save_session(strange, demo=Session.NIGHT)
    async with run_dashboard(None) as stage:
        assert stage.app.main.grid.panels == ["watchlist", "greeks", "expected"]
        assert stage.app.main.grid.arrangement == "stack"
        assert stage.app.main.grid.sizes == {"main": 80, "side": 20}
        assert stage.app.main.grid.watchlist.requested_columns == ["price"]
        assert stage.app.main.grid.watchlist.sort is None
        assert stage.app.main.grid.greeks.board.sort == ("delta", False)


def staged_clock() -> ManualClock:
    return ManualClock(at(17, 58))


async def test_the_last_auctions_result_is_there_after_a_restart_with_its_time() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.settle_at(at(17, 59, 50))
        assert "시가 단일가 18:00 체결까지 10초" in stage.text
        await stage.settle_at(at(18, 1))
        before = {row.code: row.expected for row in stage.app.market.book.rows}
        await stage.press("q")
    async with run_dashboard(None, start=at(22, 30)) as stage:
        assert "예상체결 ─ 시가 단일가 11/20 18:00 결과" in stage.text
        after = {row.code: row.expected for row in stage.app.market.book.rows}
        assert before["B01612A31"] is not None
        assert {
            code: msgspec.structs.astuple(record) for code, record in after.items() if record
        } == {code: msgspec.structs.astuple(record) for code, record in before.items() if record}
        # An option that comes back to the list comes with its result.
        await stage.press("down", "d", "u")
        assert set(stage.app.main.grid.expected.codes) == {"B01612A31", "C01612A31"}


async def test_n_rolls_contracts_that_the_masters_have_dropped() -> None:
    """A weekly, a stock option and an index option, a day after the last of them has expired."""
    codes = ("B09FMWA34", "B11612040", "C01612A34")
    async with run_dashboard(codes, start=at(18, 1)) as stage:
        terms = stage.app.main.layouts.capture().terms
        await stage.press("q")
    assert set(terms) == set(codes)
    after = datetime(2026, 12, 11, 18, 1, tzinfo=KST)
    contracts = Contracts(Master.from_files(master_files(after.date())))
    assert not any(contracts.instrument(code).listed for code in codes)
    layout = Layout(codes=list(codes), terms=terms)
    async with run_dashboard(codes, start=after, contracts=contracts, layout=layout) as stage:
        assert stage.app.request.codes == ()
        assert "n으로 다음 월물" in stage.text
        for _ in codes:
            await stage.press("n", "down")
        rolled = [contracts.instrument(code) for code in stage.codes]
        assert [one.product for one in rolled] == ["09", "11", "01"]
        assert [one.strike for one in rolled] == [terms[code].strike for code in codes]
        assert all(one.listed for one in rolled)
        assert [one.series for one in rolled] == ["위클리 2612W3", "202701", "202701"]
        await stage.until(lambda: set(stage.app.request.codes) == set(stage.codes))
