"""The page of an option chain: what it registers, what it values, and where its keys lead."""

import asyncio
import csv
import re
from datetime import date, timedelta

import pytest
from harness.dashboard import PATIENCE, DashboardHarness, at, run_dashboard

from app.instruments.option_chain import Chain, Product
from app.krx.hours import last_trade_moment
from app.pricing.forward import Forward
from app.screens.chain_screen import ChainScreen
from app.screens.expiry_screen import expiry_name
from specs.market.ticker import shown_price
from widgets.chain import ChainBoard
from widgets.chain_columns import COLUMNS
from widgets.status import StatusLine
from widgets.texts import use

CODES = ("A01612", "B01612A31", "C01612A31")


def page(stage: DashboardHarness) -> ChainScreen:
    found = stage.app.page
    assert isinstance(found, ChainScreen)
    return found


def board(stage: DashboardHarness) -> ChainBoard:
    return page(stage).query_one(ChainBoard)


def chain(stage: DashboardHarness) -> Chain:
    found = page(stage)._chain
    assert found is not None
    return found


async def opened(stage: DashboardHarness, *keys: str) -> None:
    """The page open, and everything registered that it wants."""
    await stage.step_to(at(18, 1))
    await stage.press("down", "5", *keys)
    stage.app.tick()
    await stage.wait_registered()
    await stage.step_to(at(18, 3))


async def registered(stage: DashboardHarness, *codes: str, alone: bool = False) -> None:
    """Let time pass until codes are registered, alone or not; changes keep the clock's pace."""

    async def held() -> bool:
        stage.clock.move_to(stage.clock.now() + timedelta(seconds=0.5))
        stage.wake_feed()
        stage.thread.barrier()
        await stage.pilot.pause()
        there = {code for _, code in stage.simulator.registrations}
        return there == set(codes) if alone else there >= set(codes)

    async with asyncio.timeout(PATIENCE):
        while not await held():
            stage.app.tick()


def line_of(stage: DashboardHarness, strike: str) -> str:
    return next(line for line in stage.text.splitlines() if f" {strike} " in line)


async def test_it_opens_on_the_contract_under_the_cursor_at_its_expiry() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.press("down", "5")
        assert board(stage).code == "B01612A31"
        assert "12월물" in stage.text
        await stage.press("right")
        assert board(stage).code == "C01612A31"
        await stage.press("escape")
        assert stage.app.page is None


async def test_near_the_money_is_registered_with_the_future_and_never_more_than_the_limit() -> None:
    async with run_dashboard(CODES) as stage:
        await opened(stage)
        held = {code for _, code in stage.simulator.registrations}
        assert stage.simulator.oracle.most_registered <= 41
        assert "A01612" in held
        near = chain(stage).nearest(page(stage)._money_index or 0, 30)
        assert set(near) <= held


async def test_beyond_what_is_registered_our_own_values_stand_marked() -> None:
    async with run_dashboard(CODES, size=(120, 50)) as stage:
        await opened(stage)
        near = line_of(stage, "1,080.0")
        assert "×" in near
        assert "▸" in stage.text
        await stage.press("home")
        stage.app.tick()
        await stage.wait_layout()
        far = line_of(stage, "1,282.5")
        assert len(re.findall(r"\d~", far)) >= 4


async def test_enter_adds_the_contract_and_undo_takes_it_back() -> None:
    async with run_dashboard(CODES, notifications=True) as stage:
        await stage.press("down", "5", "up", "enter")
        code = board(stage).code
        assert stage.app.market.watchlist.codes == (*CODES, code)
        await stage.press("escape", "u")
        assert stage.codes == list(CODES)


