"""The watchlist during an auction: the expected price stands for the last one."""

import pytest
from harness.option_rows import CALL, ROW
from harness.painted_cells import Painted, cells_of
from msgspec.structs import replace
from rich.cells import cell_len

from specs.codes import Family
from specs.expected_trend import RestExpected
from specs.market.indication import Indication
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker, row_age
from specs.trs.night_option_expected import NightOptionExpected
from widgets.board_column import Freshness, choose
from widgets.row_strip import RowStrip
from widgets.texts import speaking
from widgets.watchlist import COLUMNS as EVERY_COLUMN

COLUMNS = tuple(column for column in EVERY_COLUMN if not column.optional)

EXPECTED = NightOptionExpected(
    CALL.code, "175931", expected_price=23.40, expected_change=0.90, expected_change_sign="2",
    expected_change_percent=4.0, expected_volume=42.0,
)  # fmt: skip


def shown(row: Ticker) -> dict[str, Painted]:
    return cells_of(COLUMNS, row, Freshness.FRESH)


def test_the_expected_price_stands_for_the_last_one_while_an_auction_goes_on() -> None:
    row = replace(ROW, expected=EXPECTED, expected_at=100.0, indication=Indication())
    assert shown(row) == shown(ROW) | {
        "price": ("예23.40", "up"),
        "change": ("▲   0.90", "up"),
        "percent": ("4.00", "up"),
        "time": ("17:59:31", "older"),
    }
    values = {column.id: column.value(row) for column in COLUMNS}
    assert (values["price"], values["change"], values["percent"]) == (23.40, 0.90, 4.0)
    assert values["time"] == 59 * 60 + 31
    assert row_age(row, 115.0).trade is Freshness.OLDER
    with speaking("en"):
        assert shown(row)["price"] == ("e23.40", "up")


@pytest.mark.parametrize(
    ("price", "indication"),
    [(23.40, None), (23.40, Indication(is_running=False)), (0.0, Indication())],
)
def test_the_last_price_stays_without_an_expected_one_and_when_the_auction_is_over(
    price: float, indication: Indication | None
) -> None:
    expected = replace(EXPECTED, expected_price=price)
    assert shown(replace(ROW, expected=expected, indication=indication)) == shown(ROW)


def test_a_future_over_a_thousand_has_room_for_the_mark() -> None:
    future = Instrument("A01612", "F 202612", Family.INDEX_FUTURES)
    record = RestExpected(
        "A01612", "084012", expected_price=1081.35, expected_change=4.2, expected_change_sign="2"
    )
    row = Ticker(future, expected=record, expected_at=1.0, indication=Indication())
    widths = choose(COLUMNS, 100)
    strip = RowStrip(row, row_age(row, 1.0), widths, None, 1.0)
    assert strip.needed["price"] == cell_len("예1,081.35")
