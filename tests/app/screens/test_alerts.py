"""Alerts on the dashboard: the page, what fires, and how it is told."""

import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from harness.dashboard import DashboardHarness, at, run_dashboard
from harness.replay_harness import run_replay
from rich.cells import cell_len
from textual.app import App
from textual.widgets import Input

from app.screens.alerts_screen import AlertsScreen
from app.storage.settings import AlertSettings, Settings
from widgets.alert_list import AlertListView
from widgets.message_text import message_text

CODE = "B01612A33"


def running(settings: Settings | None = None) -> AbstractAsyncContextManager[DashboardHarness]:
    """Run the dashboard on one option, in continuous trading."""
    return run_dashboard([CODE, "A01612"], start=at(18, 0, 5), settings=settings)


async def open_page(harness: DashboardHarness) -> AlertListView:
    await harness.press("!")
    return harness.app.screen.query_one(AlertListView)


async def add(harness: DashboardHarness, text: str) -> None:
    """Add an alert on the page."""
    await harness.press("a")
    await harness.fill_field(text)
    await harness.press("enter")


def texts(harness: DashboardHarness) -> list[str]:
    return [one.text for one in harness.app.workspace.alerts.list.alerts]


async def test_the_page_adds_edits_removes_and_undoes() -> None:
    async with running() as harness:
        view = await open_page(harness)
        assert "B01612A34 iv > 25" in "".join(
            text for line in view.lines(100, 9) for text, _ in line
        )
        await add(harness, f"{CODE} price > 100000")
        await add(harness, "link down 1h")
        assert texts(harness) == [f"{CODE} price > 100000", "link down 1h"]
        await harness.press("e")
        await harness.fill_field("link down 2h")
        await harness.press("enter")
        assert texts(harness) == [f"{CODE} price > 100000", "link down 2h"]
        await harness.press("d")
        assert texts(harness) == [f"{CODE} price > 100000"]
        await harness.press("u", "u")
        assert texts(harness) == [f"{CODE} price > 100000", "link down 1h"]


async def test_the_dialog_says_what_is_wrong_and_keeps_the_line() -> None:
    async with running() as harness:
        await open_page(harness)
        await add(harness, f"{CODE} prize > 3")
        assert "prize" in harness.dialog_message
        assert texts(harness) == []


async def test_an_alert_that_holds_fires_at_once_and_is_told_once() -> None:
    async with running() as harness:
        await harness.step_to(at(18, 5))
        row = harness.app.market.book.row(CODE)
        assert row is not None
        assert row.trade is not None
        await open_page(harness)
        await add(harness, f"{CODE} price > 0.01")
        await harness.pass_time(1)
        assert harness.app.workspace.alerts.history
        await harness.step_to(at(18, 5, 30))
        [fired] = harness.app.workspace.alerts.history
        assert fired.alert.text == f"{CODE} price > 0.01"
        told = [text for text in harness.toasts if f"{CODE} 현재가" in text]
        assert len(told) == 1
        await harness.press("escape")
        assert "!C " in harness.text
        await harness.step_to(at(18, 6, 35))
        assert "!C " not in harness.text


async def test_codes_of_alerts_are_registered_though_nobody_watches_them() -> None:
    async with running() as harness:
        await open_page(harness)
        await add(harness, "B01612A35 price > 0.01")
        await harness.pass_time(1)
        await harness.wait_registered()
        assert "B01612A35" in harness.app.request.codes
        await harness.step_to(at(18, 5))
        assert harness.app.workspace.alerts.history
        assert "B01612A35" not in harness.codes


async def test_an_alert_on_volatility_fires_from_own_theory() -> None:
    async with running() as harness:
        await open_page(harness)
        await add(harness, f"{CODE} iv > 1")
        await harness.step_to(at(18, 5))
        [fired] = harness.app.workspace.alerts.history
        assert 5 < fired.value < 200


