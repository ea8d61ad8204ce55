"""Paths of smiles that begin before this start, by quotes of the same session kept elsewhere."""

from array import array
from datetime import timedelta
from math import inf, isnan

from harness.pricing_rows import NIGHT, RATE
from harness.smile_rows import KEY, LEVEL, forward, quoted_rows

from app.pricing.smile_tracker import EVERY, SmileTracker


class PathRun:
    """A tracker, at moments counted in seconds from a night."""

    def __init__(self) -> None:
        self.watch = SmileTracker(None, lambda text: None)

    def look(self, seconds: float, volatility: float = 0.2, opened: float = -inf) -> None:
        moment = NIGHT + timedelta(seconds=seconds)
        found = quoted_rows(moment, volatility, seconds)
        self.watch.update(found, forward, RATE, moment, seconds, opened)

    def money(self) -> list[float]:
        return [round(value, 1) for value in self.watch.path(KEY, "money")]


def earlier_quotes(*ago: int) -> "dict[str, array[float]]":
    """Return quotes as another program kept them, of a volatility that grew to 20 % by `NIGHT`."""
    found: dict[str, array[float]] = {"A01612": array("d")}
    for slots in sorted(ago, reverse=True):
        moment = NIGHT - timedelta(seconds=slots * EVERY)
        seconds = moment.timestamp() + 1.0
        found["A01612"].extend((seconds, LEVEL - 0.05, LEVEL + 0.05))
        for row in quoted_rows(moment, 0.2 - slots / 1000):
            assert row.book is not None
            kept = found.setdefault(row.code, array("d"))
            kept.extend((seconds, row.book.bid, row.book.ask))
    return found


def test_a_path_begins_with_the_quotes_that_another_program_kept() -> None:
    run = PathRun()
    run.look(0)
    quotes = earlier_quotes(*range(1, 21))
    run.watch.add_earlier({"A01612": quotes.pop("A01612")})
    run.look(1)
    # What comes later of the same moments is waited for: a smile is of all strikes.
    run.watch.add_earlier(quotes)
    for seconds in range(2, 14):
        run.look(seconds)
    assert run.money() == [round(20 - slots / 10, 1) for slots in range(20, -1, -1)]
    run.look(EVERY, 0.21)
    assert run.money()[-2:] == [20.0, 21.0]


def test_a_gap_of_the_other_program_is_a_hole_in_the_path() -> None:
    run = PathRun()
    run.look(0)
    run.watch.add_earlier(earlier_quotes(3, 2, 5))
    for seconds in range(1, 8):
        run.look(seconds)
    holes = [isnan(value) for value in run.watch.path(KEY, "money")]
    assert holes == [False, True, False, False, True, False]


def test_a_path_does_not_reach_back_before_the_opening() -> None:
    run = PathRun()
    run.look(0)
    run.watch.add_earlier(earlier_quotes(*range(1, 11)))
    for seconds in range(1, 8):
        run.look(seconds, opened=-4 * EVERY)
    assert len(run.money()) == 5
