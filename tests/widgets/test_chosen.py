"""The choice between KIS' values and our own in a cell, and their difference."""

from math import inf, isnan, nan

import pytest
from msgspec.structs import replace

from specs.codes import Right
from specs.market.displayed_greeks import (
    GREEKS,
    displayed_greek,
    drift,
    has_drifted,
    is_coarse,
)
from specs.market.instrument import Instrument
from specs.market.kis_greeks import has_plausible_signs
from specs.market.theoretical import GreeksSource, TheoreticalValues
from specs.market.ticker import Ticker, row_age
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_option_trade import StockOptionTrade
from widgets.board_column import BoardColumn, Freshness, aged_tone, drift_column, greek, iv

CODE = "B01612A31"
TRADE = NightOptionTrade(
    CODE, "031200", price=24.85, delta=0.58, gamma=0.006, vega=1.01, theta=-0.62, rho=0.31,
    implied_volatility=14.8,
)  # fmt: skip
OWN = TheoreticalValues(
    price=24.7, volatility=14.5, delta=0.55, gamma=0.005, vega=1.0, theta=-0.6, rho=-0.3
)
ROW = Ticker(Instrument(CODE, right=Right.CALL), TRADE, 99.0, theoretical=OWN)
PUT = replace(ROW, instrument=Instrument("C01612A31", right=Right.PUT))


NEAR_EXPIRY = TheoreticalValues(why="no_future", years=2.9 / 365)
FAR_FROM_EXPIRY = TheoreticalValues(why="no_future", years=3.1 / 365)


@pytest.mark.parametrize(
    ("source", "own", "shown"),
    [
        ("auto", OWN, (0.55, True)),
        ("auto", None, (0.58, False)),
        ("auto", FAR_FROM_EXPIRY, (0.58, False)),
        ("auto", NEAR_EXPIRY, (nan, False)),
        ("auto", TheoreticalValues(why="below_intrinsic", seen=True), (nan, False)),
        ("auto", TheoreticalValues(why="wide_quote", wide=True), (nan, False)),
        ("kis", OWN, (0.58, False)),
        ("kis", NEAR_EXPIRY, (0.58, False)),
        ("own", OWN, (0.55, True)),
    ],
)
def test_cell_shows_the_side_that_is_wanted(
    source: GreeksSource, own: TheoreticalValues | None, shown: tuple[float, bool]
) -> None:
    found = displayed_greek(replace(ROW, source=source, theoretical=own), "delta")
    assert found == pytest.approx(shown, nan_ok=True)


def test_auto_does_not_change_sides_from_trade_to_trade() -> None:
    """Neither a new trade nor values that are missing for a while bring KIS' back."""
    sides = []
    for at, own in enumerate((OWN, TheoreticalValues(why="below_intrinsic", seen=True), OWN, OWN)):
        row = replace(
            ROW, trade=replace(TRADE, delta=0.5 + at / 100), trade_at=float(at), theoretical=own
        )
        sides += [displayed_greek(row, which) for which in GREEKS]
    assert all(side.is_theoretical or isnan(side.value) for side in sides)


def test_gamma_of_two_decimals_is_not_shown_beside_a_finer_one_of_our_own() -> None:
    """Source: kis-protocol section 5, KIS' greeks carry two decimals on the websocket."""
    row = replace(ROW, trade=replace(TRADE, gamma=0.0), theoretical=replace(OWN, gamma=0.0067))
    assert displayed_greek(row, "gamma") == (0.0067, True)
    assert is_coarse(row, "gamma")
    assert not is_coarse(row, "delta")
    assert not is_coarse(replace(row, trade=replace(TRADE, gamma=0.0066)), "gamma")


@pytest.mark.parametrize(("gamma", "coarse"), [(0.19, True), (0.21, False), (-0.19, True)])
def test_a_greek_is_coarse_where_a_hundredth_is_a_twentieth_of_it(
    gamma: float, coarse: bool
) -> None:
    row = replace(ROW, trade=replace(TRADE, gamma=0.2), theoretical=replace(OWN, gamma=gamma))
    assert is_coarse(row, "gamma") is coarse


def test_volatility_cell_says_that_the_quote_is_too_wide() -> None:
    wide = replace(ROW, theoretical=replace(OWN, wide=True, borrowed=True))
    cell = iv(1).cell(wide, Freshness.FRESH)
    assert (cell.text, cell.within(6)) == ("호가 넓음", "넓음")
    assert isnan(displayed_greek(wide, "volatility").value)
    assert displayed_greek(wide, "delta") == (0.55, True), "by its neighbours' volatility"
    assert iv(1).cell(replace(wide, source="kis"), Freshness.FRESH).text == "14.8% "


