"""Every cell of the board of expected executions: its text and its tone for each kind of row."""

from math import isnan, nan

import pytest
from harness.painted_cells import Painted, cells_of
from msgspec.structs import replace

from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.trs.night_option_expected import NightOptionExpected
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_option_expected import StockOptionExpected
from widgets.board_column import Freshness
from widgets.expected import COLUMNS, ExpectedBoard

PUT = Instrument("C01612A31", "P 202612 1,075.0", Family.INDEX_OPTION, Right.PUT, 1075.0)
RECORD = NightOptionExpected(
    PUT.code, "175931", expected_price=18.90, expected_change=1.15, expected_change_sign="5",
    expected_change_percent=5.74, market_operation_code="311", expected_volume=1042.0,
)  # fmt: skip
TRADE = NightOptionTrade(PUT.code, "175000", price=18.10)
ROW = Ticker(PUT, TRADE, 10.0, RECORD, 100.0)
VALUES = {column.id: column.value for column in COLUMNS}

ORDINARY = {
    "code": ("C01612A31", "code"),
    "name": ("P 202612 1,075.0", "name"),
    "expected_price": ("18.90", "down"),
    "expected_change": ("▼   1.15", "down"),
    "expected_percent": ("-5.74", "down"),
    "expected_volume": ("1,042", "value"),
    "gap": ("+0.80", "value"),
    "base": ("20.05", "older"),
    "operation": ("311", "older"),
    "expected_time": ("17:59:31", "older"),
}


def shown(row: Ticker) -> dict[str, Painted]:
    return cells_of([column for column in COLUMNS if column.rank < 99], row)


def expected(**values: object) -> Ticker:
    return replace(ROW, expected=replace(RECORD, **values))


def test_every_cell_of_an_ordinary_row() -> None:
    assert shown(ROW) == ORDINARY
    assert {f"board--{tone}" for _, tone in ORDINARY.values()} <= (
        ExpectedBoard._get_component_classes()
    )


@pytest.mark.parametrize("age", Freshness)
def test_an_auctions_result_does_not_dim_with_the_last_trade(age: Freshness) -> None:
    assert cells_of([c for c in COLUMNS if c.rank < 99], ROW, age) == ORDINARY


def test_every_cell_of_a_row_without_an_auction() -> None:
    assert shown(Ticker(PUT, TRADE, 10.0)) == {
        "code": ("C01612A31", "code"),
        "name": ("P 202612 1,075.0", "name"),
        "expected_price": ("—", "label"),
        "expected_change": ("—", "label"),
        "expected_percent": ("—", "label"),
        "expected_volume": ("—", "value"),
        "gap": ("—", "value"),
        "base": ("—", "older"),
        "operation": ("", "older"),
        "expected_time": ("—", "older"),
    }


def test_an_auction_without_a_price_has_no_change_either() -> None:
    row = expected(expected_price=0.0, expected_change=20.05, expected_change_percent=100.0)
    assert shown(row) == ORDINARY | {
        "expected_price": ("—", "down"),
        "expected_change": ("—", "down"),
        "expected_percent": ("—", "down"),
        "gap": ("—", "value"),
        "base": ("—", "older"),
    }
    for which in ("expected_price", "expected_change", "expected_percent", "base", "expected_move"):
        assert isnan(VALUES[which](row)), which  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sign", "change", "percent", "painted", "base"),
    [
        ("1", 3.0, 15.0, [("18.90", "up"), ("↑   3.00", "up"), ("15.00", "up")], "15.90"),
        ("2", 0.9, 4.0, [("18.90", "up"), ("▲   0.90", "up"), ("4.00", "up")], "18.00"),
        ("3", 0.0, 0.0, [("18.90", "flat"), ("    0.00", "flat"), ("0.00", "flat")], "18.90"),
        ("4", 3.0, 15.0, [("18.90", "down"), ("↓   3.00", "down"), ("-15.00", "down")], "21.90"),
        ("5", -0.9, -4.0, [("18.90", "down"), ("▼   0.90", "down"), ("-4.00", "down")], "19.80"),
        ("", -0.9, -4.0, [("18.90", "down"), ("▼   0.90", "down"), ("-4.00", "down")], "19.80"),
        ("", nan, nan, [("18.90", "flat"), ("—", "flat"), ("—", "flat")], "—"),
    ],
)
def test_price_change_and_percent_have_the_direction_of_kis_sign(
    sign: str, change: float, percent: float, painted: list[Painted], base: str
) -> None:
    row = expected(
        expected_change_sign=sign, expected_change=change, expected_change_percent=percent
    )
    found = shown(row)
    names = ("expected_price", "expected_change", "expected_percent")
    assert [found[name] for name in names] == painted
    assert found["base"] == (base, "older")


def test_the_values_that_are_sorted_are_those_that_are_shown() -> None:
    found = {which: value(ROW) for which, value in VALUES.items()}
    assert found["expected_change"] == -1.15
    assert found["expected_percent"] == -5.74
    assert found["expected_move"] == 5.74
    assert found["expected_price"] == 18.90
    assert found["expected_volume"] == 1042.0
    assert found["gap"] == pytest.approx(0.80)
    assert found["base"] == pytest.approx(20.05)
    assert found["operation"] == "311"
    assert found["expected_time"] == 59 * 60 + 31
    bare = Ticker(PUT)
    missing = {which for which, value in VALUES.items() if value(bare) != value(bare)}
    assert missing == VALUES.keys() - {"code", "name", "operation"}
    assert VALUES["operation"](bare) == ""


@pytest.mark.parametrize(
    ("price", "text"), [(18.90, "0.00"), (20.0, "-1.10"), (0.0, "—"), (nan, "—")]
)
def test_the_gap_is_measured_from_the_last_price(price: float, text: str) -> None:
    row = replace(ROW, trade=replace(TRADE, price=price))
    assert shown(row)["gap"][0].lstrip("+") == text


def test_a_stock_option_has_whole_won_and_no_volume() -> None:
    record = StockOptionExpected(
        code="B11612A01", time="084100", expected_price=12_500.0, expected_change=1500.0,
        expected_change_sign="2", expected_change_percent=13.64,
    )  # fmt: skip
    row = Ticker(Instrument("B11612A01", family=Family.STOCK_OPTION), expected=record)
    found = shown(row)
    assert found["name"] == ("B11612A01", "name")
    assert found["expected_price"] == ("12,500", "up")
    assert found["expected_change"] == ("▲  1,500", "up")
    assert found["base"] == ("11,000", "older")
    assert found["expected_volume"] == ("—", "value")


def test_price_and_volume_flash_and_the_move_is_never_drawn() -> None:
    assert [c.id for c in COLUMNS if c.flashes] == ["expected_price", "expected_volume"]
    assert [c.id for c in COLUMNS if c.rank >= 99] == ["expected_move"]
    assert [c.id for c in COLUMNS if not c.right] == ["code", "name", "operation"]
    order = sorted((c for c in COLUMNS if c.rank < 99), key=lambda c: c.rank)
    assert [c.id for c in order] == [
        "name", "expected_price", "expected_percent", "expected_change", "expected_volume", "gap",
        "code", "base", "expected_time", "operation",
    ]  # fmt: skip
    assert [c.width for c in order] == [16, 9, 6, 8, 5, 7, 9, 9, 8, 4]