async def test_a_fired_alert_runs_the_command_of_the_settings(tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = f"import os; open({str(told)!r}, 'a').write(os.environ['KIS_TUI_ALERT_TEXT'] + '|')"
    settings = Settings(alerts=AlertSettings(command=(sys.executable, "-c", program)))
    async with running(settings) as harness:
        await open_page(harness)
        await add(harness, f"{CODE} price > 0.01")
        await harness.step_to(at(18, 5))
        await harness.until(lambda: told.exists() and told.read_text())
        assert told.read_text().startswith(f"{CODE} 현재가 ")
        assert told.read_text().count("|") == 1


async def test_an_alert_is_made_from_the_cell_under_the_cursor() -> None:
    async with running() as harness:
        await harness.step_to(at(18, 5))
        board = harness.app.main.grid.watchlist
        await harness.press("right")
        assert board.cell_column == "price"
        await harness.press("right", "right", "left")
        assert board.cell_column == "change"
        await harness.press("right", "exclamation_mark")
        row = harness.app.market.book.row(CODE)
        assert row is not None
        assert row.trade is not None
        percent = row.trade.change_percent
        percent = -percent if row.trade.change_sign == "5" else percent
        relation = "<" if percent < 0 else ">"
        line = f"{CODE} change% {relation} {percent:.12g}"
        assert harness.app.screen.query_one(Input).value == line
        await harness.press("enter")
        assert texts(harness) == [line]
        await harness.press("escape")
        assert board.cell_column == ""
        await harness.press("exclamation_mark")
        assert isinstance(harness.app.screen, AlertsScreen)


async def test_a_click_chooses_a_cell_and_escape_leaves_it() -> None:
    async with running() as harness:
        await harness.step_to(at(18, 5))
        board = harness.app.main.grid.watchlist
        line = str(board.render_line(0).text)
        x = cell_len(line[: line.index("IV")])
        await harness.pilot.click(board, offset=(x + 2, 2 + 1))
        await harness.pilot.pause()
        assert (board.code, board.cell_column) == ("A01612", "volatility")
        await harness.press("escape")
        assert board.cell_column == ""


async def test_a_fired_alert_rings_and_asks_the_terminal_for_a_notification() -> None:
    settings = Settings(alerts=AlertSettings(notify="osc777"))
    async with running(settings) as harness:
        written, rung = record_terminal(harness.app), list[bool]()
        # A terminal without a screen rings no bell.
        harness.app.bell = lambda: rung.append(True)  # type: ignore[method-assign]
        await open_page(harness)
        await add(harness, f"{CODE} price > 0.01")
        await harness.step_to(at(18, 5))
        [fired] = harness.app.workspace.alerts.history
        text = f"{CODE} 현재가 {fired.value:g} (> 0.01)"
        assert written.count(f"\x1b]777;notify;kis-tui;{text}\x1b\\") == 1
        assert rung == [True]


async def test_a_replay_shows_alerts_marked_and_tells_nobody_else() -> None:
    async with run_replay() as one:
        written, rung = record_terminal(one.app), list[bool]()
        one.app.bell = lambda: rung.append(True)  # type: ignore[method-assign]
        center = one.app.workspace.alerts
        center.add(center.parse("A01612 price > 1"))
        await one.press_and_settle("space")
        await one.seek_to(18, 30)
        assert [fired.alert.text for fired in center.history] == ["A01612 price > 1"]
        shown = message_text(center.message(center.history[0]))
        assert "재생" in shown
        assert rung == []
        assert not any("kis-tui" in text for text in written if text.startswith("\x1b]"))


def record_terminal(app: App[int]) -> list[str]:
    """Return a list of what the program writes to the terminal from now on."""
    driver = app._driver
    assert driver is not None
    written: list[str] = []
    write = driver.write

    def record(data: str) -> None:
        written.append(data)
        write(data)

    driver.write = record  # type: ignore[method-assign]
    return written