@pytest.mark.parametrize("own", [None, TheoreticalValues(why="no_quote")])
def test_our_own_alone_is_missing_where_there_is_none(own: TheoreticalValues | None) -> None:
    value, is_own = displayed_greek(replace(ROW, source="own", theoretical=own), "delta")
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
def test_impossible_greeks_of_kis_are_not_shown_in_auto(wrong: dict[str, float]) -> None:
    row = replace(ROW, theoretical=None, trade=replace(TRADE, **wrong))
    assert not has_plausible_signs(row)
    assert isnan(drift(row))
    assert all(isnan(displayed_greek(row, which).value) for which in GREEKS)
    assert displayed_greek(row, "volatility") == (14.8, False), (
        "which KIS sends beside greeks of nan"
    )


def test_a_put_has_a_delta_below_zero() -> None:
    assert not has_plausible_signs(PUT)
    assert has_plausible_signs(replace(PUT, trade=replace(TRADE, delta=-0.42)))


@pytest.mark.parametrize("told", [0.0, nan, -1.0])
def test_volatility_of_kis_is_missing_when_it_is_not_above_zero(told: float) -> None:
    row = replace(ROW, theoretical=None, trade=replace(TRADE, implied_volatility=told))
    assert isnan(displayed_greek(row, "volatility").value)
    assert isnan(displayed_greek(replace(row, source="kis"), "volatility").value)


def test_five_greeks_of_zero_are_missing_in_kis_own_column_too() -> None:
    row = replace(ROW, source="kis", trade=replace(TRADE, **dict.fromkeys(GREEKS, 0.0)))
    assert isnan(displayed_greek(row, "delta").value)
    assert (
        displayed_greek(replace(ROW, source="kis", trade=replace(TRADE, delta=0.0)), "delta").value
        == 0
    )


def test_a_scale_that_was_decided_stands_in_for_the_catalogues() -> None:
    stock = StockOptionTrade("B11612A01", "100000", price=1000.0, implied_volatility=0.31)
    row = Ticker(Instrument("B11612A01", right=Right.CALL), stock, 99.0, source="kis")
    assert displayed_greek(row, "volatility").value == pytest.approx(31.0)
    assert displayed_greek(replace(row, scale=1.0), "volatility").value == 0.31


def test_drift_is_kis_delta_less_our_own_in_delta_points() -> None:
    assert drift(ROW) == pytest.approx(3.0)
    assert not has_drifted(ROW)
    far = replace(ROW, theoretical=replace(OWN, delta=0.64))
    assert drift(far) == pytest.approx(-6.0)
    assert has_drifted(far)
    assert isnan(drift(replace(ROW, theoretical=None)))


def test_the_board_ranks_by_the_size_of_the_drift_and_shows_its_sign() -> None:
    column = drift_column(1)
    far = replace(ROW, theoretical=replace(OWN, delta=0.64))
    assert column.value(far) == pytest.approx(6.0)
    cell = column.cell(far, Freshness.FRESH)
    assert (cell.text, cell.tone) == ("-6.0", "drifted")
    assert column.cell(ROW, Freshness.OLD).tone == "old"
    even = replace(ROW, theoretical=replace(OWN, delta=0.5801))
    assert column.cell(even, Freshness.FRESH).text == "0.0"
    assert column.cell(replace(ROW, theoretical=None), Freshness.FRESH).text == "—"


@pytest.mark.parametrize(
    ("column", "kis", "own"),
    [(greek("delta"), "0.58 ", "0.550~"), (greek("theta"), "-0.62 ", "-0.600~"),
     (iv(1), "14.8% ", "14.5%~")],
)  # fmt: skip
def test_kis_values_keep_their_two_decimals_and_our_own_are_marked(
    column: BoardColumn, kis: str, own: str
) -> None:
    assert column.cell(replace(ROW, source="kis"), Freshness.FRESH).text == kis
    assert column.cell(ROW, Freshness.FRESH).text == own
    assert max(len(kis), len(own)) <= column.width


def test_own_greek_ages_by_its_inputs_and_not_by_the_trade() -> None:
    column = greek("delta")
    assert column.cell(ROW, Freshness.OLD).tone == "own"
    for at, tone in ((100.0, "value"), (89.0, "older"), (39.0, "old")):
        row = replace(ROW, theoretical=replace(OWN, at=at))
        assert aged_tone("own", row_age(row, 100.5)) == tone
    assert aged_tone("own", row_age(Ticker(ROW.instrument), 100.5)) == "old"
    assert column.cell(replace(ROW, source="kis"), Freshness.OLD).tone == "old"


@pytest.mark.parametrize(
    ("value", "shown"), [(9.87, "9.9%~"), (99.9, "99.9%~"), (123.4, "123%~"), (4321.0, ">999%~")]
)
def test_a_large_volatility_gives_up_decimals_not_its_mark(value: float, shown: str) -> None:
    row = replace(ROW, source="own", theoretical=replace(OWN, volatility=value))
    cell = iv(1).cell(row, Freshness.FRESH)
    assert next(text for text in (cell.text, *cell.shorter) if len(text) <= iv(1).width) == shown
