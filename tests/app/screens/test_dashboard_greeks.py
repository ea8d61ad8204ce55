"""Greeks on the dashboard: KIS' and our own, what both rest on, their drift and their paths."""

from math import nan

import pytest
from harness.dashboard import STRIDE, DashboardHarness, at, run_dashboard
from msgspec.structs import replace
from textual.widgets import Static

from app.feed.batch import Received
from app.pricing.diagnostics_file import DiagnosticsFile
from app.pricing.volatility_scale import FEWEST, ScaleComparisons, VolatilityScale
from app.storage.settings import Settings
from app.system.files import ProgramFolders
from specs.market.displayed_greeks import GREEKS, displayed_greek, drift, kis_value
from specs.market.theoretical import GreeksSource
from specs.market.ticker import Freshness, Ticker
from specs.record import TradeRecord

FUTURE, CALL, PUT = "A01612", "B01612A33", "C01612A33"


def row(stage: DashboardHarness, code: str) -> Ticker:
    found = stage.app.market.book.row(code)
    assert found is not None
    return found


def detail(stage: DashboardHarness) -> str:
    """The upper part of the panel."""
    return str(stage.app.main.grid.greeks.query_one("#greeks_detail", Static).content)


def line(stage: DashboardHarness, code: str) -> str:
    """Return the watchlist's line of a code."""
    board = stage.app.main.grid.watchlist
    return board.render_line(board.codes.index(code) + 1).text


async def hear(
    stage: DashboardHarness,
    code: str,
    tr_id: str = "H0EUCNT0",
    alias: str = "",
    /,
    **changed: float,
) -> None:
    """Let the feed bring a code's last trade once more, changed, and be it as another code's."""
    before, batch = row(stage, code).trade, stage.app.batch
    assert before is not None
    assert batch is not None
    trade: TradeRecord = replace(before, code=alias or code, **changed)
    heard = (Received(tr_id, trade, stage.clock.monotonic()),)
    stage.app._deliver(replace(batch, received=heard))
    await stage.until(lambda: row(stage, trade.code).trade is trade)


async def move_future(stage: DashboardHarness, points: float) -> None:
    """Let the future trade elsewhere, its quotes around it."""
    trade = row(stage, FUTURE).trade
    assert trade is not None
    price = trade.price + points
    await hear(stage, FUTURE, "H0MFCNT0", price=price, bid=price - 0.05, ask=price + 0.05)


async def test_greeks_of_a_quiet_option_live_on_with_its_future() -> None:
    async with run_dashboard((FUTURE, CALL), start=at(18, 5)) as stage:
        await stage.press("down")
        await stage.step_to(at(18, 7))
        await hear(stage, CALL)
        assert displayed_greek(row(stage, CALL), "delta").is_theoretical
        await stage.pass_time(STRIDE + 1)
        shown = [line(stage, CALL)]
        values = [displayed_greek(row(stage, CALL), "delta")]
        for _ in range(2):
            await move_future(stage, 8.0)
            shown.append(line(stage, CALL))
            values.append(displayed_greek(row(stage, CALL), "delta"))
        assert all(value.is_theoretical for value in values)
        assert len({value.value for value in values}) == len(set(shown)) == 3
        for text, value in zip(shown, values, strict=True):
            assert f"{value.value:.3f}~" in text
            assert text.count("~") == 2
        future = row(stage, FUTURE).trade
        assert future is not None
        assert f"~ 선물 {future.price:,.2f}" in detail(stage)


async def test_greeks_of_nan_by_night_leave_our_own_alone() -> None:
    async with run_dashboard((FUTURE, CALL), start=at(18, 5)) as stage:
        await stage.press("down")
        await stage.step_to(at(18, 7))
        missing = dict.fromkeys((*GREEKS, "theoretical_price"), nan)
        await hear(stage, CALL, implied_volatility=84.55, **missing)
        delta = displayed_greek(row(stage, CALL), "delta")
        assert delta.is_theoretical
        assert f"%~  {delta.value:.3f}~" in line(stage, CALL)
        stage.app.tick()
        words = next(text for text in detail(stage).splitlines() if text.startswith("델타")).split()
        assert words[1:3] == ["—", f"{delta.value:.3f}~"]


async def test_the_panel_says_what_our_own_rests_on() -> None:
    async with run_dashboard((FUTURE, CALL), start=at(18, 5)) as stage:
        await stage.press("down")
        await stage.step_to(at(18, 7))
        assert "F 202612 중간호가 · IV 중간호가" in detail(stage)
        assert "KIS" in detail(stage)
        await stage.press("up", "d")
        stage.app.tick()
        assert stage.codes == [CALL]
        assert "~ — 선물 없음" in detail(stage)


async def test_the_panel_follows_the_cursor_to_a_future_and_back() -> None:
    async with run_dashboard((FUTURE, CALL), start=at(18, 5)) as stage:
        await stage.step_to(at(18, 7))
        greeks = stage.app.main.grid.greeks
        assert str(greeks.border_title) == "2 선물 ─ F 202612"
        trade = row(stage, FUTURE).trade
        assert trade is not None
        words = detail(stage).split()
        assert f"{trade.market_basis:+.2f}" == words[words.index("베이시스") + 1]
        assert greeks.board.codes == [CALL]
        await stage.press("down")
        assert str(greeks.border_title).startswith("2 그릭스 ─ C 202612")
        assert "베이시스" not in detail(stage)


