"""Adding contracts by what people call them."""

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard
from textual.widgets import OptionList

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.instruments.typed_parts import TypedPart, read_parts

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


async def test_parts_between_commas_are_searched_one_by_one_and_each_is_said() -> None:
    async with run_dashboard(FEW, start=at(18, 1)) as stage:
        await look_for(stage, "c1085 12월, 풋 1,080 12월, A05612")
        told = stage.dialog_message
        assert "c1085 12월: B01612A35 " in told
        assert "풋 1080 12월: C01612A33 " in told
        assert "A05612" in told
        await stage.press("enter")
        assert stage.codes == [*FEW, "A05612", "B01612A35", "C01612A33"]


async def test_part_at_the_text_cursor_is_listed_and_another_contract_of_it_chosen() -> None:
    async with run_dashboard(FEW, start=at(18, 1)) as stage:
        await look_for(stage, "c1085 12월, 풋 10")
        await stage.press("end")
        offered = found(stage)
        assert all(code.startswith("C") for code in offered)
        await stage.press("down", "enter")
        assert stage.codes == [*FEW, "B01612A35", offered[1]]


async def test_unknown_part_is_said_and_the_others_are_added_by_a_second_enter() -> None:
    async with run_dashboard(FEW, start=at(18, 1)) as stage:
        await look_for(stage, "c1085 12월, qqqq")
        assert "qqqq: 검색 결과가 없습니다" in stage.dialog_message
        await stage.press("enter")
        assert "Enter를 한 번 더" in stage.dialog_message
        assert stage.codes == list(FEW)
        await stage.press("enter")
        assert stage.codes == [*FEW, "B01612A35"]


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("c1081 12월", ["B01612A33", "B01612A34"]),
        ("A0561Z", ["A05612"]),
        ("B01612A3Z", ["B01612A30", "B01612A31", "B01612A32"]),
    ],
)
async def test_near_miss_is_offered_and_added_by_choice_only(typed: str, near: list[str]) -> None:
    async with run_dashboard(FEW, start=at(18, 1)) as stage:
        offered = await look_for(stage, typed)
        assert set(offered[: len(near)]) == set(near)
        assert "비슷한 종목" in stage.dialog_message
        await stage.press("down", "enter")
        assert stage.codes == list(dict.fromkeys([*FEW, offered[0]]))


@pytest.mark.parametrize(
    ("typed", "rights"),
    [("ATM 콜", "B"), ("atm put", "C"), ("등가격 풋", "C"), ("ATM", "BC"), ("ㅁ스 콜", "B")],
)
async def test_option_at_the_money_is_that_of_the_nearest_month_at_the_forward(
    typed: str, rights: str
) -> None:
    async with run_dashboard(FEW, start=at(18, 1)) as stage:
        await stage.step_to(at(18, 3))
        option = stage.app.program.contracts.instrument("B01612A31")
        forward = stage.app.main.workspace.valuation.theory.forward(option)
        assert forward is not None
        offered = await look_for(stage, typed)
        contracts = stage.app.program.contracts
        strikes = [contracts.instrument(code).strike for code in offered]
        assert [code[0] for code in offered] == list(rights)
        assert all(code[1:6] == "01612" for code in offered)
        # Strikes of the demo's December are 2.5 points apart near the money.
        assert all(abs(strike - forward.price) <= 1.25 for strike in strikes)
        await stage.press("enter")
        assert stage.codes == list(dict.fromkeys([*FEW, *offered]))


async def test_option_at_the_money_needs_a_level_and_the_dialog_says_so() -> None:
    async with run_dashboard(FEW, start=at(18, 0), live=False) as stage:
        assert await look_for(stage, "ATM 콜") == []
        assert "코스피200 시세를 아직 받지 못해" in stage.dialog_message
        await stage.press("enter")
        assert stage.codes == list(FEW)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("A01612,b01612a31", [TypedPart(("A01612",), "", 0), TypedPart(("B01612A31",), "", 1)]),
        ("A01612 b01612a31", [TypedPart(("A01612", "B01612A31"), "", 0)]),
        ("A01612, 콜 1,125", [TypedPart(("A01612",), "", 0), TypedPart((), "콜 1125", 1)]),
        ("c1110，풋 1050", [TypedPart((), "c1110", 0), TypedPart((), "풋 1050", 1)]),
        ("B01612A34,990", [TypedPart(("B01612A34",), "", 0), TypedPart((), "990", 1)]),
        ("위클리 콜", [TypedPart((), "위클리 콜", 0)]),
        (" , ", []),
    ],
)
def test_parts_hold_codes_and_words(typed: str, parts: list[TypedPart]) -> None:
    assert read_parts(typed) == parts


async def test_hints_of_the_dialog_stay_visible_when_several_parts_are_said() -> None:
    async with run_dashboard(FEW, start=at(18, 1), size=(80, 24)) as stage:
        for typed in ("콜", "A05612, 콜", "A05612, 콜, c1085 12월, 풋 1080 12월, qqqq"):
            if typed == "콜":
                await look_for(stage, typed)
            await stage.fill_field(typed)
            await stage.wait_layout()
            assert "Esc 취소" in stage.text
