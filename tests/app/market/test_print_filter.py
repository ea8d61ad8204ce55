"""The filter of time & sales: what can be typed, and which trades it lets through."""

from contextlib import suppress
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.print_filter_text import parse_print_filter
from app.system.errors import UsageError
from specs.market.print_filter import ALL_PRINTS, PrintFilter
from specs.market.trade_print import TradePrint
from widgets.print_lines import filter_text
from widgets.texts import use


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ALL_PRINTS),
        ("all", ALL_PRINTS),
        ("buy", PrintFilter(side=1)),
        ("매도", PrintFilter(side=-1)),
        ("50", PrintFilter(least=50)),
        ("50+", PrintFilter(least=50)),
        (">= 50", PrintFilter(least=50)),
        ("≥1,000", PrintFilter(least=1000)),
        (">50", PrintFilter(least=51)),
        ("<50", PrintFilter(most=49)),
        ("=7", PrintFilter(least=7, most=7)),
        ("10-50", PrintFilter(least=10, most=50)),
        ("buy>=10 <=20", PrintFilter(1, 10, 20)),
        ("SELL, large, auction", PrintFilter(-1, 0, inf, large=True, auction=True)),
        ("큰 단일가 매수", PrintFilter(1, 0, inf, large=True, auction=True)),
    ],
)
def test_a_line_describes_a_filter(typed: str, found: PrintFilter) -> None:
    assert parse_print_filter(typed) == found


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("bye", "no_word"),
        (">=50+", "no_word"),
        ("-5", "no_word"),
        ("5.5", "no_word"),
        ("buy sell", "both_sides"),
        ("50-10", "impossible"),
        (">50 <51", "impossible"),
        ("99999999", "too_large"),
        ("1 " * 40, "too_long"),
    ],
)
def test_a_line_that_means_nothing_is_refused(typed: str, key: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_print_filter(typed)
    assert refused.value.key == f"print_filter.{key}"


@given(st.text(max_size=70))
def test_any_line_is_read_or_refused(typed: str) -> None:
    with suppress(UsageError):
        parse_print_filter(typed)


filters = st.builds(
    PrintFilter,
    side=st.sampled_from((-1, 0, 1)),
    least=st.integers(0, 100),
    most=st.one_of(st.just(inf), st.integers(100, 300)),
    large=st.booleans(),
    auction=st.booleans(),
)


@given(filters, st.sampled_from(("ko", "en")))
def test_the_words_of_a_filter_describe_it(shown: PrintFilter, language: str) -> None:
    use(language)
    try:
        assert parse_print_filter(filter_text(shown)) == shown
    finally:
        use("ko")


def test_only_trades_that_fulfil_every_condition_are_shown() -> None:
    one = TradePrint(1, 0, 10.0, 30, side=1)
    assert PrintFilter(side=1, least=30, most=30).shows(one, 100)
    assert not PrintFilter(side=-1).shows(one, 100)
    assert not PrintFilter(least=31).shows(one, 100)
    assert not PrintFilter(most=29).shows(one, 100)
    assert not PrintFilter(auction=True).shows(one, 100)
    assert not PrintFilter(large=True).shows(one, 31)
    assert PrintFilter(large=True).shows(one, 30)
    unsized = TradePrint(2, 0, 10.0, nan)
    assert ALL_PRINTS.shows(unsized, inf)
    assert not PrintFilter(least=1).shows(unsized, inf)