async def test_greeks_source_shows_kis_alone_our_own_alone_and_both_again() -> None:
    async with run_dashboard((FUTURE, CALL, PUT), start=at(18, 5), notifications=True) as stage:
        await stage.step_to(at(18, 7))
        await stage.pass_time(STRIDE + 1)
        assert line(stage, CALL).count("~") == 2
        for whose, count in (("kis", 0), ("own", 2), ("auto", 2)):
            await stage.press("i")
            assert stage.app.workspace.valuation.source == whose
            assert len(stage.toasts) == 1
            assert line(stage, CALL).count("~") == count
            assert displayed_greek(row(stage, PUT), "gamma").is_theoretical is bool(count)
        await hear(stage, CALL)
        assert line(stage, CALL).count("~") == 2, "a new trade does not bring KIS' back"


@pytest.mark.parametrize(("greeks", "own"), [("kis", False), ("own", True)])
async def test_the_setting_holds_from_the_start(greeks: GreeksSource, own: bool) -> None:
    settings = Settings(greeks=greeks, rate=-1.0)
    async with run_dashboard((FUTURE, CALL), start=at(18, 5), settings=settings) as stage:
        await stage.step_to(at(18, 7))
        assert displayed_greek(row(stage, CALL), "delta").is_theoretical is own
        assert stage.app.workspace.valuation.theory.rate == -0.01


async def test_the_greeks_board_ranks_by_drift_and_marks_what_is_far_off() -> None:
    codes = (FUTURE, CALL, PUT, "B01612A34")
    async with run_dashboard(codes, start=at(18, 5), size=(120, 50)) as stage:
        await stage.press("down")
        await stage.step_to(at(18, 7))
        await hear(stage, PUT, delta=-0.1)
        board = stage.app.main.grid.greeks.board
        board.sort_by("drift", descending=True)
        assert board.codes[0] == PUT
        far = drift(row(stage, PUT))
        assert far > 20
        assert f"{far:+.1f}" in board.render_line(1).text
        cell = next(column for column in board.columns if column.id == "drift").cell
        tones = [cell(row(stage, code), Freshness.FRESH).tone for code in board.codes]
        assert tones == ["drifted", "value", "value"]


async def test_the_path_of_the_selected_option_is_drawn_where_there_is_room() -> None:
    async with run_dashboard((FUTURE, CALL), start=at(18, 5)) as stage:
        await stage.press("down")
        for minute in range(6, 12):
            await stage.step_to(at(18, minute))
        assert not {"▁", "█"} & set(detail(stage))
        await stage.press("2", "z")
        await stage.wait_layout()
        stage.app.tick()
        lines = detail(stage).splitlines()[-3:]
        assert [text.split()[0] for text in lines] == ["가격", "IV", "델타"]
        for text in lines:
            assert {"▁", "█"} <= set(text)
            assert "–" in text
        batch = stage.app.batch
        assert batch is not None
        stage.app._deliver(replace(batch, received=(), is_reset=True))
        await stage.until(lambda: not stage.app.workspace.valuation.history.path(CALL, "price"))


async def test_trades_near_the_money_decide_the_scale_of_kis_volatility() -> None:
    async with run_dashboard((FUTURE, CALL), start=at(18, 5)) as stage:
        await stage.step_to(at(18, 7))
        trade = row(stage, CALL).option
        assert trade is not None
        fraction = trade.implied_volatility / 100
        diagnostics = DiagnosticsFile(ProgramFolders.find().state / "diagnostics.json")
        stage.app.program.diagnostics = diagnostics
        stage.app.workspace.valuation.scales = ScaleComparisons()
        for volume in range(FEWEST):
            await hear(stage, CALL, implied_volatility=fraction, last_volume=float(volume))
        outcomes = stage.app.workspace.valuation.scales.outcomes()
        assert outcomes == {"H0EUCNT0": VolatilityScale(100.0, FEWEST)}
        assert kis_value(row(stage, CALL), "volatility") == pytest.approx(100 * fraction)
    kept = diagnostics.load()
    assert kept is not None
    assert kept.scales == {"H0EUCNT0": VolatilityScale(100.0, FEWEST)}


async def test_a_trade_is_no_vote_far_from_the_money_or_beside_an_old_future() -> None:
    far = "B01612960"
    async with run_dashboard((FUTURE, CALL, far), start=at(18, 5)) as stage:
        await stage.step_to(at(18, 7))
        scales = stage.app.workspace.valuation.scales = ScaleComparisons()

        async def votes(code: str) -> int:
            """Return the number of comparisons added by enough trades."""
            before = sum(scale.votes for scale in scales.outcomes().values())
            for volume in range(FEWEST):
                await hear(stage, CALL, "H0EUCNT0", code, last_volume=float(volume))
            return sum(scale.votes for scale in scales.outcomes().values()) - before

        assert await votes(far) == 0
        await stage.pass_time(STRIDE)
        assert await votes(CALL) == 0
        await move_future(stage, 0.0)
        assert await votes(CALL) == FEWEST
