"""Every cell of the greeks board and of one side of the chain, by text and tone."""

from math import isnan, nan

import pytest
from harness.painted_cells import Painted, cells_of
from msgspec.structs import replace
from rich.cells import cell_len

from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_option_trade import StockOptionTrade
from widgets.board_column import OWN as OWN_TONE
from widgets.board_column import QUOTES, Freshness
from widgets.chain import ChainBoard
from widgets.chain_columns import COLUMNS as CHAIN
from widgets.chain_columns import USUAL as USUAL_CHAIN
from widgets.greeks_panel import COLUMNS, GreeksBoard
from widgets.texts import t

FRESH, OLDER, OLD = Freshness
CALL = Instrument("B01612A31", "C 202612 1,075.0", Family.INDEX_OPTION, Right.CALL, 1075.0)
TRADE = NightOptionTrade(
    CALL.code, "234512", price=24.85, change_sign="5", change=2.35, bid=24.80, ask=24.95,
    accumulated_volume=1204.0, open_interest=8112.0, implied_volatility=14.81,
    delta=0.5812, gamma=0.0061, vega=1.01, theta=-0.62, rho=0.31,
)  # fmt: skip
OWN = TheoreticalValues(
    price=24.65, volatility=14.52, delta=0.5412, gamma=0.0058, vega=1.04, theta=-0.66, rho=0.3
)
ROW = Ticker(CALL, TRADE, 100.0, theoretical=OWN, source="kis")
AUTO = replace(ROW, source="auto")
GREEKS = ("delta", "gamma", "vega", "theta", "rho")

ORDINARY = {
    "code": ("B01612A31", "code"),
    "name": ("C 202612 1,075.0", "name"),
    "delta": ("0.581 ", "value"),
    "gamma": ("0.0061 ", "value"),
    "vega": ("1.01 ", "value"),
    "theta": ("-0.62 ", "value"),
    "rho": ("0.31 ", "value"),
    "volatility": ("14.8% ", "value"),
    "drift": ("+4.0", "value"),
}
OURS = {
    "delta": ("0.541~", "own"),
    "gamma": ("0.0058~", "own"),
    "vega": ("1.04~", "own"),
    "theta": ("-0.660~", "own"),
    "rho": ("0.300~", "own"),
    "volatility": ("14.5%~", "own"),
}


USUAL = [column for column in COLUMNS if not column.optional]


def shown(row: Ticker, age: Freshness = FRESH) -> dict[str, Painted]:
    return cells_of(USUAL, row, age)


def chain(row: Ticker, age: Freshness = FRESH) -> dict[str, Painted]:
    return cells_of(USUAL_CHAIN, row, age)


def test_every_cell_of_an_ordinary_option() -> None:
    assert shown(ROW) == ORDINARY


@pytest.mark.parametrize(("age", "tone"), [(OLDER, "older"), (OLD, "old")])
def test_kis_greeks_dim_with_the_age_of_the_trade(age: Freshness, tone: str) -> None:
    aged = {name: (text, tone) for name, (text, _) in ORDINARY.items()}
    assert shown(ROW, age) == aged | {name: ORDINARY[name] for name in ("code", "name")}


@pytest.mark.parametrize("age", Freshness)
def test_own_greeks_are_marked_and_age_by_their_own_inputs(age: Freshness) -> None:
    drift = ("+4.0", ("value", "older", "old")[age])
    assert shown(AUTO, age) == ORDINARY | OURS | {"drift": drift}


@pytest.mark.parametrize("own", [None, TheoreticalValues(why="no_future")])
def test_an_option_without_any_theory_has_dashes(own: TheoreticalValues | None) -> None:
    found = shown(Ticker(CALL, theoretical=own), OLD)
    dashes = dict.fromkeys((*GREEKS, "volatility"), ("— ", "old"))
    assert found == ORDINARY | dashes | {"drift": ("—", "old")}


def test_greeks_of_kis_that_cannot_be_are_left_out_and_have_no_drift() -> None:
    row = replace(AUTO, trade=replace(TRADE, delta=1.2), theoretical=None)
    dashes = dict.fromkeys(GREEKS, ("— ", "value"))
    assert shown(row) == ORDINARY | dashes | {"drift": ("—", "value")}
    assert shown(replace(row, theoretical=OWN)) == ORDINARY | OURS | {"drift": ("—", "value")}


