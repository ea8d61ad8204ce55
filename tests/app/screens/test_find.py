"""A row of the list is found by a part of its code or name."""

import pytest
from harness.dashboard import run_dashboard

from app.screens.dialogs.find_dialog import FindDialog, following, matches

ROWS = {"A01612": "A01612  F 202612", "B01612A31": "B01612A31  C 202612 1,075.0",
        "C01612A31": "C01612A31  P 202612 1,075.0"}  # fmt: skip
FEW = tuple(ROWS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1,075", ["B01612A31", "C01612A31"]),
        ("p 1,075", ["C01612A31"]),
        ("a016", ["A01612"]),
        ("A31", ["B01612A31", "C01612A31"]),
        ("999", []),
        ("  ", []),
    ],
)
def test_every_word_must_be_in_code_or_name(typed: str, found: list[str]) -> None:
    assert matches(typed, ROWS) == found


def test_the_search_begins_at_the_cursor_and_goes_round() -> None:
    found = ["A01612", "C01612A31"]
    assert following(found, ROWS, "B01612A31") == 1
    assert following(["A01612"], ROWS, "B01612A31") == 0


async def test_slash_puts_the_cursor_on_a_row() -> None:
    async with run_dashboard(FEW, live=False) as stage:
        await stage.press("slash")
        assert isinstance(stage.app.screen, FindDialog)
        await stage.fill_field("1,075")
        assert stage.dialog_message.endswith("1/2")
        await stage.press("down", "enter")
        assert stage.app.main.grid.watchlist.code == "C01612A31"
        await stage.press("slash")
        await stage.fill_field("삼성")
        assert "목록에 없습니다" in stage.dialog_message
        await stage.press("enter", "escape")
        assert stage.app.main.grid.watchlist.code == "C01612A31"
