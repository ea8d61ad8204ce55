"""Option chains: what a master's series make, what is near the money, and when the marker moves."""

from datetime import date, datetime
from itertools import pairwise

import pytest
from harness.dashboard import at, demo_contracts
from hypothesis import given
from hypothesis import strategies as st

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.instruments.option_chain import (
    HYSTERESIS,
    AtTheMoney,
    Chain,
    Chains,
    Product,
    key_of,
    product_of,
)
from app.screens.expiry_screen import expiry_name
from app.simulator.master_files import master_files
from app.system.clock import KST
from specs.market.instrument import Strike

K200 = Product("KOSPI200")
STRIKES = tuple(Strike(price, f"C{price}", f"P{price}") for price in (1090, 1085, 1080, 1075, 1070))


@pytest.fixture(scope="module")
def chains() -> Chains:
    return Chains(demo_contracts().series, at(18, 5))


def test_weeklies_stand_among_the_monthlies_by_expiry(chains: Chains) -> None:
    found = chains.of_product(K200)
    assert [chain.expiry for chain in found] == sorted(chain.expiry for chain in found)
    assert {chain.weekly for chain in found} == {True, False}


def test_minis_and_the_other_index_have_chains_of_their_own(chains: Chains) -> None:
    assert {K200, Product("KOSPI200", mini=True), Product("KOSDAQ150")} <= set(chains.products)
    codes = {
        code for chain in chains.of_product(K200) for s in chain.strikes for code in s.codes if code
    }
    minis = chains.of_product(Product("KOSPI200", mini=True))
    assert not codes & {code for chain in minis for s in chain.strikes for code in s.codes}


def test_stocks_come_after_indices(chains: Chains) -> None:
    kinds = [product.underlying.isascii() for product in chains.products]
    assert kinds == sorted(kinds, reverse=True)
    assert not all(kinds)


def test_strikes_run_from_the_highest_down_with_both_sides(chains: Chains) -> None:
    chain = next(chain for chain in chains.of_product(K200) if not chain.weekly)
    prices = [strike.price for strike in chain.strikes]
    assert prices == sorted(prices, reverse=True)
    by_price = {strike.price: strike for strike in chain.strikes}
    assert by_price[1075.0].codes == ("B01612A31", "C01612A31")


def test_two_series_that_expire_on_one_day_are_two_chains() -> None:
    # Thursday 2027-09-16 is closed: 2709W3 expires on Monday 09-13 as 2709W2 of Mondays does.
    contracts = Contracts(Master.from_files(master_files(date(2027, 9, 10))))
    found = Chains(contracts.series, datetime(2027, 9, 10, 20, tzinfo=KST)).of_product(K200)
    weeklies = [chain for chain in found if chain.expiry == date(2027, 9, 13)]
    assert [chain.name for chain in weeklies] == ["위클리 2709W3", "위클리M 2709W2"]
    assert [expiry_name(chain) for chain in weeklies] == [
        "위클리 2709W3 09/13(월)",
        "위클리M 2709W2 09/13(월)",
    ]
    thursday, monday = weeklies
    codes = [{code[1:3] for strike in c.strikes for code in strike.codes if code} for c in weeklies]
    assert codes == [{"09"}, {"AF"}]
    assert [strike.price for strike in thursday.strikes] == [s.price for s in monday.strikes]
    assert found.index(monday) == found.index(thursday) + 1
    for chain in weeklies:
        assert key_of(contracts.instrument(chain.first)) == chain.key


def test_a_contract_leads_to_its_chain_and_its_strike(chains: Chains) -> None:
    instrument = demo_contracts().instrument("C01612A31")
    assert product_of(instrument) == K200
    chain = next(c for c in chains.of_product(K200) if c.expiry == instrument.expiry)
    place = chain.index_of("C01612A31")
    assert place is not None
    assert chain.strikes[place].price == 1075.0
    assert chain.index_of("A01612") is None
    assert chain.index_of("") is None


def test_what_has_expired_is_no_chain() -> None:
    long_after = datetime(2040, 1, 1, tzinfo=KST)
    assert Chains(demo_contracts().series, long_after).products == []


def test_the_nearest_codes_alternate_outwards_and_are_no_more_than_asked() -> None:
    chain = Chain(K200, "202611", at(18, 0).date(), False, (*STRIKES, Strike(1000.0, "", "P1000")))
    assert chain.nearest(2, 4) == ("C1080", "P1080", "C1085", "P1085")
    assert chain.nearest(5, 3)[0] == "P1000"
    assert len(chain.nearest(0, 99)) == 11


def test_the_marker_waits_until_the_forward_is_well_past_the_middle() -> None:
    money = AtTheMoney(STRIKES)
    assert money.update(float("nan")) is None
    assert money.update(1081.0) == 2
    assert money.update(1082.5 + 5 * HYSTERESIS - 0.01) == 2
    assert money.update(1082.5 + 5 * HYSTERESIS + 0.01) == 1
    assert money.update(1082.5 - 5 * HYSTERESIS + 0.01) == 1
    assert money.update(float("nan")) == 1


@given(st.floats(1060, 1100), st.lists(st.floats(-1, 1), max_size=50))
def test_a_swing_smaller_than_the_hysteresis_moves_the_marker_at_most_once(
    start: float, swings: list[float]
) -> None:
    money = AtTheMoney(STRIKES)
    places = [money.update(start + swing * 5 * HYSTERESIS) for swing in (0.0, *swings)]
    moves = sum(a != b for a, b in pairwise(places))
    assert moves <= 1


@given(st.lists(st.floats(1, 3000), min_size=1, max_size=20))
def test_the_marker_is_never_further_than_the_hysteresis_from_the_nearest(
    forwards: list[float],
) -> None:
    money = AtTheMoney(STRIKES)
    for forward in forwards:
        place = money.update(forward)
        assert place is not None
        nearest = min(abs(strike.price - forward) for strike in STRIKES)
        assert abs(STRIKES[place].price - forward) <= nearest + 2 * HYSTERESIS * 5 * len(STRIKES)
