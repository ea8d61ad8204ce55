"""Every cell of the watchlist: its text and its tone for each kind of row."""

from math import isnan, nan

import pytest
from harness.option_rows import BOOK, CALL, ROW, TRADE
from harness.painted_cells import Painted, cells_of
from msgspec.structs import replace
from rich.cells import cell_len

from specs.codes import Family
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.trs.index_futures_trade import IndexFuturesTrade
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_futures_trade import StockFuturesTrade
from widgets.board_column import Freshness, choose
from widgets.texts import t
from widgets.watchlist import COLUMNS as EVERY_COLUMN
from widgets.watchlist import WatchlistBoard

COLUMNS = tuple(column for column in EVERY_COLUMN if not column.optional)

FRESH, OLDER, OLD = Freshness
ORDINARY = {
    "code": ("B01612A31", "code"),
    "name": ("C 202612 1,075.0", "name"),
    "price": ("24.85", "up"),
    "change": ("▲   2.35", "up"),
    "percent": ("10.44", "up"),
    "spread": ("24.80×24.95", "value"),
    "volume": ("1,204", "value"),
    "open_interest": ("18,112", "value"),
    "volatility": ("14.8% ", "value"),
    "delta": ("0.581 ", "value"),
    "open": ("22.10", "value"),
    "high": ("1,025.30", "value"),
    "low": ("21.05", "value"),
    "theoretical": ("24.71", "value"),
    "strength": ("103.2", "value"),
    "time": ("23:45:12", "value"),
}
NOTHING = {
    "code": ("B01612A31", "code"),
    "name": ("C 202612 1,075.0", "name"),
    "price": ("—", "label"),
    "change": ("—", "label"),
    "percent": ("—", "label"),
    "spread": ("—        ", "label"),
    "volume": ("—", "value"),
    "open_interest": ("—", "old"),
    "volatility": ("— ", "old"),
    "delta": ("— ", "old"),
    "open": ("—", "old"),
    "high": ("—", "old"),
    "low": ("—", "old"),
    "theoretical": ("—", "old"),
    "strength": ("—", "old"),
    "time": ("—", "label"),
}
AGED = (
    *("spread", "open_interest", "volatility", "delta"),
    *("open", "high", "low", "theoretical", "strength", "time"),
)
"""The columns that dim with the age of the trade."""


def shown(row: Ticker, age: Freshness = FRESH) -> dict[str, Painted]:
    return cells_of(COLUMNS, row, age)


def traded(**values: object) -> Ticker:
    return replace(ROW, trade=replace(TRADE, **values))


def some(row: Ticker, *columns: str, age: Freshness = FRESH) -> list[Painted]:
    found = shown(row, age)
    return [found[column] for column in columns]


def test_every_cell_of_an_ordinary_row() -> None:
    assert shown(ROW) == ORDINARY


@pytest.mark.parametrize(("age", "tone"), [(OLDER, "older"), (OLD, "old")])
def test_a_row_dims_with_the_age_of_its_trade(age: Freshness, tone: str) -> None:
    assert shown(ROW, age) == ORDINARY | {name: (ORDINARY[name][0], tone) for name in AGED}


def test_every_cell_of_a_row_without_data() -> None:
    assert shown(Ticker(CALL), OLD) == NOTHING


def test_every_tone_is_a_component_class_of_the_board() -> None:
    rows = (
        ROW,
        Ticker(CALL),
        traded(change_sign="5"),
        traded(change_sign="3"),
        replace(ROW, missed=1),
    )
    tones = {tone for row in rows for age in Freshness for _, tone in shown(row, age).values()}
    assert {f"board--{tone}" for tone in tones} <= WatchlistBoard._get_component_classes()


@pytest.mark.parametrize(
    ("sign", "change", "percent", "painted"),
    [
        ("1", 8.20, 15.0, [("24.85", "up"), ("↑   8.20", "up"), ("15.00", "up")]),
        ("2", 2.35, 10.44, [("24.85", "up"), ("▲   2.35", "up"), ("10.44", "up")]),
        ("3", 0.0, 0.0, [("24.85", "flat"), ("    0.00", "flat"), ("0.00", "flat")]),
        ("4", 8.20, 15.0, [("24.85", "down"), ("↓   8.20", "down"), ("-15.00", "down")]),
        ("5", 1.95, 9.73, [("24.85", "down"), ("▼   1.95", "down"), ("-9.73", "down")]),
        ("5", -1.95, -9.73, [("24.85", "down"), ("▼   1.95", "down"), ("-9.73", "down")]),
        ("", 2.35, 10.44, [("24.85", "up"), ("▲   2.35", "up"), ("10.44", "up")]),
        ("", -1.95, -9.73, [("24.85", "down"), ("▼   1.95", "down"), ("-9.73", "down")]),
        ("", 0.0, 0.0, [("24.85", "flat"), ("    0.00", "flat"), ("0.00", "flat")]),
        ("", nan, nan, [("24.85", "flat"), ("—", "flat"), ("—", "flat")]),
        ("2", 1234.5, 0.0, [("24.85", "up"), ("▲1,234.50", "up"), ("0.00", "up")]),
    ],
)
def test_price_change_and_percent_have_the_direction_of_kis_sign(
    sign: str, change: float, percent: float, painted: list[Painted]
) -> None:
    row = traded(change_sign=sign, change=change, change_percent=percent)
    assert some(row, "price", "change", "percent") == painted


