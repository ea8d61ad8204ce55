"""Positions by the keyboard, for tests of their page: typing in, and reading what is shown."""

from harness.dashboard import DashboardHarness, at
from textual.widgets import Input

from app.portfolio.positions import Position
from app.screens.positions_screen import PositionsScreen

FUTURE, MINI, CALL, PUT = "A01612", "A05612", "B01612A33", "C01612A33"
CODES = (FUTURE, MINI, CALL, PUT)
OPEN = at(18, 0, 20)


def page_of(stage: DashboardHarness) -> PositionsScreen:
    page = stage.app.page
    assert isinstance(page, PositionsScreen)
    return page


def held(stage: DashboardHarness) -> list[Position]:
    return list(stage.app.positions.positions.values())


async def fill(stage: DashboardHarness, **fields: str) -> None:
    """Put texts into the dialog's fields."""
    for name, value in fields.items():
        stage.app.screen.query_one(f"#{name}", Input).value = value
    await stage.pilot.pause()


async def hold(stage: DashboardHarness, code: str, quantity: str, average: str) -> None:
    """Type a position in."""
    await stage.press("a")
    await fill(stage, code=code, quantity=quantity, average=average)
    await stage.press("enter")


def line(stage: DashboardHarness, begin: str) -> list[str]:
    """The words of the page's line that begins so."""
    lines = [text.strip("│ ") for text in stage.text.splitlines()]
    return next(text for text in lines if text.startswith(begin)).split()
