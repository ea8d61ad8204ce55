"""A row of the watchlist has the contract's name at every width; the code gives way first."""

import pytest
from harness.board_terminal import run_board

from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from widgets.board_column import choose
from widgets.watchlist import COLUMNS

USUAL = [column for column in COLUMNS if not column.optional]


@pytest.mark.parametrize("width", range(20, 301))
def test_names_stand_at_every_width(width: int) -> None:
    shown = [column.id for column, _ in choose(USUAL, width)]
    assert "name" in shown
    if width >= 110:
        assert "code" in shown
    if "code" in shown:
        assert {"price", "change", "percent", "spread"} <= set(shown) or width < 70


async def test_a_row_without_a_name_shows_its_code() -> None:
    async with run_board([Ticker(Instrument("A01612"))], size=(40, 8)) as (app, _):
        assert app.line(1)["name"][0].strip() == "A01612"