def test_the_values_that_are_sorted_have_the_sign_of_what_is_shown() -> None:
    values = {column.id: column.value for column in COLUMNS}
    fell = traded(change_sign="5", change=1.95, change_percent=9.73)
    assert (values["change"](fell), values["percent"](fell)) == (-1.95, -9.73)
    assert values["spread"](ROW) == pytest.approx(0.15)
    assert (values["volume"](ROW), values["open_interest"](ROW)) == (1204.0, 18112.0)
    assert (values["price"](ROW), values["theoretical"](ROW)) == (24.85, 24.71)
    assert (values["delta"](ROW), values["volatility"](ROW)) == (0.5812, 14.81)
    assert (values["code"](ROW), values["name"](ROW)) == (CALL.code, CALL.name)
    assert values["time"](ROW) == (23 - 17) * 3600 + 45 * 60 + 12
    bare = Ticker(CALL)
    missing = [which for which, value in values.items() if value(bare) != value(bare)]
    assert missing == [column.id for column in COLUMNS if column.id not in ("code", "name")]


def test_a_trade_without_a_price_has_no_change_but_keeps_its_direction() -> None:
    row = traded(price=0.0, change_sign="5", change=1.95, change_percent=100.0)
    expected = [("—", "down"), ("—", "down"), ("—", "down")]
    assert some(row, "price", "change", "percent") == expected
    assert all(isnan(column.value(row)) for column in COLUMNS[2:5])  # type: ignore[arg-type]


