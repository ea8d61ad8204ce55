"""KIS' greeks are believed only if they agree with themselves and with the price."""

from math import inf, nan

import pytest
from harness.option_rows import OWN, ROW, TRADE
from msgspec.structs import replace

from specs.codes import Family, Right
from specs.market.displayed_greeks import displayed_greek
from specs.market.instrument import Instrument
from specs.market.kis_greeks import TRADES, judge, kis_fault
from specs.market.theoretical import GreeksSource, TheoreticalValues
from specs.market.ticker import Ticker
from specs.trs.index_option_trade import IndexOptionTrade
from specs.trs.stock_option_trade import StockOptionTrade

STOCK_CALL = Instrument("B11612001", "", Family.STOCK_OPTION, Right.CALL, 100_000.0)
# Source: kis-protocol section 5, the H0ZOCNT0 example of KIS' portal.
PORTAL = StockOptionTrade(
    STOCK_CALL.code, "110523", price=1060.0, theoretical_price=35_464.0, market_basis=-76_140.0,
    time_value=1060.0, delta=1.0, gamma=0.0, vega=0.0, theta=-4.06, rho=20.58,
    implied_volatility=0.31,
)  # fmt: skip
INDEX_CALL = Instrument("B01612A34", "", Family.INDEX_OPTION, Right.CALL, 1082.5)
# Source: kis-protocol section 5, a public collector's H0IOCNT0 of 2026-10-01 with two decimals.
ROUNDED = IndexOptionTrade(
    INDEX_CALL.code, "151806", price=22.70, theoretical_price=22.6, market_basis=-1058.5,
    delta=0.46, gamma=0.00, vega=0.71, theta=-1.18, rho=0.14, implied_volatility=36.18,
)  # fmt: skip
FAULTY, GOOD = replace(TRADE, theoretical_price=3 * TRADE.price), TRADE


def test_the_portals_example_is_not_believed() -> None:
    row = Ticker(STOCK_CALL, PORTAL)
    assert kis_fault(row) == "theory"
    mended = replace(PORTAL, theoretical_price=1000.0)
    assert kis_fault(replace(row, trade=mended)) == "gamma_vega"


def test_a_gamma_that_two_decimals_cannot_show_is_believed() -> None:
    row = Ticker(INDEX_CALL, ROUNDED)
    assert kis_fault(row) == ""
    assert kis_fault(replace(row, trade=replace(ROUNDED, vega=0.0))) == "gamma_vega"
    assert kis_fault(replace(row, trade=replace(ROUNDED, theta=-11.8))) == "gamma_vega"
    assert kis_fault(replace(row, trade=replace(ROUNDED, implied_volatility=0.0))) == "gamma_vega"


def test_without_a_price_of_the_underlying_no_gamma_is_not_believed() -> None:
    nameless = replace(INDEX_CALL, strike=0.0)
    assert (
        kis_fault(Ticker(nameless, replace(ROUNDED, market_basis=0.0, time_value=22.7)))
        == "gamma_vega"
    )


def test_an_option_without_time_value_may_have_no_gamma_and_vega() -> None:
    inside = replace(
        ROUNDED, price=100.0, theoretical_price=100.0, market_basis=-1080.0, delta=1.0, vega=0.0
    )
    assert kis_fault(Ticker(INDEX_CALL, inside)) == "gamma_vega"
    outside = replace(inside, price=0.5, theoretical_price=0.5, delta=0.02)
    assert kis_fault(Ticker(INDEX_CALL, outside)) == "gamma_vega"
    flat = replace(inside, market_basis=100.0 - 1182.5 - 0.01)
    assert kis_fault(Ticker(INDEX_CALL, flat)) == ""


@pytest.mark.parametrize(
    ("theory", "fault"),
    [
        (24.85, ""), (12.43, ""), (12.42, "theory"), (37.27, ""), (37.28, "theory"),
        (0.0, "theory"), (nan, "theory"), (inf, "theory"),
    ],
)  # fmt: skip
def test_theory_must_be_within_half_of_the_last_price(theory: float, fault: str) -> None:
    row = replace(ROW, trade=replace(TRADE, theoretical_price=theory), theoretical=None)
    assert kis_fault(row) == fault


@pytest.mark.parametrize(("theory", "fault"), [(0.12, ""), (0.13, "theory")])
def test_ten_small_ticks_of_theory_are_always_allowed(theory: float, fault: str) -> None:
    cheap = replace(TRADE, price=0.02, theoretical_price=theory)
    assert kis_fault(replace(ROW, trade=cheap, theoretical=None)) == fault


@pytest.mark.parametrize(
    ("delta", "fault"), [(0.5312, ""), (0.6312, ""), (0.5311, "delta"), (0.6313, "delta")]
)
def test_delta_must_be_within_five_hundredths_of_ours(delta: float, fault: str) -> None:
    own = replace(OWN, delta=0.5812)
    row = replace(ROW, trade=replace(TRADE, delta=delta), theoretical=own)
    assert kis_fault(row) == fault
    for unknown in (None, TheoreticalValues(why="no_quote")):
        assert kis_fault(replace(row, theoretical=unknown)) == ""


@pytest.mark.parametrize(
    "wrong", [{"delta": 1.01}, {"delta": -0.1}, {"delta": nan}, {"vega": -1.0}, {"rho": inf}]
)
def test_greeks_of_the_wrong_sign_or_without_a_part_are_not_believed(
    wrong: dict[str, float],
) -> None:
    assert kis_fault(replace(ROW, trade=replace(TRADE, **wrong))) == "signs"


@pytest.mark.parametrize("blank", [0.0, nan])
def test_no_greeks_at_all_are_no_fault(blank: float) -> None:
    greeks = dict.fromkeys(("delta", "gamma", "vega", "theta", "rho"), blank)
    assert kis_fault(replace(ROW, trade=replace(TRADE, **greeks))) == ""


def test_a_verdict_changes_only_when_several_trades_contradict_it() -> None:
    row = judge(replace(ROW, trade=FAULTY), first=True)
    assert row.kis_fault == "theory"
    for _ in range(TRADES - 1):
        row = judge(replace(row, trade=GOOD), first=False)
        assert row.kis_fault == "theory"
    row = judge(replace(row, trade=FAULTY), first=False)
    for count in range(1, TRADES + 1):
        row = judge(replace(row, trade=GOOD), first=False)
        assert bool(row.kis_fault) == (count < TRADES)
    for count in range(1, TRADES + 1):
        row = judge(replace(row, trade=FAULTY), first=False)
        assert bool(row.kis_fault) == (count == TRADES)


@pytest.mark.parametrize("source", ["kis", "auto"])
def test_ours_is_shown_in_the_place_of_greeks_that_are_not_believed(
    source: GreeksSource,
) -> None:
    row = judge(replace(ROW, source=source, trade=FAULTY), first=True)
    for which in ("delta", "gamma", "vega", "theta", "rho"):
        assert displayed_greek(row, which) == (getattr(OWN, which), True)
    alone = replace(row, theoretical=None)
    found = displayed_greek(alone, "delta")
    assert found.value != found.value
