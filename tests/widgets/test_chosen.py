"""Which of KIS' values and our own a cell shows, and how far the two are apart."""

from math import inf, isnan, nan

import pytest
from msgspec.structs import replace

from specs.codes import Right
from specs.night_option_trade import NightOptionTrade
from specs.stock_option_trade import StockOptionTrade
from widgets.chosen import GREEKS, chosen, drift, has_drifted, is_plausible
from widgets.columns import Column, Freshness, drift_column, greek, iv
from widgets.own import GreeksSource, Own
from widgets.row import Instrument, Row

CODE = "B01612A31"
TRADE = NightOptionTrade(
    CODE, "031200", price=24.85, delta=0.58, gamma=0.006, vega=1.01, theta=-0.62, rho=0.31,
    implied_volatility=14.8,
)  # fmt: skip
OWN = Own(price=24.7, volatility=14.5, delta=0.55, gamma=0.005, vega=1.0, theta=-0.6, rho=-0.3)
ROW = Row(Instrument(CODE, right=Right.CALL), TRADE, 99.0, own=OWN)
PUT = replace(ROW, instrument=Instrument("C01612A31", right=Right.PUT))


@pytest.mark.parametrize(
    ("source", "stale", "own", "shown"),
    [
        ("auto", False, OWN, (0.58, False)),
        ("auto", True, OWN, (0.55, True)),
        ("auto", True, None, (0.58, False)),
        ("auto", True, Own(why="no_future"), (0.58, False)),
        ("kis", False, OWN, (0.58, False)),
        ("kis", True, OWN, (0.58, False)),
        ("own", False, OWN, (0.55, True)),
        ("own", True, OWN, (0.55, True)),
    ],
)
def test_a_cell_shows_what_is_wanted(
    source: GreeksSource, stale: bool, own: Own | None, shown: tuple[float, bool]
) -> None:
    assert chosen(replace(ROW, source=source, stale=stale, own=own), "delta") == shown


@pytest.mark.parametrize("own", [None, Own(why="no_quote")])
def test_our_own_alone_is_missing_where_there_is_none(own: Own | None) -> None:
    value, is_own = chosen(replace(ROW, source="own", own=own), "delta")
    assert isnan(value)
    assert not is_own


@pytest.mark.parametrize(
    "wrong",
    [
        {"delta": 1.01}, {"delta": -0.1}, {"delta": nan}, {"gamma": -0.001}, {"vega": -1.0},
        {"theta": nan}, {"rho": inf}, {"gamma": inf}, {"vega": nan}, dict.fromkeys(GREEKS, 0.0),
        dict.fromkeys(GREEKS, nan),
    ],
)  # fmt: skip
def test_impossible_greeks_give_way_to_our_own_all_together(wrong: dict[str, float]) -> None:
    row = replace(ROW, trade=replace(TRADE, **wrong))
    assert not is_plausible(row)
    assert isnan(drift(row))
    for which in GREEKS:
        assert chosen(row, which) == (getattr(OWN, which), True)
    assert chosen(row, "volatility") == (14.8, False), "which KIS sends beside greeks of nan"


def test_a_put_has_a_delta_below_zero() -> None:
    assert not is_plausible(PUT)
    assert is_plausible(replace(PUT, trade=replace(TRADE, delta=-0.42)))


@pytest.mark.parametrize("told", [0.0, nan, -1.0])
def test_a_volatility_that_is_none_gives_way_to_our_own(told: float) -> None:
    row = replace(ROW, trade=replace(TRADE, implied_volatility=told))
    assert chosen(row, "volatility") == (14.5, True)
    assert isnan(chosen(replace(row, source="kis"), "volatility").value)


def test_five_greeks_of_zero_are_missing_in_kis_own_column_too() -> None:
    row = replace(ROW, source="kis", trade=replace(TRADE, **dict.fromkeys(GREEKS, 0.0)))
    assert isnan(chosen(row, "delta").value)
    assert chosen(replace(ROW, source="kis", trade=replace(TRADE, delta=0.0)), "delta").value == 0


def test_a_scale_that_was_decided_stands_in_for_the_catalogues() -> None:
    stock = StockOptionTrade("B11612A01", "100000", price=1000.0, implied_volatility=0.31)
    row = Row(Instrument("B11612A01", right=Right.CALL), stock, 99.0)
    assert chosen(row, "volatility").value == pytest.approx(31.0)
    assert chosen(replace(row, scale=1.0), "volatility").value == 0.31


def test_drift_is_kis_delta_less_our_own_in_delta_points() -> None:
    assert drift(ROW) == pytest.approx(3.0)
    assert not has_drifted(ROW)
    far = replace(ROW, own=replace(OWN, delta=0.64))
    assert drift(far) == pytest.approx(-6.0)
    assert has_drifted(far)
    assert isnan(drift(replace(ROW, own=None)))


def test_the_board_ranks_by_the_size_of_the_drift_and_shows_its_sign() -> None:
    column = drift_column(1)
    far = replace(ROW, own=replace(OWN, delta=0.64))
    assert column.value(far) == pytest.approx(6.0)
    cell = column.cell(far, Freshness.FRESH)
    assert (cell.text, cell.tone) == ("-6.0", "drifted")
    assert column.cell(ROW, Freshness.OLD).tone == "old"
    even = replace(ROW, own=replace(OWN, delta=0.5801))
    assert column.cell(even, Freshness.FRESH).text == "0.0"
    assert column.cell(replace(ROW, own=None), Freshness.FRESH).text == "—"


@pytest.mark.parametrize("column", [greek("delta"), greek("theta"), iv(1)])
def test_the_mark_takes_no_digits_place(column: Column) -> None:
    kis = column.cell(ROW, Freshness.FRESH).text
    own = column.cell(replace(ROW, source="own"), Freshness.FRESH).text
    assert kis.endswith(" ")
    assert own.endswith("~")
    assert len(own.strip("~ ")) == len(kis.strip())
    assert max(len(kis), len(own)) <= column.width


def test_our_own_is_not_dimmed_by_the_age_of_the_trade() -> None:
    column = greek("delta")
    assert column.cell(replace(ROW, stale=True), Freshness.OLD).tone == "value"
    assert column.cell(replace(ROW, source="kis"), Freshness.OLD).tone == "old"


@pytest.mark.parametrize(
    ("value", "shown"), [(9.87, "9.9%~"), (99.9, "99.9%~"), (123.4, "123%~"), (4321.0, ">999%~")]
)
def test_a_large_volatility_gives_up_decimals_not_its_mark(value: float, shown: str) -> None:
    row = replace(ROW, source="own", own=replace(OWN, volatility=value))
    cell = iv(1).cell(row, Freshness.FRESH)
    assert next(text for text in (cell.text, *cell.shorter) if len(text) <= iv(1).width) == shown