async def test_another_expiry_takes_the_registrations_with_it() -> None:
    async with run_dashboard(CODES) as stage:
        await opened(stage)
        before = chain(stage)
        await stage.press("left_square_bracket")
        after = chain(stage)
        assert after.expiry < before.expiry
        stage.app.tick()
        await registered(stage, *after.nearest(len(after.strikes) // 2, 10))
        assert stage.simulator.oracle.most_registered <= 41
        for _ in range(9):
            await stage.press("left_square_bracket")
        assert chain(stage) is not None


async def test_columns_are_chosen_and_kept_with_the_layout() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.press("5", "c", "space", "enter")
        assert "price" not in board(stage).requested_columns
        layout = stage.app.main.layouts.capture()
        assert layout.columns["chain"] == board(stage).requested_columns
        await stage.press("escape")
        stage.app.main.open_layout(layout)
        await stage.press("5")
        assert "price" not in board(stage).requested_columns


async def test_the_boards_come_back_with_the_watched_codes_and_their_registrations() -> None:
    async with run_dashboard(CODES) as stage:
        await opened(stage)
        await stage.press("escape")
        stage.app.tick()
        await registered(stage, *CODES, alone=True)
        assert stage.codes == list(CODES)


async def test_every_size_shows_price_volatility_and_delta_of_both_sides() -> None:
    async with run_dashboard(CODES, size=(80, 24)) as stage:
        await opened(stage)
        for size in ((80, 24), (120, 40), (200, 50)):
            await stage.resize(size)
            await stage.wait_layout()
            head = next(line for line in stage.text.splitlines() if "행사가" in line)
            assert head.count("현재가") == head.count("델타") == head.count("IV") == 2


async def test_watched_rows_keep_what_they_know_when_a_page_shows_them_too() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.step_to(at(18, 3))
        before = {code: stage.app.market.book.row(code) for code in CODES}
        assert all(row is not None and row.trade is not None for row in before.values())
        await stage.press("down", "5")
        await stage.press("escape")
        after = [stage.app.market.book.row(code) for code in CODES]
        assert all(row is not None and row.trade is not None for row in after)


@pytest.mark.parametrize("key", ["E", "x"])
async def test_its_strikes_are_exported_as_the_board_stands(key: str) -> None:
    async with run_dashboard(CODES, notifications=True) as stage:
        await opened(stage)
        columns = [column.id for column in COLUMNS]
        await stage.press("c", *["down"] * columns.index("open_interest"), "space", "enter")
        assert "open_interest" not in board(stage).requested_columns
        # Values of our own are made of the strikes in sight.
        await stage.press("home")
        stage.app.tick()
        await stage.wait_layout()
        await stage.press(key)
        [path] = list(stage.app.program.exports.iterdir())
        assert path.name.startswith("chain-")
        assert any(path.name in toast.replace("\n", "") for toast in stage.toasts)
        lines = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
        strikes = chain(stage).strikes
        assert [float(line["strike"]) for line in lines] == [one.price for one in strikes]
        assert [(line["call_code"], line["put_code"]) for line in lines] == [
            one.codes for one in strikes
        ]
        assert "call_open_interest" not in lines[0]
        money = lines[page(stage)._money_index or 0]
        row = stage.app.market.book.row(money["call_code"])
        assert row is not None
        assert row.trade is not None
        assert float(money["call_price"]) == row.trade.price
        far = lines[0]
        assert not far["put_price"]
        assert float(far["put_own_price"]) > 100


async def test_each_side_is_named_and_the_heading_gives_way_in_whole_parts() -> None:
    async with run_dashboard(CODES, size=(200, 50)) as stage:
        await opened(stage)
        for size in ((200, 50), (80, 24), (60, 14)):
            await stage.resize(size)
            await stage.wait_layout()
            lines = stage.text.splitlines()
            heading = next(line for line in lines if "12월물" in line)
            sides = next(line for line in lines if line.split() == ["콜", "풋"])
            titles = next(line for line in lines if "행사가" in line)
            middle = titles.index("행사가")
            assert sides.index("콜") < middle < sides.index("풋") + 2
            assert "…" not in heading
            assert re.search(r"기초\(F\) 1,\d{3}\.\d\d", heading)
            assert ("ATM IV" in heading) is bool(re.search(r"ATM IV \d\d\.\d\d%~", heading))
        await stage.resize((59, 13))
        await stage.wait_layout()
        assert "창이 작습니다" in stage.text
        assert "행사가" not in stage.text


async def test_the_heading_says_what_a_carried_forward_is_of_and_when_all_is_over() -> None:
    async with run_dashboard(CODES, start=at(18, 0), live=False) as stage:
        await stage.press("down", "5")
        carried = Forward(1081.5, "A01612", carried=True)
        told = [part.full_text for part in page(stage).heading(chain(stage), carried)]
        name = stage.app.program.contracts.instrument("A01612").name
        assert told[2:] == ["기초(F) 1,081.50~", f"{name} 환산"]
        stage.clock.move_to(last_trade_moment(chain(stage).expiry))
        told = [part.full_text for part in page(stage).heading(chain(stage), None)]
        assert told[1:] == ["만기"]


def test_a_month_is_called_by_its_name() -> None:
    one = Chain(Product("KOSPI200"), "202612", date(2026, 12, 10), False, ())
    assert expiry_name(one) == "12월물 12/10(목)"
    try:
        use("en")
        assert expiry_name(one) == "Dec 12/10(Thu)"
    finally:
        use("ko")


def totals(stage: DashboardHarness) -> str:
    return page(stage).query_one("#chain_totals", StatusLine).text


async def test_second_line_counts_the_registrations_that_will_come() -> None:
    async with run_dashboard(CODES, size=(200, 50)) as stage:
        await opened(stage)
        found = re.search(r"T보드 (\d+)/(\d+)", totals(stage))
        assert found is not None
        active, coming = int(found[1]), int(found[2])
        held = {code for _, code in stage.simulator.registrations}
        wanted = [key for key in stage.simulator.registrations if key[1] in page(stage).codes]
        assert active == coming == len(wanted)
        assert coming <= 41
        assert held


async def test_second_line_has_straddle_move_ratios_and_largest_open_interest() -> None:
    async with run_dashboard(CODES, size=(200, 50)) as stage:
        await opened(stage)
        await stage.step_to(at(18, 5))
        screen, told = page(stage), totals(stage)
        strike = chain(stage).strikes[screen._money_index or 0]
        forward = screen.update_forward(chain(stage))
        assert forward is not None
        move = re.search(r"예상 변동폭 ±([\d.]+)~ \(±([\d.]+)%\)", told)
        assert move is not None
        assert 100 * float(move[1]) / forward.price == pytest.approx(float(move[2]), abs=0.1)
        price = re.search(r"스트래들 ([\d.]+)", told)
        assert price is not None
        marks = 0.0
        for code in strike.codes:
            row = stage.app.market.book.row(code)
            assert row is not None
            marks += shown_price(row)
        # The marks are middle prices where there are quotes.
        assert float(price[1]) == pytest.approx(marks, rel=0.1)
        assert re.search(r"풋/콜 거래량 \d+\.\d\d 미결제 \d+\.\d\d \(\d+쌍\)", told)
        assert re.search(r"미결제 최대 콜 [\d,.]+ 풋 [\d,.]+", told)


async def test_theory_stays_when_an_expiry_is_left_and_opened_again() -> None:
    async with run_dashboard(CODES, size=(120, 50)) as stage:
        await opened(stage)
        await stage.press("right_square_bracket")
        later = chain(stage)
        stage.app.tick()
        assert page(stage).update_forward(later) is not None
        assert "A01612" in page(stage).codes
        assert "선물 없음" not in stage.text
        await stage.press("left_square_bracket")
        stage.app.tick()
        await stage.wait_layout()
        assert "~" in line_of(stage, "1,080.0") or "×" in line_of(stage, "1,080.0")


async def test_sizes_and_change_are_columns_to_choose() -> None:
    async with run_dashboard(CODES, size=(200, 50)) as stage:
        await opened(stage)
        ids = [column.id for column in COLUMNS]
        assert not {"change", "bid_size", "ask_size"} & set(board(stage).requested_columns)
        board(stage).set_columns(["price", "change", "bid_size", "ask_size"])
        await stage.wait_layout()
        assert {"change", "bid_size", "ask_size"} <= set(ids)
        head = next(line for line in stage.text.splitlines() if "행사가" in line)
        for title in ("대비", "매수량", "매도량"):
            assert head.count(title) == 2
        assert re.search(r"[▲▼] ", line_of(stage, "1,080.0"))
