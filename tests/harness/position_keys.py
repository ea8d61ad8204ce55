"""Type positions in by the keyboard, and read the positions screen."""

from harness.dashboard import DashboardHarness, at
from textual.widgets import Input

from app.portfolio.positions import Position
from app.screens.positions_screen import PositionsScreen

FUTURE, MINI, CALL, PUT = "A01612", "A05612", "B01612A33", "C01612A33"
CODES = (FUTURE, MINI, CALL, PUT)
OPEN = at(18, 0, 20)


def positions_screen(stage: DashboardHarness) -> PositionsScreen:
    """Return the current page, which must be the positions screen."""
    page = stage.app.page
    assert isinstance(page, PositionsScreen)
    return page


def listed_positions(stage: DashboardHarness) -> list[Position]:
    """Return the dashboard's positions in their order."""
    return list(stage.app.workspace.positions.positions.values())


async def fill_fields(stage: DashboardHarness, **fields: str) -> None:
    """Fill the dialog's fields, named by their ids."""
    for name, value in fields.items():
        stage.app.screen.query_one(f"#{name}", Input).value = value
    await stage.pilot.pause()


async def add_position(stage: DashboardHarness, code: str, quantity: str, average: str) -> None:
    """Add a position by the dialog."""
    await stage.press("a")
    await fill_fields(stage, code=code, quantity=quantity, average=average)
    await stage.press("enter")


def line_words(stage: DashboardHarness, begin: str) -> list[str]:
    """Return the words of the first line on the screen that begins with `begin`."""
    lines = [text.strip("│ ") for text in stage.text.splitlines()]
    return next(text for text in lines if text.startswith(begin)).split()