@pytest.mark.parametrize(
    "own",
    [
        TheoreticalValues(why="no_quote", seen=True),
        TheoreticalValues(why="no_quote", years=2.9 / 365),
    ],
)
def test_values_of_our_own_that_went_missing_are_not_replaced_by_kis(
    own: TheoreticalValues,
) -> None:
    found = shown(replace(AUTO, theoretical=own))
    assert {found[name] for name in (*GREEKS, "volatility")} == {("— ", "value")}
    found = shown(replace(AUTO, theoretical=TheoreticalValues(why="no_quote", years=3.1 / 365)))
    assert found == ORDINARY | {"drift": ("—", "value")}


def test_a_quote_that_is_too_wide_has_words_for_its_volatility() -> None:
    row = replace(AUTO, theoretical=replace(OWN, wide=True))
    assert shown(row)["volatility"] == (t("theory.wide_quote"), "label")
    [column] = [column for column in COLUMNS if column.id == "volatility"]
    assert column.cell(row, FRESH).shorter == (t("theory.wide_brief"),)
    assert cell_len(t("theory.wide_brief")) <= column.width
    assert shown(row)["delta"] == ("0.541~", "own")
    assert shown(replace(row, source="kis"))["volatility"] == ("14.8% ", "value")
    assert isnan(column.value(row))  # type: ignore[arg-type]
    nothing = replace(row, trade=None, theoretical=TheoreticalValues(wide=True))
    assert chain(nothing)["price"] == (t("theory.wide_quote"), "label")
    assert chain(replace(row, trade=None))["price"] == ("24.65~", "own")


def test_five_greeks_of_zero_are_missing() -> None:
    zeros = replace(TRADE, **dict.fromkeys(GREEKS, 0.0))
    found = shown(replace(ROW, trade=zeros))
    assert {found[name] for name in GREEKS} == {("— ", "value")}
    found = shown(replace(ROW, trade=replace(TRADE, delta=0.0, rho=0.0)))
    assert (found["delta"], found["rho"]) == (("0.00 ", "value"), ("0.00 ", "value"))


@pytest.mark.parametrize(
    ("delta", "text", "tone"),
    [
        (0.5312, "+5.0", "drifted"),
        (0.5316, "+5.0", "drifted"),
        (0.5318, "+4.9", "value"),
        (0.6312, "-5.0", "drifted"),
        (0.5811, "0.0", "value"),
        (0.5817, "0.0", "value"),
        (0.5818, "-0.1", "value"),
        (nan, "—", "value"),
    ],
)
def test_a_drift_of_five_points_is_warned_of(delta: float, text: str, tone: str) -> None:
    assert shown(replace(ROW, theoretical=replace(OWN, delta=delta)))["drift"] == (text, tone)


def test_a_volatility_without_room_says_that_it_is_beyond() -> None:
    [column] = [column for column in COLUMNS if column.id == "volatility"]
    cell = column.cell(replace(ROW, trade=replace(TRADE, implied_volatility=1234.0)), FRESH)
    assert (cell.text, cell.shorter) == ("1,234% ", (">999% ",))
    cell = column.cell(replace(AUTO, theoretical=replace(OWN, volatility=1234.0)), FRESH)
    assert cell.within(column.width) == ">999%~"


def test_the_values_that_are_sorted_are_those_that_are_shown() -> None:
    values = {column.id: column.value for column in COLUMNS}
    assert [values[name](ROW) for name in GREEKS] == [0.5812, 0.0061, 1.01, -0.62, 0.31]
    assert [values[name](AUTO) for name in GREEKS] == [
        OWN.delta, OWN.gamma, OWN.vega, OWN.theta, OWN.rho,
    ]  # fmt: skip
    assert values["volatility"](ROW) == 14.81
    assert values["drift"](ROW) == pytest.approx(4.0)
    bare = Ticker(CALL)
    assert all(isnan(values[name](bare)) for name in (*GREEKS, "volatility", "drift"))  # type: ignore[arg-type]


def test_the_board_keeps_names_and_greeks_longest() -> None:
    order = sorted(USUAL, key=lambda column: column.rank)
    assert [column.id for column in order] == [
        "name", "delta", "gamma", "vega", "theta", "drift", "rho", "volatility", "code",
    ]  # fmt: skip
    assert [column.width for column in order] == [16, 7, 7, 7, 7, 6, 7, 6, 9]
    assert not any(column.flashes for column in COLUMNS)


# --- the chain


