"""A search of ten thousand contracts stays between two keystrokes, on any machine."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from statistics import median
from time import process_time

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.instruments.search import Search

TODAY = date(2026, 7, 1)


def large(count: int) -> list[str]:
    """Lines of `count` options: both rights, many months, strikes of one grid."""
    lines = []
    for number in range(count):
        strike, rest = number % 250, number // 250
        right, month = "CP"[rest % 2], TODAY + timedelta(days=30 * (rest // 2 + 1))
        kind, product = ("B", "5") if right == "C" else ("C", "6")
        code = f"{kind}01{month.year % 10}{month:%m}{'ABC'[strike // 100]}{strike % 100:02}"
        points = 1000 + 2.5 * strike
        name = f"{right} {month:%Y%m} {points:,.1f}"
        lines.append(f"{product}|{code}|KR4|{name}|3|{points:08.2f}| |2001|KOSPI200")
    return lines


LOOKS = 10
"""Passes over all names that an answer may cost; most cost less than one."""


def test_ten_thousand_contracts_are_searched_within_some_passes_over_their_names() -> None:
    lines = large(10_000)
    search = Search(Contracts(Master.from_lines(lines)))
    search.find("c", today=TODAY)
    for typed in ("c", "1", "콜", "c1125", "콜 1125 10월", "ccccccccccc", "1" * 40, "m1" * 15):
        ratios = [
            _seconds(partial(search.find, typed, today=TODAY))
            / _seconds(partial(_pass, lines, typed))
            for _ in range(5)
        ]
        assert median(ratios) < LOOKS, typed


def _pass(lines: list[str], typed: str) -> list[str]:
    return [line for line in lines if typed in line.lower()]


def _seconds(way: Callable[[], object]) -> float:
    begun = process_time()
    way()
    return process_time() - begun
