"""Multipliers and ticks of every product, against KRX' product pages."""

from math import isnan

import pytest
from msgspec.structs import replace

from app.krx.products import (
    futures_of,
    multiplier,
    tick_size,
    tick_steps,
    underlying_of,
    unit_multiplier,
)
from specs.codes import Family, parse
from specs.market.instrument import Instrument

MULTIPLIERS = {
    "A01612": 250_000, "A05612": 50_000, "A06612": 10_000, "A04612": 250_000, "A08612": 50_000,
    "B01612A18": 250_000, "B05612A18": 50_000, "B09FEWA49": 250_000, "BAFFEWA41": 250_000,
    "B06612A18": 10_000, "BAJFEWA41": 10_000, "BAKFEWA41": 10_000,
    "A65612": 1_000_000, "A66612": 1_000_000, "A67612": 1_000_000,
    "A75612": 10_000, "A76612": 10_000, "A77612": 10_000, "A78612": 100_000,
}  # fmt: skip
UNDERLYING_CODES = {
    "B03": (1_000_000, 0.01), "B05": (1_000_000, 0.01), "B10": (1_000_000, 0.01),
    "USD": (10_000, 0.1), "JPY": (10_000, 0.1), "EUR": (10_000, 0.1), "CMU": (100_000, 0.01),
    "GLD": (100, 10), "LHG": (1_000, 5),
}  # fmt: skip


def instrument(code: str, **known: object) -> Instrument:
    facts = parse(code)
    about = {"family": facts.family, "product": facts.product, "underlying": ""} | known
    return Instrument(code, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize(("code", "won"), MULTIPLIERS.items())
def test_multiplier_is_that_of_the_product(code: str, won: float) -> None:
    assert multiplier(parse(code), "") == won


@pytest.mark.parametrize(("underlying_code", "terms"), UNDERLYING_CODES.items())
def test_commodity_terms_follow_the_masters_underlying_code(
    underlying_code: str, terms: tuple[float, float]
) -> None:
    assert multiplier(parse("A75612"), "", underlying_code) == terms[0]
    known = instrument("A75612", underlying_code=underlying_code)
    assert tick_steps(known) == ((0, terms[1]),)
    assert tick_size(known, 1234.5) == terms[1]


@pytest.mark.parametrize(
    ("name", "won", "tick"),
    [("코리아 밸류업 지수", 10_000, 0.2), ("K200 글로벌", 10_000, 0.1), ("", None, None)],
)
def test_indices_without_a_known_product_go_by_their_name(
    name: str, won: float | None, tick: float | None
) -> None:
    unknown = replace(parse("A01612"), product="99")
    about = Instrument("A99612", family=Family.INDEX_FUTURES, product="99", underlying=name)
    found, steps = multiplier(unknown, "", "", name), tick_steps(about)
    assert isnan(found) if won is None else found == won
    assert steps == (() if tick is None else ((0, tick),))
    assert multiplier(unknown, name) == won or won is None


@pytest.mark.parametrize(
    ("name", "shares"),
    [("삼성전자   F 202607 (  10)", 10), ("SK (10.5)", 10.5), ("SK (10) F", None), ("SK", None)],
)
def test_a_stocks_multiplier_is_the_number_that_ends_its_name(
    name: str, shares: float | None
) -> None:
    found = multiplier(parse("A11612"), name)
    assert isnan(found) if shares is None else found == shares


@pytest.mark.parametrize(
    ("code", "ticks"),
    [
        ("A01612", {0: 0.05, 1_000: 0.05, -1: 0.05}),
        ("A05612", {1_000: 0.02}),
        ("A06612", {1_000: 0.1}),
        ("A04612", {20: 0.05}),
        ("A08612", {2_000: 0.2}),
        ("B01612A18", {0: 0.01, 9.99: 0.01, 10: 0.05, 50: 0.05}),
        ("B09FEWA49", {9.99: 0.01, 10: 0.05}),
        ("BAFFEWA41", {9.99: 0.01, 10: 0.05}),
        ("B05612A18", {2.99: 0.01, 3: 0.02, 9.98: 0.02, 10: 0.05}),
        ("B06612A18", {49.9: 0.1, 50: 0.5}),
        ("BAJFEWA41", {49.9: 0.1, 50: 0.5}),
        ("A11612", {1_999: 1, 2_000: 5, 4_995: 5, 5_000: 10, 19_990: 10, 20_000: 50, 49_950: 50,
                    50_000: 100, 199_900: 100, 200_000: 500, 499_500: 500, 500_000: 1_000}),
        ("B11612001", {1_000: None}),
    ],
)  # fmt: skip
def test_tick_size_is_the_step_from_a_price_upwards(
    code: str, ticks: dict[float, float | None]
) -> None:
    for price, tick in ticks.items():
        found = tick_size(instrument(code), price)
        assert isnan(found) if tick is None else found == tick, price
    if len(ticks) > 1 and -1 not in ticks:
        assert isnan(tick_size(instrument(code), float("nan")))
        assert isnan(tick_size(instrument(code), -1))


def test_a_stock_spread_has_no_tick() -> None:
    assert tick_steps(instrument("D1160701")) == ()
    assert isnan(tick_size(instrument("D1160701"), 0.0))


@pytest.mark.parametrize(
    ("code", "known", "name"),
    [
        ("A01612", {}, "KOSPI200"), ("A05612", {}, "KOSPI200"), ("B09FEWA49", {}, "KOSPI200"),
        ("A06612", {}, "KOSDAQ150"), ("BAJFEWA41", {}, "KOSDAQ150"),
        ("A75612", {}, "미국달러"), ("A65612", {}, "3년국채"),
        ("A75612", {"underlying_code": "GLD"}, "금"), ("A75612", {"underlying": "달러"}, "달러"),
        ("A11612", {"underlying": "삼성전자"}, "삼성전자"), ("A11612", {}, "11"),
        ("A04612", {}, "04"),
    ],
)  # fmt: skip
def test_underlying_is_one_name_for_all_contracts_on_it(
    code: str, known: dict[str, str], name: str
) -> None:
    assert underlying_of(instrument(code, **known)) == name


def test_futures_of_an_index_are_listed_smallest_first() -> None:
    assert futures_of("KOSPI200") == (("mini", 50_000), ("future", 250_000))
    assert futures_of("KOSDAQ150") == (("future", 10_000),)
    assert futures_of("삼성전자") == ()
    assert unit_multiplier(instrument("A05612", multiplier=50_000.0)) == 250_000
    assert unit_multiplier(instrument("A11612", multiplier=10.0)) == 10


@pytest.mark.parametrize(
    ("code", "tick"),
    [("A01612", 0.05), ("A05612", 0.02), ("A06612", 0.1), ("A04612", 0.05), ("A08612", 0.2)],
)
def test_futures_have_one_tick_from_zero_on(code: str, tick: float) -> None:
    assert tick_steps(instrument(code)) == ((0, tick),)