def test_prices_of_a_stock_are_whole_won() -> None:
    trade = StockFuturesTrade(
        code="A11612", time="101500", price=60100.0, change_sign="2", change=1100.0,
        change_percent=1.86, open=59000.0, high=60200.0, low=58900.0, bid=60000.0, ask=60100.0,
        theoretical_price=60050.4,
    )  # fmt: skip
    row = Ticker(Instrument("A11612", "삼성전자 F 202612", Family.STOCK_FUTURES), trade, 100.0)
    assert some(row, "price", "change", "spread", "open", "high", "low", "theoretical") == [
        ("60,100", "up"), ("▲  1,100", "up"), ("60,000×60,100", "value"),
        ("59,000", "value"), ("60,200", "value"), ("58,900", "value"), ("60,050", "value"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bid", "ask", "text"),
    [
        (24.80, 0.0, "24.80×—"),
        (0.0, 24.95, "—×24.95"),
        (nan, 24.95, "—×24.95"),
        (0.0, 0.0, "—        "),
    ],
)
def test_a_side_without_a_quote_is_a_dash(bid: float, ask: float, text: str) -> None:
    assert shown(traded(bid=bid, ask=ask))["spread"] == (text, "value" if "×" in text else "label")


@pytest.mark.parametrize("age", Freshness)
def test_quotes_of_a_book_come_before_the_trades_and_age_by_the_book(age: Freshness) -> None:
    row = replace(ROW, book=BOOK, book_at=100.0)
    assert shown(row, age)["spread"] == ("24.75×24.90", "quotes")


def test_a_row_of_quotes_alone_says_that_it_has_not_traded() -> None:
    row = Ticker(CALL, book=BOOK, book_at=100.0)
    assert shown(row, OLD) == NOTHING | {
        "spread": ("24.75×24.90", "quotes"),
        "time": (t("quotes.no_trade"), "label"),
    }


def test_volume_keeps_its_mark_in_a_larger_unit_when_trades_were_missed() -> None:
    row = replace(ROW, missed=12.0)
    assert shown(row)["volume"] == ("≠1,204", "missed")
    [column] = [column for column in COLUMNS if column.id == "volume"]
    many = replace(traded(accumulated_volume=1_345_678.0), missed=1.0)
    assert column.cell(many, FRESH).fitted(column.width, right=True) == "  ≠135만"
    assert column.cell(many, FRESH).fitted(10, right=True) == "≠1,345,678"
    assert shown(Ticker(CALL, missed=12.0))["volume"] == ("—", "value")


@pytest.mark.parametrize(
    ("volume", "interest", "painted"),
    [
        (0.0, 0.0, [("0", "value"), ("0", "value")]),
        (5.0, 0.0, [("5", "value"), ("—", "value")]),
        (nan, nan, [("—", "value"), ("—", "value")]),
    ],
)
def test_open_interest_of_zero_beside_a_volume_is_missing(
    volume: float, interest: float, painted: list[Painted]
) -> None:
    row = traded(accumulated_volume=volume, open_interest=interest)
    assert some(row, "volume", "open_interest") == painted


@pytest.mark.parametrize(
    ("values", "delta", "volatility"),
    [
        ({"source": "auto"}, ("0.555~", "own"), ("14.5%~", "own")),
        ({"source": "own"}, ("0.555~", "own"), ("14.5%~", "own")),
        ({"source": "kis"}, ("0.581 ", "old"), ("14.8% ", "old")),
        ({"source": "own", "theoretical": None}, ("— ", "old"), ("— ", "old")),
        (
            {"source": "auto", "theoretical": TheoreticalValues(why="no_quote")},
            ("0.581 ", "old"),
            ("14.8% ", "old"),
        ),
        ({"source": "auto", "trade": None}, ("0.555~", "own"), ("14.5%~", "own")),
    ],
)
def test_own_greeks_are_marked_and_age_by_their_own_inputs(
    values: dict[str, object], delta: Painted, volatility: Painted
) -> None:
    assert some(replace(ROW, **values), "delta", "volatility", age=OLD) == [delta, volatility]


def test_a_future_has_no_greeks() -> None:
    trade = NightFuturesTrade("A01612", "031244", price=1081.35)
    row = Ticker(Instrument("A01612", "F 202612", Family.INDEX_FUTURES), trade, 100.0)
    assert some(row, "delta", "volatility") == [("— ", "value"), ("— ", "value")]
    assert shown(row)["price"] == ("1,081.35", "flat")


@pytest.mark.parametrize(
    ("time", "text", "shorter"),
    [
        ("234512", "23:45:12", ()),
        ("174959", "17:49:59", ()),
        ("031244", "03:12:44 +1", ("03:12:44",)),
        ("271244", "03:12:44 +1", ("03:12:44",)),
        ("055959", "05:59:59 +1", ("05:59:59",)),
        ("", "—", ()),
        ("240000", "—", ()),
    ],
)
def test_a_time_after_midnight_of_a_night_trade_is_marked(
    time: str, text: str, shorter: tuple[str, ...]
) -> None:
    [column] = [column for column in COLUMNS if column.id == "time"]
    cell = column.cell(traded(time=time), FRESH)
    assert (cell.text, cell.tone, cell.shorter) == (text, "value", shorter)


def test_a_time_of_the_day_session_has_no_mark() -> None:
    trade = IndexFuturesTrade(code="A01612", time="090000", price=1080.0)
    row = Ticker(Instrument("A01612", family=Family.INDEX_FUTURES), trade, 100.0)
    assert shown(row)["time"] == ("09:00:00", "value")


@pytest.mark.parametrize("age", Freshness)
def test_a_value_that_was_asked_for_has_the_time_of_the_answer_in_brackets(age: Freshness) -> None:
    row = replace(ROW, asked_at="031205")
    assert shown(row, age)["time"] == ("(03:12)", ("value", "older", "old")[age])


@pytest.mark.parametrize("badge", ["badge.expired", "badge.asleep"])
@pytest.mark.parametrize("trade", [None, TRADE])
def test_a_badge_stands_for_the_time_and_behind_the_name(
    badge: str, trade: NightOptionTrade | None
) -> None:
    row = replace(ROW, trade=trade, badge=t(badge))
    found = shown(row)
    assert found["time"] == (t(badge), "label")
    assert found["name"] == (f"C 202612 1,075.0 {t(badge)}", "name")
    [cell] = [column.cell(row, FRESH) for column in COLUMNS if column.id == "name"]
    assert cell.within(18 + cell_len(t(badge))) == f"C 202612 1,075.0 {t(badge)}"
    assert cell.within(16 + cell_len(t(badge))) == f"C 2612 1,075.0 {t(badge)}"
    assert cell.within(16) == "C 2612 1,075.0"


def test_a_contract_without_a_name_is_called_by_its_code() -> None:
    row = replace(ROW, instrument=replace(CALL, name=""))
    assert shown(row)["name"] == ("B01612A31", "name")
    expired = t("badge.expired")
    assert shown(replace(row, badge=expired))["name"][0] == f"B01612A31 {expired}"


def test_only_price_and_volume_flash() -> None:
    assert [column.id for column in COLUMNS if column.flashes] == ["price", "volume"]


def test_texts_stand_left_and_numbers_right() -> None:
    assert [column.id for column in COLUMNS if not column.right] == ["code", "name"]


def test_columns_give_way_by_rank() -> None:
    order = sorted(COLUMNS, key=lambda column: column.rank)
    assert [(column.id, column.width) for column in order] == [
        ("name", 16), ("price", 9), ("change", 8), ("percent", 6), ("spread", 17), ("code", 9),
        ("delta", 7), ("volatility", 6), ("volume", 8), ("open_interest", 8), ("time", 8),
        ("open", 9), ("high", 9), ("low", 9), ("theoretical", 9), ("strength", 8),
    ]  # fmt: skip
    grows = {column.id: column.grows for column in COLUMNS if column.grows}
    assert grows == {"name": 26, "time": 11}
    found = choose(COLUMNS, 78)
    shown = "code name price change percent spread delta"
    assert [column.id for column, _ in found] == shown.split()
    assert sum(cells + 1 for _, cells in found) - 1 == 78
