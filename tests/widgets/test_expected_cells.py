"""Every cell of the board of expected executions: its text and its tone for each kind of row."""

from math import isnan, nan

import pytest
from harness.painted_cells import Painted, cells_of
from msgspec.structs import replace
from rich.cells import cell_len

from specs.codes import Family, Right
from specs.market.indication import Indication, IndicationValues
from specs.market.instrument import Instrument
from specs.market.ticker import RowAge, Ticker
from specs.trs.night_option_expected import NightOptionExpected
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_option_expected import StockOptionExpected
from widgets.board_column import Freshness, aged_tone, choose
from widgets.expected import COLUMNS, AuctionStage, ExpectedBoard

PUT = Instrument("C01612A31", "P 202612 1,075.0", Family.INDEX_OPTION, Right.PUT, 1075.0)
RECORD = NightOptionExpected(
    PUT.code, "175931", expected_price=18.90, expected_change=1.15, expected_change_sign="5",
    expected_change_percent=5.74, market_operation_code="311", expected_volume=1042.0,
)  # fmt: skip
TRADE = NightOptionTrade(PUT.code, "175000", price=18.10)
PATH = (18.6, 18.7, nan, 18.9)
INDICATION = Indication(
    path=PATH,
    before=18.10,
    values=IndicationValues(volatility=15.12, theory=18.95, at=100.0, theory_at=100.0),
)
ENDED = replace(INDICATION, is_running=False, uncross=18.85)
ROW = Ticker(PUT, TRADE, 10.0, RECORD, 100.0, INDICATION)
VALUES = {column.id: column.value for column in COLUMNS}

ORDINARY = {
    "code": ("C01612A31", "code"),
    "name": ("P 202612 1,075.0", "name"),
    "expected_price": ("18.90", "down"),
    "uncross": ("—", "label"),
    "uncross_change": ("—", "label"),
    "expected_change": ("▼   1.15", "down"),
    "expected_percent": ("-5.74", "down"),
    "from_last": ("+0.80", "up"),
    "expected_edge": ("-0.05~", "own"),
    "expected_volatility": ("15.1%~", "quotes"),
    "expected_volume": ("1,042", "value"),
    "expected_path": ("▁▃ █", "down"),
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
    tones = {aged_tone(tone, RowAge()) for _, tone in ORDINARY.values()}
    assert {f"board--{tone}" for tone in tones} <= ExpectedBoard._get_component_classes()


@pytest.mark.parametrize("age", Freshness)
def test_an_auctions_result_does_not_dim_with_the_last_trade(age: Freshness) -> None:
    assert cells_of([c for c in COLUMNS if c.rank < 99], ROW, age) == ORDINARY


def test_every_cell_of_a_row_without_an_auction() -> None:
    assert shown(Ticker(PUT, TRADE, 10.0)) == {
        "code": ("C01612A31", "code"),
        "name": ("P 202612 1,075.0", "name"),
        "expected_price": ("—", "label"),
        "uncross": ("—", "label"),
        "uncross_change": ("—", "label"),
        "expected_change": ("—", "label"),
        "expected_percent": ("—", "label"),
        "from_last": ("—", "label"),
        "expected_edge": ("— ", "label"),
        "expected_volatility": ("— ", "label"),
        "expected_volume": ("—", "value"),
        "expected_path": ("", "label"),
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
        "from_last": ("—", "label"),
        "expected_edge": ("— ", "label"),
        "base": ("—", "older"),
    }
    for which in ("expected_price", "expected_change", "expected_percent", "base", "expected_edge"):
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
    assert found["expected_price"] == 18.90
    assert found["expected_volume"] == 1042.0
    assert found["from_last"] == pytest.approx(0.80)
    assert found["expected_edge"] == pytest.approx(-0.05)
    assert found["expected_volatility"] == 15.12
    assert found["expected_path"] == pytest.approx(0.30)
    assert found["base"] == pytest.approx(20.05)
    assert found["operation"] == "311"
    assert found["expected_time"] == 59 * 60 + 31
    bare = Ticker(PUT)
    missing = {which for which, value in VALUES.items() if value(bare) != value(bare)}
    assert missing == VALUES.keys() - {"code", "name", "operation"}
    assert VALUES["operation"](bare) == ""


@pytest.mark.parametrize(
    ("uncross", "painted", "change"),
    [
        (18.85, ("18.85", "down"), ("-0.05", "down")),
        (20.40, ("20.40", "up"), ("+1.50", "up")),
        (18.90, ("18.90", "down"), ("+0.00", "flat")),
    ],
)
def test_the_price_of_the_auction_is_compared_with_the_last_expected_one(
    uncross: float, painted: Painted, change: Painted
) -> None:
    row = replace(ROW, indication=replace(ENDED, uncross=uncross))
    found = shown(row)
    assert found["uncross"] == painted
    assert found["uncross_change"] == change
    # What was indicated stays as it was.
    assert found["expected_edge"] == ORDINARY["expected_edge"]
    assert found["from_last"] == ORDINARY["from_last"]


def test_a_long_path_fits_every_width_of_its_column() -> None:
    path = tuple(18 + at % 7 / 10 for at in range(120))
    [column] = [column for column in COLUMNS if column.id == "expected_path"]
    cell = column.cell(replace(ROW, indication=replace(INDICATION, path=path)), Freshness.FRESH)
    for width in range(column.width, column.grows + 1):
        assert cell_len(cell.fitted(width, right=False).rstrip()) == width


@pytest.mark.parametrize(
    ("stage", "hidden"),
    [
        ("opening", {"uncross", "uncross_change", "from_last"}),
        ("closing", {"uncross", "uncross_change"}),
        ("opened", {"from_last"}),
        ("closed", set()),
    ],
)
def test_columns_with_nothing_to_show_at_a_stage_are_left_out(
    stage: AuctionStage, hidden: set[str]
) -> None:
    board = ExpectedBoard()
    board._stage = stage
    usual = {column.id for column in COLUMNS if not column.optional}
    assert usual - {column.id for column in board._offered()} == hidden


def test_expected_price_and_values_dim_with_their_age_until_the_auction_is_over() -> None:
    board = ExpectedBoard()
    board._now = 115.0
    assert board._age(ROW).trade is Freshness.OLDER
    old = replace(INDICATION, values=replace(INDICATION.values, theory_at=40.0))
    assert board._age(replace(ROW, indication=old)).own is Freshness.OLD
    assert board._age(replace(ROW, indication=old)).quotes is Freshness.OLDER
    assert board._age(replace(ROW, indication=ENDED)) == RowAge()


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


def test_price_and_volume_flash_and_columns_are_hidden_by_rank() -> None:
    assert [c.id for c in COLUMNS if c.flashes] == ["expected_price", "expected_volume"]
    assert [c.id for c in COLUMNS if not c.right] == ["code", "name", "expected_path", "operation"]
    board = ExpectedBoard()
    for stage, room, ids in (
        ("opening", 56, "name expected_price expected_percent expected_edge expected_volatility"),
        ("closing", 56, "name expected_price from_last expected_edge expected_volatility"),
        ("opened", 56, "name expected_price uncross uncross_change expected_time"),
    ):
        board._stage = stage  # type: ignore[assignment]
        found = [column.id for column, _ in choose(board._offered(), room)]
        assert [one for one in found if one != "expected_path"] == ids.split()
