"""Errors raised in parts of the dashboard: the part shows it, everything else goes on."""

import asyncio
import re
from collections.abc import Callable
from typing import NoReturn

import pytest
from harness.dashboard import DashboardHarness, run_dashboard
from textual.geometry import Size
from textual.widgets import Static
from textual.worker import WorkerFailed

from app.market.market import Market
from app.screens.boards_screen import BoardsScreen
from app.screens.dialogs.add_dialog import AddDialog
from app.screens.dialogs.choose_dialog import ChooseDialog
from app.screens.dialogs.name_dialog import NameDialog
from app.screens.market_panels import MarketPanels
from app.screens.positions_screen import PositionsScreen
from app.screens.textual_compat import SafeApp
from widgets.board import Board
from widgets.row_strip import RowStrip
from widgets.status import StatusLine
from widgets.texts import t


@pytest.fixture(autouse=True)
def contained(monkeypatch: pytest.MonkeyPatch, no_containment: None) -> None:
    """The dashboard goes on after errors, as it does for a user."""
    monkeypatch.setattr(SafeApp, "contains_errors", True)


def fail(*_: object, **__: object) -> NoReturn:
    raise LookupError("injected")


class Unmeasurable(Static):
    """A widget that layout fails at."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        fail()


async def goes_on(stage: DashboardHarness) -> None:
    """Hold the dashboard to work: boards alone on the screen, keys, dialogs and new prices."""
    app = stage.app
    await stage.until(lambda: app.screen is app.main)
    await stage.press("s")
    await stage.until(lambda: isinstance(app.screen, ChooseDialog))
    await stage.press("escape")
    await stage.until(lambda: app.screen is app.main)
    batch = app.batch
    await stage.pass_time(2)
    await stage.until(lambda: app.batch is not batch)
    assert app.is_running


def shown_errors(stage: DashboardHarness) -> list[str]:
    """The toasts about errors."""
    begin = t("error.contained", id="").split()[0]
    return [toast for toast in stage.toasts if toast.startswith(begin)]


PLACES: dict[str, tuple[type, str, tuple[str, ...]]] = {
    "key handler": (BoardsScreen, "action_export", ("x",)),
    "handler of a message": (MarketPanels, "follow", ("down",)),
    "opening of a dialog": (AddDialog, "__init__", ("a",)),
    "composing of a dialog": (AddDialog, "compose_body", ("a",)),
    "mounting of a dialog": (AddDialog, "on_mount", ("a",)),
    "composing of a page": (PositionsScreen, "compose_body", ("P",)),
    "mounting of a page": (PositionsScreen, "on_mount", ("P",)),
}


@pytest.mark.parametrize("place", PLACES)
async def test_the_dashboard_goes_on_after_an_error(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    owner, name, keys = PLACES[place]
    async with run_dashboard() as stage:
        with monkeypatch.context() as broken:
            broken.setattr(owner, name, fail)
            if hasattr(owner, "_decorated_handlers"):
                _break_decorated(broken, owner, name)
            await stage.press(*keys)
            await stage.until(lambda: shown_errors(stage))
            await stage.until(lambda: stage.app.screen is stage.app.main)
        await goes_on(stage)
        assert len(shown_errors(stage)) == 1


def _break_decorated(patch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    handlers = {
        message: [(fail if one.__name__ == name else one, how) for one, how in found]
        for message, found in owner._decorated_handlers.items()  # type: ignore[attr-defined]
    }
    patch.setattr(owner, "_decorated_handlers", handlers)


async def test_a_dialog_stays_after_an_error_in_one_of_its_handlers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with run_dashboard() as stage:
        await stage.press("a")
        dialog = stage.app.screen
        assert isinstance(dialog, AddDialog)
        monkeypatch.setattr(dialog._market, "find", fail)
        await stage.fill_field("c108")
        await stage.until(lambda: shown_errors(stage))
        assert stage.app.screen is dialog
        monkeypatch.undo()
        monkeypatch.setattr(SafeApp, "contains_errors", True)
        await stage.fill_field("A01703")
        await stage.press("enter")
        await stage.until(lambda: "A01703" in stage.codes)


async def test_a_dialog_that_cannot_be_laid_out_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with run_dashboard() as stage:
        with monkeypatch.context() as broken:
            broken.setattr(NameDialog, "compose_body", lambda self: [Unmeasurable()])
            await stage.press("w")
            await stage.until(lambda: shown_errors(stage))
            await stage.until(lambda: stage.app.screen is stage.app.main)
        await goes_on(stage)


@pytest.mark.parametrize("where", ["set_interval", "set_timer", "call_later", "call_after_refresh"])
async def test_a_timer_that_fails_is_shown_once(where: str) -> None:
    async with run_dashboard() as stage:
        app = stage.app
        begin: dict[str, Callable[[], object]] = {
            "set_interval": lambda: app.set_interval(0.02, fail),
            "set_timer": lambda: app.main.set_timer(0.001, fail),
            "call_later": lambda: [app.call_later(fail) for _ in range(9)],
            "call_after_refresh": lambda: app.main.call_after_refresh(fail),
        }
        begin[where]()
        await stage.until(lambda: shown_errors(stage))
        await goes_on(stage)
        assert len(shown_errors(stage)) == 1


async def test_one_part_of_a_tick_that_fails_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with run_dashboard() as stage:
        monkeypatch.setattr(stage.app.main.grid.watchlist, "tick", fail)
        clock = stage.status
        await stage.pass_time(61)
        stage.app.tick()
        await stage.until(lambda: stage.status != clock)
        await goes_on(stage)
        assert len(shown_errors(stage)) == 1


async def test_a_batch_that_cannot_be_applied_is_not_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with run_dashboard() as stage:
        with monkeypatch.context() as broken:
            broken.setattr(Market, "apply", fail)
            await stage.step_to(stage.clock.now())
            await stage.press("r")
            await stage.until(lambda: shown_errors(stage))
        await goes_on(stage)


async def test_a_row_that_cannot_be_painted_shows_the_id_until_its_data_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with run_dashboard() as stage:
        await stage.wait_layout()
        bad = stage.codes[1]
        painted = RowStrip.paint

        def paint(line: RowStrip, *args: object, **options: object) -> object:
            if line.row.code == bad:
                raise LookupError("injected")
            return painted(line, *args, **options)  # type: ignore[arg-type]

        board = stage.app.main.grid.watchlist
        with monkeypatch.context() as broken:
            broken.setattr(RowStrip, "paint", paint)
            board.redraw()
            await stage.until(lambda: "⚠" in stage.text)
            await stage.wait_layout()
            shown = stage.text
            [key] = re.findall(r"\b[0-9a-f]{6}\b", shown_errors(stage)[0])
            assert f"⚠ {key}" in shown
            assert all(code in shown for code in stage.codes if code != bad)
            board.redraw()
            await stage.wait_layout()
        assert len(shown_errors(stage)) == 1
        row = stage.app.market.book.row(bad)
        assert row is not None
        board.update_rows([row])
        board._refresh_row(bad)
        await stage.until(lambda: "⚠" not in stage.text)
        assert bad in stage.text
        await goes_on(stage)


@pytest.mark.parametrize("widget", [Static, StatusLine, Board])
async def test_a_widget_that_cannot_be_painted_shows_the_id_in_its_place(
    monkeypatch: pytest.MonkeyPatch, widget: type
) -> None:
    async with run_dashboard() as stage:
        with monkeypatch.context() as broken:
            broken.setattr(widget, "render_line", fail)
            await stage.press("b")

            def is_marked() -> bool:
                # A refresh before the dialog's first layout paints nothing.
                stage.app.main.status.refresh()
                stage.app.main.grid.watchlist.refresh()
                return "⚠" in stage.text

            await stage.until(is_marked)
            await stage.press("escape")
            await stage.wait_layout()
        assert len(shown_errors(stage)) == 1
        for one in stage.app.main.query("*"):
            one.refresh(layout=True)
        await goes_on(stage)
        await stage.until(lambda: "⚠" not in stage.text)


@pytest.mark.parametrize("way", ["dismissed", "ending"])
async def test_a_worker_of_a_screen_that_is_removed_may_fail_unseen(way: str) -> None:
    async with run_dashboard() as stage:
        await stage.press("ctrl+p")
        palette = stage.app.screen
        removed = asyncio.Event()

        async def look_for_a_removed_widget() -> None:
            await removed.wait()
            palette.query_one("#removed")

        worker = palette.run_worker(look_for_a_removed_widget())
        if way == "dismissed":
            stage.app.pop_screen()
        else:
            stage.app.leave(0)
        removed.set()
        with pytest.raises(WorkerFailed, match="#removed"):
            await worker.wait()
        assert shown_errors(stage) == []
        assert stage.app.return_code in (None, 0)


async def test_an_error_before_the_first_picture_ends_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(BoardsScreen, "open_layout", fail)
    with pytest.raises(LookupError, match="injected"):
        async with run_dashboard(live=False):
            pass
