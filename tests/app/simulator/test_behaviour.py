"""The simulated market moves as its options imply, and its wings are thin."""

from collections import Counter
from datetime import datetime
from itertools import pairwise
from math import log, sqrt

import pytest

from app.simulator.course import SessionCourse
from app.simulator.hours import SimulatedHours
from app.simulator.instrument import KOSDAQ150, KOSPI200
from app.simulator.market import MarketModel
from app.simulator.price_path import DAYS, PricePath
from app.simulator.spread import QuotedSpread
from app.system.clock import KST
from specs.catalog import Session

NIGHT = SimulatedHours.containing(Session.NIGHT, datetime(2026, 11, 20, 17, 59, tzinfo=KST))
SEEDS = range(1, 4)


def paths(seed: int, sessions: int) -> list[PricePath]:
    """Return the paths of the KOSPI200 through consecutive sessions, a night first."""
    course = SessionCourse(NIGHT, seed)
    return [course.market(number)._path(KOSPI200) for number in range(sessions)]


def realised(path: PricePath) -> float:
    """Return the variance of a session and the gap before it, by minutes."""
    levels = [path.previous, *(path.forward_at(second) for second in range(0, NIGHT.end, 60))]
    return sum(log(after / before) ** 2 for before, after in pairwise(levels))


def implied(path: PricePath) -> float:
    """Return the mean volatility at the money over a session."""
    seconds = range(0, NIGHT.end, 600)
    return sum(path.volatility(at, path.forward_at(at)) for at in seconds) / len(seconds)


def test_the_market_moves_as_its_options_imply() -> None:
    ratios = []
    for seed in SEEDS:
        course = paths(seed, 10)
        moved = sqrt(sum(map(realised, course)) * DAYS / (len(course) / 2))
        meant = sum(map(implied, course)) / len(course)
        assert 0.2 < meant < 0.42
        ratios.append(moved / meant)
    assert all(0.75 < ratio < 1.3 for ratio in ratios)
    assert sum(ratios) / len(ratios) == pytest.approx(1.0, abs=0.12)


def test_volatility_rises_with_a_fall_and_falls_with_a_rise() -> None:
    path = paths(1, 1)[0]
    assert path.volatility(3600, 1040.0) > path.volatility(3600, 1080.0) * 1.1
    assert path.volatility(3600, 1120.0) < path.volatility(3600, 1080.0) * 0.9


def test_some_seeds_jump_by_a_percent_within_a_second_and_most_do_not() -> None:
    found = [
        max(abs(log(after / before)) for before, after in pairwise(path._levels))
        for path in (MarketModel(NIGHT, seed)._path(KOSPI200) for seed in range(1, 25))
    ]
    large = sum(change > 0.008 for change in found)
    assert 1 <= large <= 10


def test_spreads_widen_after_a_jump_and_narrow_again() -> None:
    path = next(
        found
        for found in (MarketModel(NIGHT, seed)._path(KOSPI200) for seed in range(1, 99))
        if any(abs(size) > 0.008 for _, size in found._jumps)
    )
    second, size = max(path._jumps, key=lambda jump: abs(jump[1]))
    market = MarketModel(NIGHT)
    for code, worth in (("A01612", 108_000.0), ("B01612A33", 2_800.0)):
        spread = QuotedSpread("1", market.instruments[code], path.stress)
        widths = [
            ask - bid
            for bid, ask in (spread.around(worth, at) for at in (second + 1, second + 700))
        ]
        assert widths[0] > 1.5 * widths[1]
    assert path.stress(second) >= 100 * abs(size)


def test_the_kosdaq_follows_the_kospi() -> None:
    products = [0.0, 0.0, 0.0]
    for seed in SEEDS:
        market = MarketModel(NIGHT, seed)
        both = []
        for underlying in (KOSPI200, KOSDAQ150):
            levels = market._path(underlying)._levels[::60]
            both.append([log(after / before) for before, after in pairwise(levels)])
        for first, second in zip(*both, strict=True):
            for place, product in enumerate((first * second, first * first, second * second)):
                products[place] += product
    assert 0.6 < products[0] / sqrt(products[1] * products[2]) < 0.9


def test_books_are_one_sided_or_wide_in_the_wings_and_never_at_the_money() -> None:
    market = MarketModel(NIGHT)
    kinds: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for option in market.instruments.values():
        if option.code[1:6] != "01612" or option.right is None:
            continue
        away = abs(option.strike - 1080)
        if 20 < away < 90:
            continue
        fair, spread = market.tape(option).fair, market._spread(option)
        for second in range(600, 43_000, 400):
            worth = fair.value_at(second)
            bid, ask = spread.quotes(worth, second)
            wide = bid > 0 and ask > 0 and ask - bid > worth / 2 > 20
            kind = "no bid" if bid <= 0 else "no ask" if ask <= 0 else "wide" if wide else "good"
            kinds[away <= 20][kind] += 1
            assert bid <= worth * 1.01 + 5
            assert ask <= 0 or ask >= worth * 0.99 - 5
    assert set(kinds[True]) == {"good"}
    assert set(kinds[False]) == {"good", "no bid", "no ask", "wide"}
    assert kinds[False]["good"] > kinds[False].total() / 2


@pytest.mark.parametrize(
    ("code", "least", "most"), [("B01612A34", 20, 900), ("C01612932", 1_800, 43_000)]
)
def test_far_strikes_wait_long_between_trades(code: str, least: float, most: float) -> None:
    market = MarketModel(NIGHT)
    seconds = list(market.tape(market.instruments[code]).trades(43_000))
    assert least < max(after - before for before, after in pairwise(seconds)) < most
