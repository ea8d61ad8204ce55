"""Adding contracts by what people call them."""

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard
from textual.widgets import OptionList

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.screens.dialogs.add_dialog import read_codes

FEW = ("A01612", "B01612A31")


def found(stage: DashboardHarness) -> list[str]:
    """The codes that the dialog offers, best first."""
    options = stage.app.screen.query_one("#found", OptionList)
    return [str(options.get_option_at_index(n).id) for n in range(options.option_count)]


async def look_for(stage: DashboardHarness, typed: str) -> list[str]:
    await stage.press("a")
    await stage.fill_field(typed)
    return found(stage)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("c1085 12월", "B01612A35"),
        ("콜 1085 12월", "B01612A35"),
        ("put 1,085 dec", "C01612A35"),
        ("위클리 목 콜 1085", "B09FMWA35"),
        ("미니선물", "A05612"),
        ("삼성전자 선물", "A11612"),
        ("ㅠ01612ㅁ3", "B01612A34"),
    ],
)
async def test_a_contract_is_found_by_what_people_call_it(typed: str, first: str) -> None:
    async with run_dashboard(FEW, start=at(18, 1)) as stage:
        assert (await look_for(stage, typed))[0] == first
        await stage.press("enter")
        assert stage.codes == [*FEW, first]


async def test_several_are_ticked_and_added_at_once_with_codes_that_were_typed() -> None:
    async with run_dashboard(FEW, start=at(18, 1)) as stage:
        offered = await look_for(stage, "A05612, 콜 10")
        await stage.press("tab", "down", "tab")
        assert "2개 선택" in stage.dialog_message
        await stage.press("enter")
        assert stage.codes == [*FEW, "A05612", offered[0], offered[2]]


async def test_the_arrows_choose_and_a_tick_is_taken_back() -> None:
    async with run_dashboard(FEW, start=at(18, 1)) as stage:
        offered = await look_for(stage, "위클리 풋")
        await stage.press("tab", "up", "tab", "down", "enter")
        assert stage.codes == [*FEW, offered[2]]


async def test_the_dialog_says_sessions_days_and_what_a_contract_costs() -> None:
    async with run_dashboard(FEW, start=at(18, 1)) as stage:
        await look_for(stage, "콜 1085 12월")
        [line] = [line for line in stage.text.splitlines() if "B01612A35" in line]
        assert "12/10" in line
        assert "D-20" in line
        assert "주·야간" in line
        assert "등록 2건" in line
        await stage.fill_field("삼성전자 선물")
        [line] = [line for line in stage.text.splitlines() if "A11612" in line]
        assert "야간 거래 없음" in line


async def test_without_a_master_codes_can_be_added_and_what_is_missing_is_said() -> None:
    async with run_dashboard(FEW, contracts=Contracts(Master())) as stage:
        assert await look_for(stage, "위클리 콜") == []
        assert "kis-tui master update" in stage.dialog_message
        await stage.fill_field("B01612A33")
        await stage.press("enter")
        assert stage.codes == [*FEW, "B01612A33"]


@pytest.mark.parametrize(
    ("typed", "codes", "rest"),
    [
        ("A01612,b01612a31", ["A01612", "B01612A31"], ""),
        ("A01612, 콜 1,125", ["A01612"], "콜 1,125"),
        ("A01612,위클리", ["A01612"], "위클리"),
        ("위클리 콜", [], "위클리 콜"),
        (" , ", [], ""),
        ("c1125", [], "c1125"),
    ],
)
def test_codes_are_taken_out_of_a_text_and_the_rest_is_searched_for(
    typed: str, codes: list[str], rest: str
) -> None:
    assert read_codes(typed) == (codes, rest)