def test_every_cell_of_a_side_of_the_chain() -> None:
    assert chain(ROW) == {
        "price": ("24.85 ", "down"),
        "spread": ("24.80×24.95", "value"),
        "volatility": ("14.8% ", "value"),
        "delta": ("0.581 ", "value"),
        "gamma": ("0.0061 ", "value"),
        "theta": ("-0.62 ", "value"),
        "vega": ("1.01 ", "value"),
        "volume": ("1,204", "value"),
        "open_interest": ("8,112", "value"),
    }


@pytest.mark.parametrize("trade", [None, replace(TRADE, price=0.0), replace(TRADE, price=nan)])
def test_an_option_without_a_price_shows_our_own_marked(trade: NightOptionTrade | None) -> None:
    assert chain(replace(ROW, trade=trade))["price"] == ("24.65~", "own")
    assert chain(replace(ROW, trade=trade, theoretical=None))["price"] == ("— ", "label")
    without = replace(ROW, trade=trade, theoretical=TheoreticalValues(why="no_quote"))
    assert chain(without)["price"] == ("— ", "label")


def test_a_stock_options_own_price_is_in_whole_won() -> None:
    trade = StockOptionTrade("B11612A01", "100000", price=12_500.0)
    row = Ticker(
        Instrument("B11612A01", family=Family.STOCK_OPTION),
        trade,
        theoretical=TheoreticalValues(price=12_345.6),
    )
    assert chain(row)["price"] == ("12,500 ", "flat")
    assert chain(replace(row, trade=None))["price"] == ("12,346~", "own")


def test_the_chain_keeps_price_delta_and_volatility_longest() -> None:
    order = sorted(USUAL_CHAIN, key=lambda column: column.rank)
    assert [column.id for column in order] == [
        "price", "delta", "volatility", "spread", "volume", "open_interest", "gamma", "theta",
        "vega",
    ]  # fmt: skip
    assert [column.width for column in order] == [9, 7, 6, 17, 8, 8, 7, 7, 7]


def test_every_tone_is_a_component_class() -> None:
    far = replace(ROW, theoretical=replace(OWN, delta=0.1), missed=1.0)
    rows = (
        ROW,
        far,
        Ticker(CALL),
        replace(ROW, trade=None),
        replace(ROW, trade=replace(TRADE, change_sign="2")),
    )
    for columns, board, prefix in ((COLUMNS, GreeksBoard, "board"), (CHAIN, ChainBoard, "chain")):
        tones = {
            tone
            for row in rows
            for age in Freshness
            for _, tone in cells_of(columns, row, age).values()
            if tone not in (OWN_TONE, QUOTES)
        }
        assert {f"{prefix}--{tone}" for tone in tones} <= board._get_component_classes()


def test_stock_option_shows_shares_of_a_contract_and_gamma_per_percent_on_every_board() -> None:
    stock = Instrument(
        "B11612083", family=Family.STOCK_OPTION, right=Right.CALL, strike=160_000.0, multiplier=10.0
    )
    own = replace(OWN, delta=0.581, gamma=0.00002, spot=162_300.0)
    row = Ticker(stock, None, theoretical=own)
    for columns in (COLUMNS, CHAIN):
        found = cells_of(columns, row)
        assert found["delta"] == ("5.8주~", "own")
        assert found["gamma"] == ("0.32주~", "own")
        assert found["delta_won"] == ("942,963~", "own")
    tiny = replace(row, theoretical=replace(own, delta=-0.004))
    assert cells_of(COLUMNS, tiny)["delta"][0] == "≈0주~"
    unknown = replace(row, theoretical=replace(own, spot=nan))
    assert cells_of(COLUMNS, unknown)["gamma"][0] == "— "


def test_stock_option_shows_theta_vega_and_rho_in_whole_won_of_a_contract() -> None:
    stock = Instrument(
        "B11612083", family=Family.STOCK_OPTION, right=Right.CALL, strike=160_000.0, multiplier=10.0
    )
    own = replace(OWN, theta=-91.26, vega=0.04, rho=1_234.56)
    found = cells_of(COLUMNS, Ticker(stock, None, theoretical=own))
    assert [found[which][0] for which in ("theta", "vega", "rho")] == ["-913~", "≈0~", "12,346~"]
    unknown = Ticker(replace(stock, multiplier=nan), None, theoretical=own)
    assert cells_of(COLUMNS, unknown)["theta"][0] == "-91~"
    sent = StockOptionTrade(stock.code, "100000", price=1060.0, theta=-4.06, vega=0.0, rho=20.58)
    found = cells_of(COLUMNS, Ticker(stock, sent, source="kis"))
    assert [found[which][0].strip() for which in ("theta", "vega", "rho")] == ["-41", "0", "206"]
