"""One row, option or position that fails among others: it alone lacks what the others get."""

from collections.abc import Callable
from math import isfinite
from typing import Any

import pytest
from harness.dashboard import DEMO_CODES, DashboardHarness, at, run_dashboard

from app.market.book import Book
from app.portfolio import valuation as portfolio
from app.portfolio.positions import Position
from app.pricing.option_state import OptionState
from app.screens.textual_compat import SafeApp
from specs.catalog import Channel
from specs.item_errors import listen_to_item_errors, report_item_error, stop_listening
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from widgets.greeks_panel import GreeksPanel
from widgets.row_order import RowOrder
from widgets.texts import t

BAD = next(code for code in DEMO_CODES if code.startswith("B01612"))


@pytest.fixture(autouse=True)
def contained(monkeypatch: pytest.MonkeyPatch, no_containment: None) -> None:
    """The dashboard goes on after errors, as it does for a user."""
    monkeypatch.setattr(SafeApp, "contains_errors", True)


def failing_for_bad(whole: Callable[..., Any], code_of: Callable[..., str]) -> Callable[..., Any]:
    """Return a function that fails for the bad code and else does what it did."""

    def call(*args: Any, **options: Any) -> Any:
        if code_of(*args) == BAD:
            raise LookupError("injected")
        return whole(*args, **options)

    return call


def errors_of(stage: DashboardHarness) -> int:
    begin = t("error.contained", id="").split()[0]
    return sum(toast.startswith(begin) for toast in stage.toasts)


async def test_a_batch_that_fails_on_one_row_applies_its_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with run_dashboard(start=at(18, 30)) as stage:
        await stage.step_to(at(18, 30, 5))
        book = stage.app.market.book
        bad = failing_for_bad(
            Book.registration_status,
            lambda _, code, channel: code if channel is Channel.BOOK else "",
        )
        monkeypatch.setattr(Book, "registration_status", bad)
        before = {code: book.row(code) for code in stage.codes}
        await stage.step_to(at(18, 30, 30))
        await stage.until(lambda: errors_of(stage))
        rows = {code: book.row(code) for code in stage.codes}
        changed = {
            code for code, row in rows.items() if row and row.book is not _book(before, code)
        }
        assert BAD not in changed
        assert len(changed) > len(stage.codes) / 2
        assert errors_of(stage) == 1
        shown = {row.code: row for row in map(book.row, changed) if row is not None}
        watchlist = stage.app.main.grid.watchlist
        assert all(watchlist._order[code] is row for code, row in shown.items())


def _book(rows: dict[str, Ticker | None], code: str) -> object:
    row = rows[code]
    return row.book if row is not None else None


async def test_an_option_that_cannot_be_valued_says_so_and_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = failing_for_bad(OptionState.read, lambda option, *_: option.instrument.code)
    monkeypatch.setattr(OptionState, "read", bad)
    async with run_dashboard(start=at(18, 30)) as stage:
        await stage.step_to(at(18, 30, 10))
        stage.app.tick()
        found = stage.app.market.book.rows
        rows = {row.code: row.theoretical for row in found if row.theoretical is not None}
        assert rows[BAD].why == "failed"
        assert sum(isfinite(own.delta) for own in rows.values()) > 5
        assert errors_of(stage) == 1


async def test_greeks_that_cannot_be_written_leave_the_board_below_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with run_dashboard(start=at(18, 30)) as stage:
        await stage.step_to(at(18, 30, 5))

        def fail(greeks: GreeksPanel) -> None:
            raise LookupError("injected")

        monkeypatch.setattr(GreeksPanel, "_write", fail)
        await stage.step_to(at(18, 30, 30))
        greeks = stage.app.main.grid.greeks
        book = stage.app.market.book
        assert all(greeks.board._order[code] is book.row(code) for code in greeks.board.codes)


def test_a_position_that_cannot_be_valued_is_excluded_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    errors: list[Exception] = []
    listen_to_item_errors(errors.append)
    try:
        bad = failing_for_bad(portfolio._holding, lambda position, *_: position.code)
        monkeypatch.setattr(portfolio, "_holding", bad)
        held = [Position(BAD, 1, 10.0), Position("A01612", 2, 1000.0)]
        moment = at(18, 30)
        first, second = portfolio.value(held, lambda code: None, Instrument, moment, 0.03)
    finally:
        stop_listening(errors.append)
    assert (first.code, first.why, first.is_whole) == (BAD, "theory.failed", False)
    assert (second.code, second.quantity) == ("A01612", 2)
    assert [type(error) for error in errors] == [LookupError]


def test_rows_whose_value_cannot_be_computed_are_ordered_last() -> None:
    errors: list[Exception] = []
    rows = [Ticker(Instrument(code)) for code in ("A01612", BAD, "A05612")]
    listen_to_item_errors(errors.append)
    try:
        roster = RowOrder()
        roster.show(rows)
        roster.sort_by(failing_for_bad(lambda row: row.code, lambda row: row.code), descending=True)
    finally:
        stop_listening(errors.append)
    assert roster.codes == ["A05612", "A01612", BAD]
    assert len(errors) == 1


def test_an_error_of_an_item_is_raised_when_nobody_listens() -> None:
    with pytest.raises(LookupError):
        report_item_error(LookupError())
