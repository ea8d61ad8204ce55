"""Evaluation of 100 alerts on 41 codes for each record that comes, beside the record's decoding.

The alerts are spread over price, change, quotes, volume, prints and new highs, near enough to the
prices that some of them fire and wait again.  CPU time of the process, in µs a record.
"""

import gc
import random
from collections.abc import Callable
from datetime import datetime
from statistics import median
from time import process_time

from benchmarks.frames import frames
from benchmarks.table import Table, Variant, interleave
from msgspec.structs import replace

from app.alerts.alert import Alert, FiredAlert
from app.alerts.alert_parser import parse_alert
from app.alerts.evaluator import AlertEvaluator
from app.system.clock import KST, ManualClock
from specs.frame import decode
from specs.record import Record, TradeRecord

NAME = "100 alerts on 41 codes (µs of CPU a record)"
ROUNDS, QUICK_ROUNDS = 25, 7
TR_ID, CODES, ALERTS = "H0EUCNT0", 41, 100
MOST_MICROSECONDS = 2.0
REPEATS = 40
_FORMS = (
    "{code} price > {price:.2f}",
    "{code} price > {high:.2f} repeat 0s hysteresis 0.05",
    "{code} price < {low:.2f}",
    "{code} change% < -60",
    "{code} bid > {high:.2f} repeat",
    "{code} volume > 100000000",
    "{code} size >= 5000 repeat 0s",
    "{code} high new repeat",
    "{code} spread > 50",
)


def run(rounds: int, quick: bool) -> list[Table]:
    """Evaluation against decoding, for the same frames of one record."""
    raws = frames(TR_ID, 1, mixed=False)
    decoded = [decode(raw).records[0] for raw in raws]
    # The simulator lists fewer options than a user can watch: some records get other codes.
    drawn = list(dict.fromkeys(one.code for one in decoded))
    codes = [f"B01612{number:03}" for number in range(300, 300 + CODES)]
    records = [
        replace(one, code=code)
        for number, code in enumerate(codes)
        for one in decoded
        if one.code == drawn[number % len(drawn)]
    ]
    alerts = _alerts(codes, {one.code: one for one in records})
    fired: list[FiredAlert] = []
    evaluator = AlertEvaluator(
        ManualClock(datetime(2026, 11, 20, 21, tzinfo=KST)), fired.append, ignores_history=True
    )
    evaluator.watch(alerts)
    framed = [[one] for one in records]
    table = Table(
        f"{len(alerts)} alerts on {len(codes)} codes",
        "µs",
        [Variant("decode"), Variant("alerts", "decode", at_most=0.5)],
    )
    measures: dict[str, Callable[[], float]] = {
        "decode": _timed(lambda at: decode(raws[at]), len(raws)),
        "alerts": _timed(lambda at: evaluator.accept(TR_ID, framed[at]), len(framed)),
    }
    interleave(table, rounds or (QUICK_ROUNDS if quick else ROUNDS), measures)
    took = median(table["alerts"].samples)
    table.check(f"{took:.2f} µs a record, at most {MOST_MICROSECONDS:g}", took <= MOST_MICROSECONDS)
    table.check("alerts fire", bool(fired))
    return [table]


def _alerts(codes: list[str], newest: dict[str, Record]) -> list[Alert]:
    """Return alerts on these codes, the same at every call."""
    draw, found = random.Random(7), []
    for number in range(ALERTS):
        code = codes[number % len(codes)]
        trade = newest[code]
        assert isinstance(trade, TradeRecord)
        price = max(0.01, trade.price)
        text = draw.choice(_FORMS).format(code=code, price=price, low=price / 4, high=price * 4)
        found.append(replace(parse_alert(text), id=number + 1))
    return found


def _timed(way: Callable[[int], object], count: int) -> Callable[[], float]:
    def measure() -> float:
        gc.disable()
        started = process_time()
        for _ in range(REPEATS):
            for at in range(count):
                way(at)
        spent = process_time() - started
        gc.enable()
        return 1e6 * spent / (count * REPEATS)

    return measure
