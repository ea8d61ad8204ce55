"""The scale of KIS' implied volatility, decided by votes."""

from math import inf, nan

import pytest

from app.pricing.volatility_scale import FEWEST, MOST, ScaleComparisons, VolatilityScale
from specs.catalog import CATALOG
from specs.trs.stock_option_trade import StockOptionTrade

TR = "H0ZOCNT0"


def cast(scales: ScaleComparisons, *votes: tuple[float, float, int], tr_id: str = TR) -> None:
    for told, percent, times in votes:
        for _ in range(times):
            scales.vote(tr_id, told, percent)


@pytest.mark.parametrize(
    ("told", "percent", "scale"),
    [(0.31, 30.0, 100.0), (31.0, 30.0, 1.0), (3100.0, 30.0, 0.01), (0.31, 55.0, 100.0)],
)
def test_enough_votes_decide(told: float, percent: float, scale: float) -> None:
    scales = ScaleComparisons()
    cast(scales, (told, percent, FEWEST - 1))
    assert scales.outcomes() == {}
    assert scales.decided == {}
    cast(scales, (told, percent, 1))
    assert scales.outcomes() == {TR: VolatilityScale(scale, FEWEST)}
    assert scales.decided == {StockOptionTrade: scale}


def test_garbage_among_them_does_not_turn_the_outcome() -> None:
    scales = ScaleComparisons()
    cast(scales, (5.0, 30.0, 9), (0.31, 30.0, 21), (nan, 30.0, 50), (0.0, 30.0, 50))
    cast(scales, (0.31, nan, 50), (0.31, inf, 50), (-0.3, 30.0, 50), (0.31, 0.0, 50))
    assert scales.outcomes() == {TR: VolatilityScale(100.0, 21)}


def test_without_two_thirds_nothing_is_decided() -> None:
    scales = ScaleComparisons()
    cast(scales, (0.31, 30.0, 20), (31.0, 30.0, 19), (5.0, 30.0, 200))
    assert scales.outcomes() == {}


def test_what_was_decided_holds_as_one_object_until_it_is_decided_otherwise() -> None:
    scales = ScaleComparisons()
    cast(scales, (0.31, 30.0, FEWEST))
    decided = scales.decided
    cast(scales, (0.31, 30.0, 5), (31.0, 30.0, 10))
    assert scales.decided is decided
    cast(scales, (31.0, 30.0, 60))
    assert scales.decided == {StockOptionTrade: 1.0}


def test_each_tr_is_decided_for_itself_and_none_is_compared_for_ever() -> None:
    scales = ScaleComparisons()
    cast(scales, (0.31, 30.0, FEWEST))
    cast(scales, (15.0, 14.0, MOST), tr_id="H0EUCNT0")
    assert scales.outcomes() == {
        "H0EUCNT0": VolatilityScale(1.0, MOST),
        TR: VolatilityScale(100.0, FEWEST),
    }
    assert not scales.needs("H0EUCNT0")
    assert scales.needs(TR)
    assert scales.needs("H0IOCNT0")
    assert set(scales.decided) == {CATALOG["H0EUCNT0"].spec, StockOptionTrade}
