"""Combinations as rows of the watchlist: added, followed, saved, removed and brought back."""

from harness.dashboard import at, run_dashboard
from harness.position_keys import CALL, CODES, OPEN, PUT

from app.storage.layouts import Layout
from specs.market.ticker import ask, bid

STRADDLE = f"{CALL}+{PUT}"


def row_line(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if name in line)


async def test_combination_is_typed_in_the_add_dialog_and_registers_its_legs_once() -> None:
    async with run_dashboard((CODES[0], PUT), start=at(18, 0)) as stage:
        await stage.press("a", *"c1080+p1080 12", "월")
        assert "스트래들 1080 12월" in stage.dialog_message
        await stage.press("enter")
        assert stage.codes == [CODES[0], PUT, STRADDLE]
        stage.app.tick()
        assert stage.app.request.codes == (CODES[0], PUT, CALL)
        assert stage.app.request.focus == CALL
        assert "조합 ─ 스트래들 1080 12월" in stage.text


async def test_combination_follows_the_quotes_of_its_legs() -> None:
    async with run_dashboard(CODES, start=at(18, 0), size=(160, 40)) as stage:
        await stage.press("a", *STRADDLE, "enter")
        await stage.step_to(OPEN)
        market = stage.app.market
        call, put, both = market.book.row(CALL), market.book.row(PUT), market.row(STRADDLE)
        assert call is not None
        assert put is not None
        assert both is not None
        assert abs(ask(both) - ask(call) - ask(put)) < 1e-9
        assert abs(bid(both) - bid(call) - bid(put)) < 1e-9
        line = row_line(stage.text, "스트래들 1080 12월   ")
        assert f"{bid(both):.2f}×{ask(both):.2f}" in line
        assert "%" in line, "a straddle has a volatility"
        assert f"매도 시 {bid(both):.2f}" in stage.text


async def test_combination_is_removed_undone_moved_and_kept_in_a_layout() -> None:
    layout = Layout(codes=[CODES[0], CALL])
    async with run_dashboard(None, layout=layout, start=at(18, 0), notifications=True) as stage:
        await stage.press("a", *STRADDLE, "comma", *f"2*{CALL}", "enter")
        assert stage.codes == [CODES[0], CALL, STRADDLE, f"2*{CALL}"]
        await stage.press("K")
        assert stage.codes == [CODES[0], STRADDLE, CALL, f"2*{CALL}"]
        await stage.press("d")
        assert stage.codes == [CODES[0], CALL, f"2*{CALL}"]
        await stage.press("u")
        kept = stage.app.main.capture_layout()
        assert kept.codes == [CODES[0], CALL]
        assert [(one.code, one.at) for one in kept.combinations] == [
            (STRADDLE, 1),
            (f"2*{CALL}", 3),
        ]
        stage.app.main.layouts.save_as("조합")
        await stage.press("d", "d")
        stage.app.main.open_layout(stage.app.program.store.load("조합"))
        assert stage.codes == [CODES[0], STRADDLE, CALL, f"2*{CALL}"]


async def test_every_page_and_key_works_on_a_combination() -> None:
    async with run_dashboard(CODES, start=at(18, 0), notifications=True) as stage:
        await stage.step_to(OPEN)
        await stage.press("a", *STRADDLE, "enter")
        assert stage.app.main.board.code == STRADDLE
        for key in ("enter", "5", "6", "8", "9", "P", "exclamation_mark"):
            await stage.press(key)
            assert stage.app.page is not None, key
            await stage.press("escape")
        for key in ("4", "7", "2", "1", "n", "y", "E", "i", "s", "escape"):
            await stage.press(key)
        await stage.resize((80, 24))
        await stage.wait_layout()
        assert "스트래들" in stage.text
        assert stage.app.main.board.code == STRADDLE


async def test_combination_says_which_leg_has_no_quotes() -> None:
    async with run_dashboard(CODES, notifications=True) as stage:
        await stage.press("a", *f"{CALL}+C01701A33", "enter")
        line = row_line(stage.text, "콜 1080")
        assert "P 202701 1,080.0" in line


async def test_add_dialog_says_why_a_combination_cannot_be_made() -> None:
    async with run_dashboard(CODES, notifications=True) as stage:
        await stage.press("a", *"B01612A33+A05612")
        assert "계약 크기가 다른" in stage.dialog_message
        await stage.press("enter")
        assert stage.codes == list(CODES)


async def test_combination_has_its_kind_in_the_column_of_codes() -> None:
    layout = Layout(codes=[CODES[0], STRADDLE])
    async with run_dashboard(None, layout=layout, start=at(18, 0), size=(120, 40)) as stage:
        await stage.step_to(OPEN)
        assert row_line(stage.text, "스트래들").split()[1:3] == ["조합", "스트래들"]
        await stage.press("down")
        await stage.pass_time(1)
        greeks = next(line for line in stage.text.splitlines() if "델타 0" in line)
        assert "로" not in greeks
        assert any("세타" in line and "로 -" in line for line in stage.text.splitlines())
